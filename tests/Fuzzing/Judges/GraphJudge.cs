using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Slipway.Tests.Fuzzing.Judges;

/// <summary>Checks that the steps of a definition can be run in some order: each name once, and what a step depends on is there and does not depend on it.</summary>
internal static partial class GraphJudge
{
    /// <summary>Checks a definition that was taken.</summary>
    public static void Check(string definition)
    {
        var after = new Dictionary<string, HashSet<string>>();
        Collect(JsonNode.Parse(definition)!["Steps"]!.AsArray(), after);
        Assert.All(after, step => Assert.All(step.Value, name => Assert.True(after.ContainsKey(name), $"{step.Key} depends on {name}, which is no step")));
        while (after.Count > 0)
        {
            var ready = after.Where(s => s.Value.Count == 0).Select(s => s.Key).ToList();
            Assert.True(ready.Count > 0, $"these wait for each other: {string.Join(", ", after.Keys)}");
            ready.ForEach(name => after.Remove(name));
            foreach (var step in after.Values)
            {
                step.ExceptWith(ready);
            }
        }
    }

    private static void Collect(JsonArray steps, Dictionary<string, HashSet<string>> after)
    {
        foreach (var step in steps.OfType<JsonObject>())
        {
            var name = step["Name"]!.GetValue<string>();
            var arguments = step["Arguments"] as JsonObject;
            var depends = (step["DependsOn"] as JsonArray ?? []).Select(d => d!.GetValue<string>());
            // what stands in the branches is theirs; the conditions are the step's own
            var own = step["Type"]?.GetValue<string>() == "Condition" ? arguments?["Conditions"] : arguments;
            var references = Reference().Matches(own?.ToJsonString() ?? "").Select(m => m.Groups[1].Value);
            Assert.True(after.TryAdd(name, [.. depends, .. references]), $"{name} stands twice");
            foreach (var branch in new[] { "IfSteps", "ElseSteps" }.Where(_ => step["Type"]?.GetValue<string>() == "Condition"))
            {
                Collect(arguments?[branch] as JsonArray ?? [], after);
            }
        }
    }

    [GeneratedRegex(@"\{""Get"":""Steps\.([A-Za-z0-9-]+)")]
    private static partial Regex Reference();
}
