import test from 'node:test';
import assert from 'node:assert/strict';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import {
  SageMakerClient, CreatePipelineCommand, StartPipelineExecutionCommand, StopPipelineExecutionCommand, DescribePipelineExecutionCommand, ListPipelineExecutionStepsCommand,
  CreateProcessingJobCommand, DescribeProcessingJobCommand, StopProcessingJobCommand, ListProcessingJobsCommand, DescribeTrainingJobCommand, CreateTrainingJobCommand,
  waitUntilTrainingJobCompletedOrStopped,
} from '@aws-sdk/client-sagemaker';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';

const sagemaker = new SageMakerClient();
const logs = new CloudWatchLogsClient();
const RoleArn = process.env.SM_EXEC_ROLE_ARN;
const data = process.env.DATA_DIRECTORY;
const AppSpecification = (script) => ({ ImageUri: process.env.COMMAND_IMAGE, ContainerEntrypoint: ['sh', '-c', script] });
const ProcessingResources = (InstanceType) => ({ ClusterConfig: { InstanceCount: 1, InstanceType, VolumeSizeInGB: 1 } });
const serverLog = () => readFile(join(data, 'server.log'), 'utf8').catch(() => '');

async function reach(what, found) {
  const late = Date.now() + 240_000;
  for (;;) {
    const value = await found();
    if (value) return value;
    assert.ok(Date.now() < late, `not in time: ${what}`);
    await later(20);
  }
}

async function start(PipelineName, type, script, policies) {
  const PipelineDefinition = JSON.stringify({
    Version: '2020-12-01',
    Steps: [{ Name: 'Work', Type: 'Processing', Arguments: { RoleArn, AppSpecification: AppSpecification(script), ProcessingResources: ProcessingResources(type) }, RetryPolicies: policies }],
  });
  await sagemaker.send(new CreatePipelineCommand({ PipelineName, PipelineDefinition, RoleArn }));
  return (await sagemaker.send(new StartPipelineExecutionCommand({ PipelineName }))).PipelineExecutionArn;
}
const step = async (PipelineExecutionArn) => (await sagemaker.send(new ListPipelineExecutionStepsCommand({ PipelineExecutionArn }))).PipelineExecutionSteps[0];
const attempt = (execution, number) => reach(`attempt ${number}`, async () => (await step(execution))?.AttemptCount >= number);
const ended = (PipelineExecutionArn) => reach('the execution ends', async () => {
  const execution = await sagemaker.send(new DescribePipelineExecutionCommand({ PipelineExecutionArn }));
  return ['Executing', 'Stopping'].includes(execution.PipelineExecutionStatus) ? null : execution;
});

/** A job that holds the one ml.t3.medium that the account has for processing jobs. */
async function holder(ProcessingJobName) {
  await sagemaker.send(new CreateProcessingJobCommand({ ProcessingJobName, RoleArn, AppSpecification: AppSpecification('sleep 600'), ProcessingResources: ProcessingResources('ml.t3.medium') }));
  return async () => {
    await sagemaker.send(new StopProcessingJobCommand({ ProcessingJobName }));
    await reach(`${ProcessingJobName} stops`, async () => (await sagemaker.send(new DescribeProcessingJobCommand({ ProcessingJobName }))).ProcessingJobStatus === 'Stopped');
  };
}
const limit = "The account-level service limit 'ml.t3.medium for processing job usage' is 1 Instances, with current utilization of 1 Instances and a request delta of 1 Instances.";

