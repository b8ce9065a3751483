import test from 'node:test';
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import {
  SQSClient, ChangeMessageVisibilityBatchCommand, ChangeMessageVisibilityCommand, CreateQueueCommand, DeleteMessageBatchCommand, DeleteMessageCommand, DeleteQueueCommand,
  GetQueueAttributesCommand, GetQueueUrlCommand, ListDeadLetterSourceQueuesCommand, ListQueueTagsCommand, ListQueuesCommand, PurgeQueueCommand, QueueDoesNotExist, ReceiveMessageCommand,
  SendMessageBatchCommand, SendMessageCommand, SetQueueAttributesCommand, TagQueueCommand, UntagQueueCommand, AddPermissionCommand, paginateListQueues,
} from '@aws-sdk/client-sqs';
import { CreateKeyCommand, DisableKeyCommand, KMSClient, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';

const sqs = new SQSClient();
const make = async (QueueName, Attributes) => (await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl;
const send = (QueueUrl, MessageBody, more = {}) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));
const receive = async (QueueUrl, more = {}) => (await sqs.send(new ReceiveMessageCommand({ QueueUrl, ...more }))).Messages ?? [];
const attribute = async (QueueUrl, name) => (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [name] }))).Attributes[name];
const arn = (url) => attribute(url, 'QueueArn');
const refused = (command, code, message) => assert.rejects(sqs.send(command), (e) => {
  assert.deepEqual([e.Code ?? e.Error?.Code ?? e.name, e.message], [code, message]);
  return true;
});

test('a queue is made once, listed, set, tagged and deleted', async () => {
  const url = await make('life', { VisibilityTimeout: '60' });
  assert.equal(new URL(url).pathname, '/000000000000/life');
  assert.equal(await make('life', { VisibilityTimeout: '60' }), url);
  assert.equal(await make('life'), url);
  await refused(new CreateQueueCommand({ QueueName: 'life', Attributes: { VisibilityTimeout: '61' } }), 'QueueAlreadyExists', 'A queue already exists with the same name and a different value for attribute VisibilityTimeout');
  await refused(new CreateQueueCommand({ QueueName: 'not a name' }), 'InvalidParameterValue', 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length');
  assert.equal((await sqs.send(new GetQueueUrlCommand({ QueueName: 'life' }))).QueueUrl, url);
  assert.deepEqual((await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'li' }))).QueueUrls, [url]);
  assert.equal((await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'none' }))).QueueUrls, undefined);
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { DelaySeconds: '5', MessageRetentionPeriod: '60' } }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }));
  assert.deepEqual({ ...Attributes, CreatedTimestamp: 0, LastModifiedTimestamp: 0 }, {
    ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesDelayed: '0', ApproximateNumberOfMessagesNotVisible: '0', CreatedTimestamp: 0, LastModifiedTimestamp: 0,
    DelaySeconds: '5', MaximumMessageSize: '1048576', MessageRetentionPeriod: '60', QueueArn: 'arn:aws:sqs:us-east-1:000000000000:life', ReceiveMessageWaitTimeSeconds: '0',
    SqsManagedSseEnabled: 'true', VisibilityTimeout: '60' });
  assert.equal((await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url }))).Attributes, undefined);
  await refused(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { DelaySeconds: '901' } }), 'InvalidAttributeValue', 'Invalid value for the parameter DelaySeconds. Reason: Must be an integer from 0 to 900.');
  await refused(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['Colour'] }), 'InvalidAttributeName', 'Unknown Attribute Colour.');
  await sqs.send(new TagQueueCommand({ QueueUrl: url, Tags: { team: 'ml', stage: 'dev' } }));
  await sqs.send(new UntagQueueCommand({ QueueUrl: url, TagKeys: ['team'] }));
  assert.deepEqual((await sqs.send(new ListQueueTagsCommand({ QueueUrl: url }))).Tags, { stage: 'dev' });
  await sqs.send(new DeleteQueueCommand({ QueueUrl: url }));
  await refused(new GetQueueUrlCommand({ QueueName: 'life' }), 'AWS.SimpleQueueService.NonExistentQueue', 'The specified queue does not exist.');
  await assert.rejects(sqs.send(new DeleteQueueCommand({ QueueUrl: url })), QueueDoesNotExist);
});

test('queues come in pages', async () => {
  const made = [];
  for (const n of [1, 2, 3]) made.push(await make(`page-${n}`));
  const pages = [];
  for await (const page of paginateListQueues({ client: sqs, pageSize: 2 }, { QueueNamePrefix: 'page-' })) pages.push(page.QueueUrls);
  assert.deepEqual(pages, [made.slice(0, 2), made.slice(2)]);
});

