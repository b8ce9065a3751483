namespace Slipway.Workflow.Pipelines;

/// <summary>What a pipeline definition is made for; the rest is a parameter of each execution.</summary>
public sealed record PipelineSettings
{
    /// <summary>The data set specification's location in S3.</summary>
    public required string SpecificationUri { get; init; }

    /// <summary>The names of the resources around the pipeline.</summary>
    public required ProjectNames Names { get; init; }

    /// <summary>The AWS region, of which the platform's image is taken.</summary>
    public required string Region { get; init; }

    /// <summary>The instance type of the jobs.</summary>
    public string InstanceType { get; init; } = "ml.m5.large";

    /// <summary>The size of a job's volume, in gigabytes.</summary>
    public int VolumeSizeInGB { get; init; } = 20;

    /// <summary>Whether steps take over the results of earlier executions that had the same inputs.</summary>
    public bool Cache { get; init; } = true;

    /// <summary>The longest that a job may run.</summary>
    public TimeSpan MaxRuntime { get; init; } = TimeSpan.FromHours(1);
}
