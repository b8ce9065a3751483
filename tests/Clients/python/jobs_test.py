"""boto3's waiters and paginators for jobs and endpoints that really run."""
import io
import os
import tarfile
import botocore.exceptions
import boto3

sagemaker = boto3.client("sagemaker")
s3 = boto3.client("s3")
role = os.environ["SM_EXEC_ROLE_ARN"]
image = os.environ["COMMAND_IMAGE"]
often = {"Delay": 1, "MaxAttempts": 240}
s3.create_bucket(Bucket="waiting")


def process(name, script):
    sagemaker.create_processing_job(
        ProcessingJobName=name, RoleArn=role, AppSpecification={"ImageUri": image, "ContainerEntrypoint": ["sh", "-c", script]},
        ProcessingResources={"ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 1}})


def train(name, script):
    sagemaker.create_training_job(
        TrainingJobName=name, RoleArn=role, OutputDataConfig={"S3OutputPath": "s3://waiting/models"},
        AlgorithmSpecification={"TrainingImage": image, "TrainingInputMode": "File", "ContainerEntrypoint": ["sh", "-c", script]},
        ResourceConfig={"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 1}, StoppingCondition={"MaxRuntimeInSeconds": 3600})


def archive(key, **files):
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as tar:
        for name, text in files.items():
            entry = tarfile.TarInfo(name + ".py")
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text.encode()))
    s3.put_object(Bucket="waiting", Key=key, Body=content.getvalue())


def fails(waiter, **arguments):
    try:
        sagemaker.get_waiter(waiter).wait(WaiterConfig=often, **arguments)
    except botocore.exceptions.WaiterError as error:
        assert "terminal failure state" in str(error), error
        return error.last_response
    raise AssertionError(f"{waiter} returned for what had failed")


# jobs
for number in range(3):
    process(f"process-{number}", "true")
    train(f"train-{number}", "echo rows > /opt/ml/model/rows")
process("process-fails", "echo no such column >&2; exit 3")
train("train-fails", "echo 'no such column' > /opt/ml/output/failure; exit 3")
for number in range(3):
    sagemaker.get_waiter("processing_job_completed_or_stopped").wait(ProcessingJobName=f"process-{number}", WaiterConfig=often)
    sagemaker.get_waiter("training_job_completed_or_stopped").wait(TrainingJobName=f"train-{number}", WaiterConfig=often)
    assert sagemaker.describe_processing_job(ProcessingJobName=f"process-{number}")["ProcessingJobStatus"] == "Completed"
    assert sagemaker.describe_training_job(TrainingJobName=f"train-{number}")["TrainingJobStatus"] == "Completed"
assert "no such column" in fails("processing_job_completed_or_stopped", ProcessingJobName="process-fails")["FailureReason"]
assert "no such column" in fails("training_job_completed_or_stopped", TrainingJobName="train-fails")["FailureReason"]

for operation, member, name in [
        ("list_processing_jobs", "ProcessingJobSummaries", "ProcessingJobName"), ("list_training_jobs", "TrainingJobSummaries", "TrainingJobName")]:
    kind = name.split("ing")[0].lower()
    pages = list(sagemaker.get_paginator(operation).paginate(SortBy="Name", SortOrder="Descending", PaginationConfig={"PageSize": 3}))
    assert [len(page[member]) for page in pages] == [3, 1], pages
    assert [job[name] for page in pages for job in page[member]] == [f"{kind}-fails", f"{kind}-2", f"{kind}-1", f"{kind}-0"], pages
    completed = sagemaker.get_paginator(operation).paginate(StatusEquals="Completed").build_full_result()[member]
    assert len(completed) == 3, completed

process("process-stopped", "echo ready; sleep 600 & wait")
sagemaker.stop_processing_job(ProcessingJobName="process-stopped")
sagemaker.get_waiter("processing_job_completed_or_stopped").wait(ProcessingJobName="process-stopped", WaiterConfig=often)
assert sagemaker.describe_processing_job(ProcessingJobName="process-stopped")["ProcessingJobStatus"] == "Stopped"

# endpoints
server = """
import http.server, os
class Server(http.server.BaseHTTPRequestHandler):
    def answer(self, body):
        self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
    def do_GET(self): self.answer(b"")
    def do_POST(self): self.answer(b"asked: " + self.rfile.read(int(self.headers["Content-Length"])))
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["SAGEMAKER_BIND_TO_PORT"])), Server).serve_forever()
"""
archive("good.tar.gz", serve=server)
archive("bad.tar.gz", serve="raise SystemExit('the model can not be loaded')")
for name in ("good", "bad"):
    sagemaker.create_model(ModelName=name, ExecutionRoleArn=role, PrimaryContainer={
        "Image": "000000000000.dkr.ecr.us-east-1.amazonaws.com/python-server:1", "ModelDataUrl": f"s3://waiting/{name}.tar.gz"})
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[
        {"VariantName": "AllTraffic", "ModelName": name, "InitialInstanceCount": 1, "InstanceType": "ml.m5.large"}])
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
sagemaker.get_waiter("endpoint_in_service").wait(EndpointName="good", WaiterConfig=often)
answer = boto3.client("sagemaker-runtime").invoke_endpoint(EndpointName="good", Body="25,1", ContentType="text/csv")
assert answer["Body"].read() == b"asked: 25,1", answer
failed = fails("endpoint_in_service", EndpointName="bad")
assert failed["EndpointStatus"] == "Failed" and "the model can not be loaded" in failed["FailureReason"], failed
pages = list(sagemaker.get_paginator("list_endpoints").paginate(SortBy="Name", SortOrder="Ascending", PaginationConfig={"PageSize": 1}))
assert [page["Endpoints"][0]["EndpointName"] for page in pages] == ["bad", "good"], pages
for operation, member, name in [("list_models", "Models", "ModelName"), ("list_endpoint_configs", "EndpointConfigs", "EndpointConfigName")]:
    pages = list(sagemaker.get_paginator(operation).paginate(SortBy="Name", SortOrder="Ascending", PaginationConfig={"PageSize": 1}))
    assert [page[member][0][name] for page in pages] == ["bad", "good"], pages
for name in ("good", "bad"):
    sagemaker.delete_endpoint(EndpointName=name)
    sagemaker.get_waiter("endpoint_deleted").wait(EndpointName=name, WaiterConfig=often)
assert sagemaker.list_endpoints()["Endpoints"] == []
