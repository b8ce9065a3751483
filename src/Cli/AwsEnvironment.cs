using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;
using Slipway.Aws.Client;
using Slipway.Workflow;

namespace Slipway.Cli;

/// <summary>What the environment, and the profiles that it names, say of AWS: where it is, which region, who asks. What is missing is told in one line.</summary>
internal static class AwsEnvironment
{
    private const string LocalAws = "Against local AWS, export the lines that ./slipway up prints";

    /// <summary>AWS as every verb asks it; credentials are looked for when they are first needed.</summary>
    /// <exception cref="BadInputException">The address is none, or there is no region.</exception>
    public static AwsSession Session()
    {
        var endpoint = Endpoint("AWS_ENDPOINT_URL");
        var region = Region(null) ?? throw new BadInputException($"There is no AWS region. {LocalAws}; against AWS, set AWS_REGION, or a region in the profile.");
        return new AwsSession(endpoint, new Caller(), region);
    }

    /// <summary>The address in a variable; null where it is absent or empty.</summary>
    /// <exception cref="BadInputException">It is no address.</exception>
    public static Uri? Endpoint(string variable) => Options.Variable(variable) is not { } url ? null
        : Uri.TryCreate(url, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https" ? endpoint
        : throw new BadInputException($"{variable} is no address: '{url}'. One such as http://127.0.0.1:4566 is expected.");

    /// <summary>The region: the profile's, the environment's or the config file's; null where there is none.</summary>
    public static string? Region(CredentialProfile? profile) =>
        profile?.Region?.SystemName ?? Options.Variable("AWS_REGION") ?? Options.Variable("AWS_DEFAULT_REGION") ?? FallbackRegionFactory.GetRegionEndpoint()?.SystemName;

    /// <summary>Who asks: a profile, or whoever the environment names.</summary>
    /// <exception cref="BadInputException">Nobody is named.</exception>
    public static ImmutableCredentials Credentials(CredentialProfile? profile)
    {
        try
        {
            return (profile?.GetAWSCredentials(new CredentialProfileStoreChain()) ?? DefaultAWSCredentialsIdentityResolver.GetCredentials()).GetCredentials();
        }
        // the SDK lists in several lines where it looked
        catch (AmazonClientException e) when (e.Message.Contains('\n', StringComparison.Ordinal))
        {
            throw new BadInputException($"There are no AWS credentials. {LocalAws}; against AWS, run 'aws configure' or set AWS_PROFILE.", e);
        }
        catch (AmazonClientException e)
        {
            throw new BadInputException($"There are no AWS credentials: {e.Message}", e);
        }
    }

    /// <summary>Whoever the environment names at the time; the SDK keeps and renews what it found.</summary>
    private sealed class Caller : AWSCredentials
    {
        public override ImmutableCredentials GetCredentials() => Credentials(null);
    }
}
