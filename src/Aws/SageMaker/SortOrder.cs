namespace Slipway.Aws.SageMaker;

/// <summary>The order of a listing.</summary>
public enum SortOrder
{
    /// <summary>Smallest or oldest first.</summary>
    Ascending,

    /// <summary>Largest or newest first.</summary>
    Descending,
}
