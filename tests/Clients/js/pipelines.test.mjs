import test from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as later } from 'node:timers/promises';
import {
  SageMakerClient, CreatePipelineCommand, UpdatePipelineCommand, DescribePipelineCommand, DeletePipelineCommand, ListPipelinesCommand, paginateListPipelines,
  StartPipelineExecutionCommand, DescribePipelineExecutionCommand, ListPipelineExecutionsCommand, paginateListPipelineExecutions, ListPipelineExecutionStepsCommand,
  ListPipelineParametersForExecutionCommand, DescribePipelineDefinitionForExecutionCommand, UpdatePipelineExecutionCommand, RetryPipelineExecutionCommand,
  StopPipelineExecutionCommand, ListTagsCommand, ListPipelineVersionsCommand, UpdatePipelineVersionCommand,
  paginateListPipelineVersions, ListProcessingJobsCommand,
} from '@aws-sdk/client-sagemaker';
import { S3Client, CreateBucketCommand } from '@aws-sdk/client-s3';

const sagemaker = new SageMakerClient();
const RoleArn = process.env.SM_EXEC_ROLE_ARN;
const gate = (threshold) => JSON.stringify({
  Version: '2020-12-01',
  Metadata: {},
  Parameters: [
    { Name: 'Auc', Type: 'Float', DefaultValue: 0.7 },
    { Name: 'Stage', Type: 'String', DefaultValue: 'dev', EnumValues: ['dev', 'prod'] },
    { Name: 'Owner', Type: 'String' },
    { Name: 'Rows', Type: 'Integer', DefaultValue: 10 },
    { Name: 'Dry', Type: 'Boolean', DefaultValue: false },
  ],
  PipelineExperimentConfig: { ExperimentName: { Get: 'Execution.PipelineName' }, TrialName: { Get: 'Execution.PipelineExecutionId' } },
  Steps: [{
    Name: 'Gate', Type: 'Condition', DisplayName: 'Is it good enough', Description: 'Compares the AUC with the threshold',
    Arguments: {
      Conditions: [{ Type: 'GreaterThanOrEqualTo', LeftValue: { Get: 'Parameters.Auc' }, RightValue: threshold }],
      IfSteps: [],
      ElseSteps: [{ Name: 'Refuse', Type: 'Fail', Arguments: { ErrorMessage: { 'Std:Join': { On: ' ', Values: ['AUC', { Get: 'Parameters.Auc' }, 'is below', threshold] } } } }],
    },
  }],
});
const ended = async (PipelineExecutionArn) => {
  for (;;) {
    const execution = await sagemaker.send(new DescribePipelineExecutionCommand({ PipelineExecutionArn }));
    if (!['Executing', 'Stopping'].includes(execution.PipelineExecutionStatus)) return execution;
    await later(20);
  }
};

test('a pipeline is created, described, updated to a new version, listed and deleted', async () => {
  const made = await sagemaker.send(new CreatePipelineCommand({
    PipelineName: 'Life', PipelineDisplayName: 'life-cycle', PipelineDefinition: gate(0.65), PipelineDescription: 'first', RoleArn,
    Tags: [{ Key: 'team', Value: 'ml' }], ParallelismConfiguration: { MaxParallelExecutionSteps: 2 },
  }));
  assert.equal(made.PipelineArn, 'arn:aws:sagemaker:us-east-1:000000000000:pipeline/Life');
  const described = await sagemaker.send(new DescribePipelineCommand({ PipelineName: made.PipelineArn }));
  assert.equal(described.PipelineDefinition, gate(0.65));
  assert.equal(described.PipelineStatus, 'Active');
  assert.equal(described.PipelineDisplayName, 'life-cycle');
  assert.equal(described.RoleArn, RoleArn);
  assert.deepEqual(described.ParallelismConfiguration, { MaxParallelExecutionSteps: 2 });
  assert.ok(described.CreationTime instanceof Date);
  assert.equal(described.LastRunTime, undefined);
  assert.deepEqual((await sagemaker.send(new ListTagsCommand({ ResourceArn: made.PipelineArn }))).Tags, [{ Key: 'team', Value: 'ml' }]);

  const updated = await sagemaker.send(new UpdatePipelineCommand({ PipelineName: 'Life', PipelineDefinition: gate(0.8), PipelineDescription: 'second' }));
  assert.equal(updated.PipelineVersionId, 2);
  assert.equal((await sagemaker.send(new DescribePipelineCommand({ PipelineName: 'Life' }))).PipelineDescription, 'second');
  assert.equal((await sagemaker.send(new DescribePipelineCommand({ PipelineName: 'Life', PipelineVersionId: 1 }))).PipelineDefinition, gate(0.65));

  await sagemaker.send(new DeletePipelineCommand({ PipelineName: 'Life' }));
  await assert.rejects(sagemaker.send(new DescribePipelineCommand({ PipelineName: 'Life' })), { name: 'ResourceNotFound' });
  await assert.rejects(sagemaker.send(new ListTagsCommand({ ResourceArn: made.PipelineArn })), { name: 'ValidationException' });
});

