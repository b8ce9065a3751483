"""boto3 against a local AWS that checks signatures: who asks, wrong secrets, presigned URLs of both versions, sessions of a role."""
import io
import os
import urllib.error
import urllib.request
import boto3
from botocore.client import Config
from botocore.exceptions import ClientError


def code(call):
    try:
        call()
    except ClientError as error:
        return error.response["Error"]["Code"]
    raise AssertionError("it was not refused")


assert boto3.client("sts").get_caller_identity()["Arn"] == "arn:aws:iam::000000000000:user/tester"

wrong = dict(aws_access_key_id=os.environ["AWS_ACCESS_KEY_ID"], aws_secret_access_key="another/secret/of/forty/characters/here")
assert code(boto3.client("s3", **wrong).list_buckets) == "SignatureDoesNotMatch"
assert code(boto3.client("sts", **wrong).get_caller_identity) == "SignatureDoesNotMatch"
assert code(boto3.client("sagemaker", **wrong).list_models) == "InvalidSignatureException"
unknown = dict(aws_access_key_id="AKIANOBODYNOBODYNOB1", aws_secret_access_key="anything")
assert code(boto3.client("s3", **unknown).list_buckets) == "InvalidAccessKeyId"
assert code(boto3.client("iam", **unknown).list_roles) == "InvalidClientTokenId"
assert code(boto3.client("logs", **unknown).describe_log_groups) == "UnrecognizedClientException"

boto3.client("s3").create_bucket(Bucket="signed")
role = boto3.client("iam").create_role(RoleName="assumed", AssumeRolePolicyDocument="{}")["Role"]
given = boto3.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="python")["Credentials"]
session = boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
assert session.client("sts").get_caller_identity()["UserId"] == role["RoleId"] + ":python"
session.client("s3").upload_fileobj(io.BytesIO(b"x" * (9 << 20)), "signed", "dir/ü +1")

for version in ("s3", "s3v4"):
    s3 = session.client("s3", config=Config(signature_version=version))
    url = s3.generate_presigned_url("get_object", {"Bucket": "signed", "Key": "dir/ü +1", "ResponseContentType": "text/own"}, ExpiresIn=600)
    with urllib.request.urlopen(url) as answer:
        assert len(answer.read()) == 9 << 20 and answer.headers["Content-Type"] == "text/own"
    put = s3.generate_presigned_url("put_object", {"Bucket": "signed", "Key": "put", "ContentType": "text/plain", "Metadata": {"a": "1"}}, ExpiresIn=600)
    headers = {"Content-Type": "text/plain", "x-amz-meta-a": "1"}
    assert urllib.request.urlopen(urllib.request.Request(put, b"by url", headers, method="PUT")).status == 200
    for changed, method in ((url.replace("own", "other"), "GET"), (url, "DELETE"), (put, "GET")):
        try:
            urllib.request.urlopen(urllib.request.Request(changed, headers=headers if changed is put else {}, method=method))
            raise AssertionError("a changed request was taken: " + version + " " + method + " " + changed)
        except urllib.error.HTTPError as error:
            assert error.code == 403 and b"<Code>SignatureDoesNotMatch</Code>" in error.read(), changed
