using System.IO.Enumeration;
using Slipway.LocalAws.Yaml;

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
        if (options.ImageMap is not { } path)
        {
            return;
        }

        var file = new YamlFile("image map", path);
        if (file.Read() is { } root)
        {
            var list = root as YamlList ?? throw file.Wrong(root.Start, "it must be a list of entries");
            _entries.AddRange(list.Items.Select(entry => Entry(file, entry)));
        }
    }

    /// <summary>The command that an image stands for, or null.</summary>
    public IReadOnlyList<string>? Find(string image) =>
        _entries.FirstOrDefault(e => FileSystemName.MatchesSimpleExpression(e.Pattern, image, ignoreCase: false)).Command;

    private static (string Pattern, IReadOnlyList<string> Command) Entry(YamlFile file, YamlValue value)
    {
        var entry = value as YamlMapping ?? throw file.Wrong(value.Start, "an entry has the members image and command");
        if (entry.Members.Keys.FirstOrDefault(k => k is not ("image" or "command")) is { } unknown)
        {
            throw file.Wrong(entry.Members[unknown].Start, $"'{unknown}' is unknown; an entry has the members image and command");
        }

        var command = Member(file, entry, "command");
        var list = command as YamlList ?? throw file.Wrong(command.Start, "command must be a list");
        return (Text(file, Member(file, entry, "image")), [.. list.Items.Select(v => Text(file, v))]);
    }

    private static YamlValue Member(YamlFile file, YamlMapping entry, string name) =>
        entry.Members.TryGetValue(name, out var member) ? member.Value : throw file.Wrong(entry.Start, $"{name} is missing");

    private static string Text(YamlFile file, YamlValue value) => (value as YamlText)?.Value ?? throw file.Wrong(value.Start, "this must be text");
}
