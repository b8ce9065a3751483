using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.LocalAws.S3.Objects;
using Slipway.LocalAws.S3.Requests;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.S3.Forms;

/// <summary>Puts an object that a browser uploads by a form: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html</summary>
internal sealed class FormOperations(Buckets buckets, ObjectOperations objects, FormSignatures signatures, TimeProvider time)
{
    // the fields that are about the form, and no headers of the object
    private static readonly string[] OfForm =
        ["key", "bucket", "policy", "signature", "AWSAccessKeyId", "success_action_status", "success_action_redirect", "redirect", "tagging", "acl"];

    [S3Operation("POST", S3Level.Bucket)]
    public async Task PostObject(S3Request request)
    {
        buckets.Require(request.Bucket);
        var form = await PostForm.Read(request);
        signatures.Check(request.Caller, form);
        var policy = PostPolicy.Read(form.Require("policy"));
        policy.Check(request, form, time.GetUtcNow());
        var put = request.OfForm(Key(form), Headers(form));
        S3Operation.CheckHeaders(put, nameof(PostObject));
        await using var file = new PostFile(form, policy.Least, Math.Min(policy.Most, ObjectOperations.LargestPut));
        var checksum = ChecksumHeader.Of(put);
        using var digests = new Digests(checksum?.Algorithm ?? ChecksumHeader.CheckAlgorithm(put.Header("x-amz-checksum-algorithm")) ?? Digests.DefaultAlgorithm);
        var stored = await objects.Put(put, file, digests, () =>
        {
            file.Verify();
            RequestBody.VerifyMd5(put, digests);
            checksum?.Verify(digests, null);
        }, "POST Object");
        await Answer(put, form, stored);
    }

    private static string Key(PostForm form)
    {
        if (form.Require("key") is not { Length: > 0 } key)
        {
            throw S3Errors.InvalidArgument("User key must have a length greater than 0.", "key", "");
        }

        // an object under a key that no URL can name could be neither read nor deleted
        RequestPath.Check("/" + Uri.EscapeDataString(key).Replace("%2F", "/", StringComparison.Ordinal), isVirtualHost: true);
        return key;
    }

    /// <summary>The headers that a PUT of the same object would have.</summary>
    private static HeaderDictionary Headers(PostForm form)
    {
        var headers = new HeaderDictionary();
        foreach (var name in form.Names.Where(n => !OfForm.Contains(n, StringComparer.OrdinalIgnoreCase)))
        {
            headers[name] = form.Field(name);
        }

        if (form.Field("acl") is { } acl)
        {
            headers["x-amz-acl"] = acl;
        }

        if (form.Field("tagging") is { } tagging)
        {
            var tags = TagRules.Read(TagRules.Document.Read(RequestBody.ParseXml(Encoding.UTF8.GetBytes(tagging))));
            headers["x-amz-tagging"] = string.Join('&', tags.Select(t => $"{Uri.EscapeDataString(t.Key)}={Uri.EscapeDataString(t.Value)}"));
        }

        return headers;
    }

    private static Task Answer(S3Request put, PostForm form, StoredObject stored)
    {
        var http = put.Http.Request;
        var location = $"{http.Scheme}://{http.Host}{http.Path.ToUriComponent().TrimEnd('/')}/{Uri.EscapeDataString(stored.Key).Replace("%2F", "/")}";
        var redirect = form.Field("success_action_redirect") ?? form.Field("redirect");
        if (Uri.TryCreate(redirect, UriKind.Absolute, out var target) && target.Scheme is "http" or "https")
        {
            var separator = target.Query.Length > 0 ? "&" : "?";
            put.SetHeader("Location", $"{redirect}{separator}bucket={put.Bucket}&key={Uri.EscapeDataString(stored.Key)}&etag={Uri.EscapeDataString($"\"{stored.ETag}\"")}");
            return put.Answer(StatusCodes.Status303SeeOther);
        }

        put.SetHeader("Location", location);
        return form.Field("success_action_status") switch
        {
            "200" => put.Answer(),
            "201" => put.AnswerXml("PostResponse", xml =>
            {
                xml.WriteElementString("Location", location);
                xml.WriteElementString("Bucket", put.Bucket);
                xml.WriteElementString("Key", stored.Key);
                xml.WriteElementString("ETag", $"\"{stored.ETag}\"");
            }, StatusCodes.Status201Created),
            _ => put.Answer(StatusCodes.Status204NoContent),
        };
    }
}
