using Slipway.Aws.Wire;

namespace Slipway.Aws.CodeBuild;

/// <summary>Where a build's artifacts go: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ProjectArtifacts.html</summary>
/// <param name="Type">S3, CODEPIPELINE or NO_ARTIFACTS.</param>
/// <param name="Location">The bucket.</param>
/// <param name="Path">The start of the key.</param>
/// <param name="NamespaceType">BUILD_ID puts the build's id after the path.</param>
/// <param name="Name">The name of the zip or of the folder; the project's where it is absent.</param>
/// <param name="Packaging">ZIP, or NONE for a folder.</param>
/// <param name="OverrideArtifactName">Whether the buildspec's name counts.</param>
/// <param name="EncryptionDisabled">Whether the artifacts are not encrypted.</param>
/// <param name="ArtifactIdentifier">The name of a secondary artifact in the buildspec.</param>
/// <param name="BucketOwnerAccess">What the bucket's owner may do, where the bucket is another account's.</param>
public sealed record ProjectArtifacts(
    [OneOf("CODEPIPELINE", "S3", "NO_ARTIFACTS")] string Type,
    string? Location = null,
    string? Path = null,
    [OneOf("NONE", "BUILD_ID")] string? NamespaceType = null,
    string? Name = null,
    [OneOf("NONE", "ZIP")] string? Packaging = null,
    bool? OverrideArtifactName = null,
    bool? EncryptionDisabled = null,
    string? ArtifactIdentifier = null,
    [OneOf("NONE", "READ_ONLY", "FULL")] string? BucketOwnerAccess = null);

/// <summary>What a build left: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_BuildArtifacts.html</summary>
/// <param name="Location">The ARN of the zip or of the folder.</param>
/// <param name="Sha256sum">The zip's SHA-256 in hexadecimal.</param>
/// <param name="Md5sum">The zip's MD5 in hexadecimal.</param>
/// <param name="OverrideArtifactName">Whether the buildspec's name counts.</param>
/// <param name="EncryptionDisabled">Whether the artifacts are not encrypted.</param>
/// <param name="ArtifactIdentifier">The name of a secondary artifact in the buildspec.</param>
public sealed record BuildArtifacts(
    string? Location = null, string? Sha256sum = null, string? Md5sum = null, bool? OverrideArtifactName = null, bool? EncryptionDisabled = null,
    string? ArtifactIdentifier = null);