test('a name that is taken, a role that is missing and a definition that can not run are each refused', async () => {
  const create = (input) => sagemaker.send(new CreatePipelineCommand({ PipelineName: 'Refused', PipelineDefinition: gate(0.5), RoleArn, ...input }));
  await create({});
  await assert.rejects(create({}), (e) => e.name === 'ValidationException' && /must be unique within.*already exists/.test(e.message));
  await assert.rejects(create({ PipelineName: 'Other', RoleArn: RoleArn + 'x' }), /Could not assume role/);
  await assert.rejects(create({ PipelineName: 'Other', PipelineDefinition: undefined }), /PipelineDefinition/);
  await assert.rejects(create({ PipelineName: 'Other', PipelineDefinition: gate(0.5).replace('"Condition"', '"EMR"') }),
    /Steps\[0\] 'Gate': step type EMR is not supported by local AWS/);
  await assert.rejects(sagemaker.send(new UpdatePipelineCommand({ PipelineName: 'Refused', PipelineDefinition: '{' })), /isn't JSON at line 1/);
  const one = (Type, Arguments) => create({ PipelineName: 'Other', PipelineDefinition: JSON.stringify({ Version: '2020-12-01', Parameters: [{ Name: 'Image', Type: 'String' }], Steps: [{ Name: 'S', Type, Arguments }] }) });
  const Image = { Get: 'Parameters.Image' };
  const training = {
    RoleArn, OutputDataConfig: { S3OutputPath: 's3://a-bucket/o' }, AlgorithmSpecification: { TrainingImage: Image, TrainingInputMode: 'File' },
    ResourceConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 1 }, StoppingCondition: { MaxRuntimeInSeconds: 60 },
  };
  await assert.rejects(one('Training', { ...training, EnableManagedSpotTraining: true }), /Steps\[0\] 'S'.Arguments: Local AWS does not support CreateTrainingJob.EnableManagedSpotTraining/);
  await assert.rejects(one('Processing', {
    RoleArn, AppSpecification: { ImageUri: Image }, ProcessingResources: { ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 1 } },
    ProcessingInputs: [{ InputName: 'i', S3Input: { S3Uri: { 'Std:Join': { On: '/', Values: ['s3:/', Image] } }, LocalPath: '/opt/ml/processing/i', S3DataType: 'S3Prefix', S3InputMode: 'Pipe' } }],
  }), /Steps\[0\] 'S'.Arguments: Local AWS does not support CreateProcessingJob.ProcessingInputs.S3Input.S3InputMode Pipe/);
  await assert.rejects(one('Model', { ExecutionRoleArn: RoleArn, PrimaryContainer: { Image, Mode: 'MultiModel' } }), /does not support CreateModel.PrimaryContainer.Mode MultiModel/);
  await assert.rejects(one('RegisterModel', { ModelPackageGroupName: 'g', InferenceSpecification: { SupportedContentTypes: ['text/csv'], SupportedResponseMIMETypes: ['text/csv'], Containers: [{ Image, ModelDataUrl: 'https://a/b' }] } }),
    /does not support CreateModelPackage.InferenceSpecification.Containers.ModelDataUrl as an https URL/);
  await assert.rejects(sagemaker.send(new UpdatePipelineCommand({ PipelineName: 'Nobody', PipelineDefinition: gate(1) })), { name: 'ResourceNotFound' });
  const names = (await sagemaker.send(new ListPipelinesCommand({ PipelineNamePrefix: 'O' }))).PipelineSummaries;
  assert.deepEqual(names, []);
});