test('a step waits by its policy until the account has an instance left', async () => {
  const release = await holder('holds-one');
  await assert.rejects(holder('one-too-many'), (e) => e.name === 'ResourceLimitExceeded' && e.message.startsWith(limit));
  const execution = await start('Limited', 'ml.t3.medium', 'echo at last', [{ ExceptionType: ['SageMaker.RESOURCE_LIMIT'], IntervalSeconds: 1, BackoffRate: 1.0, MaxAttempts: 20 }]);
  await attempt(execution, 2);
  assert.equal((await step(execution)).FailureReason, undefined);
  await release();
  assert.equal((await ended(execution)).PipelineExecutionStatus, 'Succeeded');
  const { StepStatus, AttemptCount, Metadata } = await step(execution);
  assert.equal(StepStatus, 'Succeeded');
  assert.ok(AttemptCount >= 2);
  const name = Metadata.ProcessingJob.Arn.split('/')[1];
  const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName: '/aws/sagemaker/ProcessingJobs', logStreamNamePrefix: name }));
  assert.deepEqual(events.map((e) => e.message), ['at last']);
  assert.match(await serverLog(), /step Work: attempt 1 failed \(SageMaker.RESOURCE_LIMIT\): .*ml\.t3\.medium.* The next begins in 00:00:01/);
});

test('a step runs out of attempts, or out of its time', async () => {
  const release = await holder('holds-on');
  const policy = { ExceptionType: ['Step.SERVICE_FAULT', 'SageMaker.RESOURCE_LIMIT'], IntervalSeconds: 0 };
  const [attempts, time, never, other] = await Promise.all([
    start('Attempts', 'ml.t3.medium', 'true', [{ ...policy, MaxAttempts: 2 }]), start('Time', 'ml.t3.medium', 'true', [{ ...policy, IntervalSeconds: 61, ExpireAfterMin: 1 }]),
    start('Never', 'ml.t3.medium', 'true', [{ ...policy, MaxAttempts: 0 }]), start('Other', 'ml.t3.medium', 'true', [{ ...policy, ExceptionType: ['SageMaker.JOB_INTERNAL_ERROR'] }]),
  ]);
  for (const [execution, count] of [[attempts, 3], [time, 1], [never, 1], [other, 1]]) {
    assert.equal((await ended(execution)).PipelineExecutionStatus, 'Failed');
    const { StepStatus, AttemptCount, FailureReason } = await step(execution);
    assert.deepEqual([StepStatus, AttemptCount], ['Failed', count]);
    assert.ok(FailureReason.startsWith(`ClientError: Failed to invoke sagemaker:CreateProcessingJob. Error Details: ${limit}`), FailureReason);
  }
  await release();
});

test('an execution that waits for the next attempt can be stopped', async () => {
  const release = await holder('holds-still');
  const execution = await start('Patient', 'ml.t3.medium', 'true', [{ ExceptionType: ['SageMaker.RESOURCE_LIMIT'], IntervalSeconds: 43200, ExpireAfterMin: 14400 }]);
  await attempt(execution, 2);
  await sagemaker.send(new StopPipelineExecutionCommand({ PipelineExecutionArn: execution }));
  assert.equal((await ended(execution)).PipelineExecutionStatus, 'Stopped');
  assert.equal((await step(execution)).StepStatus, 'Stopped');
  await release();
});

/** Where the folders of jobs can't be made, local AWS itself fails on them. */
async function broken(kind, meanwhile) {
  const folder = join(data, 'jobs', kind);
  await rename(folder, `${folder}.aside`).catch(() => {});
  await writeFile(folder, 'no folder');
  await meanwhile();
  await rm(folder);
  await rename(`${folder}.aside`, folder).catch(() => {});
}

test('a job on which local AWS itself failed is tried again under another name', async () => {
  let execution;
  await broken('processing', async () => {
    execution = await start('Broken', 'ml.m5.large', 'echo mended', [{ ExceptionType: ['SageMaker.JOB_INTERNAL_ERROR', 'SageMaker.CAPACITY_ERROR'], IntervalSeconds: 1, BackoffRate: 1.0, MaxAttempts: 20 }]);
    await attempt(execution, 2);
  });
  assert.equal((await ended(execution)).PipelineExecutionStatus, 'Succeeded');
  const { AttemptCount, Metadata } = await step(execution);
  assert.ok(AttemptCount >= 2);
  const name = Metadata.ProcessingJob.Arn.split('/')[1];
  const jobs = (await sagemaker.send(new ListProcessingJobsCommand({ NameContains: name.slice(0, name.lastIndexOf('-')) }))).ProcessingJobSummaries;
  assert.equal(jobs.length, AttemptCount);
  assert.deepEqual(jobs.map((j) => j.ProcessingJobStatus).sort(), ['Completed', ...Array(AttemptCount - 1).fill('Failed')]);
  assert.ok(jobs.filter((j) => j.ProcessingJobStatus === 'Failed').every((j) => j.FailureReason.startsWith('InternalServerError: ')));
  assert.match(await serverLog(), /attempt 1 failed \(SageMaker.JOB_INTERNAL_ERROR\)/);
});

