"""A pipeline's callback step by boto3, as the consumer of its queue in SageMaker's guide is written."""
import json
import os
import time
import boto3

sagemaker = boto3.client("sagemaker")
sqs = boto3.client("sqs")
queue = sqs.create_queue(QueueName="callbacks")["QueueUrl"]
definition = json.dumps({
    "Version": "2020-12-01", "Metadata": {}, "Parameters": [],
    "Steps": [{
        "Name": "Ask", "Type": "Callback", "Arguments": {"input": "s3://bucket/data.csv"}, "SqsQueueUrl": queue,
        "OutputParameters": [{"OutputName": "output", "OutputType": "String"}],
        "CacheConfig": {"Enabled": True, "ExpireAfter": "PT1H"},
    }],
})
sagemaker.create_pipeline(PipelineName="Asking", PipelineDefinition=definition, RoleArn=os.environ["SM_EXEC_ROLE_ARN"])


def handle():
    """Answers the next message."""
    while True:
        for record in sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=20).get("Messages", []):
            payload = json.loads(record["Body"])
            assert payload["arguments"] == {"input": "s3://bucket/data.csv"}, payload
            sagemaker.send_pipeline_execution_step_success(CallbackToken=payload["token"], OutputParameters=[{"Name": "output", "Value": "s3://bucket/labels"}])
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=record["ReceiptHandle"])
            return payload


def ended(execution):
    while (described := sagemaker.describe_pipeline_execution(PipelineExecutionArn=execution))["PipelineExecutionStatus"] == "Executing":
        time.sleep(0.02)
    assert described["PipelineExecutionStatus"] == "Succeeded", described
    return sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=execution)["PipelineExecutionSteps"][0]


first = sagemaker.start_pipeline_execution(PipelineName="Asking")["PipelineExecutionArn"]
assert handle()["pipelineExecutionArn"] == first
asked = ended(first)
assert asked["Metadata"]["Callback"]["OutputParameters"] == [{"Name": "output", "Value": "s3://bucket/labels"}], asked
cached = ended(sagemaker.start_pipeline_execution(PipelineName="Asking")["PipelineExecutionArn"])
assert cached["CacheHitResult"] == {"SourcePipelineExecutionArn": first}, cached
assert "Messages" not in sqs.receive_message(QueueUrl=queue), "who was asked is not asked again"
try:
    sagemaker.send_pipeline_execution_step_failure(CallbackToken="abcdefghij", FailureReason="x")
    raise AssertionError("nobody was sent this token")
except sagemaker.exceptions.ResourceNotFound:
    pass
