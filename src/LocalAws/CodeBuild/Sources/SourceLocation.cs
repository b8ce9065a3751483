using Slipway.LocalAws.S3;

namespace Slipway.LocalAws.CodeBuild.Sources;

/// <summary>How projects write where their sources are.</summary>
internal static class SourceLocation
{
    private const string S3Arn = "arn:aws:s3:::";

    /// <summary>The name of a CodeCommit repository, from the clone address that AWS, local AWS or git-remote-codecommit gives it; null where it is none.</summary>
    public static string? RepositoryOf(string? location)
    {
        var name = location?.Split("/v1/repos/", 2) is [_, var path] ? path
            : location?.StartsWith("codecommit:", StringComparison.Ordinal) == true ? location[(location.LastIndexOf('/') + 1)..].Split('@')[^1]
            : "";
        return name.Length > 0 && !name.Contains('/', StringComparison.Ordinal) ? name : null;
    }

    /// <summary>An object, or a folder where it ends in a slash, written BUCKET/KEY or as an ARN; null where it is none.</summary>
    public static S3Uri? ObjectOf(string? location)
    {
        return Plain(location ?? "").Split('/', 2) is [{ Length: > 0 } bucket, { Length: > 0 } key] ? new(bucket, key) : null;
    }

    /// <summary>A place in S3, written BUCKET, BUCKET/KEY or as the ARN of one, without what makes it an ARN.</summary>
    public static string Plain(string location) => location.StartsWith(S3Arn, StringComparison.Ordinal) ? location[S3Arn.Length..] : location;

    /// <summary>Whether a project's <c>buildspec</c> is a buildspec itself, and not the place of one.</summary>
    public static bool IsInline(string buildspec) => buildspec.Contains('\n', StringComparison.Ordinal) || buildspec.TrimStart().StartsWith('{')
        || buildspec.TrimStart().StartsWith("version:", StringComparison.Ordinal);
}
