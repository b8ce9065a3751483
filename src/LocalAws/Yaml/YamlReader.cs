using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Slipway.LocalAws.Yaml;

/// <summary>
/// Reads a document of YAML, in time and memory that its length bounds: it may come from whoever can push. Anchors, aliases and
/// merge keys work; a key is a text.
/// </summary>
internal sealed class YamlReader
{
    private const int Deepest = 32;
    private const string Merge = "<<";
    private readonly Parser _parser;
    private readonly Dictionary<AnchorName, YamlValue> _anchors = [];

    private YamlReader(string text) => _parser = new(new StringReader(text));

    /// <summary>Reads a text of one document; null where it has none.</summary>
    /// <exception cref="YamlException">It is no YAML, has more documents, or is nested too deep.</exception>
    public static YamlValue? Read(string text)
    {
        try
        {
            return new YamlReader(text).Document();
        }
        // the parser does not say where it met a tab
        catch (SyntaxErrorException e) when (Array.FindIndex(text.Split('\n'), l => l.TrimStart(' ').StartsWith('\t')) is >= 0 and var tab)
        {
            throw Wrong(new(0, tab + 1, 1), "a tab indents it, where YAML takes blanks alone", e);
        }
        // the parser has no words of its own for some texts, a document's end inside a flow sequence among them
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw Wrong(new(0, 1, 1), e.Message, e);
        }
    }

    private YamlValue? Document()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            return null;
        }

        var value = Value(0);
        _parser.Consume<DocumentEnd>();
        return _parser.Accept<StreamEnd>(out _) ? value : throw Wrong(_parser.Current!.Start, "there is more than one YAML document");
    }

    private YamlValue Value(int depth)
    {
        var start = _parser.Consume<ParsingEvent>();
        if (depth > Deepest)
        {
            throw Wrong(start.Start, $"it is nested more than {Deepest} levels deep");
        }

        if (start is AnchorAlias alias)
        {
            return _anchors.GetValueOrDefault(alias.Value) ?? throw Wrong(start.Start, $"there is no anchor {alias.Value} before it");
        }

        YamlValue value = start switch
        {
            Scalar scalar => new YamlText(scalar.Value, scalar.Style == ScalarStyle.Plain, scalar.Start),
            SequenceStart => new YamlList(Items(depth), start.Start),
            MappingStart => new YamlMapping(Members(depth), start.Start),
            _ => throw Wrong(start.Start, "a value is expected"),
        };
        if (start is NodeEvent { Anchor: { IsEmpty: false } anchor })
        {
            _anchors[anchor] = value;
        }

        return value;
    }

    private List<YamlValue> Items(int depth)
    {
        var items = new List<YamlValue>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Value(depth + 1));
        }

        return items;
    }

    private Dictionary<string, (Mark Start, YamlValue Value)> Members(int depth)
    {
        var members = new Dictionary<string, (Mark Start, YamlValue Value)>();
        var merged = new List<YamlMapping>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = _parser.TryConsume<Scalar>(out var scalar) ? scalar : throw Wrong(_parser.Current!.Start, "a key must be a text");
            var value = Value(depth + 1);
            if (key is { Value: Merge, Style: ScalarStyle.Plain })
            {
                merged.AddRange((value is YamlList list ? list.Items : [value]).Select(v => v as YamlMapping ?? throw Wrong(key.Start, "<< takes a mapping")));
            }
            else if (!members.TryAdd(key.Value, (key.Start, value)))
            {
                throw Wrong(key.Start, $"the key '{key.Value}' is there twice");
            }
        }

        // a mapping's own members go before those that it takes over
        foreach (var (name, member) in merged.SelectMany(m => m.Members))
        {
            members.TryAdd(name, member);
        }

        return members;
    }

    private static YamlException Wrong(Mark at, string what, Exception? cause = null) => new(at, at, what, cause);
}
