using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.SageMaker.Pipelines.Definitions;

/// <summary>A step's arguments less their expressions: what is known of the request before anything runs.</summary>
internal static class KnownArguments
{
    /// <summary>The request, in which every member that an expression gives is absent, be it required or not.</summary>
    /// <param name="arguments">Arguments that are known to have the members and types of the request.</param>
    /// <param name="where">Their place.</param>
    public static T Of<T>(JsonElement arguments, string where) => Known(arguments, where).Deserialize<T>(AwsJson.Lenient)!;

    private static JsonNode? Known(JsonElement value, string where)
    {
        if (Expression.Read(value, where) is not null)
        {
            return null;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var json = new JsonObject();
                foreach (var member in value.EnumerateObject())
                {
                    if (Known(member.Value, where) is { } known)
                    {
                        json[member.Name] = known;
                    }
                }

                return json;
            case JsonValueKind.Array:
                return new JsonArray([.. value.EnumerateArray().Select(item => Known(item, where)).Where(item => item is not null)]);
            default:
                return JsonValue.Create(value);
        }
    }
}
