using Slipway.Aws.Wire;

namespace Slipway.Aws.SageMakerRuntime;

/// <summary>
/// Asks an endpoint for predictions: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html.
/// The body is at most 6,291,456 bytes, and the model answers within 60 seconds.
/// Errors: ValidationError (400), ModelError (424), ServiceUnavailable (503), ModelNotReadyException (429), InternalFailure (500).
/// </summary>
[Rest("POST", "/endpoints/{EndpointName}/invocations")]
public sealed record InvokeEndpoint(
    [Length(0, 63), Pattern("[a-zA-Z0-9](-*[a-zA-Z0-9])*")] string EndpointName,
    [Payload] byte[] Body,
    [Header("Content-Type"), Length(0, 1024)] string? ContentType = null,
    [Header("Accept"), Length(0, 1024)] string? Accept = null,
    [Header("X-Amzn-SageMaker-Custom-Attributes"), Length(0, 1024)] string? CustomAttributes = null,
    [Header("X-Amzn-SageMaker-Target-Variant"), Length(0, 63), Pattern("[a-zA-Z0-9](-*[a-zA-Z0-9])*")] string? TargetVariant = null,
    [Header("X-Amzn-SageMaker-Inference-Id"), Length(1, 64)] string? InferenceId = null) : IAwsRequest<InvokeEndpoint.Response>
{
    /// <summary>What the model answered, as it answered it.</summary>
    public sealed record Response(
        [Payload] byte[] Body,
        [Header("Content-Type")] string? ContentType = null,
        [Header("x-Amzn-Invoked-Production-Variant")] string? InvokedProductionVariant = null,
        [Header("X-Amzn-SageMaker-Custom-Attributes")] string? CustomAttributes = null);
}
