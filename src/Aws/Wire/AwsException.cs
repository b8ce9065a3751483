using System.Net;

namespace Slipway.Aws.Wire;

/// <summary>
/// An AWS error: what local AWS throws and renders in the service's protocol, and what our client throws for an
/// error that it reads, so that both sides name an error alike.
/// </summary>
public sealed class AwsException(string code, HttpStatusCode status, string message, string? requestId = null, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>AWS's name of the error, such as <c>ValidationException</c>.</summary>
    public string Code { get; } = code;

    /// <summary>The HTTP status that carries it.</summary>
    public HttpStatusCode Status { get; } = status;

    /// <summary>The id of the request that failed, where known.</summary>
    public string? RequestId { get; } = requestId;

    /// <summary>Further headers of the error's answer, such as those that InvokeEndpoint's ModelError has.</summary>
    public IReadOnlyDictionary<string, string> Members { get; init; } = new Dictionary<string, string>();
}

/// <summary>The errors that several services share, with AWS's codes and statuses.</summary>
public static class AwsErrors
{
    /// <summary>An input that breaks a constraint, and for SageMaker also what does not exist or is in the wrong state.</summary>
    public static AwsException Validation(string message) => new("ValidationException", HttpStatusCode.BadRequest, message);

    /// <summary>SageMaker's error for a resource that an operation names and that is not there.</summary>
    public static AwsException ResourceNotFound(string message) => new("ResourceNotFound", HttpStatusCode.BadRequest, message);

    /// <summary>SageMaker's error for a name that is taken or a resource that others hold.</summary>
    public static AwsException ResourceInUse(string message) => new("ResourceInUse", HttpStatusCode.BadRequest, message);

    /// <summary>SageMaker's error for a change that meets another one.</summary>
    public static AwsException Conflict(string message) => new("ConflictException", HttpStatusCode.BadRequest, message);

    /// <summary>A quota of AWS's.</summary>
    public static AwsException ResourceLimitExceeded(string message) => new("ResourceLimitExceeded", HttpStatusCode.BadRequest, message);

    /// <summary>The caller, or the role that it hands over, may not do this.</summary>
    public static AwsException AccessDenied(string message) => new("AccessDeniedException", HttpStatusCode.BadRequest, message);

    /// <summary>A body that cannot be read as the operation's input.</summary>
    public static AwsException Serialization(string message) => new("SerializationException", HttpStatusCode.BadRequest, message);

    /// <summary>A part of AWS's API that local AWS does not have, named as Operation.Member.</summary>
    public static AwsException NotImplemented(string what) =>
        new("NotImplemented", HttpStatusCode.NotImplemented, $"Local AWS does not support {what}.");
}
