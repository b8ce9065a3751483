using Slipway.Workflow.DataSets;

namespace Slipway.Steps.StepHost;

/// <summary>A verb that runs as a SageMaker processing job, with its files under <c>/opt/ml/processing</c>.</summary>
public abstract class ProcessingStep : IStep
{
    /// <inheritdoc/>
    public abstract string Verb { get; }

    /// <inheritdoc/>
    public abstract string Summary { get; }

    /// <inheritdoc/>
    public virtual IReadOnlyList<string> Arguments => [];

    /// <inheritdoc/>
    public string FailureFile => "output/message";

    /// <inheritdoc/>
    public abstract Task RunAsync(StepContext context, CancellationToken cancellation);

    /// <summary>The data set specification that the job was given.</summary>
    /// <exception cref="StepFailedException">It is missing or wrong.</exception>
    protected static DataSetSpecification Specification(StepContext context)
    {
        try
        {
            return DataSetSpecification.Parse(
                File.ReadAllText(Input(context, "specification/specification.yaml")), "specification.yaml");
        }
        catch (SpecificationException e)
        {
            throw new StepFailedException(e.Message, e);
        }
    }

    /// <summary>A file under <c>processing/output/</c>; its folder is made.</summary>
    protected static string Output(StepContext context, string path)
    {
        var full = Path.Combine(context.Root, "processing", "output", path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        return full;
    }

    /// <summary>A file of an input that must be there.</summary>
    /// <exception cref="StepFailedException">It is not.</exception>
    protected static string Input(StepContext context, string path)
    {
        var full = Path.Combine(context.Root, "processing", "input", path);
        return File.Exists(full) ? full : throw new StepFailedException($"The input {full} is missing.");
    }
}