test('a client token makes a request act once', async () => {
  const token = 'a'.repeat(36);
  const input = { PipelineName: 'Once', PipelineDefinition: gate(0.5), RoleArn, ClientRequestToken: token };
  const first = await sagemaker.send(new CreatePipelineCommand(input));
  assert.deepEqual((await sagemaker.send(new CreatePipelineCommand(input))).PipelineArn, first.PipelineArn);
  await assert.rejects(sagemaker.send(new CreatePipelineCommand({ ...input, PipelineName: 'Twice' })), { name: 'ConflictException' });
  const start = { PipelineName: 'Once', ClientRequestToken: token, PipelineParameters: [{ Name: 'Owner', Value: 'me' }] };
  const one = await sagemaker.send(new StartPipelineExecutionCommand(start));
  const two = await sagemaker.send(new StartPipelineExecutionCommand(start));
  assert.equal(one.PipelineExecutionArn, two.PipelineExecutionArn);
  const { PipelineExecutionSummaries } = await sagemaker.send(new ListPipelineExecutionsCommand({ PipelineName: 'Once' }));
  assert.equal(PipelineExecutionSummaries.length, 1);
});

test('an execution runs with its parameters and says what each step did', async () => {
  await sagemaker.send(new CreatePipelineCommand({ PipelineName: 'Runs', PipelineDefinition: gate(0.65), RoleArn }));
  const start = (...parameters) => sagemaker.send(new StartPipelineExecutionCommand({
    PipelineName: 'Runs', PipelineExecutionDisplayName: 'try-one', PipelineExecutionDescription: 'a try', PipelineParameters: parameters,
  }));
  const owner = { Name: 'Owner', Value: 'me' };
  await assert.rejects(start(), /'Owner' has no default value/);
  await assert.rejects(start(owner, { Name: 'Nope', Value: '1' }), /Unknown parameter 'Nope'/);
  await assert.rejects(start(owner, { Name: 'Auc', Value: 'high' }), /'high' of parameter 'Auc' is not of type Float/);
  await assert.rejects(start(owner, { Name: 'Rows', Value: '1.5' }), /is not of type Integer/);
  await assert.rejects(start(owner, { Name: 'Dry', Value: 'maybe' }), /is not of type Boolean/);
  await assert.rejects(start(owner, { Name: 'Stage', Value: 'test' }), /is not one of dev, prod/);

  const { PipelineExecutionArn } = await start(owner, { Name: 'Auc', Value: '0.5' }, { Name: 'Stage', Value: 'prod' });
  assert.match(PipelineExecutionArn, /^arn:aws:sagemaker:us-east-1:000000000000:pipeline\/Runs\/execution\/[a-z0-9]{12}$/);
  const execution = await ended(PipelineExecutionArn);
  assert.equal(execution.PipelineExecutionStatus, 'Failed');
  assert.match(execution.FailureReason, /One or multiple steps failed.*AUC 0.5 is below 0.65/);
  assert.equal(execution.PipelineExecutionDisplayName, 'try-one');
  assert.deepEqual(execution.PipelineExperimentConfig, { ExperimentName: 'Runs', TrialName: PipelineExecutionArn.slice(-12) });
  const { PipelineExecutionSteps: steps } = await sagemaker.send(new ListPipelineExecutionStepsCommand({ PipelineExecutionArn }));
  assert.deepEqual(steps.map((s) => [s.StepName, s.StepStatus]), [['Refuse', 'Failed'], ['Gate', 'Succeeded']]);
  assert.deepEqual(steps[1].Metadata, { Condition: { Outcome: 'False' } });
  assert.equal(steps[1].StepDisplayName, 'Is it good enough');
  assert.deepEqual(steps[0].Metadata, { Fail: { ErrorMessage: 'AUC 0.5 is below 0.65' } });
  assert.ok(steps[0].EndTime >= steps[0].StartTime);

  const { PipelineParameters } = await sagemaker.send(new ListPipelineParametersForExecutionCommand({ PipelineExecutionArn }));
  assert.deepEqual(PipelineParameters, [
    { Name: 'Auc', Value: '0.5' }, { Name: 'Stage', Value: 'prod' }, owner, { Name: 'Rows', Value: '10' }, { Name: 'Dry', Value: 'false' },
  ]);
  const definition = await sagemaker.send(new DescribePipelineDefinitionForExecutionCommand({ PipelineExecutionArn }));
  assert.equal(definition.PipelineDefinition, gate(0.65));

  await sagemaker.send(new UpdatePipelineExecutionCommand({ PipelineExecutionArn, PipelineExecutionDescription: 'looked at' }));
  assert.equal((await sagemaker.send(new DescribePipelineExecutionCommand({ PipelineExecutionArn }))).PipelineExecutionDescription, 'looked at');
  await assert.rejects(sagemaker.send(new StopPipelineExecutionCommand({ PipelineExecutionArn })), { name: 'ConflictException' });
  await sagemaker.send(new RetryPipelineExecutionCommand({ PipelineExecutionArn }));
  assert.equal((await ended(PipelineExecutionArn)).PipelineExecutionStatus, 'Failed');
  await assert.rejects(sagemaker.send(new DescribePipelineExecutionCommand({ PipelineExecutionArn: PipelineExecutionArn + 'x' })), { name: 'ResourceNotFound' });
});

