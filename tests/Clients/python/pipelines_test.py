"""boto3 and the SageMaker Python SDK's way of upserting and waiting, for pipelines that need no jobs."""
import json
import os
import botocore.exceptions
import botocore.waiter
import boto3

sagemaker = boto3.client("sagemaker")
role = os.environ["SM_EXEC_ROLE_ARN"]


def definition(threshold):
    # the shape that the SageMaker Python SDK writes, nulls included
    return json.dumps({
        "Version": "2020-12-01",
        "Metadata": {},
        "Parameters": [{"Name": "Auc", "Type": "Float", "DefaultValue": 0.7}],
        "PipelineExperimentConfig": {"ExperimentName": {"Get": "Execution.PipelineName"}, "TrialName": {"Get": "Execution.PipelineExecutionId"}},
        "MlflowConfig": None,
        "Steps": [{
            "Name": "CheckAuc",
            "Type": "Condition",
            "Arguments": {
                "Conditions": [{"Type": "GreaterThanOrEqualTo", "LeftValue": {"Get": "Parameters.Auc"}, "RightValue": threshold}],
                "IfSteps": [],
                "ElseSteps": [{"Name": "Refuse", "Type": "Fail", "Arguments": {
                    "ErrorMessage": {"Std:Join": {"On": " ", "Values": ["Execution", {"Get": "Execution.PipelineExecutionId"}, "failed: AUC", {"Get": "Parameters.Auc"}]}}}}],
            },
        }],
    })


def upsert(threshold):
    try:
        return sagemaker.create_pipeline(PipelineName="Upserted", PipelineDefinition=definition(threshold), RoleArn=role)
    except botocore.exceptions.ClientError as error:
        assert error.response["Error"]["Code"] == "ValidationException", error
        assert "already exists" in error.response["Error"]["Message"], error
        return sagemaker.update_pipeline(PipelineName="Upserted", PipelineDefinition=definition(threshold), RoleArn=role)


def wait(arn):
    model = botocore.waiter.WaiterModel({"version": 2, "waiters": {"Done": {
        "delay": 0.05, "maxAttempts": 4800, "operation": "DescribePipelineExecution", "acceptors": [
            {"expected": "Succeeded", "matcher": "path", "state": "success", "argument": "PipelineExecutionStatus"},
            {"expected": "Failed", "matcher": "path", "state": "failure", "argument": "PipelineExecutionStatus"}]}}})
    botocore.waiter.create_waiter_with_client("Done", model, sagemaker).wait(PipelineExecutionArn=arn)


first = upsert(0.65)
assert upsert(0.65)["PipelineArn"] == first["PipelineArn"]
assert json.loads(sagemaker.describe_pipeline(PipelineName="Upserted")["PipelineDefinition"]) == json.loads(definition(0.65))

passed = sagemaker.start_pipeline_execution(PipelineName="Upserted")["PipelineExecutionArn"]
wait(passed)
steps = sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=passed)["PipelineExecutionSteps"]
assert [(s["StepName"], s["StepStatus"], s["Metadata"]) for s in steps] == [("CheckAuc", "Succeeded", {"Condition": {"Outcome": "True"}})], steps

refused = sagemaker.start_pipeline_execution(PipelineName="Upserted", PipelineParameters=[{"Name": "Auc", "Value": "0.5"}])["PipelineExecutionArn"]
try:
    wait(refused)
    raise AssertionError("the execution did not fail")
except botocore.exceptions.WaiterError:
    pass
described = sagemaker.describe_pipeline_execution(PipelineExecutionArn=refused)
execution = refused.rsplit("/", 1)[1]
assert "Step failure: One or multiple steps failed" in described["FailureReason"], described
assert f"Execution {execution} failed: AUC 0.5" in described["FailureReason"], described
assert described["PipelineExperimentConfig"] == {"ExperimentName": "Upserted", "TrialName": execution}, described

pages = list(sagemaker.get_paginator("list_pipeline_executions").paginate(PipelineName="Upserted", PaginationConfig={"PageSize": 1}))
assert [page["PipelineExecutionSummaries"][0]["PipelineExecutionArn"] for page in pages] == [refused, passed], pages
parameters = sagemaker.get_paginator("list_pipeline_parameters_for_execution").paginate(PipelineExecutionArn=refused).build_full_result()
assert parameters["PipelineParameters"] == [{"Name": "Auc", "Value": "0.5"}], parameters

s3 = boto3.client("s3")
s3.create_bucket(Bucket="definitions")
s3.put_object(Bucket="definitions", Key="one.json", Body=definition(0.9).encode())
sagemaker.update_pipeline(PipelineName="Upserted", PipelineDefinitionS3Location={"Bucket": "definitions", "ObjectKey": "one.json"})
assert sagemaker.describe_pipeline(PipelineName="Upserted")["PipelineDefinition"] == definition(0.9)
try:
    sagemaker.update_pipeline(PipelineName="Upserted", PipelineDefinitionS3Location={"Bucket": "definitions", "ObjectKey": "two.json"})
    raise AssertionError("a definition that is not there was taken")
except botocore.exceptions.ClientError as error:
    assert "s3://definitions/two.json does not exist" in str(error), error

sagemaker.delete_pipeline(PipelineName="Upserted")
try:
    sagemaker.describe_pipeline_execution(PipelineExecutionArn=passed)
    raise AssertionError("the execution outlived its pipeline")
except sagemaker.exceptions.ResourceNotFound:
    pass
