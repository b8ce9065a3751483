namespace Slipway.Aws.SageMaker;

/// <summary>The state of a training or processing job; AWS has an enumeration of the same names for each.</summary>
public enum JobStatus
{
    /// <summary>It waits, loads, runs or uploads.</summary>
    InProgress,

    /// <summary>It ended well, and its outputs are in S3.</summary>
    Completed,

    /// <summary>It did not; the failure reason says why.</summary>
    Failed,

    /// <summary>It has been asked to stop.</summary>
    Stopping,

    /// <summary>It was stopped, by a person or by its time limit.</summary>
    Stopped,
}
