using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Slipway.LocalAws.CodeBuild.Buildspecs;

/// <summary>A value of YAML and the line that it is on, from 1.</summary>
internal abstract record YamlValue(long Line);

/// <summary>A text.</summary>
/// <param name="Value">The text.</param>
/// <param name="IsPlain">Whether it stands without quotes, so that it may mean nothing, as <c>~</c> does.</param>
/// <param name="Line">Its line.</param>
internal sealed record YamlText(string Value, bool IsPlain, long Line) : YamlValue(Line);

/// <summary>A list.</summary>
internal sealed record YamlList(IReadOnlyList<YamlValue> Items, long Line) : YamlValue(Line);

/// <summary>A mapping: the line of each key, and its value.</summary>
internal sealed record YamlMapping(IReadOnlyDictionary<string, (long Line, YamlValue Value)> Members, long Line) : YamlValue(Line);

/// <summary>
/// Reads a document of YAML, in time and memory that its length bounds: it comes from whoever can push. Anchors, aliases and
/// merge keys work; a key is a text.
/// </summary>
internal sealed class BuildspecYaml
{
    private const int Deepest = 32;
    private const string Merge = "<<";
    private readonly Parser _parser;
    private readonly Dictionary<AnchorName, YamlValue> _anchors = [];

    private BuildspecYaml(string text) => _parser = new(new StringReader(text));

    /// <summary>Reads a document.</summary>
    /// <exception cref="BuildspecException">It is none, or nested too deep.</exception>
    public static YamlValue Read(string text)
    {
        try
        {
            return new BuildspecYaml(text).Document();
        }
        catch (YamlException e)
        {
            // the parser does not say where it met a tab
            var tab = Array.FindIndex(text.Split('\n'), l => l.TrimStart(' ').StartsWith('\t'));
            throw new BuildspecException(tab >= 0
                ? $"the buildspec isn't YAML: line {tab + 1}: a tab indents it, where YAML takes blanks alone"
                : $"the buildspec isn't YAML: line {e.End.Line}, column {e.End.Column}: {e.Message}", e);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // the parser has no words of its own for some texts
            throw new BuildspecException($"the buildspec isn't YAML: {e.Message}", e);
        }
    }

    private YamlValue Document()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            throw new BuildspecException("the buildspec is empty");
        }

        var value = Value(0);
        _parser.Consume<DocumentEnd>();
        return _parser.Accept<StreamEnd>(out _) ? value : throw new BuildspecException("the buildspec has more than one YAML document");
    }

    private YamlValue Value(int depth)
    {
        var start = _parser.Consume<ParsingEvent>();
        if (depth > Deepest)
        {
            throw Wrong(start, $"it is nested more than {Deepest} levels deep");
        }

        if (start is AnchorAlias alias)
        {
            return _anchors.GetValueOrDefault(alias.Value) ?? throw Wrong(start, $"there is no anchor {alias.Value} before it");
        }

        YamlValue value = start switch
        {
            Scalar scalar => new YamlText(scalar.Value, scalar.Style == ScalarStyle.Plain, scalar.Start.Line),
            SequenceStart => new YamlList(Items(depth), start.Start.Line),
            MappingStart => new YamlMapping(Members(depth), start.Start.Line),
            _ => throw Wrong(start, "a value is expected"),
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

    private Dictionary<string, (long Line, YamlValue Value)> Members(int depth)
    {
        var members = new Dictionary<string, (long Line, YamlValue Value)>();
        var merged = new List<YamlMapping>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = _parser.TryConsume<Scalar>(out var scalar) ? scalar : throw Wrong(_parser.Current!, "a key must be a text");
            var value = Value(depth + 1);
            if (key is { Value: Merge, Style: ScalarStyle.Plain })
            {
                merged.AddRange((value is YamlList list ? list.Items : [value]).Select(v => v as YamlMapping ?? throw Wrong(key, "<< takes a mapping")));
            }
            else if (!members.TryAdd(key.Value, (key.Start.Line, value)))
            {
                throw Wrong(key, $"the key '{key.Value}' is there twice");
            }
        }

        // a mapping's own members go before those that it takes over
        foreach (var (name, member) in merged.SelectMany(m => m.Members))
        {
            members.TryAdd(name, member);
        }

        return members;
    }

    private static BuildspecException Wrong(ParsingEvent at, string what) => new($"the buildspec can't be used: line {at.Start.Line}: {what}");
}
