import test, { before } from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as later } from 'node:timers/promises';
import {
  CodePipelineClient, CreatePipelineCommand, DeletePipelineCommand, DisableStageTransitionCommand, EnableStageTransitionCommand, GetPipelineCommand,
  GetPipelineExecutionCommand, GetPipelineStateCommand, ListActionExecutionsCommand, ListPipelineExecutionsCommand, ListPipelinesCommand, ListTagsForResourceCommand,
  ListActionTypesCommand, PutApprovalResultCommand, RetryStageExecutionCommand, RollbackStageCommand, StartPipelineExecutionCommand, StopPipelineExecutionCommand,
  TagResourceCommand, UntagResourceCommand, UpdatePipelineCommand, paginateListActionExecutions, paginateListPipelineExecutions,
} from '@aws-sdk/client-codepipeline';
import { CodeCommitClient, CreateRepositoryCommand, PutFileCommand } from '@aws-sdk/client-codecommit';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { S3Client, CreateBucketCommand, GetObjectCommand } from '@aws-sdk/client-s3';

const client = new CodePipelineClient();
const codecommit = new CodeCommitClient();
const events = new EventBridgeClient();
const s3 = new S3Client({ forcePathStyle: true });
const [artifacts, site, repositoryName] = ['js-artifacts', 'js-site', 'js-repo'];
const type = (category, provider) => ({ category, owner: 'AWS', provider, version: '1' });
const source = {
  name: 'Source', actionTypeId: type('Source', 'CodeCommit'), namespace: 'SourceVariables', outputArtifacts: [{ name: 'SourceArtifact' }],
  configuration: { RepositoryName: repositoryName, BranchName: 'main', PollForSourceChanges: 'false' },
};
const approval = { name: 'ManualApproval', actionTypeId: type('Approval', 'Manual') };
const deploy = { name: 'Deploy', actionTypeId: type('Deploy', 'S3'), inputArtifacts: [{ name: 'SourceArtifact' }], configuration: { BucketName: site, Extract: 'true' } };
const pipeline = (name, more = {}) => ({
  name, roleArn: process.env.SM_EXEC_ROLE_ARN, artifactStore: { type: 'S3', location: artifacts }, pipelineType: 'V2',
  stages: [{ name: 'Source', actions: [source] }, { name: 'ApprovalStage', actions: [approval] }, { name: 'Deploy', actions: [deploy] }], ...more,
});
let parentCommitId;
const push = async (content) => ({ commitId: parentCommitId } = await codecommit.send(new PutFileCommand({
  repositoryName, branchName: 'main', filePath: 'a.txt', fileContent: new TextEncoder().encode(content), parentCommitId, commitMessage: `a is ${content}`,
})));
const create = async (name, more) => client.send(new CreatePipelineCommand({ pipeline: pipeline(name, more) }));
const state = (name) => client.send(new GetPipelineStateCommand({ name }));
const execution = async (pipelineName, pipelineExecutionId) => (await client.send(new GetPipelineExecutionCommand({ pipelineName, pipelineExecutionId }))).pipelineExecution;
const until = async (read, passes) => {
  for (const late = Date.now() + 240_000; Date.now() < late;) {
    const found = await read();
    if (passes(found)) return found;
    await later(20);
  }
  throw new Error(`it does not come to what is waited for: ${JSON.stringify(await read())}`);
};
const waiting = async (name) => (await until(() => state(name), (s) => s.stageStates[1].actionStates[0].latestExecution?.token)).stageStates[1];
const answer = (pipelineName, token, status = 'Approved') => client.send(new PutApprovalResultCommand({
  pipelineName, stageName: 'ApprovalStage', actionName: 'ManualApproval', result: { summary: `${status} for deployment`, status }, token,
}));
const ended = (name, id) => until(() => execution(name, id), (e) => !['InProgress', 'Stopping'].includes(e.status));
const refused = (command, name, message = /./) => assert.rejects(client.send(command), (e) => {
  assert.equal(e.name, name, e.message);
  assert.match(e.message, message);
  return true;
});

before(async () => {
  for (const Bucket of [artifacts, site]) await s3.send(new CreateBucketCommand({ Bucket }));
  await codecommit.send(new CreateRepositoryCommand({ repositoryName }));
  await push('0');
});

