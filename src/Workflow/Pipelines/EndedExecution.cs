namespace Slipway.Workflow.Pipelines;

/// <summary>An execution that has ended.</summary>
/// <param name="Arn">Its ARN.</param>
/// <param name="Status">Succeeded, Failed or Stopped.</param>
/// <param name="Reason">Why it failed.</param>
/// <param name="Steps">Its steps.</param>
/// <param name="ModelPackageArn">The version that holds its model: the one that it registered, or the one that was there; null where the model did not pass.</param>
/// <param name="IsNew">Whether it registered that version.</param>
/// <param name="Evaluation">What its evaluate step found; null where it did not come so far.</param>
/// <param name="Folder">Where its steps write, in S3, with the last slash.</param>
public sealed record EndedExecution(
    string Arn, string Status, string? Reason, IReadOnlyList<StepState> Steps, string? ModelPackageArn, bool IsNew, Evaluation? Evaluation, string Folder)
{
    /// <summary>The pages for people that its steps wrote: of the data, where it was validated, and of the model, where it was evaluated.</summary>
    public IEnumerable<string> Reports =>
        from page in new (string Step, string File)[] { (StepNames.Validate, "validate/report/validation.html"), (StepNames.Evaluate, "evaluate/evaluation/evaluation.html") }
        where Steps.Any(s => s.Name == page.Step && s.Status == "Succeeded")
        select Folder + page.File;

    /// <summary>Whether the gate refused the model, and not something broke.</summary>
    public bool IsRefused => Steps.Any(s => s.Name == StepNames.Refuse && s.Status == "Failed");
}
