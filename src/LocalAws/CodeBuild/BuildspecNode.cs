using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Slipway.LocalAws.CodeBuild;

/// <summary>A value of a buildspec, which knows its line and the keys that lead to it.</summary>
internal sealed record BuildspecNode(YamlNode Node, string Path)
{
    /// <summary>The value as a mapping.</summary>
    /// <exception cref="BuildspecException">It is none.</exception>
    public BuildspecMapping Mapping(string what) => Node is YamlMappingNode mapping ? new(mapping, this)
        : throw Wrong($"{what} must be a mapping of keys to values");

    /// <summary>The value as text.</summary>
    /// <exception cref="BuildspecException">It is none.</exception>
    public string Text() => Node is YamlScalarNode { Value: { } text } ? text : throw Wrong("a text is expected");

    /// <summary>The value as yes or no.</summary>
    /// <exception cref="BuildspecException">It is neither.</exception>
    public bool Flag() => Text().ToLowerInvariant() switch
    {
        "yes" or "true" => true,
        "no" or "false" => false,
        var other => throw Wrong($"'{other}' must be yes or no"),
    };

    /// <summary>The value as a list of texts; a single text is one of one.</summary>
    /// <exception cref="BuildspecException">It is none, or empty.</exception>
    public IReadOnlyList<string> List()
    {
        if (Node is YamlScalarNode { Value.Length: > 0 } single)
        {
            return [single.Value];
        }

        return Node is YamlSequenceNode { Children.Count: > 0 } list ? [.. list.Select((n, i) => Item(n, i).Text())] : throw Wrong("a list of texts is expected, and at least one");
    }

    /// <summary>The value as a list of commands.</summary>
    /// <exception cref="BuildspecException">It is none, or empty, or one has a colon that makes it a mapping.</exception>
    public IReadOnlyList<string> Commands()
    {
        var list = Node as YamlSequenceNode ?? throw Wrong("a list of commands is expected");
        return list.Children.Count == 0 ? throw Wrong("it has no command") : [.. list.Select((n, i) => Item(n, i).Command(i))];
    }

    /// <summary>The value as a mapping of names to texts.</summary>
    /// <exception cref="BuildspecException">It is none.</exception>
    public IReadOnlyDictionary<string, string> Texts()
    {
        var mapping = Mapping(Path.Split('.')[^1]);
        return mapping.Names.ToDictionary(n => n, n => mapping.Find(n)!.Node is YamlScalarNode { Value: null or "" } ? "" : mapping.Find(n)!.Text());
    }

    /// <summary>The value as variables and their values.</summary>
    /// <exception cref="BuildspecException">It is none, or a name is none of a variable's.</exception>
    public IReadOnlyDictionary<string, string> Variables()
    {
        var variables = Texts();
        foreach (var name in variables.Keys)
        {
            CheckVariable(name);
        }

        return variables;
    }

    /// <summary>The value as a list of variables' names.</summary>
    /// <exception cref="BuildspecException">It is none.</exception>
    public IReadOnlyList<string> VariableNames()
    {
        var names = List();
        foreach (var name in names)
        {
            CheckVariable(name);
        }

        return names;
    }

    /// <summary>The error that something is wrong here.</summary>
    public BuildspecException Wrong(string what) => new($"line {Node.Start.Line}{(Path.Length > 0 ? $", key {Path}" : "")}: {what}");

    private void CheckVariable(string name)
    {
        if (!ProjectRules.IsVariableName(name))
        {
            throw Wrong($"'{name}' is no name of a variable: letters, digits and underscores, and no digit first");
        }
    }

    private BuildspecNode Item(YamlNode node, int index) => new(node, $"{Path}[{index}]");

    private string Command(int index) => Node switch
    {
        YamlScalarNode { Value: { Length: > 0 } command, Style: var style } when !(command is "~" or "null" && style == ScalarStyle.Plain) => command,
        YamlScalarNode => throw Wrong("the command is empty"),
        _ => throw Wrong($"Expected Commands[{index}] to be of string type: found subkeys instead; put a command that has a colon and a blank in quotes"),
    };
}

/// <summary>A mapping of a buildspec.</summary>
internal sealed class BuildspecMapping
{
    private readonly BuildspecNode _self;
    private readonly Dictionary<string, BuildspecNode> _values = [];
    private readonly Dictionary<string, YamlNode> _keys = [];

    public BuildspecMapping(YamlMappingNode mapping, BuildspecNode self)
    {
        _self = self;
        foreach (var (key, value) in mapping.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? throw new BuildspecNode(key, self.Path).Wrong("a key must be a text");
            _values[name] = new(value, self.Path.Length == 0 ? name : $"{self.Path}.{name}");
            _keys[name] = key;
        }
    }

    /// <summary>Its keys.</summary>
    public IReadOnlyCollection<string> Names => _values.Keys;

    /// <summary>The value of a key, or null.</summary>
    public BuildspecNode? Find(string name) => _values.GetValueOrDefault(name);

    /// <summary>The value of a key.</summary>
    /// <exception cref="BuildspecException">It is missing.</exception>
    public BuildspecNode Require(string name) => Find(name) ?? throw _self.Wrong($"{name} is missing");

    /// <summary>Checks that there are no keys but these.</summary>
    /// <param name="known">The keys that local AWS knows.</param>
    /// <param name="unsupported">Keys that AWS has and local AWS does not.</param>
    /// <exception cref="BuildspecException">There is another one.</exception>
    public void Check(string[] known, params string[] unsupported)
    {
        if (Names.FirstOrDefault(n => !known.Contains(n)) is { } name)
        {
            var at = new BuildspecNode(_keys[name], _values[name].Path);
            throw at.Wrong(unsupported.Contains(name) ? $"local AWS does not support {name}" : $"'{name}' is unknown; the keys here are {string.Join(", ", known)}");
        }
    }
}
