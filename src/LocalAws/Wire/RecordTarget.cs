using System.Net;
using Microsoft.AspNetCore.Http;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Access;

namespace Slipway.LocalAws.Wire;

/// <summary>What a request of <see cref="RecordProtocols"/> asks for: found once, as its signature, its answer and its errors all depend on it.</summary>
/// <param name="Service">The service, or null where there is none of that name or target.</param>
/// <param name="Operation">The operation that a REST request's method and path name.</param>
/// <param name="Labels">What stands in the labels of that path.</param>
/// <param name="Text">The X-Amz-Target, or empty.</param>
/// <param name="Scope">The scope of its signature, or null.</param>
internal sealed record RecordTarget(AwsService? Service, Operation? Operation, IReadOnlyDictionary<string, string> Labels, string Text, CredentialScope? Scope)
{
    private static readonly Dictionary<string, string> None = [];

    /// <summary>Looks at a request. All SageMaker services sign as one: the target, and else the path, tells them apart.</summary>
    public static RecordTarget Of(HttpRequest request, CredentialScope? scope)
    {
        var text = request.Headers["X-Amz-Target"].ToString();
        if (text.Length > 0)
        {
            return new(Candidates(scope).FirstOrDefault(s => IsTargetOf(s, text)), null, None, text, scope);
        }

        var parts = (request.Path.Value ?? "").Split('/');
        foreach (var service in Candidates(scope))
        {
            if (service.Protocol == AwsProtocol.RestJson && Route(service, request.Method, parts) is { } operation)
            {
                return new(service, operation, Label(operation.PathParts, parts), text, scope);
            }
        }

        return new(scope is null ? null : Candidates(scope).FirstOrDefault(s => s.Protocol == AwsProtocol.Query), null, None, text, scope);
    }

    /// <summary>The error for a request that asks for nothing which is known.</summary>
    public AwsException Unknown(HttpRequest request)
    {
        if (Scope is not null && Text.Length > 0 && AwsService.All.FirstOrDefault(s => IsTargetOf(s, Text)) is { } meant)
        {
            return new CommonRefusals(meant.Protocol).WrongService(meant.SigningName);
        }

        var named = Scope?.Service ?? (Text.Length > 0 ? Text : $"{request.Method} {request.Path}");
        return Scope is null && Text.Length == 0
            ? new AwsException("MissingAuthenticationToken", HttpStatusCode.Forbidden, $"The request {named} is not signed, so local AWS can't tell its service.")
            : Text.Length == 0 && Candidates(Scope).FirstOrDefault(s => s.QueryCodes is not null) is { } former
            ? AwsErrors.NotImplemented($"the former query protocol of {former.Id}: it speaks JSON, as AWS's own clients do since November 2023")
            : Candidates(Scope).Any() ? UnknownOperation($"{named} {(Text.Length > 0 ? Text : $"{request.Method} {request.Path}")}")
            : AwsErrors.NotImplemented($"the service '{named}'");
    }

    /// <summary>The error for an operation that its service does not have here.</summary>
    public static AwsException UnknownOperation(string name) =>
        new("UnknownOperationException", HttpStatusCode.BadRequest, $"Local AWS does not support the operation {name}.");

    private static bool IsTargetOf(AwsService service, string target) => service.TargetPrefix is { Length: > 0 } prefix
        && target.Length > prefix.Length && target[prefix.Length] == '.' && target.StartsWith(prefix, StringComparison.Ordinal);

    private static IEnumerable<AwsService> Candidates(CredentialScope? scope) => scope is null ? AwsService.All : AwsService.SignedAs(scope.Service);

    private static Operation? Route(AwsService service, string method, string[] parts)
    {
        foreach (var operation in Operations.Of(service))
        {
            if (operation.Rest?.Method == method && Matches(operation.PathParts, parts))
            {
                return operation;
            }
        }

        return null;
    }

    private static bool Matches(string[] expected, string[] parts)
    {
        for (var i = 0; i < expected.Length && expected.Length == parts.Length; i++)
        {
            if (!IsLabel(expected[i]) && expected[i] != parts[i])
            {
                return false;
            }
        }

        return expected.Length == parts.Length;
    }

    private static Dictionary<string, string> Label(string[] expected, string[] parts)
    {
        var labels = new Dictionary<string, string>();
        for (var i = 0; i < parts.Length; i++)
        {
            if (IsLabel(expected[i]))
            {
                labels[expected[i][1..^1]] = Uri.UnescapeDataString(parts[i]);
            }
        }

        return labels;
    }

    private static bool IsLabel(string part) => part is ['{', .., '}'];
}
