import test from 'node:test';
import assert from 'node:assert/strict';
import {
  SageMakerClient, CreateProcessingJobCommand, DescribeProcessingJobCommand, ListProcessingJobsCommand, StopProcessingJobCommand,
  CreateTrainingJobCommand, DescribeTrainingJobCommand, ListTrainingJobsCommand, StopTrainingJobCommand, DeleteTrainingJobCommand, DeleteProcessingJobCommand, UpdateTrainingJobCommand, ListTagsCommand,
  waitUntilProcessingJobCompletedOrStopped, waitUntilTrainingJobCompletedOrStopped, paginateListTrainingJobs,
} from '@aws-sdk/client-sagemaker';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';

const sagemaker = new SageMakerClient();
const logs = new CloudWatchLogsClient();
const RoleArn = process.env.SM_EXEC_ROLE_ARN;
const image = process.env.COMMAND_IMAGE;
const waiting = { client: sagemaker, minDelay: 0.05, maxDelay: 0.2, maxWaitTime: 240 };

const processing = (ProcessingJobName, script, more = {}) => sagemaker.send(new CreateProcessingJobCommand({
  ProcessingJobName, RoleArn,
  AppSpecification: { ImageUri: image, ContainerEntrypoint: ['sh', '-c', script] },
  ProcessingResources: { ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 1 } }, ...more }));
const processed = (ProcessingJobName) => sagemaker.send(new DescribeProcessingJobCommand({ ProcessingJobName }));
const training = (TrainingJobName, script, { algorithm, ...more } = {}) => sagemaker.send(new CreateTrainingJobCommand({
  TrainingJobName, RoleArn,
  AlgorithmSpecification: { TrainingImage: image, TrainingInputMode: 'File', ContainerEntrypoint: ['sh', '-c', script], ...algorithm },
  OutputDataConfig: { S3OutputPath: 's3://models/jobs' },
  ResourceConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 1 },
  StoppingCondition: { MaxRuntimeInSeconds: 3600 }, ...more }));
const trained = (TrainingJobName) => sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName }));
const lines = async (logGroupName, logStreamNamePrefix) =>
  (await logs.send(new FilterLogEventsCommand({ logGroupName, logStreamNamePrefix }))).events.map((e) => e.message);

async function said(group, job, line) {
  const late = Date.now() + 240_000;
  for (;;) {
    const found = await lines(group, job + '/').catch((e) => (e.name === 'ResourceNotFoundException' ? [] : Promise.reject(e)));
    if (found.includes(line)) return;
    assert.ok(Date.now() < late, `${job} never said ${line}`);
    await new Promise((r) => setTimeout(r, 20));
  }
}

test('a processing job runs its container and its output is in the logs', async () => {
  const { ProcessingJobArn } = await processing('hello', 'echo "hello $NAME from $PROCESSING_JOB_NAME"; echo fine > /opt/ml/output/message', { Environment: { NAME: 'world' }, Tags: [{ Key: 'a', Value: 'b' }] });
  assert.equal(ProcessingJobArn, 'arn:aws:sagemaker:us-east-1:000000000000:processing-job/hello');
  await waitUntilProcessingJobCompletedOrStopped(waiting, { ProcessingJobName: 'hello' });
  const job = await processed('hello');
  assert.equal(job.ProcessingJobStatus, 'Completed');
  assert.equal(job.ExitMessage, 'fine');
  assert.ok(job.CreationTime <= job.ProcessingStartTime && job.ProcessingStartTime <= job.ProcessingEndTime);
  assert.deepEqual(await lines('/aws/sagemaker/ProcessingJobs', 'hello/algo-1-'), ['hello world from hello']);
  assert.deepEqual((await sagemaker.send(new ListTagsCommand({ ResourceArn: ProcessingJobArn }))).Tags, [{ Key: 'a', Value: 'b' }]);
  await assert.rejects(processing('hello', 'true'), { name: 'ResourceInUse' });
});

