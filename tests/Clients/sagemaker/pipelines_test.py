"""sagemaker.workflow: a pipeline of every step that local AWS has, as the SDK writes it."""
import contextlib
import io
import json
import os
import tempfile
import boto3
from botocore.exceptions import WaiterError
from sagemaker.estimator import Estimator
from sagemaker.inputs import CreateModelInput, TrainingInput
from sagemaker.model import Model
from sagemaker.model_metrics import FileSource, MetricsSource, ModelMetrics
from sagemaker.processing import ProcessingInput, ProcessingOutput, Processor, ScriptProcessor
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionEquals, ConditionGreaterThanOrEqualTo, ConditionIn, ConditionNot
from sagemaker.workflow.execution_variables import ExecutionVariables
from sagemaker.workflow.fail_step import FailStep
from sagemaker.workflow.functions import Join, JsonGet
from sagemaker.workflow.model_step import ModelStep
from sagemaker.workflow.parameters import ParameterBoolean, ParameterFloat, ParameterInteger, ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.properties import PropertyFile
from sagemaker.workflow.retry import (
    SageMakerJobExceptionTypeEnum, SageMakerJobStepRetryPolicy, StepExceptionTypeEnum, StepRetryPolicy)
from sagemaker.workflow.selective_execution_config import SelectiveExecutionConfig
from sagemaker.workflow.step_collections import RegisterModel
from sagemaker.workflow.steps import CacheConfig, CreateModelStep, ProcessingStep, TrainingStep
from sdk import bucket, image, machine, refused, role, session

client = boto3.client("sagemaker")
pipelines = PipelineSession(default_bucket=bucket)
session.upload_string_as_file_body("1,a\n2,b\n3,c\n", bucket=bucket, key="raw/rows.csv")

data = ParameterString("InputData", default_value=f"s3://{bucket}/raw")
approval = ParameterString("Approval", default_value="PendingManualApproval", enum_values=["PendingManualApproval", "Approved"])
rows = ParameterInteger("Rows", default_value=2)
threshold = ParameterFloat("Threshold", default_value=0.5)
deploy = ParameterBoolean("Deploy", default_value=True)
cache = CacheConfig(enable_caching=True, expire_after="P30d")
retries = [
    StepRetryPolicy(exception_types=[StepExceptionTypeEnum.SERVICE_FAULT, StepExceptionTypeEnum.THROTTLING], max_attempts=3, interval_seconds=1),
    SageMakerJobStepRetryPolicy(exception_types=[SageMakerJobExceptionTypeEnum.INTERNAL_ERROR], max_attempts=2, interval_seconds=1)]

folder = tempfile.mkdtemp()


