using System.Xml;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Slipway.Aws.Wire;
using Slipway.LocalAws.S3.Requests;
using Slipway.LocalAws.S3.Settings;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.S3.Objects;

/// <summary>The operations that delete objects: https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeletingObjectVersions.html</summary>
internal sealed class DeleteOperations(ObjectStore objects, Buckets buckets)
{
    private const int MostDeletes = 1000;

    private static readonly XmlShape Document = new("Delete",
        XmlShape.Required("Object",
            XmlShape.Required("Key"), new XmlShape("VersionId"), new XmlShape("ETag"), new XmlShape("LastModifiedTime"), new XmlShape("Size")) with { Most = MostDeletes },
        new XmlShape("Quiet"));

    [S3Operation("DELETE", S3Level.Object, Optional = ["versionId"])]
    public Task DeleteObject(S3Request request)
    {
        buckets.Require(request.Bucket);
        if (request.Header("If-Match") is not null && request.Parameter("versionId") is not null)
        {
            throw AwsErrors.NotImplemented("S3's If-Match on the deletion of a version, as in S3");
        }

        var deletion = new Deletion(request.Key, VersionId.Of(request), Conditions.OfDelete(request.Key, request.Header("If-Match")));
        RequestedObjects.WriteDeleted(request, objects.Delete(request.Bucket, deletion));
        return request.Answer(StatusCodes.Status204NoContent);
    }

    [S3Operation("POST", S3Level.Bucket, Query = ["delete"])]
    public async Task DeleteObjects(S3Request request)
    {
        buckets.Require(request.Bucket);
        RequestBody.RequireChecksum(request);
        var root = Document.Read(await RequestBody.ReadXml(request));
        var asked = root.Elements("Object").Select(Read).ToList();
        if (asked.Any(d => d.Key.Length == 0))
        {
            throw S3Errors.MalformedXml("an Object has an empty Key");
        }

        // deletions that can't fail share one commit
        var plain = asked.FindAll(d => d.Condition is null && IsVersion(d.VersionId));
        var deleted = objects.Delete(request.Bucket, plain);
        var errors = new List<(Deletion Asked, AwsException Error)>();
        foreach (var deletion in asked.Except(plain))
        {
            TryDelete(request.Bucket, deletion, deleted, errors);
        }

        await request.AnswerXml("DeleteResult", xml =>
        {
            if ((string?)root.Element("Quiet") != "true")
            {
                deleted.ForEach(d => WriteDeleted(xml, d));
            }

            errors.ForEach(e => WriteError(xml, e.Asked, e.Error));
        });
    }

    private static Deletion Read(XElement element)
    {
        if (element.Elements().FirstOrDefault(e => e.Name.LocalName is not ("Key" or "VersionId" or "ETag")) is { } other)
        {
            // only directory buckets have conditions on the time and the size
            throw AwsErrors.NotImplemented($"S3.DeleteObjects.{other.Name.LocalName}");
        }

        var key = element.Element("Key")!.Value;
        var version = (string?)element.Element("VersionId");
        return new(key, version is "" ? null : version, Conditions.OfDelete(key, (string?)element.Element("ETag")));
    }

    private static bool IsVersion(string? id) => id is null or VersionId.Null || VersionId.Sequence(id) is not null;

    private void TryDelete(string bucket, Deletion deletion, List<Deleted> deleted, List<(Deletion Asked, AwsException Error)> errors)
    {
        try
        {
            deleted.Add(IsVersion(deletion.VersionId) ? objects.Delete(bucket, deletion) : throw S3Errors.NoSuchVersion(deletion.Key, deletion.VersionId!));
        }
        catch (AwsException e)
        {
            errors.Add((deletion, e));
        }
    }

    private static void WriteDeleted(XmlWriter xml, Deleted deleted)
    {
        xml.WriteStartElement("Deleted");
        xml.WriteElementString("Key", deleted.Asked.Key);
        S3Request.WriteOptional(xml, "VersionId", deleted.Asked.VersionId);
        if ((deleted.Marker ?? (deleted.Asked.VersionId is null ? null : deleted.Removed)) is { IsDeleteMarker: true } marker)
        {
            xml.WriteElementString("DeleteMarker", "true");
            xml.WriteElementString("DeleteMarkerVersionId", marker.VersionId);
        }

        xml.WriteEndElement();
    }

    private static void WriteError(XmlWriter xml, Deletion asked, AwsException error)
    {
        xml.WriteStartElement("Error");
        xml.WriteElementString("Key", asked.Key);
        S3Request.WriteOptional(xml, "VersionId", asked.VersionId);
        xml.WriteElementString("Code", error.Code);
        xml.WriteElementString("Message", error.Message);
        xml.WriteEndElement();
    }
}
