import test from 'node:test';
import assert from 'node:assert/strict';
import {
  CloudWatchLogsClient, CreateLogGroupCommand, DeleteLogGroupCommand, DescribeLogGroupsCommand, CreateLogStreamCommand, DeleteLogStreamCommand,
  DescribeLogStreamsCommand, PutLogEventsCommand, GetLogEventsCommand, FilterLogEventsCommand, PutRetentionPolicyCommand, DeleteRetentionPolicyCommand,
  TagResourceCommand, UntagResourceCommand, ListTagsForResourceCommand, paginateDescribeLogGroups, paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';

const logs = new CloudWatchLogsClient();
const now = Date.now();
const hour = 3600_000;

async function stream(logGroupName, logStreamName, messages, start = now - 1000) {
  await logs.send(new CreateLogGroupCommand({ logGroupName })).catch((e) => assert.equal(e.name, 'ResourceAlreadyExistsException'));
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  if (messages.length > 0) {
    await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents: messages.map((message, i) => ({ timestamp: start + i, message })) }));
  }
}

const read = (logGroupName, logStreamName, more = {}) => logs.send(new GetLogEventsCommand({ logGroupName, logStreamName, ...more }));
const search = async (logGroupName, filterPattern, more = {}) =>
  (await logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern, ...more }))).events.map((e) => e.message);

test('groups are made once, listed by prefix, pattern and page, and deleted', async () => {
  for (const name of ['/g/one', '/g/two', '/h/one']) {
    await logs.send(new CreateLogGroupCommand({ logGroupName: name, tags: { team: 'ml' } }));
  }
  await assert.rejects(logs.send(new CreateLogGroupCommand({ logGroupName: '/g/one' })), { name: 'ResourceAlreadyExistsException' });
  await assert.rejects(logs.send(new CreateLogGroupCommand({ logGroupName: 'a b' })), { name: 'InvalidParameterException' });
  const names = [];
  for await (const page of paginateDescribeLogGroups({ client: logs, pageSize: 1 }, { logGroupNamePrefix: '/g/' })) {
    names.push(...page.logGroups.map((g) => g.logGroupName));
  }
  assert.deepEqual(names, ['/g/one', '/g/two']);
  const { logGroups: [group] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePattern: 'H/O' }));
  assert.equal(group.arn, 'arn:aws:logs:us-east-1:000000000000:log-group:/h/one:*');
  await logs.send(new DeleteLogGroupCommand({ logGroupName: '/h/one' }));
  await assert.rejects(logs.send(new DeleteLogGroupCommand({ logGroupName: '/h/one' })), { name: 'ResourceNotFoundException' });
});

