"""boto3's waiters and paginators, and the manual's own command lines, for an endpoint."""
import io
import json
import os
import subprocess
import tarfile
import tempfile
import time
import boto3

if subprocess.run(["sh", "-c", "command -v node && command -v aws"], capture_output=True).returncode != 0:
    print("skipped: the model server needs node, and the manual the aws command line")
    raise SystemExit(0)

here = os.path.dirname(os.path.abspath(__file__))
server = os.path.join(here, "..", "..", "LocalAws", "SageMaker", "Endpoints", "serve.mjs")
name = "ad-click-prediction-endpoint"
sagemaker, runtime, s3, logs = (boto3.client(service) for service in ("sagemaker", "sagemaker-runtime", "s3", "logs"))

archive = io.BytesIO()
with tarfile.open(fileobj=archive, mode="w:gz") as tar:
    tar.add(server, "serve.mjs")
    model = json.dumps({"version": "one"}).encode()
    entry = tarfile.TarInfo("model.json")
    entry.size = len(model)
    tar.addfile(entry, io.BytesIO(model))
s3.create_bucket(Bucket="models")
s3.put_object(Bucket="models", Key="model.tar.gz", Body=archive.getvalue())

image = "000000000000.dkr.ecr.us-east-1.amazonaws.com/archive-server:1"
sagemaker.create_model(ModelName="m", ExecutionRoleArn=os.environ["SM_EXEC_ROLE_ARN"], PrimaryContainer={"Image": image, "ModelDataUrl": "s3://models/model.tar.gz"})
variant = {"VariantName": "AllTraffic", "ModelName": "m", "InitialInstanceCount": 2, "InstanceType": "ml.m5.large"}
sagemaker.create_endpoint_config(EndpointConfigName="c", ProductionVariants=[variant])
sagemaker.create_endpoint(EndpointName=name, EndpointConfigName="c", Tags=[{"Key": "team", "Value": "ml"}])
sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 240})

answer = runtime.invoke_endpoint(EndpointName=name, Body=b"25,1", ContentType="text/csv", Accept="text/csv", CustomAttributes="trace")
assert answer["Body"].read() == b"one:25,1", answer
assert (answer["ContentType"], answer["InvokedProductionVariant"], answer["CustomAttributes"]) == ("text/csv", "AllTraffic", "trace"), answer
try:
    runtime.invoke_endpoint(EndpointName=name, Body=b"wrong")
    raise AssertionError("the model's refusal is an error")
except runtime.exceptions.ModelError as error:
    assert error.response["OriginalStatusCode"] == 415 and error.response["OriginalMessage"] == "row 1, column age: wrong", error.response
    assert f"/aws/sagemaker/Endpoints/{name}" in error.response["LogStreamArn"], error.response

folder = tempfile.mkdtemp()
manual = f"""aws sagemaker describe-endpoint --endpoint-name {name}
aws sagemaker-runtime invoke-endpoint --endpoint-name {name} \\
  --content-type text/csv --body "25,1,0,1,0,0,1,1" output.json && cat output.json"""
if b"aws-cli/2" in subprocess.run(["aws", "--version"], capture_output=True, check=True).stdout:
    manual = manual.replace("--body", "--cli-binary-format raw-in-base64-out --body")
printed = subprocess.run(["sh", "-ec", manual], capture_output=True, text=True, cwd=folder)
assert printed.returncode == 0, printed
assert '"EndpointStatus": "InService"' in printed.stdout and "one:25,1,0,1,0,0,1,1" in printed.stdout, printed.stdout

late = time.monotonic() + 240
while (lines := [e["message"] for e in logs.filter_log_events(logGroupName=f"/aws/sagemaker/Endpoints/{name}")["events"]]).count("version one listens") < 2:
    assert time.monotonic() < late, lines
    time.sleep(0.05)
assert lines.count("version one listens") == 2, lines
listed = [e["EndpointName"] for page in sagemaker.get_paginator("list_endpoints").paginate(StatusEquals="InService") for e in page["Endpoints"]]
assert listed == [name], listed
sagemaker.delete_endpoint(EndpointName=name)
sagemaker.get_waiter("endpoint_deleted").wait(EndpointName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 240})
