"""ModelTrainer with a script of one's own, and processors: version 3 of the SDK."""
import os
import tempfile
from sagemaker.core.processing import ScriptProcessor
from sagemaker.core.resources import ProcessingJob, TrainingJob
from sagemaker.core.shapes import CheckpointConfig, OutputDataConfig, ProcessingInput, ProcessingOutput, ProcessingS3Input, ProcessingS3Output, StoppingCondition, Tag
from sagemaker.core.utils.exceptions import FailedStatusError
from sagemaker.train import ModelTrainer
from sagemaker.train.configs import Compute, InputData, SourceCode
from sdk import bucket, image, refused, role, session

data = session.upload_string_as_file_body("1,2\n3,4\n", bucket=bucket, key="train/rows.csv").rsplit("/", 1)[0]
folder = tempfile.mkdtemp()
with open(os.path.join(folder, "train.py"), "w", encoding="utf-8") as file:
    file.write('''import os, sys
with open(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "rows.csv")) as rows:
    count = len(rows.readlines())
with open(os.path.join(os.environ["SM_MODEL_DIR"], "rows"), "w") as out:
    out.write(f"{count} of depth {os.environ['SM_HP_DEPTH']}")
if os.environ.get("FAIL"):
    sys.exit("no such column: age")
print("trained on", count)
''')


def trainer(**more):
    return ModelTrainer(
        sagemaker_session=session, role=role, training_image=image, source_code=SourceCode(source_dir=folder, entry_script="train.py"), hyperparameters={"depth": 5},
        compute=Compute(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=5), stopping_condition=StoppingCondition(max_runtime_in_seconds=600),
        output_data_config=OutputDataConfig(s3_output_path=f"s3://{bucket}/models"), tags=[Tag(key="team", value="ml")], **more)


train = trainer(base_job_name="first", checkpoint_config=CheckpointConfig(s3_uri=f"s3://{bucket}/points"))
train.train(input_data_config=[InputData(channel_name="train", data_source=data)], wait=True, logs=True)
job = train._latest_training_job.refresh()
assert job.training_job_status == "Completed", job
assert job.model_artifacts.s3_model_artifacts.endswith("/output/model.tar.gz"), job
found = TrainingJob.get(job.training_job_name)
assert found.hyper_parameters["depth"] == "5", found
assert [entry.training_job_name for entry in TrainingJob.get_all(name_contains="first")] == [job.training_job_name]

refused(
    lambda: trainer(base_job_name="failing", environment={"FAIL": "1"}).train(input_data_config=[InputData(channel_name="train", data_source=data)]),
    "AlgorithmError", "exit code: 1", error=FailedStatusError)

# a processor with a script
with open(os.path.join(folder, "count.py"), "w", encoding="utf-8") as file:
    file.write('''with open("/opt/ml/processing/in/rows.csv") as rows, open("/opt/ml/processing/out/count", "w") as out:
    out.write(str(len(rows.readlines())))
''')
processor = ScriptProcessor(role=role, image_uri=image, command=["python3"], instance_count=1, instance_type="ml.m5.large", sagemaker_session=session)
processor.run(
    code=os.path.join(folder, "count.py"), job_name="counting",
    inputs=[ProcessingInput(input_name="rows", s3_input=ProcessingS3Input(
        s3_uri=data, local_path="/opt/ml/processing/in", s3_data_type="S3Prefix", s3_input_mode="File"))],
    outputs=[ProcessingOutput(output_name="count", s3_output=ProcessingS3Output(
        s3_uri=f"s3://{bucket}/counted", local_path="/opt/ml/processing/out", s3_upload_mode="EndOfJob"))])
assert ProcessingJob.get("counting").processing_job_status == "Completed"
assert session.read_s3_file(bucket, "counted/count") == "2"