test('pipelines are made, described, changed, listed, tagged and deleted', async () => {
  const made = await create('life', { stages: pipeline('x').stages.slice(0, 2) });
  assert.deepEqual([made.pipeline.version, made.pipeline.executionMode, made.pipeline.stages[0].actions[0].runOrder], [1, 'SUPERSEDED', 1]);
  await refused(new CreatePipelineCommand({ pipeline: pipeline('life') }), 'PipelineNameInUseException', /already exists/);
  const updated = await client.send(new UpdatePipelineCommand({ pipeline: pipeline('life', { version: 7 }) }));
  assert.equal(updated.pipeline.version, 2);
  const { metadata } = await client.send(new GetPipelineCommand({ name: 'life' }));
  assert.equal(metadata.pipelineArn, 'arn:aws:codepipeline:us-east-1:000000000000:life');
  assert.ok(metadata.updated >= metadata.created);
  assert.equal((await client.send(new GetPipelineCommand({ name: 'life', version: 1 }))).pipeline.stages.length, 2);
  await refused(new GetPipelineCommand({ name: 'life', version: 9 }), 'PipelineVersionNotFoundException');
  await refused(new GetPipelineCommand({ name: 'none' }), 'PipelineNotFoundException', /Account '000000000000' does not have a pipeline with name 'none'/);
  assert.ok((await client.send(new ListPipelinesCommand({}))).pipelines.some((p) => p.name === 'life' && p.version === 2 && p.pipelineType === 'V2'));
  const resourceArn = metadata.pipelineArn;
  await client.send(new TagResourceCommand({ resourceArn, tags: [{ key: 'b', value: '1' }, { key: 'a', value: '2' }] }));
  await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['b'] }));
  assert.deepEqual((await client.send(new ListTagsForResourceCommand({ resourceArn }))).tags, [{ key: 'a', value: '2' }]);
  await refused(new TagResourceCommand({ resourceArn, tags: [{ key: 'aws:x', value: '' }] }), 'InvalidTagsException');
  await refused(new TagResourceCommand({ resourceArn: `${resourceArn}-none`, tags: [] }), 'ResourceNotFoundException');
  await client.send(new DeletePipelineCommand({ name: 'life' }));
  await client.send(new DeletePipelineCommand({ name: 'life' }));
  await refused(new ListPipelineExecutionsCommand({ pipelineName: 'life' }), 'PipelineNotFoundException');
  await refused(new ListActionTypesCommand({}), 'UnknownOperationException', /ListActionTypes/);
});

test('a push starts the pipeline through a rule, a person approves it, and it is deployed', async () => {
  await create('flow');
  const first = await waiting('flow');
  await answer('flow', first.actionStates[0].latestExecution.token);
  await ended('flow', first.latestExecution.pipelineExecutionId);
  await events.send(new PutRuleCommand({ Name: 'flow', EventPattern: JSON.stringify({
    source: ['aws.codecommit'], resources: [`arn:aws:codecommit:us-east-1:000000000000:${repositoryName}`], 'detail-type': ['CodeCommit Repository State Change'],
    detail: { event: ['referenceCreated', 'referenceUpdated'], referenceName: ['main'] } }) }));
  await events.send(new PutTargetsCommand({ Rule: 'flow', Targets: [{ Id: 'p', Arn: 'arn:aws:codepipeline:us-east-1:000000000000:flow', RoleArn: 'arn:aws:iam::000000000000:role/events' }] }));
  const { commitId } = await push('1');
  const second = await waiting('flow');
  const id = second.latestExecution.pipelineExecutionId;
  await refused(new PutApprovalResultCommand({ pipelineName: 'flow', stageName: 'ApprovalStage', actionName: 'ManualApproval', result: { summary: '', status: 'Approved' },
    token: first.actionStates[0].latestExecution.token }), 'ApprovalAlreadyCompletedException');
  await answer('flow', second.actionStates[0].latestExecution.token);
  const done = await ended('flow', id);
  assert.deepEqual([done.status, done.artifactRevisions[0].revisionId, done.trigger.triggerType], ['Succeeded', commitId, 'CloudWatchEvent']);
  assert.equal(await (await s3.send(new GetObjectCommand({ Bucket: site, Key: 'a.txt' }))).Body.transformToString(), '1');
  const runs = [];
  for await (const page of paginateListActionExecutions({ client, pageSize: 2 }, { pipelineName: 'flow', filter: { pipelineExecutionId: id } })) runs.push(...page.actionExecutionDetails);
  assert.deepEqual(runs.map((r) => [r.actionName, r.status]), [['Deploy', 'Succeeded'], ['ManualApproval', 'Succeeded'], ['Source', 'Succeeded']]);
  assert.equal(runs[1].output.executionResult.externalExecutionSummary, 'Approved for deployment');
  assert.match(runs[1].updatedBy, /:user\/tester$/);
  assert.equal(runs[2].output.outputVariables.CommitMessage, 'a is 1');
  const ids = [];
  for await (const page of paginateListPipelineExecutions({ client, pageSize: 1 }, { pipelineName: 'flow' })) ids.push(...page.pipelineExecutionSummaries.map((e) => e.pipelineExecutionId));
  assert.deepEqual(ids, [id, first.latestExecution.pipelineExecutionId]);
});

