using System.Text;

namespace Slipway.Tests.Fuzzing.Judges;

/// <summary>Reads a CSV byte by byte (RFC 4180, and what <see cref="Slipway.Workflow.DataSets.CsvReader"/> says of it).</summary>
internal static class CsvJudge
{
    /// <summary>The records up to the first fault.</summary>
    /// <param name="csv">The CSV, in UTF-8.</param>
    /// <param name="isWhole">Whether there is no fault.</param>
    public static List<string[]> Rows(byte[] csv, out bool isWhole)
    {
        var (rows, at) = (new List<string[]>(), csv.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? 3 : 0);
        isWhole = true;
        while (at < csv.Length)
        {
            var (fields, isBlank) = (new List<string>(), at < csv.Length && csv[at] is (byte)'\r' or (byte)'\n');
            do
            {
                // from the second field on, behind its comma
                at += fields.Count > 0 ? 1 : 0;
                var isQuoted = at < csv.Length && csv[at] == '"';
                if (Field(csv, ref at, isQuoted) is not { } field)
                {
                    isWhole = false;
                    return rows;
                }

                fields.Add(field);
            }
            while (at < csv.Length && csv[at] == ',');

            at += at + 1 < csv.Length && csv[at] == '\r' && csv[at + 1] == '\n' ? 2 : 1;
            if (!isBlank)
            {
                rows.Add([.. fields]);
            }
        }

        return rows;
    }

    private static string? Field(byte[] csv, ref int at, bool isQuoted)
    {
        var bytes = new List<byte>();
        for (at += isQuoted ? 1 : 0; isQuoted; at++)
        {
            if (at == csv.Length)
            {
                return null;
            }

            isQuoted = csv[at] != '"' || (++at < csv.Length && csv[at] == '"');
            if (!isQuoted)
            {
                return at == csv.Length || csv[at] is (byte)',' or (byte)'\r' or (byte)'\n' ? Encoding.UTF8.GetString([.. bytes]) : null;
            }

            bytes.Add(csv[at]);
        }

        for (; at < csv.Length && csv[at] is not ((byte)',' or (byte)'\r' or (byte)'\n'); at++)
        {
            bytes.Add(csv[at]);
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
