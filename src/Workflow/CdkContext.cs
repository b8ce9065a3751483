using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Workflow;

/// <summary>The settings in the context of a <c>cdk.json</c>, as the manual names them.</summary>
/// <param name="UseSmPipeline">Whether training is a SageMaker Pipeline (<c>use_sm_pipeline</c>; absent: no).</param>
public sealed record CdkContext(bool UseSmPipeline)
{
    private const string File = "cdk.json";

    /// <summary>Reads the <c>cdk.json</c> of a folder; all settings have their defaults where there is none.</summary>
    /// <exception cref="BadInputException">The file is no JSON, or a setting has no value that it can have.</exception>
    public static CdkContext Load(string folder)
    {
        var path = Path.Combine(folder, File);
        if (!System.IO.File.Exists(path))
        {
            return new(UseSmPipeline: false);
        }

        try
        {
            var context = (JsonNode.Parse(System.IO.File.ReadAllText(path)) as JsonObject)?["context"] as JsonObject;
            return new(Flag(context, "use_sm_pipeline"));
        }
        catch (JsonException e)
        {
            throw new BadInputException($"{path} isn't JSON: line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}.", e);
        }
    }

    // the cdk command line gives what is set with --context as text
    private static bool Flag(JsonObject? context, string name) => context?[name]?.ToString() switch
    {
        null => false,
        var text when bool.TryParse(text, out var value) => value,
        var text => throw new BadInputException($"{File}: context.{name} must be true or false; it is '{text}'."),
    };
}
