using System.IO.Enumeration;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Slipway.LocalAws.Containers;

/// <summary>
/// Which images run as which commands, from a YAML file: a list of <c>image</c> (a pattern with <c>*</c> and <c>?</c>
/// over the image's whole URI) and <c>command</c> (a list, before the job's own entry point and arguments; it may be
/// empty). The first pattern that matches counts.
/// </summary>
internal sealed class ImageMap
{
    private readonly List<(string Pattern, IReadOnlyList<string> Command)> _entries = [];

    /// <exception cref="InvalidDataException">The file is not an image map; the message names the line.</exception>
    public ImageMap(LocalAwsOptions options)
    {
        if (options.ImageMap is not { } file)
        {
            return;
        }

        YamlStream yaml;
        try
        {
            yaml = BoundedYaml.Read(File.ReadAllText(file));
        }
        catch (YamlException e)
        {
            throw new InvalidDataException($"The image map {file} can't be read: line {e.Start.Line}, column {e.Start.Column}: {e.Message}", e);
        }

        if (yaml.Documents.Count > 0)
        {
            var list = yaml.Documents[0].RootNode as YamlSequenceNode ?? throw Wrong(file, yaml.Documents[0].RootNode, "it must be a list of entries");
            _entries.AddRange(list.Select(entry => Entry(file, entry)));
        }
    }

    /// <summary>The command that an image stands for, or null.</summary>
    public IReadOnlyList<string>? Find(string image) =>
        _entries.FirstOrDefault(e => FileSystemName.MatchesSimpleExpression(e.Pattern, image, ignoreCase: false)).Command;

    private static (string Pattern, IReadOnlyList<string> Command) Entry(string file, YamlNode node)
    {
        var entry = node as YamlMappingNode ?? throw Wrong(file, node, "an entry has the members image and command");
        string? pattern = null;
        IReadOnlyList<string>? command = null;
        foreach (var (name, value) in entry.Children)
        {
            switch ((name as YamlScalarNode)?.Value)
            {
                case "image":
                    pattern = Text(file, value);
                    break;
                case "command":
                    command = [.. (value as YamlSequenceNode ?? throw Wrong(file, value, "command must be a list")).Select(v => Text(file, v))];
                    break;
                default:
                    throw Wrong(file, name, $"'{name}' is unknown; an entry has the members image and command");
            }
        }

        return (pattern ?? throw Wrong(file, node, "image is missing"), command ?? throw Wrong(file, node, "command is missing"));
    }

    private static string Text(string file, YamlNode node) => (node as YamlScalarNode)?.Value ?? throw Wrong(file, node, "this must be text");

    private static InvalidDataException Wrong(string file, YamlNode node, string what) =>
        new($"The image map {file} can't be used: line {node.Start.Line}, column {node.Start.Column}: {what}.");
}
