"""sagemaker.Session and the SDK's own helpers for S3."""
import os
import tempfile
import boto3
import sagemaker
from sagemaker.s3 import S3Downloader, S3Uploader
from sdk import bucket, role, session

assert bucket == "ml-team" and boto3.client("s3").head_bucket(Bucket=bucket), bucket
assert sagemaker.Session().default_bucket() == bucket, "a second session finds the bucket that the first one made"

folder = tempfile.mkdtemp()
os.makedirs(os.path.join(folder, "parts"))
for name, text in (("rows.csv", "age,gender\n25,1\n"), ("parts/more.csv", "30,0\n")):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)
assert session.upload_data(folder, key_prefix="data") == f"s3://{bucket}/data"
assert session.upload_data(os.path.join(folder, "rows.csv"), key_prefix="one") == f"s3://{bucket}/one/rows.csv"
assert session.upload_string_as_file_body("25,1", bucket=bucket, key="text/row") == f"s3://{bucket}/text/row"
assert sorted(session.list_s3_files(bucket, "data")) == ["data/parts/more.csv", "data/rows.csv"]
assert session.read_s3_file(bucket, "data/parts/more.csv") == "30,0\n"

back = tempfile.mkdtemp()
session.download_data(back, bucket=bucket, key_prefix="data")
with open(os.path.join(back, "parts", "more.csv"), encoding="utf-8") as file:
    assert file.read() == "30,0\n"
assert S3Uploader.upload(folder, f"s3://{bucket}/uploader", sagemaker_session=session) == f"s3://{bucket}/uploader"
assert sorted(S3Downloader.list(f"s3://{bucket}/uploader", sagemaker_session=session)) == [
    f"s3://{bucket}/uploader/parts/more.csv", f"s3://{bucket}/uploader/rows.csv"]
assert S3Downloader.read_file(f"s3://{bucket}/uploader/rows.csv", sagemaker_session=session) == "age,gender\n25,1\n"

assert session.expand_role(role.split("/")[-1]) == role, "a role's name stands for its ARN"
assert session.expand_role(role) == role
