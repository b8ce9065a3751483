"""Runs the pipelines of orchestration.sh against the local AWS of the environment, and prints the time a step."""
import json
import os
import time

import boto3

sagemaker = boto3.client("sagemaker")
role = os.environ["SM_EXEC_ROLE_ARN"]
image = "000000000000.dkr.ecr.us-east-1.amazonaws.com/slipway:latest"


def condition(layer, number):
    """A step that decides by itself: it runs in the engine, after every step of the layer above."""
    return {
        "Name": f"Layer{layer}-{number}", "Type": "Condition", "DependsOn": [f"Layer{layer - 1}-{n}" for n in range(50)] if layer else [],
        "Arguments": {"Conditions": [{"Type": "Equals", "LeftValue": 1, "RightValue": 1}], "IfSteps": [], "ElseSteps": []},
    }


def processing(layer, number):
    """A step whose work is next to nothing, in a process of its own."""
    return {
        "Name": f"Job{layer}-{number}", "Type": "Processing", "DependsOn": [f"Job{layer - 1}-{n}" for n in range(5)] if layer else [],
        "Arguments": {
            "RoleArn": role, "AppSpecification": {"ImageUri": image, "ContainerEntrypoint": ["/bin/true"]},
            "ProcessingResources": {"ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 1}},
        },
    }


def run(name, steps):
    definition = json.dumps({"Version": "2020-12-01", "Parameters": [], "Steps": steps})
    sagemaker.create_pipeline(PipelineName=name, PipelineDefinition=definition, RoleArn=role, ClientRequestToken=name.ljust(32, "-"))
    began = time.monotonic()
    arn = sagemaker.start_pipeline_execution(PipelineName=name)["PipelineExecutionArn"]
    while (state := sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn))["PipelineExecutionStatus"] == "Executing":
        time.sleep(0.01)
    elapsed = time.monotonic() - began
    if state["PipelineExecutionStatus"] != "Succeeded":
        raise SystemExit(f"{name}: {state['PipelineExecutionStatus']} {state.get('FailureReason')}")
    print(f"{name}: {len(steps)} steps in {elapsed:.2f} s, {1000 * elapsed / len(steps):.2f} ms a step, load {os.getloadavg()[0]:.1f}", flush=True)
    return elapsed / len(steps), arn


def step(arn):
    """How long an execution's only step took, from its StartTime to its EndTime, in seconds."""
    [only] = sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=arn)["PipelineExecutionSteps"]
    return (only["EndTime"] - only["StartTime"]).total_seconds()


for round in range(3):
    engine, _ = run(f"engine-{round}", [condition(layer, n) for layer in range(10) for n in range(50)])
    print(f"  the limit is 5 ms: {1000 * engine / 5:.2f} of it")
for round in range(3):
    _, arn = run(f"one-{round}", [processing(0, 0)])
    one = step(arn)
    many, _ = run(f"jobs-{round}", [processing(layer, n) for layer in range(10) for n in range(5)])
    print(f"  alone {1000 * one:.0f} ms from StartTime to EndTime, among others {1000 * many:.0f} ms a step; the limit is 120 ms: {1000 * one / 120:.2f} and {1000 * many / 120:.2f} of it")
