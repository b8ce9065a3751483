using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Slipway.LocalAws.Containers;

/// <summary>YAML as deep as people write it, as nodes.</summary>
internal static class BoundedYaml
{
    private const int Deepest = 32;

    /// <summary>Reads it.</summary>
    /// <exception cref="YamlException">It is no YAML, or is nested too deep.</exception>
    public static YamlStream Read(string text)
    {
        try
        {
            CheckDepth(text);
            var yaml = new YamlStream();
            yaml.Load(new StringReader(text));
            return yaml;
        }
        // the library's parser has no words for some texts, a document's end inside a flow sequence among them
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw new YamlException(Mark.Empty, Mark.Empty, e.Message, e);
        }
    }

    /// <summary>Who builds the nodes calls itself for each level, and a stack that is full ends the process.</summary>
    private static void CheckDepth(string text)
    {
        var parser = new Parser(new StringReader(text));
        for (var depth = 0; parser.MoveNext();)
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > Deepest)
            {
                throw new YamlException(parser.Current.Start, parser.Current.End, $"it is nested more than {Deepest} levels deep");
            }
        }
    }
}
