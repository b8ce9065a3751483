namespace Slipway.Aws.Wire;

#pragma warning disable CA1040, S2326 // the type parameter is the point: it lets a client infer the response
/// <summary>An operation of an AWS service, whatever it answers: an <see cref="IAwsRequest{TResponse}"/>.</summary>
public interface IAwsRequest;

/// <summary>
/// An operation of an AWS service, named as AWS names it: our client sends it and local AWS handles it.
/// The namespace that declares it tells its service (<see cref="AwsService.Of"/>).
/// </summary>
/// <typeparam name="TResponse">What the service answers.</typeparam>
public interface IAwsRequest<TResponse> : IAwsRequest;
#pragma warning restore CA1040, S2326

/// <summary>The answer of an operation that answers nothing.</summary>
public sealed record EmptyResponse
{
    /// <summary>The one instance.</summary>
    public static EmptyResponse Instance { get; } = new();
}
