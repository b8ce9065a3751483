using System.Text.Json.Nodes;

namespace Slipway.Tests.Fuzzing.Judges;

/// <summary>Checks that a request which was taken is the one that was sent: a member that is not known is refused, and never dropped.</summary>
internal static class MemberJudge
{
    /// <summary>Checks that all of what was sent is in what was read.</summary>
    /// <param name="sent">The request's JSON.</param>
    /// <param name="read">The JSON of the record that it was read to.</param>
    /// <param name="where">Where both stand.</param>
    public static void Check(JsonNode? sent, JsonNode? read, string where = "$")
    {
        switch (sent)
        {
            case null:
                break;
            case JsonObject members:
                foreach (var (name, value) in members.Where(m => m.Value is not null))
                {
                    Assert.True(read is JsonObject known && known.ContainsKey(name), $"{where}.{name} was dropped");
                    Check(value, read[name], $"{where}.{name}");
                }

                break;
            case JsonArray items:
                Assert.True(read is JsonArray { Count: var count } && count == items.Count, $"{where} has other items");
                for (var i = 0; i < items.Count; i++)
                {
                    Check(items[i], read[i], $"{where}[{i}]");
                }

                break;
            default:
                Assert.True(JsonNode.DeepEquals(sent, read), $"{where}: {sent} was read as {read}");
                break;
        }
    }
}
