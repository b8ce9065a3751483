using YamlDotNet.Core;

namespace Slipway.LocalAws.Yaml;

/// <summary>A YAML file that local AWS is started with.</summary>
/// <param name="what">What it is, such as <c>image map</c>.</param>
/// <param name="path">Where it is.</param>
internal sealed class YamlFile(string what, string path)
{
    /// <summary>What is in it; null where it is empty.</summary>
    /// <exception cref="InvalidDataException">It is no YAML.</exception>
    public YamlValue? Read()
    {
        try
        {
            return YamlReader.Read(File.ReadAllText(path));
        }
        catch (YamlException e)
        {
            throw new InvalidDataException($"The {what} {path} can't be read: line {e.Start.Line}, column {e.Start.Column}: {e.Message}", e);
        }
    }

    /// <summary>The error that something in it can't be used.</summary>
    public InvalidDataException Wrong(Mark at, string why) => new($"The {what} {path} can't be used: line {at.Line}, column {at.Column}: {why}.");
}
