"""What S3 refuses, and in which words, as boto3 hears it."""
import base64
import boto3
from botocore import UNSIGNED
from botocore.client import Config
from botocore.exceptions import ClientError

s3 = boto3.client("s3", config=Config(retries={"max_attempts": 1}))
bucket = "refusals"
s3.create_bucket(Bucket=bucket)
etag = s3.put_object(Bucket=bucket, Key="a", Body=b"a")["ETag"]
for key in "bcd":
    s3.put_object(Bucket=bucket, Key=key, Body=b"a")


def refused(code, words, call, **input):
    try:
        call(Bucket=bucket, **input)
    except ClientError as error:
        told = error.response["Error"]
        assert told["Code"] == code and words in told["Message"], told
    else:
        raise AssertionError(f"{code} did not come")


# a continuation token is one that a listing gave
token = s3.list_objects_v2(Bucket=bucket, MaxKeys=2)["NextContinuationToken"]
assert [o["Key"] for o in s3.list_objects_v2(Bucket=bucket, ContinuationToken=token)["Contents"]] == ["c", "d"]
for junk in ("junk", "Yg==", token[:-4], "A" * 12):
    refused("InvalidArgument", "The continuation token provided is incorrect", s3.list_objects_v2, ContinuationToken=junk)

put = {"Key": "a", "Body": b"a"}
for algorithm, size in (("CRC32", 4), ("CRC32C", 4), ("CRC64NVME", 8), ("SHA1", 20), ("SHA256", 32)):
    wrong = {f"Checksum{algorithm}": base64.b64encode(bytes(size)).decode()}
    refused("BadDigest", f"The {algorithm} you specified did not match", s3.put_object, **put, **wrong)
    for length in (size - 1, size + 1):
        other = {f"Checksum{algorithm}": base64.b64encode(bytes(length)).decode()}
        refused("InvalidRequest", f"Value for x-amz-checksum-{algorithm.lower()} header is invalid.", s3.put_object, **put, **other)

refused("NotImplemented", "S3's If-None-Match '\"x\"' on a write, where only * is taken", s3.put_object, **put, IfNoneMatch='"x"')
refused("NotImplemented", "S3's If-Match and If-None-Match on one write", s3.put_object, **put, IfMatch=etag, IfNoneMatch="*")
refused("InvalidRedirectLocation", "must have a prefix of 'http://' or 'https://' or '/'", s3.put_object, **put, WebsiteRedirectLocation="b")
for location in ("/b", "https://example.com/b", "http://example.com"):
    s3.put_object(Bucket=bucket, **put, WebsiteRedirectLocation=location)
    assert s3.head_object(Bucket=bucket, Key="a")["WebsiteRedirectLocation"] == location

upload = s3.create_multipart_upload(Bucket=bucket, Key="m")["UploadId"]
refused("MalformedXML", "it has no element", s3.complete_multipart_upload, Key="m", UploadId=upload)

# what makes no object says nothing of its encryption
told = boto3.client("s3", config=Config(retries={"max_attempts": 1}))
for operation in ("GetObject", "HeadObject", "UploadPart"):
    told.meta.events.register(f"before-call.s3.{operation}", lambda params, **_: params["headers"].update({"x-amz-server-side-encryption": "AES256"}))
refused("InvalidArgument", "x-amz-server-side-encryption header is not supported for this operation.", told.get_object, Key="a")
refused("400", "Bad Request", told.head_object, Key="a")
refused("InvalidArgument", "x-amz-server-side-encryption header is not supported", told.upload_part, Key="m", UploadId=upload, PartNumber=1, Body=b"a")

for name, value in (("SSECustomerAlgorithm", "AES256"), ("ObjectLockMode", "GOVERNANCE"), ("ObjectLockLegalHoldStatus", "ON")):
    input = {name: value} | ({"SSECustomerKey": "0" * 32} if name.startswith("SSE") else {})
    refused("NotImplemented", "Local AWS does not support S3.PutObject with the header x-amz-", s3.put_object, **put, **input)
refused("NotImplemented", "S3.PutBucketVersioning.MfaDelete", s3.put_bucket_versioning, VersioningConfiguration={"Status": "Enabled", "MFADelete": "Enabled"})

anonymous = boto3.client("s3", config=Config(signature_version=UNSIGNED))
refused("AccessDenied", "Access Denied: the request is not signed", anonymous.list_objects_v2)
refused("AccessDenied", "Access Denied: the request is not signed", anonymous.get_object, Key="a")
refused("AccessDenied", "Access Denied: the request is not signed", anonymous.put_object, **put)
