// A definition in the shape that the SageMaker Python SDK writes, with real jobs behind it.
import test from 'node:test';
import assert from 'node:assert/strict';
import { S3Client, CreateBucketCommand, PutObjectCommand, GetObjectCommand } from '@aws-sdk/client-s3';
import {
  SageMakerClient, CreatePipelineCommand, StartPipelineExecutionCommand, DescribePipelineExecutionCommand, ListPipelineExecutionStepsCommand,
  DescribePipelineDefinitionForExecutionCommand, ListModelPackagesCommand, DescribeModelPackageCommand, DescribeModelCommand, DescribeTrainingJobCommand,
  ListTrainingJobsCommand, ListProcessingJobsCommand,
} from '@aws-sdk/client-sagemaker';

const sagemaker = new SageMakerClient();
const s3 = new S3Client({ forcePathStyle: true });
const role = process.env.SM_EXEC_ROLE_ARN;
const image = process.env.COMMAND_IMAGE;
const bucket = 'sagemaker-us-east-1-000000000000';
const get = (path) => ({ Get: path });
const join = (on, ...values) => ({ 'Std:Join': { On: on, Values: values } });
const jsonGet = (path) => ({ 'Std:JsonGet': { PropertyFile: get('Steps.EvaluateModel.PropertyFiles.EvaluationReport'), Path: path } });

// what each job does instead of the SDK's scripts: the numbers come from the data that it was given
const preprocess = 'd=/opt/ml/processing; grep -v "^#" $d/input/data/rows.csv | head -n "$1" > $d/train/train.csv; tail -n 2 $d/input/data/rows.csv > $d/test/test.csv';
const train = 'wc -l < /opt/ml/input/data/train/train.csv | tr -d " " > /opt/ml/model/rows; echo "depth=$SM_HP_MAX_DEPTH; rows=$(cat /opt/ml/model/rows);"';
const evaluate = 'd=/opt/ml/processing; tar -xzf $d/model/model.tar.gz -C $d/evaluation rows; r=$(cat $d/evaluation/rows); t=$(wc -l < $d/test/test.csv | tr -d " ");'
  + ' printf \'{"metrics": {"accuracy": {"value": 0.%s}, "rows": [%s, %s], "by.name": {"best": "depth %s"}}}\' "$r" "$r" "$t" 5 > $d/evaluation/evaluation.json';

const input = (InputName, uri, LocalPath) => ({ InputName, AppManaged: false, S3Input: {
  S3Uri: uri, LocalPath, S3DataType: 'S3Prefix', S3InputMode: 'File', S3DataDistributionType: 'FullyReplicated', S3CompressionType: 'None' } });
const output = (OutputName, step) => ({ OutputName, AppManaged: false, S3Output: {
  S3Uri: join('/', 's3:/', bucket, 'AbalonePipeline', get('Execution.PipelineExecutionId'), step, 'output', OutputName),
  LocalPath: `/opt/ml/processing/${OutputName}`, S3UploadMode: 'EndOfJob' } });
const outputOf = (step, name) => get(`Steps.${step}.ProcessingOutputConfig.Outputs['${name}'].S3Output.S3Uri`);
const cluster = { ClusterConfig: { InstanceType: get('Parameters.ProcessingInstanceType'), InstanceCount: get('Parameters.ProcessingInstanceCount'), VolumeSizeInGB: 30 } };
const CacheConfig = { Enabled: true, ExpireAfter: '30d' };
const RetryPolicies = [
  { BackoffRate: 2.0, IntervalSeconds: 1, MaxAttempts: 5, ExceptionType: ['Step.SERVICE_FAULT', 'Step.THROTTLING'] },
  { BackoffRate: 2.0, IntervalSeconds: 1, ExpireAfterMin: 5, ExceptionType: ['SageMaker.JOB_INTERNAL_ERROR', 'SageMaker.CAPACITY_ERROR', 'SageMaker.RESOURCE_LIMIT'] },
];
const container = { Image: image, Environment: { SAGEMAKER_PROGRAM: 'inference.py' }, ModelDataUrl: get('Steps.TrainModel.ModelArtifacts.S3ModelArtifacts') };

