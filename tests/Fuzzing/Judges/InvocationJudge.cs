using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.Tests.Fuzzing.Judges;

/// <summary>
/// Checks that a model answers each row that was sent, and rows of its inputs with what <see cref="ForestJudge"/> says. It reads
/// requests in the plainest way; raw values by name it only counts.
/// </summary>
internal sealed class InvocationJudge(string model, int features, int inputs)
{
    private readonly ForestJudge _forest = new(model);

    /// <summary>Checks an answer in the request's own form.</summary>
    public void Check(string type, byte[] body, byte[] answer)
    {
        var sent = Encoding.UTF8.GetString(body);
        var got = Encoding.UTF8.GetString(answer);
        if (type == "text/csv")
        {
            // quotes and names are another reader's; lines of numbers are read alike by everybody
            if (sent.All(c => char.IsAsciiDigit(c) || c is '.' or ',' or '-' or '\n' or '\r'))
            {
                Check(sent.Split('\n').Select(l => l.TrimEnd('\r')).Where(l => l.Length > 0).Select(l => Row(l.Split(','))), got.Split('\n')[..^1].Select(Number));
            }
        }
        else if (type == "application/json")
        {
            var root = JsonNode.Parse(sent)!;
            var rows = root is JsonObject whole ? whole["instances"] as JsonArray ?? [whole.DeepClone()] : root is JsonArray { Count: > 0 } list && list[0] is not (JsonArray or JsonObject) ? [list.DeepClone()] : (JsonArray)root;
            Check(rows.Select(Row), JsonNode.Parse(got)!["predictions"]!.AsArray().Select(p => (double)p!["score"]!));
        }
        else if (type == "application/jsonlines")
        {
            Check(sent.Split('\n').Where(l => l.Trim().Length > 0).Select(l => Row(JsonNode.Parse(l))), got.Split('\n')[..^1].Select(l => (double)JsonNode.Parse(l)!["score"]!));
        }
    }

    private void Check(IEnumerable<float[]?> rows, IEnumerable<double> scores)
    {
        var (sent, got) = (rows.ToList(), scores.ToList());
        Assert.Equal(sent.Count, got.Count);
        Assert.All(sent.Zip(got), pair => Assert.True(pair.First is not { } row || _forest.Predict(row) == pair.Second, $"{string.Join(',', pair.First ?? [])}: {pair.Second}"));
    }

    /// <summary>A row of the model's inputs; null for raw values.</summary>
    private float[]? Row(JsonNode? row) => row is JsonArray values ? Row([.. values.Select(v => v is null ? "" : v.ToJsonString())]) : null;

    private float[]? Row(string[] values)
    {
        Assert.Equal(inputs, values.Length);
        // an unknown number is none, an unknown category has the code 0: which of them is the encoder's to say
        return values.Take(features).Any(v => v.Length == 0) ? null : [.. values.Select(v => float.Parse(v, CultureInfo.InvariantCulture))];
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
