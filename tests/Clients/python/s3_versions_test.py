"""boto3 against what S3 keeps of objects: versions, delete markers, tags, conditions, attributes and checksums."""
import base64
import hashlib
import threading
import boto3
from botocore.exceptions import ClientError

s3 = boto3.client("s3")
BUCKET = "versions"


def refused(code, status, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        got = (error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"])
        assert got == (code, status), (got, code, status)
        return error.response
    raise AssertionError(f"{code} was expected")


s3.create_bucket(Bucket=BUCKET)
s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
assert s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"

ids = [s3.put_object(Bucket=BUCKET, Key=f"dir/{key}", Body=f"{key}{n}")["VersionId"] for key in "ab" for n in range(3)]
s3.get_waiter("object_exists").wait(Bucket=BUCKET, Key="dir/a", VersionId=ids[0])
pages = list(s3.get_paginator("list_object_versions").paginate(Bucket=BUCKET, Prefix="dir/", PaginationConfig={"PageSize": 2}))
listed = [(v["Key"], v["VersionId"], v["IsLatest"]) for page in pages for v in page["Versions"]]
assert listed == [(f"dir/{key}", ids[i], i % 3 == 2) for key, order in (("a", (2, 1, 0)), ("b", (5, 4, 3))) for i in order], listed
assert s3.get_object(Bucket=BUCKET, Key="dir/a", VersionId=ids[1])["Body"].read() == b"a1"

marker = s3.delete_object(Bucket=BUCKET, Key="dir/a")
assert marker["DeleteMarker"] is True
response = refused("NoSuchKey", 404, s3.get_object, Bucket=BUCKET, Key="dir/a")
assert response["ResponseMetadata"]["HTTPHeaders"]["x-amz-delete-marker"] == "true"
refused("MethodNotAllowed", 405, s3.get_object, Bucket=BUCKET, Key="dir/a", VersionId=marker["VersionId"])
refused("NoSuchVersion", 404, s3.get_object, Bucket=BUCKET, Key="dir/a", VersionId=ids[3])
refused("InvalidArgument", 400, s3.get_object, Bucket=BUCKET, Key="dir/a", VersionId="none")
resource = boto3.resource("s3")
resource.ObjectVersion(BUCKET, "dir/a", marker["VersionId"]).delete()
assert resource.Object(BUCKET, "dir/a").get()["Body"].read() == b"a2"

s3.put_object_tagging(Bucket=BUCKET, Key="dir/a", VersionId=ids[0], Tagging={"TagSet": [{"Key": "old", "Value": "yes"}]})
assert s3.get_object_tagging(Bucket=BUCKET, Key="dir/a", VersionId=ids[0])["TagSet"] == [{"Key": "old", "Value": "yes"}]
assert s3.get_object_tagging(Bucket=BUCKET, Key="dir/a")["TagSet"] == []
assert s3.head_object(Bucket=BUCKET, Key="dir/a", VersionId=ids[0])["TagCount"] == 1

etag = s3.head_object(Bucket=BUCKET, Key="dir/b")["ETag"]
refused("PreconditionFailed", 412, s3.put_object, Bucket=BUCKET, Key="dir/b", Body=b"x", IfNoneMatch="*")
refused("PreconditionFailed", 412, s3.put_object, Bucket=BUCKET, Key="dir/b", Body=b"x", IfMatch='"0"')
refused("NoSuchKey", 404, s3.put_object, Bucket=BUCKET, Key="absent", Body=b"x", IfMatch=etag)
refused("PreconditionFailed", 412, s3.delete_object, Bucket=BUCKET, Key="dir/b", IfMatch='"0"')
s3.delete_object(Bucket=BUCKET, Key="dir/b", IfMatch=etag)

# of many that make a key at once, one does; and of many that replace one content, one does
for condition in ({"IfNoneMatch": "*"}, {"IfMatch": None}):
    outcomes = []
    if "IfMatch" in condition:
        condition = {"IfMatch": s3.head_object(Bucket=BUCKET, Key="raced")["ETag"]}

    def attempt(n):
        try:
            s3.put_object(Bucket=BUCKET, Key="raced", Body=f"{condition} {n}", **condition)
            outcomes.append("made")
        except ClientError as error:
            outcomes.append(error.response["Error"]["Code"])

    threads = [threading.Thread(target=attempt, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["PreconditionFailed"] * 7 + ["made"], outcomes

digest = base64.b64encode(hashlib.sha256(b"content").digest()).decode()
s3.put_object(Bucket=BUCKET, Key="sum", Body=b"content", ChecksumSHA256=digest)
attributes = s3.get_object_attributes(Bucket=BUCKET, Key="sum", ObjectAttributes=["ETag", "Checksum", "ObjectSize", "StorageClass"])
assert attributes["Checksum"] == {"ChecksumSHA256": digest, "ChecksumType": "FULL_OBJECT"}, attributes
assert (attributes["ObjectSize"], attributes["StorageClass"]) == (7, "STANDARD")
refused("BadDigest", 400, s3.put_object, Bucket=BUCKET, Key="sum", Body=b"other", ChecksumSHA256=digest)
assert s3.get_object(Bucket=BUCKET, Key="sum", ChecksumMode="ENABLED")["ChecksumSHA256"] == digest

refused("BucketNotEmpty", 409, s3.delete_bucket, Bucket=BUCKET)
resource.Bucket(BUCKET).object_versions.delete()
s3.delete_bucket(Bucket=BUCKET)
