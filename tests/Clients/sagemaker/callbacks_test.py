"""CallbackStep: the pipeline waits for whoever reads its queue, and goes on with what they answer."""
import json
import boto3
from botocore.exceptions import WaiterError
from sagemaker.processing import Processor
from sagemaker.workflow.callback_step import CallbackOutput, CallbackOutputTypeEnum, CallbackStep
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import ProcessingStep
from sdk import bucket, image, machine, role

client, sqs = boto3.client("sagemaker"), boto3.client("sqs")
queue = sqs.create_queue(QueueName="reviews")["QueueUrl"]
pipelines = PipelineSession(default_bucket=bucket)
version = ParameterString("Version", default_value="one")
review = CallbackStep(
    "Review", sqs_queue_url=queue, inputs={"version": version},
    outputs=[CallbackOutput(output_name="reviewer", output_type=CallbackOutputTypeEnum.String)])
tell = ProcessingStep("Tell", step_args=Processor(
    role=role, image_uri=image, entrypoint=["sh", "-c"], env={"REVIEWER": review.properties.Outputs["reviewer"]}, sagemaker_session=pipelines, **machine).run(
        arguments=['test "$REVIEWER" = ann']))
pipeline = Pipeline("reviewed", parameters=[version], steps=[review, tell], sagemaker_session=pipelines)
pipeline.upsert(role_arn=role)


def asked():
    """What the queue says next."""
    for _ in range(60):
        for message in sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5).get("Messages", []):
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            return json.loads(message["Body"])
    raise AssertionError("no message came")


def end(execution):
    """Waits for an execution's end, be it good or bad."""
    try:
        execution.wait(delay=1, max_attempts=240)
    except WaiterError:
        pass
    return execution.describe()


execution = pipeline.start(parameters={"Version": "two"})
message = asked()
assert message["arguments"] == {"version": "two"} and message["pipelineExecutionArn"] == execution.arn, message
client.send_pipeline_execution_step_success(CallbackToken=message["token"], OutputParameters=[{"Name": "reviewer", "Value": "ann"}])
ended = end(execution)
assert ended["PipelineExecutionStatus"] == "Succeeded", (ended, execution.list_steps())

execution = pipeline.start()
client.send_pipeline_execution_step_failure(CallbackToken=asked()["token"], FailureReason="ann is not convinced")
ended = end(execution)
assert ended["PipelineExecutionStatus"] == "Failed" and "ann is not convinced" in str(execution.list_steps()), (ended, execution.list_steps())
