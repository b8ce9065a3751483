import test, { before } from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as later } from 'node:timers/promises';
import {
  EventBridgeClient, DeleteRuleCommand, DescribeEventBusCommand, DescribeRuleCommand, DisableRuleCommand, EnableRuleCommand, ListEventBusesCommand,
  ListRuleNamesByTargetCommand, ListRulesCommand, ListTagsForResourceCommand, ListTargetsByRuleCommand, PutEventsCommand, PutRuleCommand, PutTargetsCommand,
  RemoveTargetsCommand, TagResourceCommand, TestEventPatternCommand, UntagResourceCommand,
} from '@aws-sdk/client-eventbridge';
import { CloudWatchLogsClient, CreateLogGroupCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  SageMakerClient, CreateModelPackageCommand, CreateModelPackageGroupCommand, CreatePipelineCommand, ListPipelineExecutionsCommand,
  ListPipelineParametersForExecutionCommand, UpdateModelPackageCommand,
} from '@aws-sdk/client-sagemaker';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const events = new EventBridgeClient();
const logs = new CloudWatchLogsClient();
const sagemaker = new SageMakerClient();
const arn = (service, rest) => `arn:aws:${service}:us-east-1:000000000000:${rest}`;
const logGroupName = '/aws/events/seen';
const target = (Id, more = {}) => ({ Id, Arn: arn('logs', `log-group:${logGroupName}`), ...more });
const rule = (Name, pattern) => events.send(new PutRuleCommand({ Name, EventPattern: JSON.stringify(pattern) }));
const targets = (Rule, ...Targets) => events.send(new PutTargetsCommand({ Rule, Targets }));
const put = (Source, Detail) => events.send(new PutEventsCommand({ Entries: [{ Source, DetailType: 'test', Detail: JSON.stringify(Detail) }] }));

/** What was written to the group and passes a test, once there are so many of it. */
const seen = async (count, passes) => {
  for (;;) {
    const { events: lines } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
    const found = lines.map((l) => l.message).filter(passes);
    if (found.length >= count) return found;
    await later(20);
  }
};

before(() => logs.send(new CreateLogGroupCommand({ logGroupName })));

test('a rule is put, described, listed, disabled, tagged and deleted', async () => {
  const { RuleArn } = await events.send(new PutRuleCommand({ Name: 'life', ScheduleExpression: 'rate(1 day)', Description: 'daily', Tags: [{ Key: 'team', Value: 'ml' }] }));
  assert.equal(RuleArn, arn('events', 'rule/life'));
  const described = await events.send(new DescribeRuleCommand({ Name: 'life' }));
  assert.deepEqual([described.State, described.ScheduleExpression, described.Description, described.EventBusName], ['ENABLED', 'rate(1 day)', 'daily', 'default']);
  await events.send(new DisableRuleCommand({ Name: 'life' }));
  const { Rules } = await events.send(new ListRulesCommand({ NamePrefix: 'li' }));
  assert.deepEqual(Rules.map((r) => [r.Name, r.State]), [['life', 'DISABLED']]);
  await events.send(new EnableRuleCommand({ Name: 'life' }));
  await events.send(new TagResourceCommand({ ResourceARN: RuleArn, Tags: [{ Key: 'stage', Value: 'dev' }] }));
  await events.send(new UntagResourceCommand({ ResourceARN: RuleArn, TagKeys: ['team'] }));
  assert.deepEqual((await events.send(new ListTagsForResourceCommand({ ResourceARN: RuleArn }))).Tags, [{ Key: 'stage', Value: 'dev' }]);
  await targets('life', target('a'), target('b'));
  assert.deepEqual((await events.send(new ListTargetsByRuleCommand({ Rule: 'life' }))).Targets.map((t) => t.Id), ['a', 'b']);
  assert.deepEqual((await events.send(new ListRuleNamesByTargetCommand({ TargetArn: target('a').Arn }))).RuleNames, ['life']);
  await assert.rejects(events.send(new DeleteRuleCommand({ Name: 'life' })), /since it has targets/);
  const removed = await events.send(new RemoveTargetsCommand({ Rule: 'life', Ids: ['a', 'b', 'none'] }));
  assert.deepEqual([removed.FailedEntryCount, removed.FailedEntries[0].TargetId], [1, 'none']);
  await events.send(new DeleteRuleCommand({ Name: 'life' }));
  await assert.rejects(events.send(new DescribeRuleCommand({ Name: 'life' })), { name: 'ResourceNotFoundException' });
});

test('the bus is the default one', async () => {
  assert.equal((await events.send(new DescribeEventBusCommand({}))).Arn, arn('events', 'event-bus/default'));
  assert.deepEqual((await events.send(new ListEventBusesCommand({}))).EventBuses.map((b) => b.Name), ['default']);
  await assert.rejects(events.send(new ListRulesCommand({ EventBusName: 'mine' })), { name: 'ResourceNotFoundException' });
});