test('pipelines and executions are listed by prefix, time and order, page by page', async () => {
  for (const name of ['ListC', 'ListA', 'ListB']) {
    await sagemaker.send(new CreatePipelineCommand({ PipelineName: name, PipelineDefinition: gate(0.5), RoleArn }));
  }
  const names = [];
  for await (const page of paginateListPipelines({ client: sagemaker, pageSize: 2 }, { PipelineNamePrefix: 'List', SortBy: 'Name', SortOrder: 'Ascending' })) {
    assert.ok(page.PipelineSummaries.length <= 2);
    names.push(...page.PipelineSummaries.map((p) => p.PipelineName));
  }
  assert.deepEqual(names, ['ListA', 'ListB', 'ListC']);
  const future = await sagemaker.send(new ListPipelinesCommand({ PipelineNamePrefix: 'List', CreatedAfter: new Date(Date.now() + 60_000) }));
  assert.deepEqual(future.PipelineSummaries, []);

  const started = [];
  for (let i = 0; i < 3; i++) {
    const { PipelineExecutionArn } = await sagemaker.send(new StartPipelineExecutionCommand({ PipelineName: 'ListA', PipelineParameters: [{ Name: 'Owner', Value: 'me' }] }));
    started.push((await ended(PipelineExecutionArn)).PipelineExecutionArn);
  }
  const listed = [];
  for await (const page of paginateListPipelineExecutions({ client: sagemaker, pageSize: 2 }, { PipelineName: 'ListA' })) {
    listed.push(...page.PipelineExecutionSummaries.map((e) => e.PipelineExecutionArn));
  }
  assert.deepEqual(listed, started.toReversed());
  const summary = (await sagemaker.send(new ListPipelinesCommand({ PipelineNamePrefix: 'ListA' }))).PipelineSummaries[0];
  assert.ok(summary.LastExecutionTime instanceof Date);
});