test('a job that fails says why: its own message, or the last lines of its log', async () => {
  await processing('own-words', 'echo "no such column" > /opt/ml/output/message; exit 3');
  await processing('last-lines', 'echo first; echo "Traceback: boom" >&2; exit 1');
  await processing('no-program', 'true', { AppSpecification: { ImageUri: image, ContainerEntrypoint: ['no-such-program'] } });
  await processing('no-image', 'true', { AppSpecification: { ImageUri: 'example.com/unknown:1' } });
  for (const [name, reason] of [
    ['own-words', /^AlgorithmError: no such column, exit code: 3$/], ['last-lines', /^AlgorithmError: first\nTraceback: boom, exit code: 1$/],
    ['no-program', /^ClientError: .*no-such-program/], ['no-image', /^ClientError: .*example.com\/unknown:1.*image map.*Docker/]]) {
    await assert.rejects(waitUntilProcessingJobCompletedOrStopped(waiting, { ProcessingJobName: name }));
    const job = await processed(name);
    assert.equal(job.ProcessingJobStatus, 'Failed');
    assert.match(job.FailureReason, reason);
  }
});

test('a job is stopped by SIGTERM, and a job that is over can not be', async () => {
  await processing('stopped', 'trap "echo asked; exit 0" TERM; echo ready; sleep 600 & wait');
  await said('/aws/sagemaker/ProcessingJobs', 'stopped', 'ready');
  await sagemaker.send(new StopProcessingJobCommand({ ProcessingJobName: 'stopped' }));
  await waitUntilProcessingJobCompletedOrStopped(waiting, { ProcessingJobName: 'stopped' });
  assert.equal((await processed('stopped')).ProcessingJobStatus, 'Stopped');
  assert.deepEqual(await lines('/aws/sagemaker/ProcessingJobs', 'stopped/'), ['ready', 'asked']);
  await assert.rejects(sagemaker.send(new StopProcessingJobCommand({ ProcessingJobName: 'stopped' })), /status Stopped/);
});

test('a training job goes through its states and reports its metrics', async () => {
  await training('metrics', 'echo "step 1 auc=0.5"; echo "step 2 auc=0.75 loss: 1e-2"; cat /opt/ml/input/config/hyperparameters.json; echo " $SM_HP_NUM_LEAVES"', {
    HyperParameters: { num_leaves: '31' },
    algorithm: { MetricDefinitions: [{ Name: 'auc', Regex: 'auc=([0-9.]+)' }, { Name: 'loss', Regex: 'loss: (\\S+)' }, { Name: 'none', Regex: 'none=(.*)' }] } });
  await waitUntilTrainingJobCompletedOrStopped(waiting, { TrainingJobName: 'metrics' });
  const job = await trained('metrics');
  assert.equal(job.TrainingJobStatus, 'Completed');
  assert.deepEqual(job.SecondaryStatusTransitions.map((t) => t.Status), ['Starting', 'Downloading', 'Training', 'Uploading', 'Completed']);
  assert.ok(job.SecondaryStatusTransitions.every((t) => t.EndTime >= t.StartTime && t.StatusMessage));
  assert.deepEqual(job.FinalMetricDataList.map((m) => [m.MetricName, Number(m.Value.toFixed(4))]), [['auc', 0.75], ['loss', 0.01]]);
  assert.equal(job.ModelArtifacts.S3ModelArtifacts, 's3://models/jobs/metrics/output/model.tar.gz');
  assert.equal(job.TrainingTimeInSeconds >= 1, true);
  assert.equal((await lines('/aws/sagemaker/TrainingJobs', 'metrics/algo-1-')).at(-1), '{"num_leaves":"31"} 31');
});

test('a training job that fails, exceeds its time or is stopped ends so', async () => {
  await training('fails', 'echo "bad label" > /opt/ml/output/failure; exit 1');
  await training('too-long', 'sleep 600', { StoppingCondition: { MaxRuntimeInSeconds: 1 } });
  await training('stops', 'trap "exit 5" TERM; echo ready; sleep 600 & wait');
  await said('/aws/sagemaker/TrainingJobs', 'stops', 'ready');
  await sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: 'stops' }));
  await assert.rejects(waitUntilTrainingJobCompletedOrStopped(waiting, { TrainingJobName: 'fails' }));
  await waitUntilTrainingJobCompletedOrStopped(waiting, { TrainingJobName: 'too-long' });
  await waitUntilTrainingJobCompletedOrStopped(waiting, { TrainingJobName: 'stops' });
  assert.equal((await trained('fails')).FailureReason, 'AlgorithmError: bad label, exit code: 1');
  const late = await trained('too-long');
  assert.deepEqual([late.TrainingJobStatus, late.SecondaryStatus], ['Stopped', 'MaxRuntimeExceeded']);
  const stopped = await trained('stops');
  assert.deepEqual([stopped.TrainingJobStatus, stopped.SecondaryStatus], ['Stopped', 'Stopped']);
  assert.deepEqual(stopped.SecondaryStatusTransitions.map((t) => t.Status), ['Starting', 'Downloading', 'Training', 'Stopping', 'Stopped']);
});

