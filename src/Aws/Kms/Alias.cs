using Slipway.Aws.Wire;

namespace Slipway.Aws.Kms;

/// <summary>An alias in a listing: https://docs.aws.amazon.com/kms/latest/APIReference/API_AliasListEntry.html</summary>
public sealed record AliasListEntry(string AliasName, string AliasArn, string TargetKeyId, DateTimeOffset CreationDate, DateTimeOffset LastUpdatedDate);

/// <summary>Gives a key a name, <c>alias/…</c>: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html</summary>
public sealed record CreateAlias([Length(1, 256), Pattern(Patterns.AliasName)] string AliasName, [Length(1, 2048)] string TargetKeyId) : IAwsRequest<EmptyResponse>;

/// <summary>Gives an alias to another key: https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateAlias.html</summary>
public sealed record UpdateAlias([Length(1, 256), Pattern(Patterns.AliasName)] string AliasName, [Length(1, 2048)] string TargetKeyId) : IAwsRequest<EmptyResponse>;

/// <summary>Takes a name away; the key stays: https://docs.aws.amazon.com/kms/latest/APIReference/API_DeleteAlias.html</summary>
public sealed record DeleteAlias([Length(1, 256), Pattern(Patterns.AliasName)] string AliasName) : IAwsRequest<EmptyResponse>;

/// <summary>The aliases of one key or of all: https://docs.aws.amazon.com/kms/latest/APIReference/API_ListAliases.html</summary>
public sealed record ListAliases(
    [Length(1, 2048)] string? KeyId = null, [Range(1, 1000)] int? Limit = null,
    [Length(1, 1024), Pattern(Patterns.Marker)] string? Marker = null) : IAwsRequest<ListAliases.Response>
{
    /// <summary>A page of aliases.</summary>
    public sealed record Response(IReadOnlyList<AliasListEntry> Aliases, bool Truncated, string? NextMarker = null);
}
