using Slipway.LocalAws.CodeBuild.Buildspecs;
using Slipway.Workflow.DataSets;
using YamlDotNet.Serialization;

namespace Slipway.Tests.Fuzzing.Judges;

/// <summary>
/// Compares what was read from YAML that was taken with what the library's own deserializer finds in it, which the readers do not
/// use: nothing may be dropped, doubled or in another order.
/// </summary>
internal static class YamlJudge
{
    /// <summary>Checks a buildspec.</summary>
    public static void Check(Buildspec read, string text)
    {
        var root = Members(Load(text));
        var (env, phases, artifacts) = (Members(root.GetValueOrDefault("env")), Members(root.GetValueOrDefault("phases")), Members(root.GetValueOrDefault("artifacts")));
        Equal(Members(env.GetValueOrDefault("variables")), read.Variables);
        Equal(Members(env.GetValueOrDefault("parameter-store")), read.ParameterStore);
        Assert.Equal(Texts(env.GetValueOrDefault("exported-variables")), read.ExportedVariables);
        Assert.Equal(Texts(Members(root.GetValueOrDefault("cache")).GetValueOrDefault("paths")), read.CachePaths);
        Assert.Equal(phases.Keys.Select(k => k.ToUpperInvariant()).Order(), read.Phases.Keys.Order());
        foreach (var (name, phase) in phases.Select(p => (p.Key, Members(p.Value))))
        {
            var commands = read.Phases[name.ToUpperInvariant()];
            Assert.Equal(Texts(phase.GetValueOrDefault("commands")), commands.Commands);
            Assert.Equal(Texts(phase.GetValueOrDefault("finally")), commands.Finally);
        }

        var secondary = Members(artifacts.GetValueOrDefault("secondary-artifacts"));
        foreach (var (name, rule) in read.Artifacts)
        {
            var sent = name.Length == 0 ? artifacts : Members(secondary[name]);
            Assert.Equal(Texts(sent["files"]), rule.Files);
            Assert.Equal(Texts(sent.GetValueOrDefault("exclude-paths")), rule.ExcludePaths);
        }

        Assert.Equal(secondary.Count + (artifacts.ContainsKey("files") ? 1 : 0), read.Artifacts.Count);
    }

    /// <summary>Checks the lists of a specification.</summary>
    public static void Check(DataSetSpecification read, string text)
    {
        var root = Members(Load(text));
        Assert.Equal(Texts(root.GetValueOrDefault("personal_data")), read.PersonalData);
        Assert.Equal(Texts(root.GetValueOrDefault("ignored_columns")), read.IgnoredColumns);
        var features = Items(root.GetValueOrDefault("features")).Select(Members).ToList();
        Assert.Equal(features.Count, read.Features.Count);
        foreach (var (sent, feature) in features.Zip(read.Features))
        {
            Assert.Equal(feature.Column, sent.GetValueOrDefault("number") ?? sent.GetValueOrDefault("category"));
            Assert.Equal(Texts(sent.GetValueOrDefault("values")), (feature as CategoryFeature)?.Values ?? []);
        }
    }

    /// <summary>Checks which command an image map has for an image.</summary>
    public static void Check(IReadOnlyList<string>? command, string text, string image)
    {
        var entries = Items(Load(text)).Select(Members).ToList();
        // a backslash in a pattern has a meaning of its own
        if (!entries.Exists(e => ((string)e["image"]!).Contains('\\', StringComparison.Ordinal)))
        {
            Assert.Equal(entries.Find(e => Matches((string)e["image"]!, image)) is { } first ? Texts(first["command"]) : null, command);
        }
    }

    private static bool Matches(string pattern, string image)
    {
        // which beginnings of the image the pattern so far stands for
        var reached = Enumerable.Range(0, image.Length + 1).Select(i => i == 0).ToArray();
        foreach (var part in pattern)
        {
            var before = reached;
            reached = new bool[before.Length];
            for (var i = 0; i < before.Length; i++)
            {
                reached[i] = part == '*' ? before[i] || (i > 0 && reached[i - 1]) : i > 0 && before[i - 1] && (part == '?' || part == image[i - 1]);
            }
        }

        return reached[^1];
    }

    private static object? Load(string text) => new DeserializerBuilder().Build().Deserialize<object>(text);

    /// <summary>The members of a mapping, its own before those that it takes over.</summary>
    private static Dictionary<string, object?> Members(object? node)
    {
        var members = (node as IDictionary<object, object>)?.ToDictionary(m => (string)m.Key, m => (object?)m.Value) ?? [];
        if (members.Remove("<<", out var merged))
        {
            foreach (var (name, value) in (merged is IDictionary<object, object> ? [merged] : Items(merged)).SelectMany(Members))
            {
                members.TryAdd(name, value);
            }
        }

        return members;
    }

    private static IEnumerable<object?> Items(object? node) => node as IEnumerable<object?> ?? [];

    /// <summary>A list of texts, of which a single text is one.</summary>
    private static IEnumerable<string?> Texts(object? node) => node is string text ? [text] : Items(node).Cast<string?>();

    private static void Equal(Dictionary<string, object?> sent, IReadOnlyDictionary<string, string> read) =>
        Assert.Equal(sent.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => (m.Key, m.Value as string)), read.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => (m.Key, (string?)m.Value)));
}
