using System.Buffers;
using System.Text;

namespace Slipway.Workflow.DataSets.Csv;

/// <summary>Writes records of a CSV in UTF-8: fields are quoted where they must be, and lines end by LF.</summary>
internal static class CsvWriter
{
    private static readonly SearchValues<byte> Special = SearchValues.Create(",\"\r\n"u8);

    /// <summary>Writes texts as one record.</summary>
    /// <returns>How many bytes it has.</returns>
    public static long Write(Stream stream, IReadOnlyList<string> fields)
    {
        var length = 0L;
        for (var i = 0; i < fields.Count; i++)
        {
            length += WriteField(stream, Encoding.UTF8.GetBytes(fields[i]), isFirst: i == 0, isOnly: fields.Count == 1);
        }
        stream.WriteByte((byte)'\n');
        return length + 1;
    }

    /// <summary>Writes some fields of the record that a reader is at as one record.</summary>
    public static void Write(Stream stream, CsvReader record, ReadOnlySpan<int> fields)
    {
        if (fields.Length > 1 && !record.Record.Contains((byte)'"'))
        {
            WriteAsTheyStand(stream, record, fields);
            return;
        }
        for (var i = 0; i < fields.Length; i++)
        {
            WriteField(stream, record[fields[i]], isFirst: i == 0, isOnly: fields.Length == 1);
        }
        stream.WriteByte((byte)'\n');
    }

    // Neighbours stay neighbours, commas included: most records have nothing to quote.
    private static void WriteAsTheyStand(Stream stream, CsvReader record, ReadOnlySpan<int> fields)
    {
        for (var first = 0; first < fields.Length;)
        {
            var next = first + 1;
            while (next < fields.Length && fields[next] == fields[next - 1] + 1)
            {
                next++;
            }
            if (first > 0)
            {
                stream.WriteByte((byte)',');
            }
            stream.Write(record.Between(fields[first], fields[next - 1]));
            first = next;
        }
        stream.WriteByte((byte)'\n');
    }

    private static int WriteField(Stream stream, ReadOnlySpan<byte> field, bool isFirst, bool isOnly)
    {
        if (!isFirst)
        {
            stream.WriteByte((byte)',');
        }
        // A record of one empty field would be a blank line.
        var text = field.ContainsAny(Special) || (isOnly && field.IsEmpty) ? Quote(field) : field;
        stream.Write(text);
        return text.Length + (isFirst ? 0 : 1);
    }

    /// <summary>A field in quotes, with those inside it doubled.</summary>
    public static byte[] Quote(ReadOnlySpan<byte> field)
    {
        var quoted = new byte[field.Length + field.Count((byte)'"') + 2];
        var length = 0;
        quoted[length++] = (byte)'"';
        foreach (var character in field)
        {
            quoted[length++] = character;
            if (character == '"')
            {
                quoted[length++] = character;
            }
        }
        quoted[length] = (byte)'"';
        return quoted;
    }
}
