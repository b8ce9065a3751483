"""CodeBuild by boto3 and the aws command line: projects, builds with overrides, their errors and their logs."""
import json
import os
import shutil
import subprocess
import time

import boto3

client = boto3.client("codebuild")
logs = boto3.client("logs")
role = os.environ["SM_EXEC_ROLE_ARN"]
environment = {"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0", "computeType": "BUILD_GENERAL1_SMALL"}
BUILDSPEC = """
version: 0.2
env:
  exported-variables: [GREETING]
phases:
  build:
    commands:
      - GREETING="hello $WHO"
      - echo "$GREETING"
"""


def ended(build_id):
    late = time.monotonic() + 240
    while time.monotonic() < late:
        build = client.batch_get_builds(ids=[build_id])["builds"][0]
        if build["buildComplete"]:
            return build
        time.sleep(0.05)
    raise AssertionError(build_id)


made = client.create_project(
    name="scripts", source={"type": "NO_SOURCE", "buildspec": BUILDSPEC}, artifacts={"type": "NO_ARTIFACTS"}, environment=environment, serviceRole=role)["project"]
assert made["arn"].endswith(":project/scripts"), made
started = client.start_build(projectName="scripts", environmentVariablesOverride=[{"name": "WHO", "value": "boto3"}])["build"]
build = ended(started["id"])
assert build["buildStatus"] == "SUCCEEDED", build["phases"]
assert build["exportedEnvironmentVariables"] == [{"name": "GREETING", "value": "hello boto3"}], build
lines = [e["message"] for e in logs.get_log_events(logGroupName=build["logs"]["groupName"], logStreamName=build["logs"]["streamName"], startFromHead=True)["events"]]
assert "hello boto3" in lines, lines
assert [p["phaseType"] for p in build["phases"]][-1] == "COMPLETED"
assert client.list_builds_for_project(projectName="scripts")["ids"] == [build["id"]]
assert [name for page in client.get_paginator("list_projects").paginate() for name in page["projects"]] == ["scripts"]
for call, error in [
    (lambda: client.create_project(name="scripts", source={"type": "NO_SOURCE", "buildspec": BUILDSPEC}, artifacts={"type": "NO_ARTIFACTS"}, environment=environment, serviceRole=role),
     client.exceptions.ResourceAlreadyExistsException),
    (lambda: client.start_build(projectName="none"), client.exceptions.ResourceNotFoundException),
    (lambda: client.stop_build(id="scripts:none"), client.exceptions.ResourceNotFoundException),
    (lambda: client.update_project(name="scripts", serviceRole=role + "-none"), client.exceptions.InvalidInputException),
    (lambda: client.list_builds(nextToken="nonsense"), client.exceptions.InvalidInputException),
]:
    try:
        call()
    except error:
        continue
    raise AssertionError(error)


def aws(*arguments):
    run = subprocess.run(["aws", "codebuild", *arguments], capture_output=True, text=True, timeout=240, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout) if run.stdout.strip() else None


if shutil.which("aws"):
    again = aws("start-build", "--project-name", "scripts", "--environment-variables-override", "name=WHO,value=aws,type=PLAINTEXT",
                "--buildspec-override", BUILDSPEC.replace("hello", "good day"))["build"]
    build = ended(again["id"])
    shown = aws("batch-get-builds", "--ids", again["id"])["builds"][0]
    assert shown["exportedEnvironmentVariables"] == [{"name": "GREETING", "value": "good day aws"}], shown
    assert shown["buildNumber"] == 2 and shown["phases"][1]["durationInSeconds"] >= 0, shown
    assert aws("delete-project", "--name", "scripts") in (None, {})
    assert aws("batch-get-projects", "--names", "scripts")["projectsNotFound"] == ["scripts"]
else:
    print("aws is not on this machine")