test('a processing job that runs longer than it may is stopped, and says so', async () => {
  await processing('slow', 'echo ready; sleep 600', { StoppingCondition: { MaxRuntimeInSeconds: 1 } });
  await processing('slow-with-words', 'echo "half done" > /opt/ml/output/message; sleep 600', { StoppingCondition: { MaxRuntimeInSeconds: 1 } });
  await waitUntilProcessingJobCompletedOrStopped(waiting, { ProcessingJobName: 'slow' });
  await waitUntilProcessingJobCompletedOrStopped(waiting, { ProcessingJobName: 'slow-with-words' });
  const job = await processed('slow');
  assert.deepEqual([job.ProcessingJobStatus, job.FailureReason], ['Stopped', undefined]);
  assert.equal(job.ExitMessage, 'The job was stopped because it ran longer than its MaxRuntimeInSeconds of 1.');
  assert.equal((await processed('slow-with-words')).ExitMessage, 'half done');
});

test('a job that has ended can be deleted, and its name be used again', async () => {
  const Tags = [{ Key: 'round', Value: 'first' }];
  const { ProcessingJobArn } = await processing('again', 'echo one', { Tags });
  await waitUntilProcessingJobCompletedOrStopped(waiting, { ProcessingJobName: 'again' });
  await sagemaker.send(new DeleteProcessingJobCommand({ ProcessingJobName: 'again' }));
  await assert.rejects(processed('again'), /Could not find requested job/);
  await assert.rejects(sagemaker.send(new ListTagsCommand({ ResourceArn: ProcessingJobArn })), { name: 'ValidationException' });
  await assert.rejects(sagemaker.send(new DeleteProcessingJobCommand({ ProcessingJobName: 'again' })), { name: 'ResourceNotFound' });
  await processing('again', 'echo two; sleep 600');
  await said('/aws/sagemaker/ProcessingJobs', 'again', 'two');
  await assert.rejects(sagemaker.send(new DeleteProcessingJobCommand({ ProcessingJobName: 'again' })), (e) => e.name === 'ResourceInUse' && /status InProgress/.test(e.message));
  await sagemaker.send(new StopProcessingJobCommand({ ProcessingJobName: 'again' }));
  await waitUntilProcessingJobCompletedOrStopped(waiting, { ProcessingJobName: 'again' });
  assert.deepEqual(await lines('/aws/sagemaker/ProcessingJobs', 'again/'), ['one', 'two']);

  await training('once-more', 'true', { Tags });
  await waitUntilTrainingJobCompletedOrStopped(waiting, { TrainingJobName: 'once-more' });
  await sagemaker.send(new DeleteTrainingJobCommand({ TrainingJobName: 'once-more' }));
  await assert.rejects(sagemaker.send(new DeleteTrainingJobCommand({ TrainingJobName: 'once-more' })), { name: 'ResourceNotFound' });
  const { TrainingJobArn } = await training('once-more', 'exit 1');
  await assert.rejects(waitUntilTrainingJobCompletedOrStopped(waiting, { TrainingJobName: 'once-more' }));
  assert.equal((await trained('once-more')).TrainingJobStatus, 'Failed');
  assert.deepEqual((await sagemaker.send(new ListTagsCommand({ ResourceArn: TrainingJobArn }))).Tags, []);
  await sagemaker.send(new DeleteTrainingJobCommand({ TrainingJobName: 'once-more' }));
});

test('more instances than the account has are refused when they are asked for', async () => {
  const ask = (InstanceType, InstanceCount) => training('refused', 'true', { ResourceConfig: { InstanceCount, InstanceType, VolumeSizeInGB: 1 } });
  await assert.rejects(ask('ml.m5.large', 21), (e) => e.name === 'ResourceLimitExceeded'
    && /'Number of instances across all training jobs' is 20 Instances, with current utilization of 0 Instances and a request delta of 21 Instances\. Ask for fewer/.test(e.message));
  await assert.rejects(ask('ml.t3.large', 1), /'ml\.t3\.large for training job usage' is 0 Instances/);
  await ask('ml.t3.medium', 2);
  await waitUntilTrainingJobCompletedOrStopped(waiting, { TrainingJobName: 'refused' });
  await sagemaker.send(new DeleteTrainingJobCommand({ TrainingJobName: 'refused' }));
});