test('a message is sent, received with its attributes and their MD5, and deleted', async () => {
  const QueueUrl = await make('messages');
  const MessageAttributes = {
    'job.name': { DataType: 'String', StringValue: 'train' }, 'job.n': { DataType: 'Number', StringValue: '5' }, raw: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255]) } };
  const sent = await send(QueueUrl, 'Grüße, \u{1F600}', { MessageAttributes, MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1' } }, MessageGroupId: 'tenant' });
  assert.equal(sent.MD5OfMessageBody, createHash('md5').update('Grüße, \u{1F600}').digest('hex'));
  const [message] = await receive(QueueUrl, { MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['All'] });
  assert.deepEqual([message.MessageId, message.Body, message.MD5OfBody, message.MD5OfMessageAttributes], [sent.MessageId, 'Grüße, \u{1F600}', sent.MD5OfMessageBody, sent.MD5OfMessageAttributes]);
  assert.deepEqual(Object.keys(message.MessageAttributes).sort(), ['job.n', 'job.name', 'raw']);
  assert.deepEqual([...message.MessageAttributes.raw.BinaryValue], [0, 255]);
  const { SentTimestamp, ApproximateFirstReceiveTimestamp, SenderId, ...rest } = message.Attributes;
  assert.deepEqual(rest, { ApproximateReceiveCount: '1', AWSTraceHeader: 'Root=1', MessageGroupId: 'tenant' });
  assert.ok(SenderId.startsWith('AIDA') && Number(SentTimestamp) <= Number(ApproximateFirstReceiveTimestamp));
  assert.deepEqual(await receive(QueueUrl), []);
  assert.equal(await attribute(QueueUrl, 'ApproximateNumberOfMessagesNotVisible'), '1');
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
  assert.equal(await attribute(QueueUrl, 'ApproximateNumberOfMessagesNotVisible'), '0');
  await send(QueueUrl, 'again', { MessageAttributes });
  const [some] = await receive(QueueUrl, { MessageAttributeNames: ['job.*'], AttributeNames: ['SentTimestamp'] });
  assert.deepEqual([Object.keys(some.MessageAttributes).sort(), Object.keys(some.Attributes)], [['job.n', 'job.name'], ['SentTimestamp']]);
});

test('who waits for a message gets it as it comes', async () => {
  const QueueUrl = await make('waits', { ReceiveMessageWaitTimeSeconds: '20' });
  const waiting = [receive(QueueUrl), receive(QueueUrl, { WaitTimeSeconds: 20 })];
  await send(QueueUrl, 'one');
  await send(QueueUrl, 'two');
  assert.deepEqual((await Promise.all(waiting)).flat().map((m) => m.Body).sort(), ['one', 'two']);
  assert.deepEqual(await receive(QueueUrl, { WaitTimeSeconds: 1 }), []);
});

test('a message that is not deleted comes again, with another receipt', async () => {
  const QueueUrl = await make('again');
  await send(QueueUrl, 'm');
  const [first] = await receive(QueueUrl, { VisibilityTimeout: 300 });
  await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: first.ReceiptHandle, VisibilityTimeout: 0 }));
  await assert.rejects(sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: first.ReceiptHandle, VisibilityTimeout: 1 })), { name: 'MessageNotInflight' });
  const [second] = await receive(QueueUrl, { AttributeNames: ['ApproximateReceiveCount'], VisibilityTimeout: 300 });
  assert.deepEqual([second.MessageId, second.Attributes.ApproximateReceiveCount], [first.MessageId, '2']);
  assert.notEqual(second.ReceiptHandle, first.ReceiptHandle);
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first.ReceiptHandle }));
  assert.equal(await attribute(QueueUrl, 'ApproximateNumberOfMessagesNotVisible'), '1');
  await refused(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'x' }), 'ReceiptHandleIsInvalid', 'The input receipt handle "x" is not a valid receipt handle.');
  await refused(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: second.ReceiptHandle, VisibilityTimeout: 43200 }), 'InvalidParameterValue',
    'Value 43200 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds]');
});

test('a batch does each entry by itself', async () => {
  const QueueUrl = await make('batches');
  const sent = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [
    { Id: 'a', MessageBody: '1' }, { Id: 'b', MessageBody: '\u0000' }, { Id: 'c', MessageBody: '3', DelaySeconds: 901 }, { Id: 'd', MessageBody: '4', DelaySeconds: 900 }] }));
  assert.deepEqual([sent.Successful.map((e) => e.Id), sent.Failed.map((e) => [e.Id, e.Code, e.SenderFault])], [['a', 'd'], [['b', 'InvalidMessageContents', true], ['c', 'InvalidParameterValue', true]]]);
  assert.equal(await attribute(QueueUrl, 'ApproximateNumberOfMessagesDelayed'), '1');
  await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [2, 3].map((n) => ({ Id: `${n}`, MessageBody: `${n}` })) }));
  const got = await receive(QueueUrl, { MaxNumberOfMessages: 10 });
  assert.deepEqual(got.map((m) => m.Body), ['1', '2', '3']);
  const shown = await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries: [{ Id: 'a', ReceiptHandle: got[0].ReceiptHandle, VisibilityTimeout: 0 }, { Id: 'b', ReceiptHandle: 'x', VisibilityTimeout: 0 }] }));
  assert.deepEqual([shown.Successful, shown.Failed.map((e) => e.Code)], [[{ Id: 'a' }], ['ReceiptHandleIsInvalid']]);
  const deleted = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: got.map((m, i) => ({ Id: `${i}`, ReceiptHandle: m.ReceiptHandle })) }));
  assert.equal(deleted.Successful.length, 3);
  await sqs.send(new PurgeQueueCommand({ QueueUrl }));
  assert.equal(await attribute(QueueUrl, 'ApproximateNumberOfMessagesDelayed'), '0');
  await assert.rejects(sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: 'a', MessageBody: '1' }, { Id: 'a', MessageBody: '2' }] })), { name: 'BatchEntryIdsNotDistinct' });
  await assert.rejects(sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [] })), { name: 'EmptyBatchRequest' });
});

