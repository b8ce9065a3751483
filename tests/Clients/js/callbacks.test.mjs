import test from 'node:test';
import assert from 'node:assert/strict';
import { setTimeout as later } from 'node:timers/promises';
import {
  SageMakerClient, CreatePipelineCommand, DeletePipelineCommand, DescribePipelineExecutionCommand, ListPipelineExecutionStepsCommand, RetryPipelineExecutionCommand,
  SendPipelineExecutionStepFailureCommand, SendPipelineExecutionStepSuccessCommand, StartPipelineExecutionCommand, StopPipelineExecutionCommand,
} from '@aws-sdk/client-sagemaker';
import { SQSClient, CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';

const sagemaker = new SageMakerClient();
const sqs = new SQSClient();
const RoleArn = process.env.SM_EXEC_ROLE_ARN;
const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'callbacks' }));

/** The JSON that the SageMaker Python SDK's CallbackStep writes, and a step that uses its outputs. */
const definition = (SqsQueueUrl = QueueUrl) => JSON.stringify({
  Version: '2020-12-01',
  Metadata: {},
  Parameters: [{ Name: 'Rows', Type: 'Integer', DefaultValue: 5 }],
  Steps: [
    {
      Name: 'Label', Type: 'Callback', DisplayName: 'Have it labelled', SqsQueueUrl,
      Arguments: { number: { Get: 'Parameters.Rows' }, text: 'some', where: { 'Std:Join': { On: '/', Values: ['s3:/', 'bucket', { Get: 'Execution.PipelineExecutionId' }] } } },
      OutputParameters: [
        { OutputName: 'uri', OutputType: 'String' }, { OutputName: 'rows', OutputType: 'Integer' }, { OutputName: 'share', OutputType: 'Float' }, { OutputName: 'done', OutputType: 'Boolean' }],
    },
    {
      Name: 'Enough', Type: 'Condition',
      Arguments: {
        Conditions: [
          { Type: 'GreaterThan', LeftValue: { Get: "Steps.Label.OutputParameters['rows']" }, RightValue: 10 },
          { Type: 'LessThan', LeftValue: { Get: "Steps.Label.OutputParameters['share']" }, RightValue: 0.5 },
          { Type: 'Equals', LeftValue: { Get: "Steps.Label.OutputParameters['done']" }, RightValue: true },
        ],
        IfSteps: [{ Name: 'Told', Type: 'Fail', Arguments: { ErrorMessage: { 'Std:Join': { On: ' ', Values: ['labels are in', { Get: "Steps.Label.OutputParameters['uri']" }] } } } }],
        ElseSteps: [],
      },
    },
  ],
});
const outputs = (values) => Object.entries(values).map(([Name, Value]) => ({ Name, Value }));
const start = async (PipelineName) => (await sagemaker.send(new StartPipelineExecutionCommand({ PipelineName }))).PipelineExecutionArn;
const step = async (PipelineExecutionArn) => (await sagemaker.send(new ListPipelineExecutionStepsCommand({ PipelineExecutionArn }))).PipelineExecutionSteps.find((s) => s.StepName === 'Label');
const succeed = (CallbackToken, values, more = {}) => sagemaker.send(new SendPipelineExecutionStepSuccessCommand({ CallbackToken, OutputParameters: outputs(values), ...more }));
/** The next message, which is taken from the queue. */
const next = async () => {
  for (;;) {
    for (const { Body, ReceiptHandle } of (await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }))).Messages ?? []) {
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      return JSON.parse(Body);
    }
  }
};
const ended = async (PipelineExecutionArn) => {
  for (;;) {
    const execution = await sagemaker.send(new DescribePipelineExecutionCommand({ PipelineExecutionArn }));
    if (!['Executing', 'Stopping'].includes(execution.PipelineExecutionStatus)) return execution;
    await later(20);
  }
};

