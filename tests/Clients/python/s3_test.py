"""boto3 against S3: its transfers, waiters, paginators, presigned URLs of both signature versions, and its error classes."""
import hashlib
import io
import os
import threading
import urllib.error
import urllib.request
import boto3
from boto3.s3.transfer import TransferConfig
from botocore.client import Config
from botocore.exceptions import ClientError

s3 = boto3.client("s3")
s3.create_bucket(Bucket="python")
s3.get_waiter("bucket_exists").wait(Bucket="python")

key = boto3.client("kms").create_key()["KeyMetadata"]
body = os.urandom(9 << 20)
config = TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20)
s3.upload_fileobj(io.BytesIO(body), "python", "large", Config=config, ExtraArgs={"Metadata": {"a": "1"}, "ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key["KeyId"]})
got = io.BytesIO()
s3.download_fileobj("python", "large", got, Config=config)
assert got.getvalue() == body
head = s3.head_object(Bucket="python", Key="large")
assert head["ETag"].endswith('-2"') and head["Metadata"] == {"a": "1"}, head
assert head["ServerSideEncryption"] == "aws:kms" and head["SSEKMSKeyId"] == key["Arn"], head
s3.copy({"Bucket": "python", "Key": "large"}, "python", "copy", Config=config)
assert s3.get_object(Bucket="python", Key="copy")["Body"].read() == body

for i in range(7):
    s3.put_object(Bucket="python", Key=f"dir {i % 2}/ü+{i}", Body=str(i))
pages = list(s3.get_paginator("list_objects_v2").paginate(Bucket="python", Prefix="dir ", PaginationConfig={"PageSize": 2}))
assert [len(p["Contents"]) for p in pages] == [2, 2, 2, 1], pages
assert [o["Key"] for p in pages for o in p["Contents"]] == [f"dir {i}/ü+{n}" for i in (0, 1) for n in range(7) if n % 2 == i]
top = s3.list_objects_v2(Bucket="python", Delimiter="/", StartAfter="copy")
assert [p["Prefix"] for p in top["CommonPrefixes"]] == ["dir 0/", "dir 1/"] and [o["Key"] for o in top["Contents"]] == ["large"], top
old = list(s3.get_paginator("list_objects").paginate(Bucket="python", Delimiter="/", PaginationConfig={"PageSize": 1}))
assert len(old) == 4, old

s3.put_object(Bucket="python", Key="kms", Body=b"k", ServerSideEncryption="aws:kms")
for version in ("s3", "s3v4"):
    signer = boto3.client("s3", config=Config(signature_version=version))
    url = signer.generate_presigned_url("get_object", {"Bucket": "python", "Key": "dir 0/ü+0"}, ExpiresIn=600)
    assert urllib.request.urlopen(url).read() == b"0", url
    late = signer.generate_presigned_url("get_object", {"Bucket": "python", "Key": "dir 0/ü+0"}, ExpiresIn=-60 if version == "s3" else 0)
    try:
        urllib.request.urlopen(late)
        raise AssertionError("an expired URL was served: " + late)
    except urllib.error.HTTPError as error:
        assert error.code in (400, 403), error.code
    # what a KMS key encrypts asks for signature version 4
    secret = signer.generate_presigned_url("get_object", {"Bucket": "python", "Key": "kms"}, ExpiresIn=600)
    try:
        assert urllib.request.urlopen(secret).read() == b"k" and version == "s3v4", secret
    except urllib.error.HTTPError as error:
        assert version == "s3" and error.code == 400 and b"require AWS Signature Version 4" in error.read(), error

try:
    s3.get_object(Bucket="python", Key="absent")
    raise AssertionError("it is there")
except s3.exceptions.NoSuchKey as error:
    assert error.response["Error"]["Key"] == "absent"
try:
    s3.put_object(Bucket="python", Key="bad", Body=b"x", ContentMD5="AAAAAAAAAAAAAAAAAAAAAA==")
    raise AssertionError("a wrong digest was taken")
except ClientError as error:
    assert error.response["Error"]["Code"] == "BadDigest"

answers = []
threads = [threading.Thread(target=lambda n=n: answers.append(s3.put_object(Bucket="python", Key="race", Body=str(n) * 10000)["ETag"])) for n in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
final = s3.get_object(Bucket="python", Key="race")
assert final["ETag"] in answers and f'"{hashlib.md5(final["Body"].read()).hexdigest()}"' == final["ETag"]

bucket = boto3.resource("s3").Bucket("python")
bucket.objects.all().delete()
bucket.delete()
s3.get_waiter("bucket_not_exists").wait(Bucket="python")
