using Microsoft.AspNetCore.Http;
using Slipway.Aws.SageMakerRuntime;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.SageMakerRuntime;

/// <summary>What InvokeEndpoint's headers may say: the limits are those of <see cref="InvokeEndpoint"/>.</summary>
internal static class InvocationHeaders
{
    private static readonly string[] Unsupported =
    [
        .. new[] { "Target-Model", "Target-Container-Hostname", "Enable-Explanations", "Inference-Component", "Session-Id" }.Select(h => "X-Amzn-SageMaker-" + h),
    ];

    private static readonly (string Header, Member Member)[] Limited =
    [
        .. from member in Members.Of(typeof(InvokeEndpoint))
           let header = member.Attribute<HeaderAttribute>()
           where header is not null
           select (header.Name, member),
    ];

    /// <exception cref="AwsException">NotImplemented, or ValidationError for a value that breaks a limit.</exception>
    public static void Check(IHeaderDictionary headers)
    {
        foreach (var header in Unsupported)
        {
            if (headers.ContainsKey(header))
            {
                throw AwsErrors.NotImplemented($"InvokeEndpoint's {header}");
            }
        }

        foreach (var (header, member) in Limited)
        {
            if (headers.TryGetValue(header, out var value))
            {
                Check(member, value.ToString());
            }
        }
    }

    private static void Check(Member member, string value)
    {
        try
        {
            Limits.CheckMember(member, value, char.ToLowerInvariant(member.Name[0]) + member.Name[1..]);
        }
        catch (AwsException e)
        {
            // the runtime has a code of its own for what breaks a limit
            throw new AwsException("ValidationError", e.Status, e.Message, inner: e);
        }
    }
}