test('the versions of a pipeline are listed, named and described, with their last execution', async () => {
  const { PipelineArn } = await sagemaker.send(new CreatePipelineCommand({ PipelineName: 'Versions', PipelineDefinition: gate(0.5), RoleArn }));
  for (const threshold of [0.6, 0.7]) {
    await sagemaker.send(new UpdatePipelineCommand({ PipelineName: 'Versions', PipelineDefinition: gate(threshold) }));
  }
  const { PipelineExecutionArn } = await sagemaker.send(new StartPipelineExecutionCommand({ PipelineName: 'Versions', PipelineVersionId: 2, PipelineParameters: [{ Name: 'Owner', Value: 'me' }] }));
  assert.equal((await ended(PipelineExecutionArn)).PipelineVersionId, 2);
  const updated = await sagemaker.send(new UpdatePipelineVersionCommand({ PipelineArn, PipelineVersionId: 2, PipelineVersionDisplayName: 'the-stable-one', PipelineVersionDescription: 'asks for 0.6' }));
  assert.deepEqual([updated.PipelineArn, updated.PipelineVersionId], [PipelineArn, 2]);

  const listed = [];
  for await (const page of paginateListPipelineVersions({ client: sagemaker, pageSize: 2 }, { PipelineName: 'Versions' })) listed.push(...page.PipelineVersionSummaries);
  assert.deepEqual(listed.map((v) => [v.PipelineVersionId, v.PipelineVersionDisplayName, v.LastExecutionPipelineExecutionArn]),
    [[3, undefined, undefined], [2, 'the-stable-one', PipelineExecutionArn], [1, undefined, undefined]]);
  const oldest = await sagemaker.send(new ListPipelineVersionsCommand({ PipelineName: PipelineArn, SortOrder: 'Ascending', MaxResults: 1 }));
  assert.equal(oldest.PipelineVersionSummaries[0].PipelineVersionId, 1);
  assert.deepEqual((await sagemaker.send(new ListPipelineVersionsCommand({ PipelineName: 'Versions', CreatedAfter: new Date(Date.now() + 60_000) }))).PipelineVersionSummaries, []);
  const described = await sagemaker.send(new DescribePipelineCommand({ PipelineName: 'Versions', PipelineVersionId: 2 }));
  assert.deepEqual([described.PipelineVersionDisplayName, described.PipelineVersionDescription], ['the-stable-one', 'asks for 0.6']);
  await assert.rejects(sagemaker.send(new UpdatePipelineVersionCommand({ PipelineArn, PipelineVersionId: 9 })), { name: 'ResourceNotFound' });
  await assert.rejects(sagemaker.send(new ListPipelineVersionsCommand({ PipelineName: 'Nobody' })), { name: 'ResourceNotFound' });
});

const counting = JSON.stringify({
  Version: '2020-12-01',
  Parameters: [{ Name: 'Least', Type: 'Integer', DefaultValue: 5 }],
  Steps: [
    { Name: 'Count', Type: 'Processing',
      Arguments: {
        RoleArn,
        AppSpecification: { ImageUri: process.env.COMMAND_IMAGE, ContainerEntrypoint: ['sh', '-c', 'echo \'{"rows": 3}\' > /opt/ml/processing/count/count.json'] },
        ProcessingResources: { ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 1 } },
        ProcessingOutputConfig: { Outputs: [{ OutputName: 'count', S3Output: { S3Uri: 's3://counting/count', LocalPath: '/opt/ml/processing/count', S3UploadMode: 'EndOfJob' } }] },
      },
      PropertyFiles: [{ PropertyFileName: 'count', OutputName: 'count', FilePath: 'count.json' }] },
    { Name: 'Enough', Type: 'Condition',
      Arguments: {
        Conditions: [{ Type: 'GreaterThanOrEqualTo', LeftValue: { 'Std:JsonGet': { PropertyFile: { Get: 'Steps.Count.PropertyFiles.count' }, Path: 'rows' } }, RightValue: { Get: 'Parameters.Least' } }],
        IfSteps: [],
        ElseSteps: [{ Name: 'Refuse', Type: 'Fail', Arguments: { ErrorMessage: 'too few rows' } }],
      } },
  ],
});

