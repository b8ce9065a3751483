using System.Net;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Slipway.LocalAws.S3.Requests;

namespace Slipway.LocalAws.S3.Settings;

/// <summary>A setting of a bucket that is a document, kept as it came and given back so.</summary>
/// <param name="Shape">What the document must look like.</param>
internal sealed record BucketSetting(XmlShape Shape)
{
    /// <summary>The document that a bucket has from the start; null for none.</summary>
    public XElement? Initial { get; init; }

    /// <summary>S3's error where there is no document; null where S3 then answers with an empty one.</summary>
    public (string Code, string Message)? Missing { get; init; }

    /// <summary>Whether S3 wants a digest with the document, as it does for its younger settings.</summary>
    public bool NeedsChecksum { get; init; } = true;

    /// <summary>The document of a bucket, or null.</summary>
    public XElement? Of(Bucket bucket) => !bucket.Settings.TryGetValue(Shape.Name, out var text) ? Initial
        : text.Length == 0 ? null
        : XElement.Parse(text, LoadOptions.PreserveWhitespace);

    /// <summary>A bucket with a document.</summary>
    public Bucket Put(Bucket bucket, XElement document) => bucket.With(Shape.Name, document.ToString(SaveOptions.DisableFormatting));

    /// <summary>A bucket without the document. Where S3 has no error for that, the one from the start holds again.</summary>
    public Bucket Delete(Bucket bucket) => bucket.With(Shape.Name, Initial is null || Missing is null ? null : "");
}

/// <summary>The three operations that every setting of a bucket has.</summary>
internal sealed class SettingOperations(Buckets buckets)
{
    /// <summary>Answers with a bucket's document.</summary>
    /// <exception cref="Aws.Wire.AwsException">NoSuchBucket; the setting's own error where there is none.</exception>
    public Task Get(S3Request request, BucketSetting setting)
    {
        var document = setting.Of(buckets.Require(request.Bucket));
        if (document is null && setting.Missing is var (code, message))
        {
            throw S3Errors.Make(code, HttpStatusCode.NotFound, message, ("BucketName", request.Bucket));
        }

        return request.AnswerXml(setting.Shape.Name, xml =>
        {
            foreach (var element in document?.Elements() ?? [])
            {
                InNamespace(element).WriteTo(xml);
            }
        });
    }

    /// <summary>Reads a request's document and keeps it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="setting">The setting.</param>
    /// <param name="check">Looks at the bucket and the document, may complete the document, and throws where S3 refuses it.</param>
    /// <param name="status">The status of the answer.</param>
    /// <exception cref="Aws.Wire.AwsException">NoSuchBucket, MalformedXML, InvalidRequest, and those of the check.</exception>
    public async Task Put(S3Request request, BucketSetting setting, Action<Bucket, XElement>? check = null, int status = StatusCodes.Status200OK)
    {
        buckets.Require(request.Bucket);
        if (setting.NeedsChecksum)
        {
            RequestBody.RequireChecksum(request);
        }

        var document = setting.Shape.Read(await RequestBody.ReadXml(request));
        buckets.Change(request.Bucket, bucket =>
        {
            check?.Invoke(bucket, document);
            return setting.Put(bucket, document);
        });
        await request.Answer(status);
    }

    /// <summary>Deletes a bucket's document, where there is one.</summary>
    /// <exception cref="Aws.Wire.AwsException">NoSuchBucket.</exception>
    public Task Delete(S3Request request, BucketSetting setting)
    {
        buckets.Change(request.Bucket, setting.Delete);
        return request.Answer(StatusCodes.Status204NoContent);
    }

    // the answer's root has the namespace, and what is in it must not leave that
    private static XElement InNamespace(XElement element) =>
        new(XName.Get(element.Name.LocalName, S3Request.Namespace), element.Attributes(), element.HasElements ? element.Elements().Select(InNamespace) : element.Value);
}
