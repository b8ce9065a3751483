using Slipway.Aws.Wire;

namespace Slipway.Aws.Ssm;

/// <summary>Gives a version names of its own: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_LabelParameterVersion.html</summary>
public sealed record LabelParameterVersion(
    [Length(1, 2048)] string Name, [Length(1, 10)] IReadOnlyList<string> Labels, long? ParameterVersion = null) : IAwsRequest<LabelParameterVersion.Response>
{
    /// <summary>The labels that break the rules for labels, and the version.</summary>
    public sealed record Response(IReadOnlyList<string> InvalidLabels, long ParameterVersion);
}

/// <summary>Takes labels from a version: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_UnlabelParameterVersion.html</summary>
public sealed record UnlabelParameterVersion(
    [Length(1, 2048)] string Name, long ParameterVersion, [Length(1, 10)] IReadOnlyList<string> Labels) : IAwsRequest<UnlabelParameterVersion.Response>
{
    /// <summary>The labels that were taken, and those that the version did not have.</summary>
    public sealed record Response(IReadOnlyList<string> RemovedLabels, IReadOnlyList<string> InvalidLabels);
}