def script(name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


common = {"role": role, "image_uri": image, **machine}

# the form with a PipelineSession: run() and fit() give arguments
scripted = ScriptProcessor(command=["python3"], sagemaker_session=pipelines, **common)
prepare = ProcessingStep(
    "Prepare", display_name="Prepare", description="Takes the first rows", cache_config=cache, retry_policies=retries,
    step_args=scripted.run(
        code=script("prepare.py", '''import sys
with open("/opt/ml/processing/in/rows.csv") as rows, open("/opt/ml/processing/train/rows.csv", "w") as out:
    out.writelines(rows.readlines()[:int(sys.argv[2])])
'''),
        inputs=[ProcessingInput(source=data, destination="/opt/ml/processing/in")],
        outputs=[ProcessingOutput(output_name="train", source="/opt/ml/processing/train")],
        arguments=["--rows", rows.to_string()]))
prepared = prepare.properties.ProcessingOutputConfig.Outputs["train"].S3Output.S3Uri


def trainer(sagemaker_session):
    return Estimator(
        sagemaker_session=sagemaker_session, output_path=f"s3://{bucket}/models", hyperparameters={"rows": rows, "threshold": threshold},
        container_entry_point=["sh", "-ec", 'wc -l < /opt/ml/input/data/train/rows.csv | tr -d " " > /opt/ml/model/rows; echo "asked=$SM_HP_ROWS;"'],
        metric_definitions=[{"Name": "asked", "Regex": "asked=([0-9]+);"}], **common)


train = TrainingStep(
    "Train", cache_config=cache, retry_policies=retries,
    step_args=trainer(pipelines).fit(inputs={"train": TrainingInput(s3_data=prepared, content_type="text/csv")}))
# the older form with an estimator
again = TrainingStep(
    "TrainAgain", estimator=trainer(session), inputs={"train": TrainingInput(s3_data=prepared, content_type="text/csv")}, depends_on=[train])

report = PropertyFile(name="Report", output_name="report", path="report.json")
judge = ProcessingStep(
    "Evaluate", property_files=[report], cache_config=cache,
    processor=Processor(entrypoint=["sh", "-ec"], sagemaker_session=session, **common),
    job_arguments=['cd /opt/ml/processing; tar -xzf model/model.tar.gz; printf \'{"auc": {"value": 0.%s}}\' "$(cat rows)" > report/report.json'],
    inputs=[ProcessingInput(source=train.properties.ModelArtifacts.S3ModelArtifacts, destination="/opt/ml/processing/model")],
    outputs=[ProcessingOutput(output_name="report", source="/opt/ml/processing/report")])
auc = JsonGet(step_name=judge.name, property_file=report, json_path="auc.value")

model = Model(
    image_uri="000000000000.dkr.ecr.us-east-1.amazonaws.com/python-server:1", model_data=train.properties.ModelArtifacts.S3ModelArtifacts,
    role=role, sagemaker_session=pipelines, env={"LEVEL": "1"})
register = ModelStep("Register", step_args=model.register(
    content_types=["text/csv"], response_types=["text/csv"], inference_instances=["ml.m5.large"], transform_instances=["ml.m5.large"],
    model_package_group_name="churn", approval_status=approval, description="the churn model", customer_metadata_properties={"rows": rows.to_string()},
    model_metrics=ModelMetrics(model_statistics=MetricsSource(
        content_type="application/json",
        s3_uri=Join(on="/", values=[judge.properties.ProcessingOutputConfig.Outputs["report"].S3Output.S3Uri, "report.json"])))))
create = ModelStep("Create", step_args=model.create(instance_type="ml.m5.large"))
too_weak = FailStep("TooWeak", error_message=Join(on=" ", values=["AUC", auc, "is below", threshold, "in", ExecutionVariables.PIPELINE_NAME]))
gate = ConditionStep(
    "Gate", conditions=[ConditionGreaterThanOrEqualTo(left=auc, right=threshold)],
    if_steps=[register, ConditionStep(
        "Deployable", conditions=[ConditionEquals(left=deploy, right=True), ConditionNot(ConditionIn(value=approval, in_values=["Rejected"]))],
        if_steps=[create], else_steps=[])],
    else_steps=[too_weak])

pipeline = Pipeline(
    "churn", parameters=[data, approval, rows, threshold, deploy], steps=[prepare, train, again, judge, gate], sagemaker_session=pipelines)
made = pipeline.upsert(role_arn=role, description="first", tags=[{"Key": "team", "Value": "ml"}], parallelism_config={"MaxParallelExecutionSteps": 1})
assert made["PipelineArn"].endswith(":pipeline/churn"), made
made = pipeline.upsert(role_arn=role, description="second", tags=[{"Key": "stage", "Value": "dev"}], parallelism_config={"MaxParallelExecutionSteps": 2})
described = pipeline.describe()
assert (described["PipelineDescription"], described["ParallelismConfiguration"]) == ("second", {"MaxParallelExecutionSteps": 2}), described
assert json.loads(described["PipelineDefinition"]) == json.loads(pipeline.definition())
assert sorted(tag["Key"] for tag in session.list_tags(made["PipelineArn"])) == ["stage", "team"]


def run(pipeline, **options):
    """Runs a pipeline to its end, be it good or bad."""
    execution = pipeline.start(**options)
    try:
        execution.wait(delay=1, max_attempts=240)
    except WaiterError:
        pass
    steps = execution.list_steps()
    return execution, {step["StepName"]: step for step in steps}


execution, steps = run(pipeline, parameters={"Rows": 2, "Threshold": 0.2}, execution_display_name="first", execution_description="by a test")
ended = execution.describe()
assert ended["PipelineExecutionStatus"] == "Succeeded", (ended, steps)
assert {name: step["StepStatus"] for name, step in steps.items()} == dict.fromkeys([
    "Prepare", "Train", "TrainAgain", "Evaluate", "Gate", "Deployable", "Register-RegisterModel", "Create-CreateModel"], "Succeeded"), steps
given = {entry["Name"]: entry["Value"] for entry in execution.list_parameters()["PipelineParameters"]}
assert given == {"InputData": f"s3://{bucket}/raw", "Approval": "PendingManualApproval", "Rows": "2", "Threshold": "0.2", "Deploy": "true"}, given
trained = client.describe_training_job(TrainingJobName=steps["Train"]["Metadata"]["TrainingJob"]["Arn"].split("/")[-1])
assert trained["FinalMetricDataList"][0]["Value"] == 2.0 and trained["HyperParameters"]["threshold"] == "0.2", trained
version = client.describe_model_package(ModelPackageName=steps["Register-RegisterModel"]["Metadata"]["RegisterModel"]["Arn"])
assert (version["ModelApprovalStatus"], version["CustomerMetadataProperties"]) == ("PendingManualApproval", {"rows": "2"}), version
assert version["ModelMetrics"]["ModelQuality"]["Statistics"]["S3Uri"].endswith("/output/report/report.json"), version
assert pipeline.list_executions()["PipelineExecutionSummaries"][0]["PipelineExecutionDisplayName"] == "first"

# the gate holds, on the results of the jobs that ran before
execution, steps = run(pipeline, parameters={"Threshold": 0.9, "Rows": 2})
ended = execution.describe()
assert ended["PipelineExecutionStatus"] == "Failed" and "AUC 0.2 is below 0.9 in churn" in ended["FailureReason"], ended
assert steps["Prepare"]["CacheHitResult"] and "Register-RegisterModel" not in steps, steps

# some steps of an execution again
execution, steps = run(pipeline, parameters={"Threshold": 0.2, "Rows": 2}, selective_execution_config=SelectiveExecutionConfig(
    selected_steps=["TrainAgain"], source_pipeline_execution_arn=execution.arn))
assert execution.describe()["PipelineExecutionStatus"] == "Succeeded", execution.describe()

refused(lambda: pipeline.start(parameters={"Approval": "Perhaps"}), "Approval")
refused(lambda: pipeline.start(parameters={"Nothing": "1"}), "Nothing")

# the older forms of registering and making a model
learn = TrainingStep("Learn", estimator=Estimator(sagemaker_session=session, container_entry_point=["sh", "-c", "echo > /opt/ml/model/m"], **common))
artifacts = learn.properties.ModelArtifacts.S3ModelArtifacts
older = Pipeline("older", sagemaker_session=pipelines, steps=[
    learn,
    RegisterModel(
        "Keep", estimator=learn.estimator, model_data=artifacts, content_types=["text/csv"], response_types=["text/csv"], inference_instances=["ml.m5.large"],
        transform_instances=["ml.m5.large"], model_package_group_name="older", approval_status="Approved", image_uri=image),
    CreateModelStep("Make", model=Model(image_uri=image, model_data=artifacts, role=role, sagemaker_session=session), inputs=CreateModelInput(instance_type="ml.m5.large"))])
older.upsert(role_arn=role)
execution, steps = run(older)
assert {name: step["StepStatus"] for name, step in steps.items()} == dict.fromkeys(["Learn", "Keep-RegisterModel", "Make"], "Succeeded"), steps

slow = Pipeline("slow", sagemaker_session=pipelines, steps=[ProcessingStep(
    "Wait", step_args=Processor(entrypoint=["sh", "-c"], sagemaker_session=pipelines, **common).run(arguments=["sleep 600 & wait"]))])
slow.create(role_arn=role)
slow.update(role_arn=role, description="slow")
execution = slow.start()
execution.stop()
try:
    execution.wait(delay=1, max_attempts=240)
except WaiterError:
    pass
assert execution.describe()["PipelineExecutionStatus"] == "Stopped", execution.describe()
assert slow.delete()["PipelineArn"].endswith("/slow")
refused(slow.describe, "ResourceNotFound")
