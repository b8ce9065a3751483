using Slipway.Aws.Kms;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Kms;

/// <summary>One material of a key; a rotation adds another.</summary>
/// <param name="Id">Its id, 64 hexadecimal digits.</param>
/// <param name="Sealed">Its 32 bytes, sealed by the data directory's key.</param>
/// <param name="Made">When it was made.</param>
/// <param name="RotationType">AUTOMATIC or ON_DEMAND; null for the first.</param>
internal sealed record KeyMaterial(string Id, byte[] Sealed, DateTimeOffset Made, string? RotationType = null);

/// <summary>A key as it is kept.</summary>
/// <param name="KeyId">Its id, a UUID.</param>
/// <param name="Arn">Its ARN, of the region that made it.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Description">What its owner says of it.</param>
/// <param name="State">Its state.</param>
/// <param name="Policy">Its policy's JSON, as it came.</param>
/// <param name="Tags">Its tags.</param>
/// <param name="Materials">Its materials, oldest first; the last one encrypts.</param>
/// <param name="IsManaged">Whether it is AWS's own key of a service, such as that of <c>alias/aws/s3</c>.</param>
/// <param name="RotationDays">The days from one automatic rotation to the next, or null.</param>
/// <param name="NextRotation">When it rotates next, or null.</param>
/// <param name="DeletionDate">When it is gone, where it is pending deletion.</param>
internal sealed record StoredKey(
    string KeyId, string Arn, DateTimeOffset Created, string Description, KeyState State, string Policy, IReadOnlyDictionary<string, string> Tags,
    IReadOnlyList<KeyMaterial> Materials, bool IsManaged = false, int? RotationDays = null, DateTimeOffset? NextRotation = null, DateTimeOffset? DeletionDate = null)
{
    /// <summary>The material that encrypts.</summary>
    public KeyMaterial Current => Materials[^1];

    /// <summary>What DescribeKey answers.</summary>
    public KeyMetadata Metadata(string accountId) => new(
        KeyId, Arn, accountId, Created, State == KeyState.Enabled, Description, "ENCRYPT_DECRYPT", State, "AWS_KMS", IsManaged ? "AWS" : "CUSTOMER",
        "SYMMETRIC_DEFAULT", "SYMMETRIC_DEFAULT", ["SYMMETRIC_DEFAULT"], MultiRegion: false, Current.Id, DeletionDate);

    /// <summary>The key, where it may be used.</summary>
    /// <exception cref="AwsException">DisabledException or KMSInvalidStateException.</exception>
    public StoredKey Usable() => NotPending().State == KeyState.Enabled ? this : throw KmsErrors.Disabled(Arn);

    /// <summary>The key, where it is not about to be deleted.</summary>
    /// <exception cref="AwsException">KMSInvalidStateException.</exception>
    public StoredKey NotPending() => State != KeyState.PendingDeletion ? this : throw KmsErrors.InvalidState($"{Arn} is pending deletion.");

    /// <summary>The key, where it is its owner's and not AWS's.</summary>
    /// <exception cref="AwsException">AccessDeniedException.</exception>
    public StoredKey Own(string operation) => !IsManaged ? this : throw KmsErrors.Managed(operation, Arn);
}

/// <summary>An alias as it is kept.</summary>
internal sealed record StoredAlias(string Name, string Arn, string KeyId, DateTimeOffset Created, DateTimeOffset Updated);
