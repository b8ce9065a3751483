"""boto3 against the settings of S3's buckets and its presigned forms, of both signature versions."""
import json
import urllib.error
import urllib.request
import boto3
from botocore.client import Config
from botocore.exceptions import ClientError

s3 = boto3.client("s3")
bucket = "python-settings"
s3.create_bucket(Bucket=bucket)


def refused(code, call, **input):
    try:
        call(Bucket=bucket, **input)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
    else:
        raise AssertionError(f"{code} did not come")


refused("NoSuchBucketPolicy", s3.get_bucket_policy)
policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": f"arn:aws:s3:::{bucket}/*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}
s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
assert json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"]) == policy
assert s3.get_bucket_policy_status(Bucket=bucket)["PolicyStatus"]["IsPublic"] is False
refused("MalformedPolicy", s3.put_bucket_policy, Policy='{"Statement": 1')

assert s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"][0]["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
assert all(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())
public = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}]}
refused("AccessDenied", s3.put_bucket_policy, Policy=json.dumps(public))
s3.delete_public_access_block(Bucket=bucket)
s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(public))
assert s3.get_bucket_policy_status(Bucket=bucket)["PolicyStatus"]["IsPublic"] is True
s3.delete_bucket_policy(Bucket=bucket)
assert s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
refused("AccessControlListNotSupported", s3.put_bucket_acl, ACL="public-read")
s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}})
assert s3.get_bucket_notification_configuration(Bucket=bucket)["EventBridgeConfiguration"] == {}
rules = [{"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 7}}]
s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})
assert s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"] == rules
cors = [{"AllowedOrigins": ["https://page.example"], "AllowedMethods": ["GET", "PUT"], "MaxAgeSeconds": 60}]
s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": cors})
assert s3.get_bucket_cors(Bucket=bucket)["CORSRules"] == cors


def submit(form, file):
    fields = [f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in form["fields"].items()]
    body = "".join(fields) + f'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n{file}\r\n--b--\r\n'
    request = urllib.request.Request(form["url"], body.encode(), {"Content-Type": "multipart/form-data; boundary=b"})
    try:
        return urllib.request.urlopen(request).status, ""
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


for version in ("s3", "s3v4"):
    signer = boto3.client("s3", config=Config(signature_version=version))
    form = signer.generate_presigned_post(bucket, "logs/${filename}", Conditions=[["content-length-range", 1, 10]], ExpiresIn=600)
    assert submit(form, version) == (204, ""), version
    got = s3.get_object(Bucket=bucket, Key="logs/f")
    assert got["Body"].read() == version.encode() and 'rule-id="old"' in got["Expiration"], got
    status, text = submit(form, "x" * 11)
    assert status == 400 and "EntityTooLarge" in text, text
    form["fields"]["key"] = "elsewhere"
    status, text = submit(form, "x")
    assert status == 403 and "Invalid according to Policy: Policy Condition failed" in text, text
