using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Kms;

/// <summary>What the requests that use a key have in common.</summary>
internal static class KmsRequests
{
    /// <summary>Ends a request that only asks whether it would succeed. Call it after every check, before the change.</summary>
    /// <exception cref="AwsException">DryRunOperationException.</exception>
    public static void StopDryRun(bool? dryRun)
    {
        if (dryRun == true)
        {
            throw KmsErrors.DryRun();
        }
    }

    /// <summary>Checks that an algorithm is that of symmetric keys.</summary>
    /// <exception cref="AwsException">InvalidKeyUsageException.</exception>
    public static void CheckAlgorithm(string? algorithm)
    {
        if (algorithm is not (null or "SYMMETRIC_DEFAULT"))
        {
            throw KmsErrors.InvalidKeyUsage(algorithm);
        }
    }
}