test('a group has tags and a retention of AWS\'s choice', async () => {
  await logs.send(new CreateLogGroupCommand({ logGroupName: '/tags', tags: { a: '1' } }));
  const resourceArn = 'arn:aws:logs:us-east-1:000000000000:log-group:/tags';
  await logs.send(new TagResourceCommand({ resourceArn, tags: { b: '2', c: '3' } }));
  await logs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a'] }));
  assert.deepEqual((await logs.send(new ListTagsForResourceCommand({ resourceArn }))).tags, { b: '2', c: '3' });
  await logs.send(new PutRetentionPolicyCommand({ logGroupName: '/tags', retentionInDays: 7 }));
  const described = async () => (await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/tags' }))).logGroups[0];
  assert.equal((await described()).retentionInDays, 7);
  await logs.send(new DeleteRetentionPolicyCommand({ logGroupName: '/tags' }));
  assert.equal((await described()).retentionInDays, undefined);
  await assert.rejects(logs.send(new PutRetentionPolicyCommand({ logGroupName: '/tags', retentionInDays: 2 })), { name: 'InvalidParameterException' });
});

test('streams are ordered by name or by their last event', async () => {
  await stream('/order', 'a', ['newest'], now);
  await stream('/order', 'b', ['oldest'], now - 2 * hour);
  await stream('/order', 'c', ['between'], now - hour);
  const names = async (input) => (await logs.send(new DescribeLogStreamsCommand({ logGroupName: '/order', ...input }))).logStreams.map((s) => s.logStreamName);
  assert.deepEqual(await names({}), ['a', 'b', 'c']);
  assert.deepEqual(await names({ orderBy: 'LastEventTime', descending: true }), ['a', 'c', 'b']);
  assert.deepEqual(await names({ orderBy: 'LastEventTime', limit: 1 }), ['b']);
  assert.deepEqual(await names({ logStreamNamePrefix: 'c' }), ['c']);
  await assert.rejects(names({ orderBy: 'LastEventTime', logStreamNamePrefix: 'c' }), { name: 'InvalidParameterException' });
  await logs.send(new DeleteLogStreamCommand({ logGroupName: '/order', logStreamName: 'a' }));
  await assert.rejects(read('/order', 'a'), { name: 'ResourceNotFoundException' });
});

test('a stream is read forwards and backwards by tokens that stay where they end', async () => {
  await stream('/read', 's', ['1', '2', '3', '4', '5']);
  const messages = (page) => page.events.map((e) => e.message);
  const first = await read('/read', 's', { startFromHead: true, limit: 2 });
  assert.deepEqual(messages(first), ['1', '2']);
  const second = await read('/read', 's', { nextToken: first.nextForwardToken, limit: 2, startFromHead: true });
  assert.deepEqual(messages(second), ['3', '4']);
  assert.deepEqual(messages(await read('/read', 's', { nextToken: second.nextBackwardToken })), ['1', '2']);
  const last = await read('/read', 's', { nextToken: second.nextForwardToken, startFromHead: true });
  assert.deepEqual(messages(last), ['5']);
  const end = await read('/read', 's', { nextToken: last.nextForwardToken, startFromHead: true });
  assert.deepEqual(messages(end), []);
  assert.equal(end.nextForwardToken, last.nextForwardToken);
  await logs.send(new PutLogEventsCommand({ logGroupName: '/read', logStreamName: 's', logEvents: [{ timestamp: now, message: '6' }] }));
  assert.deepEqual(messages(await read('/read', 's', { nextToken: end.nextForwardToken, startFromHead: true })), ['6']);
  assert.deepEqual(messages(await read('/read', 's', { limit: 2 })), ['5', '6']);
  assert.deepEqual(messages(await read('/read', 's', { startTime: now - 999, endTime: now - 997, startFromHead: true })), ['2', '3']);
  await assert.rejects(read('/read', 's', { nextToken: 'nonsense' }), { name: 'InvalidParameterException' });
});

test('events come in the order of their time, not older and not newer than CloudWatch Logs takes', async () => {
  await stream('/put', 's', []);
  const put = (...times) => logs.send(new PutLogEventsCommand({
    logGroupName: '/put', logStreamName: 's', logEvents: times.map((timestamp) => ({ timestamp, message: String(timestamp) })) }));
  await assert.rejects(put(now, now - 1), /chronological order/);
  await assert.rejects(put(now - 25 * hour, now), /24 hours/);
  assert.deepEqual((await put(now - 15 * 24 * hour)).rejectedLogEventsInfo, { tooOldLogEventEndIndex: 1 });
  assert.deepEqual((await put(now, now + 3 * hour)).rejectedLogEventsInfo, { tooNewLogEventStartIndex: 1 });
  assert.deepEqual((await read('/put', 's')).events.map((e) => e.timestamp), [now]);
});

test('a search finds terms, phrases, alternatives and exclusions across streams, page by page', async () => {
  await stream('/search', 'a', ['ERROR disk full', 'INFO started', 'WARN slow'], now - 100);
  await stream('/search', 'b', ['ERROR out of memory', 'INFO disk ok'], now - 50);
  assert.deepEqual(await search('/search', 'ERROR'), ['ERROR disk full', 'ERROR out of memory']);
  assert.deepEqual(await search('/search', 'ERROR disk'), ['ERROR disk full']);
  assert.deepEqual(await search('/search', '"out of"'), ['ERROR out of memory']);
  assert.deepEqual(await search('/search', '?WARN ?started'), ['INFO started', 'WARN slow']);
  assert.deepEqual(await search('/search', 'disk -ERROR'), ['INFO disk ok']);
  assert.deepEqual(await search('/search', '', { logStreamNames: ['b'] }), ['ERROR out of memory', 'INFO disk ok']);
  assert.deepEqual(await search('/search', 'ERROR', { logStreamNamePrefix: 'a', startTime: now - 100, endTime: now }), ['ERROR disk full']);
  await assert.rejects(search('/search', '{ $.level = "x" }'), /filterPattern over JSON/);
  await assert.rejects(search('/search', 'x', { logStreamNames: ['none'] }), { name: 'ResourceNotFoundException' });
  const found = [];
  for await (const page of paginateFilterLogEvents({ client: logs, pageSize: 2 }, { logGroupName: '/search' })) {
    found.push(...page.events.map((e) => e.message));
  }
  assert.equal(found.length, 5);
});
