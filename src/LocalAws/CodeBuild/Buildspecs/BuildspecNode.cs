using Slipway.LocalAws.Yaml;

namespace Slipway.LocalAws.CodeBuild.Buildspecs;

/// <summary>A value of a buildspec, which knows its line and the keys that lead to it.</summary>
internal sealed record BuildspecNode(YamlValue Value, string Path)
{
    /// <summary>The value as a mapping.</summary>
    /// <exception cref="BuildspecException">It is none.</exception>
    public BuildspecMapping Mapping(string what) => Value is YamlMapping mapping ? new(mapping, this)
        : throw Wrong($"{what} must be a mapping of keys to values");

    /// <summary>The value as text.</summary>
    /// <exception cref="BuildspecException">It is none.</exception>
    public string Text() => Value is YamlText text ? text.Value : throw Wrong("a text is expected");

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
        if (Value is YamlText { Value.Length: > 0 } single)
        {
            return [single.Value];
        }

        return Value is YamlList { Items.Count: > 0 } list ? [.. list.Items.Select((n, i) => Item(n, i).Text())] : throw Wrong("a list of texts is expected, and at least one");
    }

    /// <summary>The value as a list of commands.</summary>
    /// <exception cref="BuildspecException">It is none, or empty, or one has a colon that makes it a mapping.</exception>
    public IReadOnlyList<string> Commands()
    {
        var list = Value as YamlList ?? throw Wrong("a list of commands is expected");
        return list.Items.Count == 0 ? throw Wrong("it has no command") : [.. list.Items.Select((n, i) => Item(n, i).Command(i))];
    }

    /// <summary>The value as a mapping of names to texts.</summary>
    /// <exception cref="BuildspecException">It is none.</exception>
    public IReadOnlyDictionary<string, string> Texts()
    {
        var mapping = Mapping(Path.Split('.')[^1]);
        return mapping.Names.ToDictionary(n => n, n => mapping.Find(n)!.Text());
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
    public BuildspecException Wrong(string what) => new($"line {Value.Start.Line}{(Path.Length > 0 ? $", key {Path}" : "")}: {what}");

    private void CheckVariable(string name)
    {
        if (!ProjectRules.IsVariableName(name))
        {
            throw Wrong($"'{name}' is no name of a variable: letters, digits and underscores, and no digit first");
        }
    }

    private BuildspecNode Item(YamlValue node, int index) => new(node, $"{Path}[{index}]");

    private string Command(int index) => Value switch
    {
        YamlText { Value: "" } or YamlText { Value: "~" or "null", IsPlain: true } => throw Wrong("the command is empty"),
        YamlText command => command.Value,
        _ => throw Wrong($"Expected Commands[{index}] to be of string type: found subkeys instead; put a command that has a colon and a blank in quotes"),
    };
}

/// <summary>A mapping of a buildspec.</summary>
internal sealed class BuildspecMapping(YamlMapping mapping, BuildspecNode self)
{
    /// <summary>Its keys.</summary>
    public IEnumerable<string> Names => mapping.Members.Keys;

    /// <summary>The value of a key, or null.</summary>
    public BuildspecNode? Find(string name) => mapping.Members.TryGetValue(name, out var member) ? new(member.Value, PathOf(name)) : null;

    /// <summary>The value of a key.</summary>
    /// <exception cref="BuildspecException">It is missing.</exception>
    public BuildspecNode Require(string name) => Find(name) ?? throw self.Wrong($"{name} is missing");

    /// <summary>Checks that there are no keys but these.</summary>
    /// <param name="known">The keys that local AWS knows.</param>
    /// <param name="unsupported">Keys that AWS has and local AWS does not.</param>
    /// <exception cref="BuildspecException">There is another one.</exception>
    public void Check(string[] known, params string[] unsupported)
    {
        if (Names.FirstOrDefault(n => !known.Contains(n)) is { } name)
        {
            var key = new BuildspecNode(new YamlText(name, IsPlain: true, mapping.Members[name].Start), PathOf(name));
            throw key.Wrong(unsupported.Contains(name) ? $"local AWS does not support {name}" : $"'{name}' is unknown; the keys here are {string.Join(", ", known)}");
        }
    }

    private string PathOf(string name) => self.Path.Length == 0 ? name : $"{self.Path}.{name}";
}
