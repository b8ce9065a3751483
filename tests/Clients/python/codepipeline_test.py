"""boto3's CodePipeline client: a pipeline through its approval, and its errors as boto3 names them."""
import io
import json
import os
import time
import zipfile

import boto3

pipelines = boto3.client("codepipeline")
s3 = boto3.client("s3")
KIND = {"owner": "AWS", "version": "1"}


def zip_of(**files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


def until(read, passes):
    late = time.monotonic() + 240
    while time.monotonic() < late:
        found = read()
        if passes(found):
            return found
        time.sleep(0.02)
    raise AssertionError(f"it does not come to what is waited for: {read()}")


for bucket in ("py-artifacts", "py-site", "py-source"):
    s3.create_bucket(Bucket=bucket)
s3.put_bucket_versioning(Bucket="py-source", VersioningConfiguration={"Status": "Enabled"})
version = s3.put_object(Bucket="py-source", Key="source.zip", Body=zip_of(**{"a.txt": "1"}))["VersionId"]
name = "py"
pipelines.create_pipeline(pipeline={
    "name": name, "roleArn": os.environ["SM_EXEC_ROLE_ARN"], "artifactStore": {"type": "S3", "location": "py-artifacts"},
    "stages": [
        {"name": "Source", "actions": [{
            "name": "Source", "actionTypeId": {**KIND, "category": "Source", "provider": "S3"}, "outputArtifacts": [{"name": "Out"}],
            "configuration": {"S3Bucket": "py-source", "S3ObjectKey": "source.zip", "PollForSourceChanges": "false"}}]},
        {"name": "Approve", "actions": [{"name": "Person", "actionTypeId": {**KIND, "category": "Approval", "provider": "Manual"}}]},
        {"name": "Deploy", "actions": [{
            "name": "Deploy", "actionTypeId": {**KIND, "category": "Deploy", "provider": "S3"}, "inputArtifacts": [{"name": "Out"}],
            "configuration": {"BucketName": "py-site", "Extract": "false", "ObjectKey": "site.zip", "CacheControl": "max-age=60"}}]},
    ]})
assert pipelines.get_pipeline(name=name)["pipeline"]["pipelineType"] == "V1"


def approval():
    return pipelines.get_pipeline_state(name=name)["stageStates"][1]


waiting = until(approval, lambda s: "token" in s["actionStates"][0].get("latestExecution", {}))
answer = {"pipelineName": name, "stageName": "Approve", "actionName": "Person", "token": waiting["actionStates"][0]["latestExecution"]["token"],
          "result": {"summary": "fine", "status": "Approved"}}
for wrong, error in (({"stageName": "None"}, "StageNotFoundException"), ({"actionName": "None"}, "ActionNotFoundException"),
                     ({"token": "00000000-0000-0000-0000-000000000000"}, "InvalidApprovalTokenException"), ({"pipelineName": "none"}, "PipelineNotFoundException")):
    try:
        pipelines.put_approval_result(**{**answer, **wrong})
        raise AssertionError(f"{wrong} was taken")
    except getattr(pipelines.exceptions, error) as refused:
        assert refused.response["ResponseMetadata"]["HTTPStatusCode"] == 400, refused
pipelines.put_approval_result(**answer)
try:
    pipelines.put_approval_result(**answer)
    raise AssertionError("a token was taken twice")
except pipelines.exceptions.ApprovalAlreadyCompletedException:
    pass

execution = waiting["latestExecution"]["pipelineExecutionId"]
done = until(lambda: pipelines.get_pipeline_execution(pipelineName=name, pipelineExecutionId=execution)["pipelineExecution"], lambda e: e["status"] != "InProgress")
assert (done["status"], done["artifactRevisions"][0]["revisionId"]) == ("Succeeded", version), json.dumps(done, default=str)
deployed = s3.get_object(Bucket="py-site", Key="site.zip")
assert (deployed["CacheControl"], deployed["ContentType"]) == ("max-age=60", "application/zip"), deployed
assert zipfile.ZipFile(io.BytesIO(deployed["Body"].read())).read("a.txt") == b"1"
