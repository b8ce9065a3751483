using System.Globalization;
using Slipway.Aws.Wire;
using Slipway.LocalAws.S3.Requests;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.S3.Objects;

/// <summary>Conditional requests: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html</summary>
internal static class Conditions
{
    /// <summary>Whether a read is answered with 304, because the client has the object as it is.</summary>
    /// <exception cref="AwsException">PreconditionFailed.</exception>
    public static bool NotModified(S3Request request, StoredObject stored)
    {
        if (request.Header("If-Match") is { } match ? !Matches(match, stored) : Date(request, "If-Unmodified-Since") is { } since && stored.LastModifiedSecond > since)
        {
            throw S3Errors.PreconditionFailed(request.Header("If-Match") is null ? "If-Unmodified-Since" : "If-Match");
        }

        return request.Header("If-None-Match") is { } none ? Matches(none, stored) : Date(request, "If-Modified-Since") is { } modified && stored.LastModifiedSecond <= modified;
    }

    /// <summary>Checks the source of a copy.</summary>
    /// <exception cref="AwsException">PreconditionFailed.</exception>
    public static void CheckSource(S3Request request, StoredObject source)
    {
        const string prefix = "x-amz-copy-source-";
        var (match, none) = (request.Header(prefix + "if-match"), request.Header(prefix + "if-none-match"));
        Require(match is null || Matches(match, source), prefix + "If-Match");
        Require(none is null || !Matches(none, source), prefix + "If-None-Match");
        Require(match is not null || !(source.LastModifiedSecond > Date(request, prefix + "if-unmodified-since")), prefix + "If-Unmodified-Since");
        Require(none is not null || !(source.LastModifiedSecond <= Date(request, prefix + "if-modified-since")), prefix + "If-Modified-Since");
    }

    /// <summary>The condition of a write on the object that its key names, or null where it has none.</summary>
    /// <exception cref="AwsException">NotImplemented, as S3 answers for other values of these headers.</exception>
    public static Action<StoredObject?>? OfWrite(S3Request request)
    {
        var (match, none) = (request.Header("If-Match"), request.Header("If-None-Match"));
        if (none is not null and not "*")
        {
            throw AwsErrors.NotImplemented($"S3's If-None-Match '{none}' on a write, where only * is taken, as in S3");
        }

        if (match == "*")
        {
            throw AwsErrors.NotImplemented("S3's If-Match '*' on a write, where only an ETag is taken, as in S3");
        }

        if (none is not null && match is not null)
        {
            throw AwsErrors.NotImplemented("S3's If-Match and If-None-Match on one write, as in S3");
        }

        return match is null && none is null ? null : stored =>
        {
            Require(none is null || stored is null, "If-None-Match");
            if (match is not null)
            {
                Require(Matches(match, stored ?? throw S3Errors.NoSuchKey(request.Key)), "If-Match");
            }
        };
    }

    /// <summary>The condition of a deletion on an ETag, or null where there is none.</summary>
    public static Action<StoredObject?>? OfDelete(string key, string? etag) =>
        etag is null ? null : stored => Require(Matches(etag, stored ?? throw S3Errors.NoSuchKey(key)), "If-Match");

    private static bool Matches(string header, StoredObject stored) =>
        header.Split(',', StringSplitOptions.TrimEntries).Any(tag => tag == "*" || (tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag).Trim('"') == stored.ETag);

    private static void Require(bool condition, string name)
    {
        if (!condition)
        {
            throw S3Errors.PreconditionFailed(name);
        }
    }

    // a date that can't be read is no condition: RFC 9110, 13.1.3
    private static DateTimeOffset? Date(S3Request request, string name) =>
        DateTimeOffset.TryParse(request.Header(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;
}
