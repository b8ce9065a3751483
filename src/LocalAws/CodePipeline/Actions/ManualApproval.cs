using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Aws.CodePipeline;
using Slipway.Aws.Sns;
using Slipway.LocalAws.CodePipeline.Executions;
using Slipway.LocalAws.Sns;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.CodePipeline.Actions;

/// <summary>Tells a topic of an approval and waits until somebody answers it or its time is over: https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals.html</summary>
internal sealed class ManualApproval(Publications publications, Database database, ExecutionStore store, LocalAwsOptions options, TimeProvider time) : IActionProvider
{
    public bool Does(ActionTypeId type) => type.Category == ActionCategory.Approval;

    public async Task<ActionResult> Run(ActionRow run, CancellationToken cancellation)
    {
        if (run.Setting("NotificationArn") is { } topic && !run.IsNotified)
        {
            Notify(run, topic);
        }

        // nothing wakes it but the clock, which may jump over days while the machine sleeps
        using var nobody = new WorkSignal();
        while (time.GetUtcNow() < run.Expires!.Value)
        {
            await nobody.Wait(run.Expires, time, cancellation);
        }

        return ActionResult.Failed("JobTimedOut", $"The approval was not answered by {Minute(run.Expires.Value)}.") with { ExternalId = run.Token };
    }

    /// <summary>Publishes AWS's message: https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals-json-format.html. That it was published is noted in the same transaction, so it is published once, whatever happens.</summary>
    private void Notify(ActionRow run, string topic) => database.Write(_ =>
    {
        publications.Publish(new Publish(Message(run).ToJsonString(), TopicArn: topic, Subject: Subject(run)), options.Caller(run.Input.Region));
        store.Note(run.Id, r => r with { IsNotified = true });
    });

    /// <summary>At most 100 characters, as SNS asks.</summary>
    private static string Subject(ActionRow run)
    {
        var subject = $"APPROVAL NEEDED: AWS CodePipeline {run.Pipeline} for action {run.Action}";
        return subject.Length <= 100 ? subject : subject[..97] + "...";
    }

    private static JsonObject Message(ActionRow run)
    {
        var console = $"https://console.aws.amazon.com/codepipeline/home?region={run.Input.Region}#/view/{run.Pipeline}";
        var approval = new JsonObject
        {
            ["pipelineName"] = run.Pipeline, ["stageName"] = run.Stage, ["actionName"] = run.Action, ["token"] = run.Token, ["expires"] = Minute(run.Expires!.Value),
            ["externalEntityLink"] = run.Setting("ExternalEntityLink"), ["approvalReviewLink"] = $"{console}/{run.Stage}/{run.Action}/approve/{run.Token}",
            ["customData"] = run.Setting("CustomData"),
        };
        return new() { ["region"] = run.Input.Region, ["consoleLink"] = console, ["approval"] = approval };
    }

    private static string Minute(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);
}
