import test from 'node:test';
import assert from 'node:assert/strict';
import {
  SSMClient, PutParameterCommand, GetParameterCommand, GetParametersCommand, paginateGetParametersByPath, paginateGetParameterHistory, paginateDescribeParameters,
  DescribeParametersCommand, GetParametersByPathCommand, DeleteParameterCommand, DeleteParametersCommand, LabelParameterVersionCommand,
  UnlabelParameterVersionCommand, AddTagsToResourceCommand, RemoveTagsFromResourceCommand, ListTagsForResourceCommand, GetParameterHistoryCommand,
} from '@aws-sdk/client-ssm';
import { KMSClient, CreateKeyCommand, DisableKeyCommand, EnableKeyCommand, DecryptCommand, CreateAliasCommand } from '@aws-sdk/client-kms';

const ssm = new SSMClient();
const kms = new KMSClient();
const send = (command) => ssm.send(command);
const put = (Name, Value, more = {}) => send(new PutParameterCommand({ Name, Value, Type: 'String', ...more }));
const get = async (Name, WithDecryption) => (await send(new GetParameterCommand({ Name, WithDecryption }))).Parameter;
const refused = (command, name, words = /./) => assert.rejects(send(command), (e) => {
  assert.equal(e.name, name, e.message);
  assert.match(e.message, words);
  return true;
});
const refusedPut = (Name, more, name, words) => refused(new PutParameterCommand({ Name, Value: 'v', Type: 'String', ...more }), name, words);
const all = async (pages, member = 'Parameters') => {
  const items = [];
  for await (const page of pages) {
    items.push(...page[member]);
  }
  return items;
};

test('a parameter is put, read and overwritten, and keeps what is not said anew', async () => {
  const made = await put('/app/version', '1', { Description: 'the version', AllowedPattern: '^\\d+$' });
  assert.deepEqual([made.Version, made.Tier], [1, 'Standard']);
  const first = await get('/app/version');
  assert.deepEqual(
    [first.Name, first.Value, first.Type, first.Version, first.ARN, first.DataType, first.Selector],
    ['/app/version', '1', 'String', 1, 'arn:aws:ssm:us-east-1:000000000000:parameter/app/version', 'text', undefined]);
  assert.ok(first.LastModifiedDate instanceof Date);
  await refusedPut('/app/version', {}, 'ParameterAlreadyExists', /set the overwrite option/);
  assert.equal((await put('/app/version', '2', { Overwrite: true, Type: undefined })).Version, 2);
  await refusedPut('/app/version', { Overwrite: true, Value: 'two' }, 'ParameterPatternMismatchException');
  const [described] = (await send(new DescribeParametersCommand({ ParameterFilters: [{ Key: 'Name', Values: ['/app/version'] }] }))).Parameters;
  assert.deepEqual([described.Description, described.AllowedPattern, described.Version, described.LastModifiedUser], ['the version', '^\\d+$', 2, 'arn:aws:iam::000000000000:user/tester']);
  assert.equal((await get('arn:aws:ssm:us-east-1:000000000000:parameter/app/version')).Value, '2');
  assert.equal((await put('list', 'a,b', { Type: 'StringList' })).Version, 1);
  assert.equal((await get('arn:aws:ssm:us-east-1:000000000000:parameter/list')).Value, 'a,b');
});

