using System.Buffers;
using Slipway.Workflow.DataSets;

namespace Slipway.ModelServer.Serving;

/// <summary>
/// Reads rows from CSV. Without a header a row is the model's inputs in order. With one, its names say what the values
/// are: raw values by column, or, where it names a known indicator, the model's inputs by name, all of them.
/// </summary>
internal static class CsvRequest
{
    private static readonly SearchValues<char> Numeric = SearchValues.Create("0123456789+-., \t\r");

    /// <summary>Reads all rows.</summary>
    /// <exception cref="InvocationException">400: a row or the header is not as the model takes it.</exception>
    public static void Read(Encoder encoder, ReadOnlySpan<char> text, RequestRows rows)
    {
        var csv = new CsvReader(text.TrimStart('\uFEFF'));
        if (!csv.FindRow())
        {
            throw new InvocationException(400, "The body is empty; send at least one row.");
        }
        var header = HasHeader(encoder, text) ? ReadHeader(encoder, ref csv) : null;
        while (csv.FindRow())
        {
            var line = csv.Line;
            var row = rows.Add();
            try
            {
                ReadRow(encoder, ref csv, header, row);
            }
            catch (EncodingException e)
            {
                throw rows.Refuse(line, e);
            }
        }
        if (rows.Count == 0)
        {
            throw new InvocationException(400, "The body has a header and no rows.");
        }
    }

    private static void ReadRow(Encoder encoder, ref CsvReader csv, Header? header, Span<float> row)
    {
        encoder.Clear(row);
        var (count, more) = (0, true);
        for (; more; count++)
        {
            more = csv.Read(out var field);
            // Too many are counted to the end, for the message.
            if (count >= (header?.Targets.Count ?? row.Length))
            {
                continue;
            }
            var target = header is null ? count : header.Targets[count];
            if (target >= 0 && header is { IsRaw: true })
            {
                encoder.Set(target, field, row);
            }
            else if (target >= 0)
            {
                row[target] = encoder.ParseInput(target, field);
            }
        }
        if (header is not null && count != header.Targets.Count)
        {
            throw new EncodingException("", null, $"has {count} values, and the header names {header.Targets.Count} columns.");
        }
        if (header is null)
        {
            encoder.CheckCount(count);
        }
        if (header is not { IsRaw: true })
        {
            encoder.Check(row);
        }
    }

    // A first line with a name of the data set in it is a header; numbers alone never are.
    private static bool HasHeader(Encoder encoder, ReadOnlySpan<char> text)
    {
        var first = new CsvReader(text.TrimStart('\uFEFF').TrimStart("\r\n"));
        var end = text.TrimStart("\r\n").IndexOf('\n');
        if (!(end < 0 ? text : text.TrimStart("\r\n")[..end]).ContainsAnyExcept(Numeric))
        {
            return false;
        }
        for (var more = true; more;)
        {
            more = first.Read(out var field);
            var name = field.ToString();
            if (encoder.InputNames.Contains(name) || encoder.OtherColumns.Contains(name))
            {
                return true;
            }
        }
        return false;
    }

    private static Header ReadHeader(Encoder encoder, ref CsvReader csv)
    {
        var names = new List<string>();
        for (var more = true; more;)
        {
            more = csv.Read(out var field);
            names.Add(field.ToString());
        }
        if (names.Count != names.Distinct().Count())
        {
            throw new InvocationException(400, $"The header names '{names.GroupBy(name => name).First(name => name.Count() > 1).Key}' twice.");
        }
        var features = encoder.Features.Count;
        return names.Any(name => IndexOf(encoder.InputNames, name) >= features) ? Inputs(encoder, names) : Raw(encoder, names);
    }

    private static Header Raw(Encoder encoder, List<string> names)
    {
        try
        {
            var header = new Header(IsRaw: true, [.. names.Select(name => encoder.IndexOf(name))]);
            return header.Targets.Any(target => target >= 0) ? header : throw new InvocationException(400,
                $"The header names no feature; there are {string.Join(", ", encoder.Features.Select(feature => feature.Column))}.");
        }
        catch (EncodingException e)
        {
            throw new InvocationException(400, "Header: " + e.Message, e);
        }
    }

    private static Header Inputs(Encoder encoder, List<string> names)
    {
        var unknown = names.FirstOrDefault(name => IndexOf(encoder.InputNames, name) < 0 && !encoder.OtherColumns.Contains(name));
        if (unknown is not null)
        {
            throw new InvocationException(400, $"Header: '{unknown}' is not an input of the model; they are {string.Join(", ", encoder.InputNames)}.");
        }
        var missing = encoder.InputNames.Except(names).ToList();
        return missing.Count == 0 ? new Header(IsRaw: false, [.. names.Select(name => IndexOf(encoder.InputNames, name))])
            : throw new InvocationException(400, $"The header names the model's inputs, but not {string.Join(", ", missing)}.");
    }

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
            {
                return i;
            }
        }
        return -1;
    }

    /// <summary>Where each column goes: an index of a feature where values are raw, else of an input; -1 nowhere.</summary>
    private sealed record Header(bool IsRaw, IReadOnlyList<int> Targets);
}
