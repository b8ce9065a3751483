"""Processor and ScriptProcessor with inputs and outputs."""
import contextlib
import io
import os
import tempfile
from sagemaker.exceptions import UnexpectedStatusException
from sagemaker.network import NetworkConfig
from sagemaker.processing import ProcessingInput, ProcessingJob, ProcessingOutput, Processor, ScriptProcessor
from sdk import bucket, image, machine, refused, role, session

rows = session.upload_string_as_file_body("1,a\n2,b\n", bucket=bucket, key="raw/rows.csv")


def run(processor, **more):
    """Runs, and gives what the SDK wrote of the job's log."""
    with contextlib.redirect_stdout(io.StringIO()) as written:
        processor.run(**more)
    return written.getvalue()


common = {"role": role, "image_uri": image, "sagemaker_session": session, **machine}
processor = Processor(
    entrypoint=["sh", "-c"], env={"NAME": "world"}, max_runtime_in_seconds=600, tags=[{"Key": "team", "Value": "ml"}],
    network_config=NetworkConfig(enable_network_isolation=False), volume_size_in_gb=5, base_job_name="shell", **common)
log = run(
    processor, arguments=['echo "hello $NAME"; cp /opt/ml/processing/in/rows.csv /opt/ml/processing/out/copy.csv'],
    inputs=[ProcessingInput(source=rows, destination="/opt/ml/processing/in", input_name="rows")],
    outputs=[ProcessingOutput(source="/opt/ml/processing/out", destination=f"s3://{bucket}/copied", output_name="copied")])
assert "hello world" in log, log
job = processor.latest_job.describe()
assert job["ProcessingJobName"].startswith("shell-") and job["ProcessingJobStatus"] == "Completed", job
assert session.read_s3_file(bucket, "copied/copy.csv") == "1,a\n2,b\n"
assert session.list_tags(job["ProcessingJobArn"]) == [{"Key": "team", "Value": "ml"}]

folder = tempfile.mkdtemp()
script = os.path.join(folder, "count.py")
with open(script, "w", encoding="utf-8") as file:
    file.write('''import sys
with open("/opt/ml/processing/in/rows.csv") as rows, open("/opt/ml/processing/out/count", "w") as out:
    out.write(f"{sys.argv[1]}={len(rows.readlines())}")
print("counted")
''')
scripted = ScriptProcessor(command=["python3"], **common)
log = run(
    scripted, code=script, arguments=["rows"], job_name="counting",
    inputs=[ProcessingInput(source=rows, destination="/opt/ml/processing/in")],
    outputs=[ProcessingOutput(source="/opt/ml/processing/out", output_name="count")])
assert "counted" in log, log
output = scripted.latest_job.outputs[0]
assert output.destination == f"s3://{bucket}/counting/output/count", output.destination
assert session.read_s3_file(bucket, "counting/output/count/count") == "rows=2"
attached = ProcessingJob.from_processing_name(session, "counting")
assert [entry.input_name for entry in attached.inputs] == ["input-1", "code"] and attached.outputs[0].destination == output.destination

failing = Processor(entrypoint=["sh", "-c"], **common)
with contextlib.redirect_stdout(io.StringIO()):
    refused(
        lambda: failing.run(arguments=['echo "no such column: age" > /opt/ml/output/message; exit 3'], job_name="failing"),
        "Error for Processing job failing: Failed.", "AlgorithmError: no such column: age, exit code: 3", error=UnexpectedStatusException)

stopping = Processor(entrypoint=["sh", "-c"], **common)
stopping.run(arguments=["echo ready; sleep 600 & wait"], wait=False, logs=False, job_name="stopped")
stopping.latest_job.stop()
stopping.latest_job.wait(logs=False)
assert stopping.latest_job.describe()["ProcessingJobStatus"] == "Stopped"
