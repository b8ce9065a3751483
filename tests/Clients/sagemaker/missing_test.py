"""What local AWS does not have is refused by name, in what the SDK raises."""
import boto3
from sagemaker.automl.automl import AutoML
from sagemaker.estimator import Estimator
from sagemaker.experiments import Run
from sagemaker.inputs import TrainingInput, TransformInput
from sagemaker.lineage.artifact import Artifact
from sagemaker.lineage.context import Context
from sagemaker.model_monitor import CronExpressionGenerator, DefaultModelMonitor
from sagemaker.transformer import Transformer
from sagemaker.tuner import ContinuousParameter, HyperparameterTuner
from sagemaker.workflow.emr_step import EMRStep, EMRStepConfig
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import TransformStep, TuningStep
from sagemaker.workflow.triggers import PipelineSchedule
from sdk import bucket, image, machine, refused, role, session

data = session.upload_string_as_file_body("1,2\n", bucket=bucket, key="rows/rows.csv")
metrics = [{"Name": "auc", "Regex": "auc=(.*)"}]


def estimator(**more):
    return Estimator(image_uri=image, role=role, sagemaker_session=session, container_entry_point=["true"], metric_definitions=metrics, **machine, **more)


refused(lambda: estimator(use_spot_instances=True, max_run=60, max_wait=60).fit(), "CreateTrainingJob.EnableManagedSpotTraining")
refused(lambda: estimator(keep_alive_period_in_seconds=60).fit(), "ResourceConfig.KeepAlivePeriodInSeconds")
refused(lambda: estimator(input_mode="Pipe").fit({"train": data}), "TrainingInputMode Pipe")
refused(lambda: estimator(enable_remote_debug=True).fit(), "CreateTrainingJob.RemoteDebugConfig")
refused(lambda: estimator(checkpoint_s3_uri=f"s3://{bucket}/points", checkpoint_local_path="/tmp/points").fit(), "CheckpointConfig.LocalPath outside /opt/ml")
refused(lambda: estimator().fit({"train": TrainingInput(data, compression="Gzip")}), "CompressionType Gzip")
refused(lambda: estimator().fit(experiment_config={"ExperimentName": "churn"}), "CreateTrainingJob.ExperimentConfig")

refused(lambda: Run(experiment_name="churn", run_name="first", sagemaker_session=session).__enter__(), "SageMaker.CreateExperiment")
refused(lambda: Artifact.create(artifact_name="rows", source_uri=data, artifact_type="DataSet", sagemaker_session=session), "SageMaker.CreateArtifact")
refused(lambda: list(Context.list(sagemaker_session=session)), "SageMaker.ListContexts")
tuner = HyperparameterTuner(estimator(), "auc", {"eta": ContinuousParameter(0, 1)}, metric_definitions=metrics)
refused(lambda: tuner.fit({"train": data}), "SageMaker.CreateHyperParameterTuningJob")
refused(lambda: Transformer("churn", 1, "ml.m5.large", sagemaker_session=session, output_path=f"s3://{bucket}/out", base_transform_job_name="rows").transform(data), "SageMaker.CreateTransformJob")
refused(lambda: AutoML(role=role, target_attribute_name="clicked", sagemaker_session=session).fit(data), "SageMaker.CreateAutoMLJob")
monitor = DefaultModelMonitor(role=role, sagemaker_session=session, instance_type="ml.m5.large")
refused(
    lambda: monitor.create_monitoring_schedule(endpoint_input="churn", output_s3_uri=f"s3://{bucket}/reports", schedule_cron_expression=CronExpressionGenerator.daily()),
    "SageMaker.CreateDataQualityJobDefinition")

pipelines = PipelineSession(default_bucket=bucket)
for kind, step in {
    "Transform": TransformStep("T", transformer=Transformer("m", 1, "ml.m5.large", sagemaker_session=session), inputs=TransformInput(data)),
    "Tuning": TuningStep("T", tuner=tuner, inputs={"train": TrainingInput(data)}),
    "EMR": EMRStep("T", "spark", "a job", "j-1", EMRStepConfig(jar=f"s3://{bucket}/job.jar")),
}.items():
    pipeline = Pipeline("missing", steps=[step], sagemaker_session=pipelines)
    refused(lambda: pipeline.create(role_arn=role), f"Steps[0] 'T': step type {kind} is not supported by local AWS")
