"""Runs the pipelines of pipelines.sh against the local AWS of the environment, and prints what they take."""
import io
import json
import os
import statistics
import subprocess
import time
import zipfile

import boto3

pipelines, codecommit, events, s3 = (boto3.client(name) for name in ("codepipeline", "codecommit", "events", "s3"))
role = os.environ["SM_EXEC_ROLE_ARN"]
PUSHES = int(os.environ.get("PUSHES", "20"))
copy = os.path.join(os.environ["WORK"], "copy")
person = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b.c", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b.c"}


def kind(category, provider):
    return {"category": category, "owner": "AWS", "provider": provider, "version": "1"}


def deploy(name, order):
    return {"name": name, "actionTypeId": kind("Deploy", "S3"), "runOrder": order, "inputArtifacts": [{"name": "Out"}],
            "configuration": {"BucketName": "bench-site", "Extract": "true", "ObjectKey": name}}


def create(name, source, actions):
    """Makes a pipeline and waits for its first execution, which warms it up."""
    pipelines.create_pipeline(pipeline={
        "name": name, "roleArn": role, "artifactStore": {"type": "S3", "location": "bench-artifacts"},
        "stages": [{"name": "Source", "actions": [{"name": "Source", "outputArtifacts": [{"name": "Out"}], **source}]}, {"name": "Deploy", "actions": actions}]})
    return ended(name)[0]


def ended(name, count=1):
    while True:
        found = pipelines.list_pipeline_executions(pipelineName=name)["pipelineExecutionSummaries"]
        if len(found) >= count and all(e["status"] not in ("InProgress", "Stopping") for e in found):
            return found
        time.sleep(0.01)


def git(*arguments):
    return subprocess.run(["git", "-C", copy, *arguments], check=True, env=person, capture_output=True, text=True).stdout.strip()


def commit(content):
    with open(os.path.join(copy, "a.txt"), "w", encoding="utf-8") as file:
        file.write(content)
    git("add", "a.txt")
    git("commit", "--quiet", "--message", content)


def load():
    return f"load {os.getloadavg()[0]:.1f}"


for bucket in ("bench-artifacts", "bench-site", "bench-source"):
    s3.create_bucket(Bucket=bucket)
s3.put_bucket_versioning(Bucket="bench-source", VersioningConfiguration={"Status": "Enabled"})
content = io.BytesIO()
with zipfile.ZipFile(content, "w") as archive:
    archive.writestr("a.txt", "1")
s3.put_object(Bucket="bench-source", Key="source.zip", Body=content.getvalue())
source = {"actionTypeId": kind("Source", "S3"), "configuration": {"S3Bucket": "bench-source", "S3ObjectKey": "source.zip", "PollForSourceChanges": "false"}}
for name, order in (("in-a-row", lambda n: n), ("side-by-side", lambda n: 1)):
    create(name, source, [deploy(f"{name}-{n}", order(n)) for n in range(1, 20)])
    for _ in range(3):
        began = time.monotonic()
        count = len(ended(name)) + 1
        pipelines.start_pipeline_execution(name=name)
        newest = ended(name, count)[0]
        assert newest["status"] == "Succeeded", newest
        elapsed = (newest["lastUpdateTime"] - newest["startTime"]).total_seconds()
        print(f"20 actions {name}: {1000 * elapsed:.0f} ms, {1000 * elapsed / 20:.2f} ms an action ({1000 * (time.monotonic() - began):.0f} ms as a client sees it), {load()}", flush=True)

repository = codecommit.create_repository(repositoryName="bench")["repositoryMetadata"]
subprocess.run(["git", "init", "--quiet", "--initial-branch=main", copy], check=True, env=person)
git("remote", "add", "origin", repository["cloneUrlHttp"])
commit("0")
git("push", "--quiet", "origin", "main")
create("pushed", {"actionTypeId": kind("Source", "CodeCommit"), "configuration": {"RepositoryName": "bench", "BranchName": "main", "PollForSourceChanges": "false"}}, [deploy("pushed", 1)])
events.put_rule(Name="pushed", EventPattern=json.dumps({
    "source": ["aws.codecommit"], "resources": [repository["Arn"]], "detail-type": ["CodeCommit Repository State Change"],
    "detail": {"event": ["referenceCreated", "referenceUpdated"], "referenceName": ["main"]}}))
events.put_targets(Rule="pushed", Targets=[{"Id": "Target0", "Arn": f"arn:aws:codepipeline:us-east-1:{repository['accountId']}:pushed".replace("us-east-1", os.environ["AWS_DEFAULT_REGION"]), "RoleArn": role}])
waits = []
for n in range(PUSHES):
    commit(f"push {n}")
    git("push", "--quiet", "origin", "main")
    returned = time.time()
    newest = ended("pushed", n + 2)[0]
    runs = pipelines.list_action_executions(pipelineName="pushed", filter={"pipelineExecutionId": newest["pipelineExecutionId"]})["actionExecutionDetails"]
    waits.append(1000 * (runs[-1]["startTime"].timestamp() - returned))
print(f"git push returning to the first action running, {PUSHES} pushes: median {statistics.median(waits):.0f} ms, worst {max(waits):.0f} ms (less than 0: it ran before git was done), {load()}", flush=True)

before = len(ended("pushed"))
began = time.monotonic()
for n in range(50):
    commit(f"last {n}")
    git("push", "--quiet", "origin", "main")
pushed = time.monotonic() - began
all_ended = ended("pushed", before + 50)
elapsed = time.monotonic() - began
last = git("rev-parse", "HEAD")
deployed = s3.get_object(Bucket="bench-site", Key="pushed/a.txt")["Body"].read().decode()
superseded = sum(e["status"] == "Superseded" for e in all_ended)
if (all_ended[0]["status"], all_ended[0]["sourceRevisions"][0]["revisionId"], deployed) != ("Succeeded", last, "last 49"):
    raise SystemExit(f"the last commit {last} is not deployed: {all_ended[0]}, {deployed}")
print(f"50 pushes in a row: {pushed:.1f} s, the last commit deployed {1000 * (elapsed - pushed):.0f} ms after the last push; {superseded} executions superseded, {load()}")