test('a training job of its own is started again as its RetryStrategy says, and no more often', async () => {
  const train = (TrainingJobName, MaximumRetryAttempts) => sagemaker.send(new CreateTrainingJobCommand({
    TrainingJobName, RoleArn, AlgorithmSpecification: { TrainingImage: process.env.COMMAND_IMAGE, TrainingInputMode: 'File', ContainerEntrypoint: ['true'] },
    OutputDataConfig: { S3OutputPath: 's3://nowhere/jobs' }, ResourceConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 1 },
    StoppingCondition: { MaxRuntimeInSeconds: 3600 }, RetryStrategy: { MaximumRetryAttempts } }));
  await broken('training', async () => {
    await train('gives-up', 2);
    await assert.rejects(waitUntilTrainingJobCompletedOrStopped({ client: sagemaker, minDelay: 0.05, maxDelay: 0.2, maxWaitTime: 240 }, { TrainingJobName: 'gives-up' }));
  });
  const job = await sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: 'gives-up' }));
  assert.deepEqual(job.SecondaryStatusTransitions.map((t) => t.Status), ['Starting', 'Starting', 'Starting', 'Failed']);
  assert.match(job.FailureReason, /^InternalServerError: /);
  assert.match(job.SecondaryStatusTransitions[1].StatusMessage, /^Starting the training job again after InternalServerError: /);
});

test('a step whose job runs longer than it may fails, and says so', async () => {
  const StoppingCondition = { MaxRuntimeInSeconds: 1 };
  const PipelineDefinition = JSON.stringify({
    Version: '2020-12-01',
    Steps: [
      { Name: 'Process', Type: 'Processing', Arguments: { RoleArn, AppSpecification: AppSpecification('sleep 600'), ProcessingResources: ProcessingResources('ml.m5.large'), StoppingCondition } },
      { Name: 'Train', Type: 'Training', Arguments: {
        RoleArn, AlgorithmSpecification: { TrainingImage: process.env.COMMAND_IMAGE, TrainingInputMode: 'File', ContainerEntrypoint: ['sleep', '600'] },
        OutputDataConfig: { S3OutputPath: 's3://nowhere/jobs' }, ResourceConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 1 }, StoppingCondition } },
    ],
  });
  await sagemaker.send(new CreatePipelineCommand({ PipelineName: 'Late', PipelineDefinition, RoleArn }));
  const { PipelineExecutionArn } = await sagemaker.send(new StartPipelineExecutionCommand({ PipelineName: 'Late' }));
  assert.equal((await ended(PipelineExecutionArn)).PipelineExecutionStatus, 'Failed');
  const steps = (await sagemaker.send(new ListPipelineExecutionStepsCommand({ PipelineExecutionArn }))).PipelineExecutionSteps;
  const reasons = Object.fromEntries(steps.map((s) => [s.StepName, [s.StepStatus, s.FailureReason]]));
  assert.deepEqual(reasons, {
    Process: ['Failed', `ClientError: The job ${steps.find((s) => s.StepName === 'Process').Metadata.ProcessingJob.Arn} was stopped. The job was stopped because it ran longer than its MaxRuntimeInSeconds of 1.`],
    Train: ['Failed', `ClientError: The job ${steps.find((s) => s.StepName === 'Train').Metadata.TrainingJob.Arn} was stopped. Training job runtime exceeded MaxRuntimeInSeconds provided`],
  });
});