test('names, types, tiers, patterns and data types that AWS does not take are refused in its words', async () => {
  await refusedPut('/aws/mine', {}, 'AccessDeniedException', /No access to reserved parameter name: \/aws\/mine/);
  await refusedPut('awsome', {}, 'ValidationException', /can't be prefixed with "aws" or "ssm"/);
  await refusedPut('/SSM/x', {}, 'ValidationException', /can't be prefixed/);
  await refusedPut('a b', {}, 'ValidationException', /letters, numbers/);
  await refusedPut('a/b', {}, 'ValidationException', /fully qualified/);
  await refusedPut('/a//b', {}, 'ValidationException', /empty level/);
  await refusedPut('/' + Array(16).fill('l').join('/'), {}, 'HierarchyLevelLimitExceededException');
  await put('/' + Array(15).fill('l').join('/'), 'deep');
  await refusedPut('x'.repeat(1000), {}, 'ValidationException', /1011/);
  await refusedPut('untyped', { Type: undefined }, 'ValidationException', /parameter type is required/);
  await refusedPut('empty', { Value: '' }, 'ValidationException', /'value' failed/);
  await refusedPut('other', { Type: 'Number' }, 'ValidationException', /enum value set/);
  await refusedPut('pattern', { AllowedPattern: '(' }, 'InvalidAllowedPatternException');
  await refusedPut('image', { DataType: 'aws:ec2:image' }, 'NotImplemented', /aws:ec2:image/);
  await refusedPut('datum', { DataType: 'Text' }, 'ValidationException', /data type is not supported/);
  await refusedPut('policies', { Tier: 'Advanced', Policies: '[{"Type":"NoChangeNotification"}]' }, 'NotImplemented', /PutParameter.Policies/);
  await refusedPut('long', { Value: 'x'.repeat(4097) }, 'ValidationException', /4096/);
  assert.equal((await put('long', 'x'.repeat(4097), { Tier: 'Intelligent-Tiering' })).Tier, 'Advanced');
  await refusedPut('long', { Overwrite: true, Tier: 'Standard' }, 'ValidationException', /can't downgrade/);
  await refusedPut('long', { Overwrite: true, Tags: [{ Key: 'a', Value: 'b' }] }, 'ValidationException', /tags and overwrite/);
});

test('a version is read by its number and by its label', async () => {
  for (const value of ['one', 'two', 'three']) {
    await put('/labelled', value, { Overwrite: true });
  }
  const labelled = await send(new LabelParameterVersionCommand({ Name: '/labelled', ParameterVersion: 1, Labels: ['prod', 'old', '1st', 'awsx'] }));
  assert.deepEqual([labelled.ParameterVersion, labelled.InvalidLabels.sort()], [1, ['1st', 'awsx']]);
  const one = await get('/labelled:prod');
  assert.deepEqual([one.Value, one.Version, one.Selector, one.Name], ['one', 1, ':prod', '/labelled']);
  assert.equal((await get('/labelled:2')).Value, 'two');
  assert.equal((await send(new LabelParameterVersionCommand({ Name: '/labelled', Labels: ['prod'] }))).ParameterVersion, 3);
  assert.equal((await get('/labelled:prod')).Value, 'three');
  await refused(new GetParameterCommand({ Name: '/labelled:9' }), 'ParameterVersionNotFound', /version 9 of \/labelled/);
  await refused(new GetParameterCommand({ Name: '/labelled:none' }), 'ParameterVersionNotFound', /label none/);
  await refused(new GetParameterCommand({ Name: '/absent:1' }), 'ParameterNotFound');
  const history = await all(paginateGetParameterHistory({ client: ssm, pageSize: 2 }, { Name: '/labelled' }));
  assert.deepEqual(history.map((h) => [h.Version, h.Value, h.Labels]), [[1, 'one', ['old']], [2, 'two', []], [3, 'three', ['prod']]]);
  const taken = await send(new UnlabelParameterVersionCommand({ Name: '/labelled', ParameterVersion: 3, Labels: ['prod', 'none'] }));
  assert.deepEqual([taken.RemovedLabels, taken.InvalidLabels], [['prod'], ['none']]);
  const many = (from) => Array.from({ length: 6 }, (_, i) => `l${from + i}`);
  await send(new LabelParameterVersionCommand({ Name: '/labelled', Labels: many(0) }));
  await refused(new LabelParameterVersionCommand({ Name: '/labelled', Labels: many(6) }), 'ParameterVersionLabelLimitExceeded');
});

test('a hundred versions are kept, and one with a label is not let go', async () => {
  for (let i = 1; i <= 101; i++) {
    await put('/versions', `${i}`, { Overwrite: true });
  }
  await refused(new GetParameterCommand({ Name: '/versions:1' }), 'ParameterVersionNotFound');
  assert.equal((await get('/versions:2')).Value, '2');
  await send(new LabelParameterVersionCommand({ Name: '/versions', ParameterVersion: 2, Labels: ['keep'] }));
  await refusedPut('/versions', { Overwrite: true }, 'ParameterMaxVersionLimitExceeded', /Version 2/);
});

test('a secure string is ciphertext without decryption, and needs its key', async () => {
  const { KeyMetadata: key } = await kms.send(new CreateKeyCommand({}));
  await kms.send(new CreateAliasCommand({ AliasName: 'alias/secrets', TargetKeyId: key.KeyId }));
  await put('/secret', 'pässword', { Type: 'SecureString', KeyId: 'alias/secrets' });
  const hidden = await get('/secret');
  assert.ok(!hidden.Value.includes('ssword'));
  const opened = await kms.send(new DecryptCommand({ CiphertextBlob: Buffer.from(hidden.Value, 'base64'), EncryptionContext: { PARAMETER_ARN: hidden.ARN } }));
  assert.deepEqual([Buffer.from(opened.Plaintext).toString(), opened.KeyId], ['pässword', key.Arn]);
  assert.equal((await get('/secret', true)).Value, 'pässword');
  await put('/secret', 'new', { Type: 'SecureString', Overwrite: true });
  const history = (await send(new GetParameterHistoryCommand({ Name: '/secret', WithDecryption: true }))).Parameters;
  assert.deepEqual(history.map((h) => [h.Value, h.KeyId]), [['pässword', 'alias/secrets'], ['new', 'alias/secrets']]);
  await kms.send(new DisableKeyCommand({ KeyId: key.KeyId }));
  await refused(new GetParameterCommand({ Name: '/secret', WithDecryption: true }), 'InvalidKeyId', /is disabled/);
  await refusedPut('/secret', { Overwrite: true, Type: 'SecureString' }, 'InvalidKeyId', /is disabled/);
  assert.equal((await get('/secret')).Version, 2);
  await kms.send(new EnableKeyCommand({ KeyId: key.KeyId }));
  assert.equal((await get('/secret', true)).Value, 'new');
  await refusedPut('/nokey', { Type: 'SecureString', KeyId: 'alias/absent' }, 'InvalidKeyId', /alias\/absent/);
  await refusedPut('/keyed', { KeyId: 'alias/secrets' }, 'ValidationException', /SecureString/);
  await put('/default', 'x'.repeat(8192), { Type: 'SecureString', Tier: 'Advanced' });
  assert.equal((await get('/default', true)).Value.length, 8192);
  const [metadata] = (await send(new DescribeParametersCommand({ ParameterFilters: [{ Key: 'Name', Values: ['/default'] }] }))).Parameters;
  assert.deepEqual([metadata.KeyId, metadata.Tier], ['alias/aws/ssm', 'Advanced']);
});

test('several are read and deleted at once, and those that are not there are named', async () => {
  await put('/many/a', '1');
  await put('/many/b', '2');
  const read = await send(new GetParametersCommand({ Names: ['/many/b', '/many/none', '/many/a:1', '/many/a:7'] }));
  // in the order of their names, whatever the order they were asked in
  assert.deepEqual(read.Parameters.map((p) => p.Value), ['1', '2']);
  assert.deepEqual(read.InvalidParameters, ['/many/none', '/many/a:7']);
  await refused(new GetParametersCommand({ Names: Array.from({ length: 11 }, (_, i) => `n${i}`) }), 'ValidationException', /less than or equal to 10/);
  const deleted = await send(new DeleteParametersCommand({ Names: ['/many/a', '/many/none'] }));
  assert.deepEqual([deleted.DeletedParameters, deleted.InvalidParameters], [['/many/a'], ['/many/none']]);
  await send(new DeleteParameterCommand({ Name: '/many/b' }));
  await refused(new DeleteParameterCommand({ Name: '/many/b' }), 'ParameterNotFound');
  await refused(new GetParameterCommand({ Name: '/many/b' }), 'ParameterNotFound');
  assert.equal((await put('/many/b', 'again')).Version, 1);
});

test('to delete, label and list a parameter takes its name, not one of its versions or labels', async () => {
  const { KeyId } = (await kms.send(new CreateKeyCommand({}))).KeyMetadata;
  await put('/named', '1');
  const names = ['/named:1', 'arn:aws:ssm:us-east-1:000000000000:parameter/named'];
  for (const Name of names) {
    await refused(new DeleteParameterCommand({ Name }), 'ParameterNotFound');
    await refused(new LabelParameterVersionCommand({ Name, Labels: ['x'] }), 'ParameterNotFound');
    await refused(new UnlabelParameterVersionCommand({ Name, ParameterVersion: 1, Labels: ['x'] }), 'ParameterNotFound');
  }
  await refused(new GetParameterHistoryCommand({ Name: '/named:1' }), 'ParameterNotFound');
  assert.deepEqual((await send(new DeleteParametersCommand({ Names: names }))).InvalidParameters, names);
  assert.equal((await get('/named')).Value, '1');
  await refused(new GetParameterCommand({ Name: '/named: 1' }), 'ParameterVersionNotFound');
  // named and /named have the same ARN
  await refusedPut('named', {}, 'ParameterAlreadyExists');
  await refusedPut('named', { Overwrite: true }, 'ParameterAlreadyExists');
  await refusedPut('/nested', { Value: 'a {{ssm:other}}' }, 'ValidationException', /can't nest another parameter/);
  assert.equal((await put('/braces', '{{ and no more')).Version, 1);
  // a type may change with an overwrite
  assert.equal((await put('/named', 'secret', { Type: 'SecureString', KeyId, Overwrite: true })).Version, 2);
  assert.equal((await put('/named', 'open', { Overwrite: true })).Version, 3);
  assert.deepEqual((await send(new GetParameterHistoryCommand({ Name: '/named', WithDecryption: true }))).Parameters.map((h) => [h.Type, h.Value]),
    [['String', '1'], ['SecureString', 'secret'], ['String', 'open']]);
});

test('parameters are found by path, one level or all, filtered and over pages', async () => {
  for (const name of ['/path/a', '/path/b', '/path/deep/c', '/path/deep/deeper/d', '/pathology']) {
    await put(name, name);
  }
  const under = (Path, Recursive, more = {}) => all(paginateGetParametersByPath({ client: ssm, pageSize: 1 }, { Path, Recursive, ...more }));
  assert.deepEqual((await under('/path')).map((p) => p.Name), ['/path/a', '/path/b']);
  assert.deepEqual((await under('/path/', true)).map((p) => p.Value), ['/path/a', '/path/b', '/path/deep/c', '/path/deep/deeper/d']);
  assert.deepEqual(await under('/nothing', true), []);
  await put('/path/a', 'newer', { Overwrite: true });
  await send(new LabelParameterVersionCommand({ Name: '/path/a', ParameterVersion: 1, Labels: ['live'] }));
  const live = await under('/path', true, { ParameterFilters: [{ Key: 'Label', Option: 'Equals', Values: ['live'] }] });
  assert.deepEqual(live.map((p) => [p.Value, p.Selector]), [['/path/a', ':live']]);
  await refused(new GetParametersByPathCommand({ Path: 'path' }), 'ValidationException', /forward slash/);
  await refused(new GetParametersByPathCommand({ Path: '/', ParameterFilters: [{ Key: 'Name', Values: ['x'] }] }), 'InvalidFilterKey', /Name/);
  await refused(new GetParametersByPathCommand({ Path: '/', NextToken: 'made up' }), 'InvalidNextToken');
  await refused(new GetParametersByPathCommand({ Path: '/', MaxResults: 11 }), 'ValidationException');
});

test('parameters are described by name, type, path and tag', async () => {
  await put('/shown/plain', '1', { Tags: [{ Key: 'team', Value: 'ml' }] });
  await put('/shown/list', '1,2', { Type: 'StringList' });
  await put('/shown/in/secret', 's', { Type: 'SecureString' });
  const names = async (...ParameterFilters) =>
    (await all(paginateDescribeParameters({ client: ssm, pageSize: 1 }, { ParameterFilters: [{ Key: 'Path', Option: 'Recursive', Values: ['/shown'] }, ...ParameterFilters] }))).map((p) => p.Name);
  assert.deepEqual(await names(), ['/shown/in/secret', '/shown/list', '/shown/plain']);
  assert.deepEqual(await names({ Key: 'Type', Values: ['StringList', 'SecureString'] }), ['/shown/in/secret', '/shown/list']);
  assert.deepEqual(await names({ Key: 'Name', Option: 'BeginsWith', Values: ['/shown/p'] }), ['/shown/plain']);
  assert.deepEqual(await names({ Key: 'Name', Option: 'Contains', Values: ['in'] }), ['/shown/in/secret', '/shown/plain']);
  assert.deepEqual(await names({ Key: 'KeyId', Values: ['alias/aws/ssm'] }), ['/shown/in/secret']);
  assert.deepEqual(await names({ Key: 'tag:team', Values: ['ml', 'web'] }), ['/shown/plain']);
  assert.deepEqual(await names({ Key: 'tag:team' }), ['/shown/plain']);
  assert.deepEqual((await send(new DescribeParametersCommand({ ParameterFilters: [{ Key: 'Path', Values: ['/shown'] }] }))).Parameters.map((p) => p.Name), ['/shown/list', '/shown/plain']);
  await refused(new DescribeParametersCommand({ ParameterFilters: [{ Key: 'Label', Values: ['x'] }] }), 'InvalidFilterKey', /Label/);
  await refused(new DescribeParametersCommand({ ParameterFilters: [{ Key: 'Type', Option: 'Contains', Values: ['x'] }] }), 'InvalidFilterOption', /Contains/);
  await refused(new DescribeParametersCommand({ ParameterFilters: [{ Key: 'Type' }] }), 'InvalidFilterValue');
  assert.equal((await send(new DescribeParametersCommand({ ParameterFilters: [{ Key: 'Name', Values: ['/shown/plain'] }] }))).Parameters[0].Value, undefined);
});

test('tags are added, listed, removed and gone with their parameter', async () => {
  await put('/tagged', 'v', { Tags: [{ Key: 'a', Value: '1' }] });
  const of = async () => (await send(new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: '/tagged' }))).TagList;
  await send(new AddTagsToResourceCommand({ ResourceType: 'Parameter', ResourceId: '/tagged', Tags: [{ Key: 'a', Value: '2' }, { Key: 'b', Value: '' }] }));
  assert.deepEqual(await of(), [{ Key: 'a', Value: '2' }, { Key: 'b', Value: '' }]);
  await send(new RemoveTagsFromResourceCommand({ ResourceType: 'Parameter', ResourceId: '/tagged', TagKeys: ['a'] }));
  assert.deepEqual(await of(), [{ Key: 'b', Value: '' }]);
  await send(new DeleteParameterCommand({ Name: '/tagged' }));
  await refused(new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: '/tagged' }), 'InvalidResourceId');
  await put('/tagged', 'v');
  assert.deepEqual(await of(), []);
  await refused(new ListTagsForResourceCommand({ ResourceType: 'Document', ResourceId: 'd' }), 'NotImplemented', /Document/);
  await refusedPut('/overtagged', { Tags: Array.from({ length: 51 }, (_, i) => ({ Key: `k${i}`, Value: '' })) }, 'TooManyTagsError');
  await refused(new GetParameterCommand({ Name: '/overtagged' }), 'ParameterNotFound');
});