test('executions are held, stopped, retried and rolled back', async () => {
  await create('hands', { executionMode: 'QUEUED' });
  const first = (await waiting('hands')).latestExecution.pipelineExecutionId;
  await client.send(new DisableStageTransitionCommand({ pipelineName: 'hands', stageName: 'Deploy', transitionType: 'Inbound', reason: 'Freeze (until Monday).' }));
  await answer('hands', (await waiting('hands')).actionStates[0].latestExecution.token);
  const held = (await until(() => state('hands'), (s) => s.stageStates[2].inboundExecution)).stageStates[2];
  assert.deepEqual([held.inboundTransitionState.enabled, held.inboundTransitionState.disabledReason], [false, 'Freeze (until Monday).']);
  await client.send(new EnableStageTransitionCommand({ pipelineName: 'hands', stageName: 'Deploy', transitionType: 'Inbound' }));
  assert.equal((await ended('hands', first)).status, 'Succeeded');

  const { pipelineExecutionId: second } = await client.send(new StartPipelineExecutionCommand({ name: 'hands', clientRequestToken: 'second' }));
  assert.equal((await client.send(new StartPipelineExecutionCommand({ name: 'hands', clientRequestToken: 'second' }))).pipelineExecutionId, second);
  await answer('hands', (await waiting('hands')).actionStates[0].latestExecution.token, 'Rejected');
  assert.equal((await ended('hands', second)).status, 'Failed');
  await client.send(new RetryStageExecutionCommand({ pipelineName: 'hands', stageName: 'ApprovalStage', pipelineExecutionId: second, retryMode: 'FAILED_ACTIONS' }));
  await waiting('hands');
  await client.send(new StopPipelineExecutionCommand({ pipelineName: 'hands', pipelineExecutionId: second, abandon: true, reason: 'enough' }));
  assert.equal((await ended('hands', second)).status, 'Stopped');
  await refused(new StopPipelineExecutionCommand({ pipelineName: 'hands', pipelineExecutionId: second }), 'PipelineExecutionNotStoppableException');

  const { pipelineExecutionId: back } = await client.send(new RollbackStageCommand({ pipelineName: 'hands', stageName: 'Deploy', targetPipelineExecutionId: first }));
  const rolled = await ended('hands', back);
  assert.deepEqual([rolled.status, rolled.executionType, rolled.rollbackMetadata.rollbackTargetPipelineExecutionId], ['Succeeded', 'ROLLBACK', first]);
  await refused(new RollbackStageCommand({ pipelineName: 'hands', stageName: 'None', targetPipelineExecutionId: first }), 'StageNotFoundException');
  await refused(new RollbackStageCommand({ pipelineName: 'hands', stageName: 'Deploy', targetPipelineExecutionId: second }), 'UnableToRollbackStageException');
});

test('what is wrong with a structure is AWS\'s own error', async () => {
  const made = (more) => new CreatePipelineCommand({ pipeline: pipeline('wrong', more) });
  const stages = (...rest) => ({ stages: [{ name: 'Source', actions: [source] }, ...rest] });
  await refused(made(stages()), 'InvalidStructureException', /only 1 stage/);
  await refused(made(stages({ name: 'Deploy', actions: [{ ...deploy, inputArtifacts: [{ name: 'None' }] }] })), 'InvalidStructureException', /is not declared as Output Artifact Bundle/);
  await refused(made(stages({ name: 'Deploy', actions: [deploy, deploy] })), 'InvalidStageDeclarationException', /Action names must be unique/);
  await refused(made(stages({ name: 'Deploy', actions: [{ ...deploy, configuration: {} }] })), 'InvalidActionDeclarationException', /missing required configuration 'BucketName'/);
  await refused(made(stages({ name: 'Call', actions: [{ name: 'Call', actionTypeId: type('Invoke', 'Lambda') }] })), 'NotImplemented', /Lambda/);
  await refused(made({ roleArn: 'arn:aws:iam::000000000000:role/none' }), 'InvalidStructureException', /not authorized to perform AssumeRole on role arn:aws:iam::000000000000:role\/none/);
  await refused(made({ name: 'no blanks' }), 'ValidationException', /pipeline\.name/);
  await refused(made({ executionMode: 'FAST' }), 'ValidationException', /enum/i);
});
