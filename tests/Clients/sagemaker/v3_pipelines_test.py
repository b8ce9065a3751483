"""sagemaker.mlops.workflow: a pipeline of version 3, as the SDK writes it."""
import os
import tempfile
from botocore.exceptions import WaiterError
from sagemaker.core.processing import ScriptProcessor
from sagemaker.core.shapes import ProcessingInput, ProcessingOutput, ProcessingS3Input, ProcessingS3Output
from sagemaker.core.workflow.conditions import ConditionGreaterThanOrEqualTo
from sagemaker.core.workflow.functions import Join, JsonGet
from sagemaker.core.workflow.parameters import ParameterFloat, ParameterString
from sagemaker.core.workflow.pipeline_context import PipelineSession
from sagemaker.core.workflow.properties import PropertyFile
from sagemaker.mlops.workflow.condition_step import ConditionStep
from sagemaker.mlops.workflow.fail_step import FailStep
from sagemaker.mlops.workflow.pipeline import Pipeline
from sagemaker.mlops.workflow.steps import CacheConfig, ProcessingStep, TrainingStep
from sagemaker.train import ModelTrainer
from sagemaker.train.configs import Compute, InputData, SourceCode
from sdk import bucket, image, role, session

session.upload_string_as_file_body("1,a\n2,b\n", bucket=bucket, key="raw/rows.csv")
pipelines = PipelineSession(default_bucket=bucket)
data = ParameterString("InputData", default_value=f"s3://{bucket}/raw")
threshold = ParameterFloat("Threshold", default_value=0.1)
cache = CacheConfig(enable_caching=True, expire_after="P30d")
folder = tempfile.mkdtemp()
for name, text in {
    "train.py": '''import os
with open(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "rows.csv")) as rows, open(os.path.join(os.environ["SM_MODEL_DIR"], "rows"), "w") as out:
    out.write(str(len(rows.readlines())))
''',
    "judge.py": '''import json, tarfile
with tarfile.open("/opt/ml/processing/model/model.tar.gz") as model, open("/opt/ml/processing/report/report.json", "w") as out:
    json.dump({"auc": int(model.extractfile("rows").read()) / 10}, out)
'''}.items():
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)

train = TrainingStep("Train", cache_config=cache, step_args=ModelTrainer(
    sagemaker_session=pipelines, role=role, training_image=image, source_code=SourceCode(source_dir=folder, entry_script="train.py"),
    compute=Compute(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=5)).train(input_data_config=[InputData(channel_name="train", data_source=data)]))
report = PropertyFile(name="Report", output_name="report", path="report.json")
judge = ProcessingStep("Judge", property_files=[report], cache_config=cache, step_args=ScriptProcessor(
    role=role, image_uri=image, command=["python3"], instance_count=1, instance_type="ml.m5.large", sagemaker_session=pipelines).run(
        code=os.path.join(folder, "judge.py"),
        inputs=[ProcessingInput(input_name="model", s3_input=ProcessingS3Input(
            s3_uri=train.properties.ModelArtifacts.S3ModelArtifacts, local_path="/opt/ml/processing/model", s3_data_type="S3Prefix", s3_input_mode="File"))],
        outputs=[ProcessingOutput(output_name="report", s3_output=ProcessingS3Output(
            s3_uri=f"s3://{bucket}/reports", local_path="/opt/ml/processing/report", s3_upload_mode="EndOfJob"))]))
auc = JsonGet(step_name=judge.name, property_file=report, json_path="auc")
gate = ConditionStep(
    "Gate", conditions=[ConditionGreaterThanOrEqualTo(left=auc, right=threshold)], if_steps=[],
    else_steps=[FailStep("TooWeak", error_message=Join(on=" ", values=["AUC", auc, "is below", threshold]))])
pipeline = Pipeline(name="churn", parameters=[data, threshold], steps=[train, judge, gate], sagemaker_session=pipelines)
pipeline.upsert(role_arn=role, description="version 3")


def run(**parameters):
    """Runs the pipeline to its end, be it good or bad."""
    execution = pipeline.start(parameters=parameters)
    try:
        execution.wait(delay=1, max_attempts=240)
    except WaiterError:
        pass
    return execution.describe(), {step["StepName"]: step for step in execution.list_steps()}


ended, steps = run()
assert ended["PipelineExecutionStatus"] == "Succeeded", (ended, steps)
assert {name: step["StepStatus"] for name, step in steps.items()} == {"Train": "Succeeded", "Judge": "Succeeded", "Gate": "Succeeded"}, steps
ended, steps = run(Threshold=0.9)
assert ended["PipelineExecutionStatus"] == "Failed" and "AUC 0.2 is below 0.9" in ended["FailureReason"], ended
assert steps["Train"]["CacheHitResult"], steps
pipeline.delete()