test('a callback step asks by its queue, waits, and hands on what it is answered', async () => {
  await sagemaker.send(new CreatePipelineCommand({ PipelineName: 'Labels', PipelineDefinition: definition(), RoleArn }));
  const execution = await start('Labels');
  const message = await next();
  assert.deepEqual({ ...message, token: '' }, {
    token: '', pipelineExecutionArn: execution, status: 'Executing',
    arguments: { number: 5, text: 'some', where: `s3://bucket/${execution.split('/').at(-1)}` } });
  assert.match(message.token, /^[a-zA-Z0-9]{10}$/);
  while ((await step(execution)).StepStatus !== 'Executing') await later(20);
  assert.deepEqual((await step(execution)).Metadata, { Callback: { CallbackToken: message.token, SqsQueueUrl: QueueUrl } });

  await assert.rejects(succeed(message.token, { colour: 'red' }), { name: 'ValidationException', message: "Unknown output parameter 'colour': the step 'Label' has uri, rows, share, done." });
  await assert.rejects(succeed(message.token, { rows: 'many' }), { name: 'ValidationException', message: "The value 'many' of parameter 'rows' is not of type Integer." });
  const values = { uri: 's3://bucket/labels', rows: '11', share: '0.25', done: 'true' };
  const ClientRequestToken = 'a-token-of-thirty-two-characters-or-more';
  assert.equal((await succeed(message.token, values, { ClientRequestToken })).PipelineExecutionArn, execution);
  assert.equal((await succeed(message.token, values, { ClientRequestToken })).PipelineExecutionArn, execution, 'the same request is answered the same');
  await assert.rejects(succeed(message.token, values), { name: 'ConflictException', message: `Callback token ${message.token} has been answered already.` });

  const over = await ended(execution);
  assert.equal(over.FailureReason, 'Step failure: One or multiple steps failed. Told: labels are in s3://bucket/labels');
  const answered = await step(execution);
  assert.deepEqual([answered.StepStatus, answered.Metadata.Callback.OutputParameters], ['Succeeded', outputs(values)]);
  await sagemaker.send(new DeletePipelineCommand({ PipelineName: 'Labels' }));
  await assert.rejects(succeed(message.token, values), { name: 'ResourceNotFound', message: `Callback token ${message.token} does not exist.` });
});

test('a failure ends the execution with its reason, and a retry asks anew', async () => {
  await sagemaker.send(new CreatePipelineCommand({ PipelineName: 'Failing', PipelineDefinition: definition(), RoleArn }));
  const execution = await start('Failing');
  const { token } = await next();
  await sagemaker.send(new SendPipelineExecutionStepFailureCommand({ CallbackToken: token, FailureReason: 'nobody has time' }));
  const failed = await ended(execution);
  assert.deepEqual([failed.PipelineExecutionStatus, failed.FailureReason], ['Failed', 'Step failure: One or multiple steps failed. Label: nobody has time']);
  assert.deepEqual([(await step(execution)).StepStatus, (await step(execution)).FailureReason], ['Failed', 'nobody has time']);
  await sagemaker.send(new RetryPipelineExecutionCommand({ PipelineExecutionArn: execution }));
  const again = await next();
  assert.notEqual(again.token, token);
  // one output that a reference needs is missing: the step that refers to it fails
  await succeed(again.token, { rows: '11' });
  assert.match((await ended(execution)).FailureReason, /Enough: Steps.Label.OutputParameters\['share'\] has no value/);
});

test('an execution that is to stop tells who was asked, and stops when the answer comes', async () => {
  await sagemaker.send(new CreatePipelineCommand({ PipelineName: 'Stopping', PipelineDefinition: definition(), RoleArn }));
  const execution = await start('Stopping');
  const asked = await next();
  await sagemaker.send(new StopPipelineExecutionCommand({ PipelineExecutionArn: execution }));
  assert.deepEqual(await next(), { ...asked, status: 'Stopping' });
  assert.equal((await sagemaker.send(new DescribePipelineExecutionCommand({ PipelineExecutionArn: execution }))).PipelineExecutionStatus, 'Stopping');
  while ((await step(execution)).StepStatus !== 'Stopping') await later(20);
  await succeed(asked.token, { rows: '11' });
  assert.equal((await ended(execution)).PipelineExecutionStatus, 'Stopped');
  assert.equal((await step(execution)).StepStatus, 'Succeeded');
});

test('a queue that is not there, and a token that nobody was sent, are told', async () => {
  await assert.rejects(sagemaker.send(new SendPipelineExecutionStepFailureCommand({ CallbackToken: 'abcdefghij' })), { name: 'ResourceNotFound', message: 'Callback token abcdefghij does not exist.' });
  await assert.rejects(sagemaker.send(new SendPipelineExecutionStepFailureCommand({ CallbackToken: 'short' })), { name: 'ValidationException' });
  await sagemaker.send(new CreatePipelineCommand({ PipelineName: 'Nowhere', PipelineDefinition: definition('https://sqs.us-east-1.amazonaws.com/000000000000/absent'), RoleArn }));
  assert.equal((await ended(await start('Nowhere'))).FailureReason,
    'Step failure: One or multiple steps failed. Label: ClientError: Failed to invoke sqs:SendMessage. Error Details: The specified queue does not exist.');
});