const register = {
  Name: 'Register-RegisterModel', Type: 'RegisterModel', Arguments: {
    ModelPackageGroupName: 'AbaloneGroup',
    ModelMetrics: {
      ModelQuality: { Statistics: { ContentType: 'application/json', S3Uri: join('/', outputOf('EvaluateModel', 'evaluation'), 'evaluation.json') } },
      Bias: {}, Explainability: {} },
    InferenceSpecification: {
      Containers: [container], SupportedContentTypes: ['text/csv'], SupportedResponseMIMETypes: ['text/csv'],
      SupportedRealtimeInferenceInstanceTypes: ['ml.t2.medium'], SupportedTransformInstanceTypes: ['ml.m5.large'] },
    ModelApprovalStatus: get('Parameters.ModelApprovalStatus'), SkipModelValidation: 'None',
    CustomerMetadataProperties: { Best: jsonGet("metrics['by.name'].best"), Tested: join('', jsonGet('metrics.rows[1]'), ' rows') } } };
const createModel = { Name: 'CreateModel-CreateModel', Type: 'Model', Arguments: { ExecutionRoleArn: role, PrimaryContainer: container } };
const fail = (name, ...words) => ({ Name: name, Type: 'Fail', Arguments: { ErrorMessage: join(' ', ...words) } });

const definition = JSON.stringify({
  Version: '2020-12-01', Metadata: {},
  Parameters: [
    { Name: 'ProcessingInstanceType', Type: 'String', DefaultValue: 'ml.m5.xlarge', EnumValues: ['ml.m5.xlarge', 'ml.m5.4xlarge'] },
    { Name: 'ProcessingInstanceCount', Type: 'Integer', DefaultValue: 1 },
    { Name: 'InputData', Type: 'String', DefaultValue: `s3://${bucket}/abalone` },
    { Name: 'ModelApprovalStatus', Type: 'String', DefaultValue: 'PendingManualApproval' },
    { Name: 'AccuracyThreshold', Type: 'Float', DefaultValue: 0.3 },
    { Name: 'Deploy', Type: 'Boolean', DefaultValue: true },
  ],
  PipelineExperimentConfig: { ExperimentName: get('Execution.PipelineName'), TrialName: get('Execution.PipelineExecutionId') },
  Steps: [
    { Name: 'PreprocessData', Type: 'Processing', DisplayName: 'Preprocess', Description: 'Splits the rows', CacheConfig, RetryPolicies, Arguments: {
      ProcessingResources: cluster, RoleArn: role,
      AppSpecification: { ImageUri: image, ContainerEntrypoint: ['sh', '-ec', preprocess, 'preprocess'], ContainerArguments: ['4'] },
      ProcessingInputs: [input('data', get('Parameters.InputData'), '/opt/ml/processing/input/data')],
      ProcessingOutputConfig: { Outputs: [output('train', 'PreprocessData'), output('test', 'PreprocessData')] } } },
    { Name: 'TrainModel', Type: 'Training', CacheConfig, RetryPolicies, Arguments: {
      AlgorithmSpecification: { TrainingInputMode: 'File', TrainingImage: image, ContainerEntrypoint: ['sh', '-ec', train], MetricDefinitions: [{ Name: 'rows', Regex: 'rows=([0-9]+);' }] },
      OutputDataConfig: { S3OutputPath: `s3://${bucket}/models` }, StoppingCondition: { MaxRuntimeInSeconds: 86400 },
      ResourceConfig: { VolumeSizeInGB: 30, InstanceCount: 1, InstanceType: 'ml.m5.xlarge' }, RoleArn: role,
      InputDataConfig: [{ ChannelName: 'train', ContentType: 'text/csv', DataSource: { S3DataSource: {
        S3DataType: 'S3Prefix', S3Uri: outputOf('PreprocessData', 'train'), S3DataDistributionType: 'FullyReplicated' } } }],
      HyperParameters: { max_depth: '5', objective: 'reg:linear' },
      DebugHookConfig: { S3OutputPath: `s3://${bucket}/models`, CollectionConfigurations: [] }, ProfilerConfig: { S3OutputPath: `s3://${bucket}/models`, DisableProfiler: false } } },
    { Name: 'EvaluateModel', Type: 'Processing', CacheConfig, DependsOn: ['PreprocessData'], Arguments: {
      ProcessingResources: cluster, RoleArn: role, AppSpecification: { ImageUri: image, ContainerEntrypoint: ['sh', '-ec', evaluate] },
      ProcessingInputs: [
        input('input-1', get('Steps.TrainModel.ModelArtifacts.S3ModelArtifacts'), '/opt/ml/processing/model'),
        input('input-2', outputOf('PreprocessData', 'test'), '/opt/ml/processing/test')],
      ProcessingOutputConfig: { Outputs: [output('evaluation', 'EvaluateModel')] } },
      PropertyFiles: [{ PropertyFileName: 'EvaluationReport', OutputName: 'evaluation', FilePath: 'evaluation.json' }] },
    { Name: 'CheckAccuracy', Type: 'Condition', Arguments: {
      Conditions: [{ Type: 'GreaterThanOrEqualTo', LeftValue: jsonGet('metrics.accuracy.value'), RightValue: get('Parameters.AccuracyThreshold') }],
      IfSteps: [register, { Name: 'CheckDeploy', Type: 'Condition', Arguments: {
        Conditions: [
          { Type: 'Equals', LeftValue: get('Parameters.Deploy'), RightValue: true },
          { Type: 'Not', Condition: { Type: 'In', QueryValue: get('Parameters.ModelApprovalStatus'), Values: ['Rejected'] } }],
        IfSteps: [createModel], ElseSteps: [] } }],
      ElseSteps: [fail('TooWeak', 'Execution failed: accuracy', jsonGet('metrics.accuracy.value'), '<', get('Parameters.AccuracyThreshold'))] } },
  ],
});

