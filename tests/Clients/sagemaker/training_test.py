"""Estimator: fit with its log, hyperparameters, channels, metrics, tags; attach, stop, and a failure's own words."""
import contextlib
import io
import os
import tarfile
import tempfile
import boto3
from sagemaker.analytics import TrainingJobAnalytics
from sagemaker.debugger import ProfilerConfig
from sagemaker.estimator import Estimator
from sagemaker.exceptions import UnexpectedStatusException
from sagemaker.inputs import TrainingInput
from sdk import bucket, image, machine, refused, role, session

client = boto3.client("sagemaker")


def estimator(script, **more):
    return Estimator(
        image_uri=image, role=role, sagemaker_session=session, output_path=f"s3://{bucket}/models",
        container_entry_point=["sh", "-c", script], **machine, **more)


def fit(trainer, *inputs, **more):
    """Fits, and gives what the SDK wrote of the job's log."""
    with contextlib.redirect_stdout(io.StringIO()) as written:
        trainer.fit(*inputs, **more)
    return written.getvalue()


train = session.upload_string_as_file_body("1,2\n3,4\n", bucket=bucket, key="train/rows.csv").rsplit("/", 1)[0]
trainer = estimator(
    'n=$(wc -l < /opt/ml/input/data/train/rows.csv | tr -d " "); echo "depth=$SM_HP_MAX_DEPTH on $NAME; rows=$n;"; echo "$n" > /opt/ml/model/rows',
    hyperparameters={"max_depth": 5, "objective": "binary"}, environment={"NAME": "a machine"}, tags=[{"Key": "team", "Value": "ml"}],
    metric_definitions=[{"Name": "rows", "Regex": "rows=([0-9]+);"}], max_run=600, volume_size=5, enable_sagemaker_metrics=True)
log = fit(trainer, {"train": TrainingInput(train, content_type="text/csv"), "test": train}, job_name="first", logs="All")
assert "depth=5 on a machine; rows=2;" in log and "Training seconds:" in log, log
job = trainer.latest_training_job.describe()
assert job["TrainingJobStatus"] == "Completed" and job["HyperParameters"] == {"max_depth": "5", "objective": "binary"}, job
assert [(metric["MetricName"], metric["Value"]) for metric in job["FinalMetricDataList"]] == [("rows", 2.0)], job
assert session.list_tags(job["TrainingJobArn"]) == [{"Key": "team", "Value": "ml"}]
assert trainer.model_data == f"s3://{bucket}/models/first/output/model.tar.gz"

folder = tempfile.mkdtemp()
session.download_data(folder, bucket=bucket, key_prefix="models/first/output/model.tar.gz")
with tarfile.open(os.path.join(folder, "model.tar.gz")) as archive:
    assert archive.extractfile("rows").read() == b"2\n"

with contextlib.redirect_stdout(io.StringIO()):
    attached = Estimator.attach("first", sagemaker_session=session)
assert attached.model_data == trainer.model_data and attached.hyperparameters() == {"max_depth": "5", "objective": "binary"}
assert attached.image_uri == image and attached.role == role

# a failure's own words, in the exception and before it in the log
failing = estimator('echo "reading column age"; echo "no such column: age" > /opt/ml/output/failure; exit 3')
with contextlib.redirect_stdout(io.StringIO()) as written:
    words = refused(lambda: failing.fit(job_name="failing"), "AlgorithmError: no such column: age, exit code: 3", error=UnexpectedStatusException)
assert "Error for Training job failing: Failed." in words and "reading column age" in written.getvalue(), words

stopped = estimator("echo ready; sleep 600 & wait")
stopped.fit(wait=False, job_name="stopped")
session.stop_training_job("stopped")
with contextlib.redirect_stdout(io.StringIO()) as written:
    stopped.latest_training_job.wait(logs="None")
assert session.describe_training_job("stopped")["TrainingJobStatus"] == "Stopped"

# checkpoints go to S3 however the job ends, and the next job goes on from them
points = {"checkpoint_s3_uri": f"s3://{bucket}/points", "checkpoint_local_path": "/opt/ml/checkpoints"}
epochs = 'cd /opt/ml/checkpoints; n=$(ls | wc -l); echo "epoch=$n;"; touch "epoch-$n"; test "$n" -gt 0'
with contextlib.redirect_stdout(io.StringIO()):
    refused(lambda: estimator(epochs, **points).fit(job_name="interrupted"), "exit code: 1", error=UnexpectedStatusException)
assert "epoch=1;" in fit(estimator(epochs, **points), job_name="continued")
assert sorted(session.list_s3_files(bucket, "points/")) == ["points/epoch-0", "points/epoch-1"]

# what the SDK writes with and without these settings is taken, and what has no effect here is refused by name
fit(estimator("true", disable_profiler=True, debugger_hook_config=False), job_name="no-profiler")
fit(estimator("true", profiler_config=ProfilerConfig(s3_output_path=f"s3://{bucket}/profile")), job_name="profiler")
fit(estimator("true", encrypt_inter_container_traffic=True, enable_network_isolation=True, max_retry_attempts=2), job_name="settings")
refused(lambda: estimator("true", use_spot_instances=True, max_run=60, max_wait=60).fit(job_name="spot"), "EnableManagedSpotTraining")
refused(lambda: TrainingJobAnalytics("first", sagemaker_session=session).dataframe(), "does not support the service 'monitoring'")
names = [summary["TrainingJobName"] for summary in client.list_training_jobs(NameContains="first")["TrainingJobSummaries"]]
assert names == ["first"], names
