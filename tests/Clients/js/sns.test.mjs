import test from 'node:test';
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createVerify, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import {
  SNSClient, ConfirmSubscriptionCommand, CreateTopicCommand, DeleteTopicCommand, GetSubscriptionAttributesCommand, GetTopicAttributesCommand, ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand, ListTagsForResourceCommand, ListTopicsCommand, PublishBatchCommand, PublishCommand, SetSubscriptionAttributesCommand, SetTopicAttributesCommand,
  SubscribeCommand, TagResourceCommand, UnsubscribeCommand, UntagResourceCommand,
} from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const sns = new SNSClient();
const topic = async (Name, more = {}) => (await sns.send(new CreateTopicCommand({ Name, ...more }))).TopicArn;
const refused = (command, Code, message) => assert.rejects(sns.send(command), (e) => {
  assert.deepEqual([e.Error?.Code ?? e.Code ?? e.name, e.message], [Code, message]);
  return true;
});

/** An endpoint that keeps what it is sent, and hands it out in its order. */
const endpoint = async (answer = () => 200) => {
  const kept = [], waiting = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const got = { headers: request.headers, body: Buffer.concat(chunks).toString() };
    response.writeHead(answer(got)).end();
    waiting.length ? waiting.shift()(got) : kept.push(got);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}/hook`,
    next: () => (kept.length ? kept.shift() : new Promise((resolve) => waiting.push(resolve))),
    close: () => { server.closeAllConnections(); server.close(); },
  };
};

/** Subscribes an endpoint and confirms, as the endpoint does: by the address in what it was sent. */
const subscribe = async (TopicArn, hook, Attributes) => {
  const answer = await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: hook.url, Attributes }));
  assert.equal(answer.SubscriptionArn, 'pending confirmation');
  const asked = await hook.next();
  const xml = await (await fetch(JSON.parse(asked.body).SubscribeURL)).text();
  return { asked, arn: /<SubscriptionArn>(.+)<\/SubscriptionArn>/.exec(xml)[1] };
};

/** Checks a message's signature with the certificate that it names, as AWS's documentation says. */
const verify = async (message) => {
  const signed = ['Message', 'MessageId', 'Subject', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'].filter((n) => n in message).map((n) => `${n}\n${message[n]}\n`).join('');
  const certificate = new X509Certificate(await (await fetch(message.SigningCertURL)).text());
  return createVerify(message.SignatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256').update(signed).verify(certificate.publicKey, message.Signature, 'base64');
};

test('a topic is made once, listed, set, tagged and deleted', async () => {
  const arn = await topic('life', { Attributes: { DisplayName: 'Life' }, Tags: [{ Key: 'team', Value: 'ml' }] });
  assert.equal(arn, 'arn:aws:sns:us-east-1:000000000000:life');
  assert.equal(await topic('life', { Attributes: { DisplayName: 'Life' } }), arn);
  assert.equal(await topic('life'), arn);
  await refused(new CreateTopicCommand({ Name: 'life', Attributes: { DisplayName: 'Other' } }), 'InvalidParameter', 'Invalid parameter: Attributes Reason: Topic already exists with different attributes');
  await refused(new CreateTopicCommand({ Name: 'life', Tags: [{ Key: 'x', Value: 'y' }] }), 'InvalidParameter', 'Invalid parameter: Tags Reason: Topic already exists with different tags');
  assert.ok((await sns.send(new ListTopicsCommand({}))).Topics.some((t) => t.TopicArn === arn));
  await sns.send(new SetTopicAttributesCommand({ TopicArn: arn, AttributeName: 'DeliveryPolicy', AttributeValue: '{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":5,"maxDelayTarget":6,"numRetries":1}}}' }));
  const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn: arn }));
  assert.deepEqual([Attributes.DisplayName, Attributes.Owner, Attributes.SubscriptionsConfirmed, Attributes.TopicArn], ['Life', '000000000000', '0', arn]);
  assert.deepEqual(JSON.parse(Attributes.EffectiveDeliveryPolicy).http.defaultHealthyRetryPolicy, {
    minDelayTarget: 5, maxDelayTarget: 6, numRetries: 1, numMaxDelayRetries: 0, numNoDelayRetries: 0, numMinDelayRetries: 0, backoffFunction: 'linear' });
  assert.equal(JSON.parse(Attributes.Policy).Statement[0].Resource, arn);
  await sns.send(new TagResourceCommand({ ResourceArn: arn, Tags: [{ Key: 'stage', Value: 'dev' }] }));
  await sns.send(new UntagResourceCommand({ ResourceArn: arn, TagKeys: ['team'] }));
  assert.deepEqual((await sns.send(new ListTagsForResourceCommand({ ResourceArn: arn }))).Tags, [{ Key: 'stage', Value: 'dev' }]);
  await sns.send(new DeleteTopicCommand({ TopicArn: arn }));
  await sns.send(new DeleteTopicCommand({ TopicArn: arn }));
  await refused(new GetTopicAttributesCommand({ TopicArn: arn }), 'NotFound', 'Topic does not exist');
});

test('an endpoint confirms, gets signed messages and ends its subscription', async () => {
  const hook = await endpoint();
  const TopicArn = await topic('signed');
  const { asked, arn } = await subscribe(TopicArn, hook);
  const confirmation = JSON.parse(asked.body);
  assert.equal(asked.headers['x-amz-sns-message-type'], 'SubscriptionConfirmation');
  assert.deepEqual([confirmation.Type, confirmation.TopicArn, await verify(confirmation)], ['SubscriptionConfirmation', TopicArn, true]);
  assert.deepEqual((await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions, [
    { SubscriptionArn: arn, Owner: '000000000000', Protocol: 'http', Endpoint: hook.url, TopicArn }]);

  const sent = await sns.send(new PublishCommand({
    TopicArn, Subject: 'Grüße', Message: 'line 1\nline 2 "ß"', MessageAttributes: { kind: { DataType: 'String', StringValue: 'test' }, raw: { DataType: 'Binary', BinaryValue: new Uint8Array([2, 3, 4]) } } }));
  const { headers, body } = await hook.next();
  const message = JSON.parse(body);
  assert.deepEqual(
    [headers['x-amz-sns-message-type'], headers['x-amz-sns-message-id'], headers['x-amz-sns-topic-arn'], headers['x-amz-sns-subscription-arn'], headers['content-type'], headers['user-agent']],
    ['Notification', sent.MessageId, TopicArn, arn, 'text/plain; charset=UTF-8', 'Amazon Simple Notification Service Agent']);
  assert.deepEqual([message.Type, message.MessageId, message.Subject, message.Message], ['Notification', sent.MessageId, 'Grüße', 'line 1\nline 2 "ß"']);
  assert.deepEqual(message.MessageAttributes, { kind: { Type: 'String', Value: 'test' }, raw: { Type: 'Binary', Value: 'AgME' } });
  assert.ok(await verify(message));
  assert.ok(!await verify({ ...message, Message: 'another' }));

  await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'SignatureVersion', AttributeValue: '2' }));
  await sns.send(new PublishCommand({ TargetArn: TopicArn, Message: 'by SHA-256' }));
  const second = JSON.parse((await hook.next()).body);
  assert.deepEqual([second.SignatureVersion, second.Subject, await verify(second)], ['2', undefined, true]);

  assert.equal((await fetch(second.UnsubscribeURL)).status, 200);
  const ended = JSON.parse((await hook.next()).body);
  assert.deepEqual([ended.Type, await verify(ended)], ['UnsubscribeConfirmation', true]);
  await refused(new GetSubscriptionAttributesCommand({ SubscriptionArn: arn }), 'NotFound', 'Subscription does not exist');
  await fetch(ended.SubscribeURL);
  await sns.send(new PublishCommand({ TopicArn, Message: 'back again' }));
  assert.equal(JSON.parse((await hook.next()).body).Message, 'back again');
  await sns.send(new UnsubscribeCommand({ SubscriptionArn: arn }));
  await sns.send(new UnsubscribeCommand({ SubscriptionArn: arn }));
  assert.deepEqual((await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions, []);
  hook.close();
});

test('a subscription confirmed with AuthenticateOnUnsubscribe is ended by a signature alone', async () => {
  const hook = await endpoint();
  const TopicArn = await topic('careful');
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: hook.url }));
  const { Token } = JSON.parse((await hook.next()).body);
  const { SubscriptionArn } = await sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token, AuthenticateOnUnsubscribe: 'true' }));
  assert.equal((await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes.ConfirmationWasAuthenticated, 'true');
  await sns.send(new PublishCommand({ TopicArn, Message: 'x' }));
  const { UnsubscribeURL } = JSON.parse((await hook.next()).body);
  const answer = await fetch(UnsubscribeURL);
  assert.deepEqual([answer.status, (await answer.text()).includes('<Code>AuthorizationError</Code>')], [403, true]);
  await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
  hook.close();
});

test('messages come raw, by protocol and in batches, and only those that a filter takes', async () => {
  const raw = await endpoint(), filtered = await endpoint(), byBody = await endpoint();
  const TopicArn = await topic('chosen');
  const { arn } = await subscribe(TopicArn, raw, { RawMessageDelivery: 'True' });
  assert.equal((await subscribe(TopicArn, filtered, { FilterPolicy: '{"stage":["prod"],"auc":[{"numeric":[">=",0.7]}]}' })).arn.startsWith(TopicArn), true);
  await subscribe(TopicArn, byBody, { FilterPolicyScope: 'MessageBody', FilterPolicy: '{"detail":{"state":["Approved"]}}' });
  const attributes = (stage, auc) => ({ stage: { DataType: 'String', StringValue: stage }, auc: { DataType: 'Number', StringValue: auc } });

  await sns.send(new PublishCommand({ TopicArn, MessageStructure: 'json', Message: JSON.stringify({ default: 'for all', http: 'for http' }) }));
  const { headers, body } = await raw.next();
  assert.deepEqual([body, headers['x-amz-sns-rawdelivery']], ['for http', 'true']);
  const { Successful, Failed } = await sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: [
    { Id: 'a', Message: 'dev', MessageAttributes: attributes('dev', '0.9') }, { Id: 'b', Message: 'bad', MessageAttributes: attributes('prod', '0.65') },
    { Id: 'c', Message: 'good', MessageAttributes: attributes('prod', '0.75') }, { Id: 'd', Message: '{"detail":{"state":"Approved"}}' }] }));
  assert.deepEqual([Successful.map((s) => s.Id), Failed ?? []], [['a', 'b', 'c', 'd'], []]);
  assert.equal(JSON.parse((await filtered.next()).body).Message, 'good');
  assert.equal(JSON.parse((await byBody.next()).body).MessageId, Successful[3].MessageId);
  assert.deepEqual((await Promise.all([raw.next(), raw.next(), raw.next(), raw.next()])).map((m) => m.body).sort(), ['bad', 'dev', 'good', '{"detail":{"state":"Approved"}}']);
  await sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn: arn, AttributeName: 'RawMessageDelivery', AttributeValue: 'false' }));
  await sns.send(new PublishCommand({ TopicArn, Message: 'wrapped' }));
  assert.equal(JSON.parse((await raw.next()).body).Message, 'wrapped');
  [raw, filtered, byBody].forEach((hook) => hook.close());
});

test('a queue gets messages without being asked, in their envelope or raw with their attributes', async () => {
  const sqs = new SQSClient();
  const TopicArn = await topic('queued');
  const queue = async (QueueName, Attributes) => {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }));
    const { SubscriptionArn } = await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: `arn:aws:sqs:us-east-1:000000000000:${QueueName}`, Attributes }));
    assert.ok(SubscriptionArn.startsWith(TopicArn));
    return async () => {
      for (;;) {
        const { Messages: [message] = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20, MessageAttributeNames: ['All'] }));
        if (message) return message;
      }
    };
  };
  const wrapped = await queue('wrapped'), raw = await queue('raw', { RawMessageDelivery: 'true' });
  const MessageAttributes = { n: { DataType: 'Number', StringValue: '5' }, b: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255]) } };
  const { MessageId } = await sns.send(new PublishCommand({ TopicArn, MessageStructure: 'json', Message: '{"default":"for all","sqs":"for queues"}', Subject: 'Told', MessageAttributes }));
  const envelope = JSON.parse((await wrapped()).Body);
  assert.deepEqual([envelope.Type, envelope.MessageId, envelope.Message, envelope.Subject, envelope.MessageAttributes.n, await verify(envelope)],
    ['Notification', MessageId, 'for queues', 'Told', { Type: 'Number', Value: '5' }, true]);
  const bare = await raw();
  assert.deepEqual([bare.Body, bare.MessageAttributes.n, [...bare.MessageAttributes.b.BinaryValue]], ['for queues', { DataType: 'Number', StringValue: '5' }, [0, 255]]);
});

test('a message that an endpoint does not take comes again, with the same id', async () => {
  const answers = [200, 500, 503, 200];
  const hook = await endpoint(() => answers.shift());
  const TopicArn = await topic('again');
  const { arn } = await subscribe(TopicArn, hook, { DeliveryPolicy: '{"healthyRetryPolicy":{"numRetries":3,"numNoDelayRetries":3,"minDelayTarget":1,"maxDelayTarget":1},"requestPolicy":{"headerContentType":"application/json"}}' });
  const effective = JSON.parse((await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: arn }))).Attributes.EffectiveDeliveryPolicy);
  assert.deepEqual([effective.healthyRetryPolicy.numNoDelayRetries, effective.requestPolicy], [3, { headerContentType: 'application/json' }]);
  const { MessageId } = await sns.send(new PublishCommand({ TopicArn, Message: 'stubborn' }));
  const tries = [await hook.next(), await hook.next(), await hook.next()];
  assert.deepEqual(tries.map((t) => [JSON.parse(t.body).MessageId, t.headers['content-type']]), Array(3).fill([MessageId, 'application/json']));
  hook.close();
});

test('what is wrong is said in the words of AWS', async () => {
  const TopicArn = await topic('wrong');
  const publish = (more) => new PublishCommand({ TopicArn, Message: 'x', ...more });
  const set = (more) => new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: 'http://127.0.0.1:9/x', ...more });
  const attribute = (value) => publish({ MessageAttributes: { attr1: value } });
  const invalid = (command, what) => refused(command, 'InvalidParameter', `Invalid parameter: ${what}`);
  await invalid(new CreateTopicCommand({ Name: 'no blanks' }), 'Topic Name');
  await invalid(new CreateTopicCommand({ Name: 'x', Attributes: { SignatureVersion: '3' } }), 'SignatureVersion Reason: it must be 1 or 2');
  await refused(new CreateTopicCommand({ Name: 'x.fifo', Attributes: { FifoTopic: 'true' } }), 'NotImplemented',
    'Local AWS does not support CreateTopic.Attributes.FifoTopic: local AWS has standard topics alone.');
  await invalid(publish({ TopicArn: 'wrong' }), 'TopicArn Reason: An ARN must have at least 6 elements, not 1');
  await refused(publish({ TopicArn: TopicArn + 's' }), 'NotFound', 'Topic does not exist');
  await invalid(publish({ TopicArn: undefined }), 'TopicArn or TargetArn Reason: no value for required parameter');
  await invalid(publish({ Subject: 's'.repeat(100) }), 'Subject');
  await sns.send(publish({ Subject: 's'.repeat(99) }));
  await invalid(publish({ Subject: 'two\nlines' }), 'Subject');
  await invalid(publish({ Message: '' }), 'Empty message');
  await sns.send(publish({ Message: 'm'.repeat(256 * 1024) }));
  await invalid(publish({ Message: 'm'.repeat(256 * 1024 + 1) }), 'Message too long');
  await invalid(publish({ MessageStructure: 'json', Message: '{' }), 'Message Structure - JSON message body failed to parse');
  await invalid(publish({ MessageStructure: 'json', Message: '{"http":"x"}' }), 'Message Structure - No default entry in JSON message body');
  await refused(attribute({ DataType: 'String' }), 'ParameterValueInvalid', "The message attribute 'attr1' must contain non-empty message attribute value for message attribute type 'String'.");
  await refused(attribute({ DataType: 'Text', StringValue: 'x' }), 'ParameterValueInvalid',
    "The message attribute 'attr1' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.");
  await refused(publish({ PhoneNumber: '+15551234567' }), 'NotImplemented', 'Local AWS does not support Publish.PhoneNumber.');
  const batch = (...PublishBatchRequestEntries) => new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries });
  await refused(batch(), 'EmptyBatchRequest', "The batch request doesn't contain any entries.");
  await refused(batch({ Id: 'a', Message: 'x' }, { Id: 'a', Message: 'y' }), 'BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
  await refused(batch({ Id: 'a.b', Message: 'x' }), 'InvalidBatchEntryId', 'The Id of a batch entry in the batch request contains an impermissible character: a.b');
  await refused(batch(...Array.from({ length: 11 }, (_, i) => ({ Id: `${i}`, Message: 'x' }))), 'TooManyEntriesInBatchRequest', 'The batch request contains more entries than permissible.');
  await refused(batch(...Array.from({ length: 5 }, (_, i) => ({ Id: `${i}`, Message: 'x'.repeat(60_000) }))), 'BatchRequestTooLong', 'The length of all the messages put together is more than the limit.');

  await invalid(set({ Protocol: 'pigeon' }), 'Amazon SNS does not support this protocol string: pigeon');
  await refused(set({ Protocol: 'lambda', Endpoint: 'arn:aws:lambda:us-east-1:000000000000:function:f' }), 'NotImplemented', 'Local AWS does not support Subscribe with the protocol lambda: there are http, https, email, email-json and sqs.');
  await invalid(set({ Protocol: 'sqs' }), 'SQS endpoint ARN');
  await invalid(set({ Protocol: 'https' }), 'Endpoint must match the specified protocol');
  await refused(set({ Endpoint: 'http://example.com/' }), 'NotImplemented', 'Local AWS does not support Subscribe with an endpoint on another machine (example.com): local AWS sends to loopback addresses alone.');
  await invalid(set({ Protocol: 'email', Endpoint: 'nobody' }), 'Email address');
  await invalid(set({ Protocol: 'email', Endpoint: 'a@example.com', Attributes: { RawMessageDelivery: 'true' } }), 'Attributes Reason: Delivery protocol [email] does not support raw message delivery.');
  await invalid(set({ Attributes: { RawMessageDelivery: 'maybe' } }), 'Attributes Reason: RawMessageDelivery: Invalid value [maybe]. Must be true or false.');
  await refused(set({ Attributes: { RedrivePolicy: '{}' } }), 'NotImplemented', 'Local AWS does not support the subscription attribute RedrivePolicy.');
  await invalid(set({ Attributes: { FilterPolicyScope: 'All' } }), 'Attributes Reason: FilterPolicyScope: Invalid value [All]. Please use either MessageBody or MessageAttributes');
  const filter = (policy, more) => set({ Attributes: { FilterPolicy: policy, ...more } });
  await invalid(filter('{'), 'Attributes Reason: FilterPolicy: failed to parse JSON: line 1, byte 2');
  await invalid(filter('{"a":"b"}'), 'Attributes Reason: FilterPolicy: "a" must be an object or an array');
  await invalid(filter('{"a":[]}'), 'Attributes Reason: FilterPolicy: Empty arrays are not allowed at a');
  await invalid(filter('{"a":[{"like":"b"}]}'), 'Attributes Reason: FilterPolicy: Unrecognized match type like at a');
  await invalid(filter('{"a":{"b":["c"]}}'), 'Filter policy scope MessageAttributes does not support nested filter policy');
  await invalid(filter(JSON.stringify(Object.fromEntries([...'abcdef'].map((k) => [k, ['x']])))), 'Attributes Reason: FilterPolicy: Filter policy can not have more than 5 keys');
  await invalid(filter(JSON.stringify({ a: Array(151).fill('x') })), 'Attributes Reason: FilterPolicy: Filter policy is too complex');
  await invalid(set({ Attributes: { DeliveryPolicy: '{"healthyRetryPolicy":{"numRetries":101}}' } }), 'DeliveryPolicy: healthyRetryPolicy.numRetries must be a whole number from 0 to 100');
  await invalid(set({ Attributes: { DeliveryPolicy: '{"healthyRetryPolicy":{"numRetries":2,"minDelayTarget":3600,"maxDelayTarget":3600}}' } }),
    'DeliveryPolicy: healthyRetryPolicy: all retries together must not take more than 3600 seconds');
  await refused(new ConfirmSubscriptionCommand({ TopicArn, Token: 'random' }), 'InvalidParameter', 'Invalid token');
  await invalid(new ConfirmSubscriptionCommand({ TopicArn, Token: 'ab'.repeat(64) }), 'Token');
  await invalid(new UnsubscribeCommand({ SubscriptionArn: 'x' }), 'SubscriptionArn Reason: An ARN must have at least 6 elements, not 1');
  await invalid(new UnsubscribeCommand({ SubscriptionArn: TopicArn }), 'SubscriptionId');
  await invalid(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Nope', AttributeValue: 'x' }), 'AttributeName');
  await refused(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'HTTPSuccessFeedbackRoleArn', AttributeValue: 'x' }), 'NotImplemented', 'Local AWS does not support the topic attribute HTTPSuccessFeedbackRoleArn.');
  assert.deepEqual((await sns.send(new ListSubscriptionsCommand({}))).Subscriptions.filter((s) => s.TopicArn === TopicArn), []);
});