test('instances are processes that know and reach each other', async () => {
  await training('three', 'cat /opt/ml/input/config/resourceconfig.json; echo; getent hosts $SM_CURRENT_HOST', {
    ResourceConfig: { InstanceCount: 3, InstanceType: 'ml.m5.large', VolumeSizeInGB: 1 } });
  await waitUntilTrainingJobCompletedOrStopped(waiting, { TrainingJobName: 'three' });
  for (const i of [1, 2, 3]) {
    const [config, host] = await lines('/aws/sagemaker/TrainingJobs', `three/algo-${i}-`);
    const { current_host, hosts } = JSON.parse(config);
    assert.equal(current_host, `algo-${i}`);
    assert.deepEqual(hosts, ['algo-1', 'algo-2', 'algo-3']);
    assert.match(host, new RegExp(`^127\\.0\\.1\\.${i}\\s+algo-${i}$`));
  }
});

test('jobs are listed by name, status and time, in pages', async () => {
  const names = async (input) => (await sagemaker.send(new ListTrainingJobsCommand(input))).TrainingJobSummaries.map((j) => j.TrainingJobName);
  assert.deepEqual(await names({ StatusEquals: 'Failed' }), ['fails']);
  assert.deepEqual(await names({ NameContains: 'STOP' }), ['stops']);
  assert.deepEqual(await names({ SortBy: 'Name', SortOrder: 'Descending', MaxResults: 2 }), ['too-long', 'three']);
  assert.deepEqual(await names({ CreationTimeBefore: new Date(0) }), []);
  assert.deepEqual(await names({ WarmPoolStatusEquals: 'Available' }), []);
  const all = [];
  for await (const page of paginateListTrainingJobs({ client: sagemaker, pageSize: 2 }, { SortBy: 'Name' })) all.push(...page.TrainingJobSummaries);
  assert.deepEqual(all.map((j) => j.TrainingJobName), ['fails', 'metrics', 'stops', 'three', 'too-long']);
  const { ProcessingJobSummaries } = await sagemaker.send(new ListProcessingJobsCommand({ StatusEquals: 'Completed' }));
  assert.deepEqual(ProcessingJobSummaries.map((j) => j.ProcessingJobName), ['hello']);
});

test('what local AWS does not do is refused by name', async () => {
  await assert.rejects(training('spot', 'true', { EnableManagedSpotTraining: true }), /CreateTrainingJob.EnableManagedSpotTraining/);
  await assert.rejects(training('pipe', 'true', { algorithm: { TrainingInputMode: 'Pipe' } }), /TrainingInputMode Pipe/);
  await assert.rejects(training('regex', 'true', { algorithm: { MetricDefinitions: [{ Name: 'a', Regex: '(' }] } }), { name: 'ValidationException' });
  await assert.rejects(processing('continuous', 'true', { ProcessingOutputConfig: { Outputs: [
    { OutputName: 'o', S3Output: { S3Uri: 's3://a/b', LocalPath: '/opt/ml/processing/o', S3UploadMode: 'Continuous' } }] } }), /S3UploadMode Continuous/);
  await assert.rejects(processing('athena', 'true', { ProcessingInputs: [{ InputName: 'i', DatasetDefinition: { LocalPath: '/opt/ml/processing/i' } }] }), /DatasetDefinition/);
  await assert.rejects(processing('outside', 'true', { ProcessingInputs: [
    { InputName: 'i', S3Input: { S3Uri: 's3://a/b', S3DataType: 'S3Prefix', LocalPath: '/opt/ml/processing/../x' } }] }), /must be \/opt\/ml\/processing/);
  await assert.rejects(processing('no-role', 'true', { RoleArn: RoleArn + 'x' }), /Could not assume role/);
  await assert.rejects(sagemaker.send(new UpdateTrainingJobCommand({ TrainingJobName: 'fails' })), /UpdateTrainingJob/);
  await assert.rejects(trained('none'), { name: 'ValidationException' });
  await assert.rejects(processed('none'), /Could not find requested job/);
});