test('what is wrong with a rule, a target or an event is said', async () => {
  const put = (more) => events.send(new PutRuleCommand({ Name: 'wrong', ...more }));
  await assert.rejects(put({}), /EventPattern or ScheduleExpression must be specified/);
  await assert.rejects(put({ ScheduleExpression: 'cron(0 25 * * ? *)' }), /the field hours can't be '25': it takes 0 to 23/);
  await assert.rejects(put({ EventPattern: '{"source":"aws.s3"}' }), { name: 'InvalidEventPatternException' });
  await assert.rejects(put({ Name: 'no blanks', ScheduleExpression: 'rate(1 day)' }), { name: 'ValidationException' });
  await put({ ScheduleExpression: 'rate(1 day)' });
  await assert.rejects(targets('wrong', { Id: 'x', Arn: arn('lambda', 'function:f') }), /does not support .*lambda/);
  await assert.rejects(targets('wrong', { Id: 'x', Arn: 'nonsense' }), /Provided Arn is not in correct format/);
  await assert.rejects(targets('wrong', target('x', { Input: '{' })), /JSON syntax error in input for target x/);
  await assert.rejects(targets('wrong', target('x', { InputTransformer: { InputTemplate: '<a>' } })), /invalid placeholder a/);
  await assert.rejects(targets('none', target('x')), { name: 'ResourceNotFoundException' });
  const answer = await events.send(new PutEventsCommand({ Entries: [
    { Source: 'aws.s3', DetailType: 'x', Detail: '{}' }, { Source: 'me', DetailType: 'x', Detail: '[' }, { Source: 'me', Detail: '{}' }, { Source: 'me', DetailType: 'x', Detail: '{}' }] }));
  assert.deepEqual(answer.Entries.map((e) => e.ErrorCode), ['NotAuthorizedForSource', 'MalformedDetail', 'InvalidArgument', undefined]);
  assert.equal(answer.FailedEntryCount, 3);
});

test('a pattern is tried on an event', async () => {
  const Event = JSON.stringify({ id: '1', account: '0', source: 'me', time: '2026-01-01T00:00:00Z', region: 'us-east-1', resources: [], 'detail-type': 'x', detail: { n: 3 } });
  const test = async (pattern) => (await events.send(new TestEventPatternCommand({ EventPattern: JSON.stringify(pattern), Event }))).Result;
  assert.equal(await test({ detail: { n: [{ numeric: ['>', 2] }] } }), true);
  assert.equal(await test({ detail: { n: [4] } }), false);
});

test('an event goes to the targets of the rules that it matches, once, in the form that each asked for', async () => {
  await rule('forms', { source: ['forms'], detail: { n: [1] } });
  await targets('forms',
    target('part', { InputPath: '$.detail.name' }), target('fixed', { Input: '"forms: fixed"' }),
    target('made', { InputTransformer: { InputPathsMap: { n: '$.detail.n', name: '$.detail.name' }, InputTemplate: '"<name> has <n> by <aws.events.rule-name>"' } }));
  await put('forms', { n: 2, name: 'forms: two' });
  await put('forms', { n: 1, name: 'forms: one' });
  const found = await seen(3, (m) => m.includes('forms'));
  assert.deepEqual(found.sort(), ['"forms: fixed"', '"forms: one has 1 by forms"', '"forms: one"']);
});

test('a queue gets the events of a rule', async () => {
  const sqs = new SQSClient();
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'events' }));
  await rule('queued', { source: ['queued'] });
  await targets('queued', { Id: 'q', Arn: arn('sqs', 'events'), InputPath: '$.detail' });
  await put('queued', { n: 5 });
  let messages;
  while (!messages) ({ Messages: messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 })));
  assert.deepEqual(messages.map((m) => JSON.parse(m.Body)), [{ n: 5 }]);
});

test('an approved version starts a pipeline, with the parameters of the target', async () => {
  const PipelineDefinition = JSON.stringify({
    Version: '2020-12-01', Parameters: [{ Name: 'Why', Type: 'String', DefaultValue: 'none' }],
    Steps: [{ Name: 'Never', Type: 'Fail', Arguments: { ErrorMessage: 'started' } }],
  });
  const { PipelineArn } = await sagemaker.send(new CreatePipelineCommand({ PipelineName: 'on-approval', PipelineDefinition, RoleArn: process.env.SM_EXEC_ROLE_ARN, ClientRequestToken: 'a'.repeat(32) }));
  await rule('approved', { source: ['aws.sagemaker'], 'detail-type': ['SageMaker Model Package State Change'], detail: { ModelPackageGroupName: ['clicks'], ModelApprovalStatus: ['Approved'] } });
  await targets('approved', { Id: 'p', Arn: PipelineArn, RoleArn: process.env.SM_EXEC_ROLE_ARN, SageMakerPipelineParameters: { PipelineParameterList: [{ Name: 'Why', Value: 'approved' }] } });
  await rule('failed', { 'detail-type': ['SageMaker Model Building Pipeline Execution Status Change'], detail: { currentPipelineExecutionStatus: ['Failed'] } });
  await targets('failed', target('l', { InputPath: '$.detail.pipelineExecutionArn' }));

  await sagemaker.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: 'clicks' }));
  const { ModelPackageArn } = await sagemaker.send(new CreateModelPackageCommand({
    ModelPackageGroupName: 'clicks',
    InferenceSpecification: { Containers: [{ Image: '000000000000.dkr.ecr.us-east-1.amazonaws.com/slipway:latest' }], SupportedContentTypes: ['text/csv'], SupportedResponseMIMETypes: ['text/csv'] },
  }));
  await sagemaker.send(new UpdateModelPackageCommand({ ModelPackageArn, ModelApprovalStatus: 'Approved' }));
  const [failed] = await seen(1, (m) => m.includes('on-approval'));
  const { PipelineExecutionSummaries } = await sagemaker.send(new ListPipelineExecutionsCommand({ PipelineName: 'on-approval' }));
  assert.deepEqual(PipelineExecutionSummaries.map((e) => JSON.stringify(e.PipelineExecutionArn)), [failed]);
  const { PipelineParameters } = await sagemaker.send(new ListPipelineParametersForExecutionCommand({ PipelineExecutionArn: JSON.parse(failed) }));
  assert.deepEqual(PipelineParameters, [{ Name: 'Why', Value: 'approved' }]);
});