async function run(...PipelineParameters) {
  const { PipelineExecutionArn } = await sagemaker.send(new StartPipelineExecutionCommand({ PipelineName: 'AbalonePipeline', PipelineParameters }));
  const late = Date.now() + 240_000;
  for (;;) {
    const execution = await sagemaker.send(new DescribePipelineExecutionCommand({ PipelineExecutionArn }));
    if (execution.PipelineExecutionStatus !== 'Executing') {
      const { PipelineExecutionSteps } = await sagemaker.send(new ListPipelineExecutionStepsCommand({ PipelineExecutionArn, SortOrder: 'Ascending' }));
      return { ...execution, steps: Object.fromEntries(PipelineExecutionSteps.map((s) => [s.StepName, s])) };
    }
    assert.ok(Date.now() < late, 'the execution did not end');
    await new Promise((next) => setTimeout(next, 50));
  }
}

const versions = async () => (await sagemaker.send(new ListModelPackagesCommand({ ModelPackageGroupName: 'AbaloneGroup' }))).ModelPackageSummaryList;
const jobs = async () => [
  (await sagemaker.send(new ListProcessingJobsCommand({}))).ProcessingJobSummaries.length, (await sagemaker.send(new ListTrainingJobsCommand({}))).TrainingJobSummaries.length];
const object = async (uri) => {
  const { host, pathname } = new URL(uri);
  return (await s3.send(new GetObjectCommand({ Bucket: host, Key: pathname.slice(1) }))).Body.transformToString();
};

