using Microsoft.AspNetCore.Http;
using Slipway.LocalAws.S3.Requests;
using Slipway.LocalAws.S3.Store;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.S3.Objects;

/// <summary>The tags of objects, each version with its own: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html</summary>
internal sealed class ObjectTagging(ObjectStore objects, RequestedObjects requested)
{
    private const string Header = "x-amz-tagging";
    private const int MostTags = 10;

    /// <summary>The tags that a request gives the object that it makes: <c>key=value&amp;key=value</c>, URL-encoded.</summary>
    /// <exception cref="Aws.Wire.AwsException">InvalidArgument, BadRequest, InvalidTag.</exception>
    public static IReadOnlyDictionary<string, string> Read(S3Request request)
    {
        if (request.Header(Header) is not { Length: > 0 } header)
        {
            return new Dictionary<string, string>();
        }

        var tags = header.Split('&').Select(tag => tag.Split('=', 2)).Select(tag => (Key: RequestTarget.Unescape(tag[0]), Value: RequestTarget.Unescape(tag.ElementAtOrDefault(1) ?? ""))).ToList();
        return tags.DistinctBy(t => t.Key).Count() == tags.Count
            ? Check(tags)
            : throw S3Errors.InvalidArgument(
                $"The header '{Header}' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.", Header, header);
    }

    [S3Operation("GET", S3Level.Object, Query = ["tagging"], Optional = ["versionId"])]
    public Task GetObjectTagging(S3Request request)
    {
        var stored = requested.Find(request);
        return request.AnswerXml("Tagging", xml => TagRules.Write(xml, stored.Headers.Tags));
    }

    [S3Operation("PUT", S3Level.Object, Query = ["tagging"], Optional = ["versionId"])]
    public async Task PutObjectTagging(S3Request request)
    {
        var stored = requested.Find(request);
        RequestBody.RequireChecksum(request);
        Change(request, stored, Check(TagRules.Read(TagRules.Document.Read(await RequestBody.ReadXml(request)))));
        await request.Answer();
    }

    [S3Operation("DELETE", S3Level.Object, Query = ["tagging"], Optional = ["versionId"])]
    public Task DeleteObjectTagging(S3Request request)
    {
        Change(request, requested.Find(request), new Dictionary<string, string>());
        return request.Answer(StatusCodes.Status204NoContent);
    }

    private static Dictionary<string, string> Check(IReadOnlyCollection<(string Key, string Value)> tags) => TagRules.Check(tags, MostTags, "Object tags");

    private void Change(S3Request request, StoredObject stored, Dictionary<string, string> tags)
    {
        if (!objects.Change(stored, headers => headers with { Tags = tags }))
        {
            // it was deleted since it was found
            throw S3Errors.NoSuchKey(request.Key);
        }
    }
}