/** The same with a step after the one that fails. */
const afterRefusal = JSON.stringify({
  ...JSON.parse(counting),
  Steps: [...JSON.parse(counting).Steps, { Name: 'After', Type: 'Condition', DependsOn: ['Refuse'], Arguments: { Conditions: [{ Type: 'Equals', LeftValue: 1, RightValue: 1 }], IfSteps: [], ElseSteps: [] } }],
});

test('a selective execution runs the selected steps on the results of an earlier execution', async () => {
  await new S3Client({ forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: 'counting' }));
  await sagemaker.send(new CreatePipelineCommand({ PipelineName: 'Counting', PipelineDefinition: counting, RoleArn }));
  const start = async (SelectedSteps, SourcePipelineExecutionArn, Least = '5') => (await sagemaker.send(new StartPipelineExecutionCommand({
    PipelineName: 'Counting', PipelineParameters: [{ Name: 'Least', Value: Least }],
    SelectiveExecutionConfig: SelectedSteps && { SourcePipelineExecutionArn, SelectedSteps: SelectedSteps.map((StepName) => ({ StepName })) },
  }))).PipelineExecutionArn;
  const steps = async (PipelineExecutionArn) => (await sagemaker.send(new ListPipelineExecutionStepsCommand({ PipelineExecutionArn, SortOrder: 'Ascending' }))).PipelineExecutionSteps;
  const source = await start();
  assert.equal((await ended(source)).PipelineExecutionStatus, 'Failed');

  const again = await start(['Enough', 'Refuse'], source, '2');
  const execution = await ended(again);
  assert.equal(execution.PipelineExecutionStatus, 'Succeeded');
  assert.deepEqual(execution.SelectiveExecutionConfig, { SourcePipelineExecutionArn: source, SelectedSteps: [{ StepName: 'Enough' }, { StepName: 'Refuse' }] });
  assert.deepEqual((await steps(again)).map((s) => [s.StepName, s.StepStatus, s.SelectiveExecutionResult?.SourcePipelineExecutionArn, s.Metadata.Condition?.Outcome]),
    [['Count', 'Succeeded', source, undefined], ['Enough', 'Succeeded', undefined, 'True']]);
  const jobs = (await sagemaker.send(new ListProcessingJobsCommand({ NameContains: 'Count' }))).ProcessingJobSummaries;
  assert.equal(jobs.length, 1, 'the step that was not selected did not run again');
  assert.deepEqual((await steps(await ended(await start(['Count'])).then((e) => e.PipelineExecutionArn))).map((s) => s.StepName), ['Count'], 'what comes after the selection does not run');

  await assert.rejects(start(['Enough']), /SourcePipelineExecutionArn is required: the selected steps depend on Count/);
  await assert.rejects(start(['Nothing'], source), /names the step 'Nothing'/);
  await assert.rejects(start(['Count', 'Refuse'], source), /must have the step 'Enough' too/);
  await assert.rejects(start(['Refuse'], again), /the condition 'Enough' was True in the source execution/);
  const stopped = await start(['Enough', 'Refuse'], source);
  assert.equal((await ended(stopped)).PipelineExecutionStatus, 'Failed');
  await sagemaker.send(new UpdatePipelineCommand({ PipelineName: 'Counting', PipelineDefinition: afterRefusal }));
  await assert.rejects(start(['After'], stopped), /depend on the step 'Refuse', which has no result in /);
  await assert.rejects(start(['Enough'], source + 'x'), { name: 'ResourceNotFound' });
  const { PipelineExecutionSummaries: [other] } = await sagemaker.send(new ListPipelineExecutionsCommand({ PipelineName: 'ListA' }));
  await assert.rejects(start(['Enough'], other.PipelineExecutionArn), /is not one of pipeline Counting/);
});

test('what local AWS does not have is refused by name', async () => {
  await assert.rejects(sagemaker.send(new StartPipelineExecutionCommand({ PipelineName: 'ListA', MlflowExperimentName: 'x' })), /StartPipelineExecution.MlflowExperimentName/);
});
