using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Aws.CodeBuild;
using Slipway.LocalAws.EventBridge;

namespace Slipway.LocalAws.CodeBuild;

/// <summary>The events of builds: https://docs.aws.amazon.com/codebuild/latest/userguide/sample-build-notifications-ref.html</summary>
internal sealed class BuildEvents(EventBus bus)
{
    private const string Source = "aws.codebuild";

    // the words of a field of an event are AWS's own, with hyphens where the API's have capitals
    private static readonly JsonSerializerOptions Hyphens = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower, DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Keeps the events of a change. Call it in the transaction that makes the change.</summary>
    /// <param name="before">The build before, or null for a new one.</param>
    /// <param name="after">The build.</param>
    public void Publish(Build? before, Build after)
    {
        var ended = after.Phases.Where(p => p.EndTime is not null && before?.Phases.Any(b => b.PhaseType == p.PhaseType && b.EndTime == p.EndTime) != true);
        foreach (var phase in ended)
        {
            var detail = Detail(after);
            detail["completed-phase"] = phase.PhaseType;
            detail["completed-phase-status"] = phase.PhaseStatus;
            detail["completed-phase-context"] = Context(phase);
            detail["completed-phase-duration-seconds"] = phase.DurationInSeconds;
            detail["completed-phase-start"] = Time(phase.StartTime!.Value);
            detail["completed-phase-end"] = Time(phase.EndTime!.Value);
            bus.Publish(Source, "CodeBuild Build Phase Change", [after.Arn], detail, phase.EndTime);
        }

        if (before?.BuildStatus != after.BuildStatus)
        {
            var detail = Detail(after);
            detail["build-status"] = after.BuildStatus;
            detail["current-phase"] = after.CurrentPhase;
            detail["current-phase-context"] = "[]";
            bus.Publish(Source, "CodeBuild Build State Change", [after.Arn], detail);
        }
    }

    private static JsonObject Detail(Build build) => new()
    {
        ["project-name"] = build.ProjectName, ["build-id"] = build.Arn, ["version"] = "1", ["additional-information"] = Information(build),
    };

    private static JsonObject Information(Build build)
    {
        var information = new JsonObject
        {
            ["artifact"] = Json(build.Artifacts),
            ["cache"] = Json(build.Cache),
            ["environment"] = Json(build.Environment),
            ["timeout-in-minutes"] = build.TimeoutInMinutes,
            ["queued-timeout-in-minutes"] = build.QueuedTimeoutInMinutes,
            ["build-complete"] = build.BuildComplete,
            ["build-number"] = build.BuildNumber,
            ["initiator"] = build.Initiator,
            ["build-start-time"] = Time(build.StartTime),
            ["source"] = new JsonObject { ["type"] = build.Source.Type, ["location"] = build.Source.Location },
            ["logs"] = new JsonObject { ["group-name"] = build.Logs.GroupName, ["stream-name"] = build.Logs.StreamName, ["deep-link"] = build.Logs.DeepLink },
            ["phases"] = new JsonArray([.. build.Phases.Select(p => (JsonNode)PhaseOf(p))]),
        };
        if (build.SourceVersion is { } version)
        {
            information["source-version"] = version;
        }

        return information;
    }

    private static JsonObject PhaseOf(BuildPhase phase)
    {
        var told = new JsonObject { ["phase-type"] = phase.PhaseType, ["start-time"] = Time(phase.StartTime!.Value) };
        if (phase.EndTime is { } end)
        {
            told["end-time"] = Time(end);
            told["duration-in-seconds"] = phase.DurationInSeconds;
            told["phase-status"] = phase.PhaseStatus;
            told["phase-context"] = new JsonArray([.. (phase.Contexts ?? []).Select(c => (JsonNode)$"{c.StatusCode}: {c.Message}")]);
        }

        return told;
    }

    private static string Context(BuildPhase phase) => $"[{string.Join(", ", (phase.Contexts ?? []).Select(c => $"{c.StatusCode}: {c.Message}"))}]";

    private static JsonNode? Json<T>(T value) => JsonSerializer.SerializeToNode(value, Hyphens);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("MMM d, yyyy h:mm:ss tt", CultureInfo.InvariantCulture);
}