test('the definition is taken as it is and its jobs, gate, registration and model really happen', async () => {
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'abalone/rows.csv', Body: '# head\n1,a\n2,b\n3,c\n4,d\n5,e\n' }));
  await sagemaker.send(new CreatePipelineCommand({ PipelineName: 'AbalonePipeline', PipelineDefinition: definition, RoleArn: role }));
  const ended = await run();
  assert.equal(ended.PipelineExecutionStatus, 'Succeeded', ended.FailureReason);
  assert.deepEqual(Object.entries(ended.steps).map(([name, s]) => [name, s.StepStatus]).sort(), [
    ['CheckAccuracy', 'Succeeded'], ['CheckDeploy', 'Succeeded'], ['CreateModel-CreateModel', 'Succeeded'], ['EvaluateModel', 'Succeeded'],
    ['PreprocessData', 'Succeeded'], ['Register-RegisterModel', 'Succeeded'], ['TrainModel', 'Succeeded']]);
  assert.equal((await sagemaker.send(new DescribePipelineDefinitionForExecutionCommand({ PipelineExecutionArn: ended.PipelineExecutionArn }))).PipelineDefinition, definition);

  const trained = await sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: ended.steps.TrainModel.Metadata.TrainingJob.Arn.split('/').at(-1) }));
  assert.deepEqual(trained.FinalMetricDataList.map((m) => [m.MetricName, m.Value]), [['rows', 4]]);
  const [version, ...others] = await versions();
  assert.deepEqual([version.ModelPackageArn, others], [ended.steps['Register-RegisterModel'].Metadata.RegisterModel.Arn, []]);
  const registered = await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: version.ModelPackageArn }));
  assert.equal(registered.ModelApprovalStatus, 'PendingManualApproval');
  assert.deepEqual(registered.CustomerMetadataProperties, { Best: 'depth 5', Tested: '2 rows' });
  assert.equal(registered.InferenceSpecification.Containers[0].ModelDataUrl, trained.ModelArtifacts.S3ModelArtifacts);
  assert.equal(JSON.parse(await object(registered.ModelMetrics.ModelQuality.Statistics.S3Uri)).metrics.accuracy.value, 0.4);
  const ModelName = ended.steps['CreateModel-CreateModel'].Metadata.Model.Arn.split('/').at(-1);
  assert.equal((await sagemaker.send(new DescribeModelCommand({ ModelName }))).PrimaryContainer.ModelDataUrl, trained.ModelArtifacts.S3ModelArtifacts);
  assert.deepEqual(await jobs(), [2, 1]);
});

test('an execution with the same arguments takes the cached jobs, and the gate decides on their numbers', async () => {
  const refused = await run({ Name: 'AccuracyThreshold', Value: '0.9' });
  assert.equal(refused.PipelineExecutionStatus, 'Failed');
  assert.match(refused.FailureReason, /TooWeak: Execution failed: accuracy 0\.4 < 0\.9/);
  for (const step of ['PreprocessData', 'TrainModel', 'EvaluateModel']) {
    assert.match(refused.steps[step].CacheHitResult.SourcePipelineExecutionArn, /pipeline\/AbalonePipeline\/execution\//, step);
  }
  assert.equal(refused.steps['Register-RegisterModel'], undefined);
  assert.equal((await versions()).length, 1);
  assert.deepEqual(await jobs(), [2, 1]);
});

test('other data runs the jobs again, and parameters reach registration and the nested gate', async () => {
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'other/rows.csv', Body: '1\n2\n3\n' }));
  const ended = await run({ Name: 'InputData', Value: `s3://${bucket}/other` }, { Name: 'ModelApprovalStatus', Value: 'Rejected' });
  assert.equal(ended.PipelineExecutionStatus, 'Succeeded', ended.FailureReason);
  assert.equal(ended.steps.PreprocessData.CacheHitResult, undefined);
  assert.deepEqual(ended.steps.CheckDeploy.Metadata, { Condition: { Outcome: 'False' } });
  assert.equal(ended.steps['CreateModel-CreateModel'], undefined);
  assert.deepEqual((await versions()).map((v) => v.ModelApprovalStatus).sort(), ['PendingManualApproval', 'Rejected']);
  assert.deepEqual(await jobs(), [4, 2]);
});
