using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Aws.Client;
using Slipway.Aws.SageMakerRuntime;
using Slipway.Workflow.DataSets;

namespace Slipway.Cli.Demos;

/// <summary>The time of one invocation, client and wire included.</summary>
/// <param name="Median">Half of them were faster.</param>
/// <param name="P99">99 of 100 were faster.</param>
internal sealed record Latency(TimeSpan Median, TimeSpan P99);

/// <summary>The demo's questions to the endpoint.</summary>
internal sealed class DemoPredictions(AwsClient aws, string endpoint, DataSetSpecification specification, DemoStages stages)
{
    public const int Invocations = 1000;
    private const string ManualRow = "25,1,0,1,0,0,1,1";

    /// <summary>One encoded row as in the manual where the data set is the ad-click one, and two raw records.</summary>
    public async Task<bool> Show(CancellationToken cancellation)
    {
        if (IsAdClick)
        {
            await Ask("text/csv", ManualRow, cancellation);
        }

        await Ask("application/json", Record(first: true), cancellation);
        await Ask("application/json", Record(first: false), cancellation);
        return true;
    }

    /// <summary>Asks many times, one after the other, and measures each.</summary>
    public async Task<Latency> Measure(CancellationToken cancellation)
    {
        var (type, body) = IsAdClick ? ("text/csv", ManualRow) : ("application/json", Record(first: true));
        var bytes = Encoding.UTF8.GetBytes(body);
        var times = new TimeSpan[Invocations];
        for (var i = 0; i < Invocations; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await aws.Send(new InvokeEndpoint(endpoint, bytes, ContentType: type), cancellation);
            times[i] = Stopwatch.GetElapsedTime(start);
        }

        Array.Sort(times);
        var latency = new Latency(times[Invocations / 2], times[Invocations * 99 / 100]);
        stages.Say($"p50 {latency.Median.TotalMilliseconds:F2} ms, p99 {latency.P99.TotalMilliseconds:F2} ms");
        return latency;
    }

    private bool IsAdClick => specification.Name == DataSetSpecification.AdClick.Name;

    /// <summary>A record of values that the specification allows: its first ones and no number missing, or its last ones.</summary>
    private string Record(bool first)
    {
        var record = new JsonObject();
        foreach (var feature in specification.Features)
        {
            record[feature.Column] = feature switch
            {
                CategoryFeature category => first ? category.Values[0] : category.Values[^1],
                NumberFeature number => (number.Min ?? 0) + (first ? 7 : 30),
                _ => null,
            };
        }

        return record.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    private async Task Ask(string type, string body, CancellationToken cancellation)
    {
        var answer = await aws.Send(new InvokeEndpoint(endpoint, Encoding.UTF8.GetBytes(body), ContentType: type), cancellation);
        stages.Say($"{body}\n  → {Encoding.UTF8.GetString(answer.Body).Trim()}");
    }
}