test('what is received too often goes to the dead-letter queue', async () => {
  const dead = await make('dead');
  const deadArn = await arn(dead);
  const QueueUrl = await make('alive', { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadArn, maxReceiveCount: 2 }) });
  await send(QueueUrl, 'poison', { MessageAttributes: { n: { DataType: 'Number', StringValue: '1' } } });
  for (const _ of [1, 2]) assert.equal((await receive(QueueUrl, { VisibilityTimeout: 0 })).length, 1);
  assert.deepEqual(await receive(QueueUrl), []);
  const [buried] = await receive(dead, { MessageAttributeNames: ['n'], MessageSystemAttributeNames: ['DeadLetterQueueSourceArn', 'ApproximateReceiveCount'] });
  assert.deepEqual([buried.Body, buried.MessageAttributes.n.StringValue, buried.Attributes], ['poison', '1', { DeadLetterQueueSourceArn: await arn(QueueUrl), ApproximateReceiveCount: '1' }]);
  assert.deepEqual((await sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead }))).queueUrls, [QueueUrl]);
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: dead, Attributes: { RedriveAllowPolicy: '{"redrivePermission":"denyAll"}' } }));
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: deadArn, maxReceiveCount: '3' });
  await refused(new CreateQueueCommand({ QueueName: 'other', Attributes: { RedrivePolicy } }), 'InvalidParameterValue',
    `Value ${RedrivePolicy} for parameter RedrivePolicy is invalid. Reason: Dead letter target's RedriveAllowPolicy does not allow this queue.`);
});

test('a queue with a KMS key gives what it was sent, and nothing without the key', async () => {
  const kms = new KMSClient();
  const { KeyMetadata: { KeyId } } = await kms.send(new CreateKeyCommand({}));
  const QueueUrl = await make('sealed', { KmsMasterKeyId: KeyId });
  const sent = await send(QueueUrl, 'secret');
  assert.equal(sent.MD5OfMessageBody, createHash('md5').update('secret').digest('hex'));
  assert.equal((await receive(QueueUrl, { VisibilityTimeout: 0 }))[0].Body, 'secret');
  await kms.send(new DisableKeyCommand({ KeyId }));
  await assert.rejects(receive(QueueUrl), { name: 'KmsDisabled' });
  await assert.rejects(send(QueueUrl, 'more'), { name: 'KmsDisabled' });
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
  await assert.rejects(send(QueueUrl, 'more'), { name: 'KmsInvalidState' });
  await assert.rejects(make('no-key', { KmsMasterKeyId: randomUUID() }), { name: 'KmsNotFound' });
});

test('what SQS does not take, and what is not there, is refused by name', async () => {
  const QueueUrl = await make('strict', { MaximumMessageSize: '1024' });
  await refused(new SendMessageCommand({ QueueUrl, MessageBody: 'x'.repeat(1025) }), 'InvalidParameterValue', 'One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.');
  await refused(new SendMessageCommand({ QueueUrl, MessageBody: '' }), 'MissingParameter', 'The request must contain the parameter MessageBody.');
  await refused(new SendMessageCommand({ QueueUrl, MessageBody: 'x', MessageAttributes: { 'a b': { DataType: 'String', StringValue: 'x' } } }), 'InvalidParameterValue',
    "Invalid non-alphanumeric character '#x20' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.");
  await refused(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 11 }), 'InvalidParameterValue', 'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.');
  await refused(new SendMessageCommand({ QueueUrl, MessageBody: 'x', MessageDeduplicationId: 'd' }), 'InvalidParameterValue',
    'Value d for parameter MessageDeduplicationId is invalid. Reason: The request includes a parameter that is not valid for this queue type.');
  await assert.rejects(make('first.fifo', { FifoQueue: 'true' }), { name: 'NotImplemented', message: 'Local AWS does not support CreateQueue.QueueName first.fifo: local AWS has standard queues, and no FIFO queues.' });
  await assert.rejects(sqs.send(new AddPermissionCommand({ QueueUrl, Label: 'l', AWSAccountIds: ['1'], Actions: ['*'] })), /AmazonSQS.AddPermission/);
});
