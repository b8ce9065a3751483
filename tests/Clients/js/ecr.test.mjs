import test from 'node:test';
import assert from 'node:assert/strict';
import {
  ECRClient, CreateRepositoryCommand, DescribeRepositoriesCommand, paginateDescribeRepositories, DeleteRepositoryCommand, PutImageScanningConfigurationCommand,
  PutImageTagMutabilityCommand, SetRepositoryPolicyCommand, GetRepositoryPolicyCommand, DeleteRepositoryPolicyCommand, PutLifecyclePolicyCommand,
  GetLifecyclePolicyCommand, DeleteLifecyclePolicyCommand, TagResourceCommand, UntagResourceCommand, ListTagsForResourceCommand, GetAuthorizationTokenCommand,
  PutImageCommand, ListImagesCommand,
} from '@aws-sdk/client-ecr';
import { KMSClient, CreateKeyCommand } from '@aws-sdk/client-kms';

const ecr = new ECRClient();
const send = (command) => ecr.send(command);
const create = async (repositoryName, more = {}) => (await send(new CreateRepositoryCommand({ repositoryName, ...more }))).repository;
const describe = async (name) => (await send(new DescribeRepositoriesCommand({ repositoryNames: [name] }))).repositories[0];
const refused = (command, name, words = /./) => assert.rejects(send(command), (e) => {
  assert.equal(e.name, name, e.message);
  assert.match(e.message, words);
  return true;
});

test('a repository is made with its settings, described, listed over pages and deleted', async () => {
  const made = await create('team/model-server', { tags: [{ Key: 'team', Value: 'ml' }] });
  assert.deepEqual(
    [made.repositoryArn, made.registryId, made.repositoryUri],
    ['arn:aws:ecr:us-east-1:000000000000:repository/team/model-server', '000000000000', '000000000000.dkr.ecr.us-east-1.amazonaws.com/team/model-server']);
  assert.ok(made.createdAt instanceof Date);
  assert.deepEqual(
    [made.imageTagMutability, made.imageScanningConfiguration, made.encryptionConfiguration],
    ['MUTABLE', { scanOnPush: false }, { encryptionType: 'AES256' }]);
  await refused(new CreateRepositoryCommand({ repositoryName: 'team/model-server' }), 'RepositoryAlreadyExistsException', /already exists in the registry with id '000000000000'/);
  await create('other', { imageTagMutability: 'IMMUTABLE', imageScanningConfiguration: { scanOnPush: true } });
  await create('third');
  const names = [];
  for await (const page of paginateDescribeRepositories({ client: ecr, pageSize: 2 }, {})) {
    names.push(...page.repositories.map((r) => r.repositoryName));
  }
  assert.deepEqual(names, ['other', 'team/model-server', 'third']);
  assert.deepEqual(await describe('team/model-server'), made);
  const { repository } = await send(new DeleteRepositoryCommand({ repositoryName: 'third', force: true }));
  assert.equal(repository.repositoryName, 'third');
  await refused(new DeleteRepositoryCommand({ repositoryName: 'third' }), 'RepositoryNotFoundException');
  await refused(new DescribeRepositoriesCommand({ repositoryNames: ['other', 'third'] }), 'RepositoryNotFoundException', /'third' does not exist/);
  await refused(new DescribeRepositoriesCommand({ registryId: '111111111111', repositoryNames: ['other'] }), 'RepositoryNotFoundException', /111111111111/);
});

test("a name that breaks AWS's pattern is refused", async () => {
  for (const repositoryName of ['Upper', 'a', '../x', 'a/../b', '/a', 'a/', 'a b', 'a__-b', 'x'.repeat(257), 'a%2fb']) {
    await refused(new CreateRepositoryCommand({ repositoryName }), 'InvalidParameterException', /repositoryName/);
  }
});

test('settings change and come back as they were put', async () => {
  const repositoryName = 'settings';
  await create(repositoryName);
  await send(new PutImageScanningConfigurationCommand({ repositoryName, imageScanningConfiguration: { scanOnPush: true } }));
  const filters = [{ filterType: 'WILDCARD', filter: 'dev-*' }];
  await send(new PutImageTagMutabilityCommand({ repositoryName, imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION', imageTagMutabilityExclusionFilters: filters }));
  const now = await describe(repositoryName);
  assert.deepEqual([now.imageScanningConfiguration, now.imageTagMutability, now.imageTagMutabilityExclusionFilters], [{ scanOnPush: true }, 'IMMUTABLE_WITH_EXCLUSION', filters]);
  await refused(new PutImageTagMutabilityCommand({ repositoryName, imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION' }), 'InvalidParameterException', /ExclusionFilters/);
  await refused(new PutImageTagMutabilityCommand({ repositoryName, imageTagMutability: 'SOMETIMES' }), 'InvalidParameterException', /enum value set/);
  await refused(new PutImageTagMutabilityCommand({ repositoryName: 'absent', imageTagMutability: 'MUTABLE' }), 'RepositoryNotFoundException');
});

test('a repository that is encrypted by KMS names a key that is there', async () => {
  const key = (await new KMSClient().send(new CreateKeyCommand({}))).KeyMetadata;
  const made = await create('encrypted', { encryptionConfiguration: { encryptionType: 'KMS', kmsKey: key.KeyId } });
  assert.deepEqual(made.encryptionConfiguration, { encryptionType: 'KMS', kmsKey: key.Arn });
  const byDefault = await create('encrypted-by-default', { encryptionConfiguration: { encryptionType: 'KMS' } });
  assert.match(byDefault.encryptionConfiguration.kmsKey, /^arn:aws:kms:us-east-1:000000000000:key\//);
  await refused(new CreateRepositoryCommand({ repositoryName: 'nokey', encryptionConfiguration: { encryptionType: 'KMS', kmsKey: 'alias/absent' } }), 'KmsException', /alias\/absent/);
  await refused(new CreateRepositoryCommand({ repositoryName: 'nokey', encryptionConfiguration: { encryptionType: 'AES256', kmsKey: key.Arn } }), 'InvalidParameterException');
});

test('a policy is set, read, deleted, and must be one', async () => {
  const repositoryName = 'policies';
  await create(repositoryName);
  const policyText = '{ "Version":"2012-10-17", "Statement":[{"Sid":"pull","Effect":"Allow","Principal":"*","Action":["ecr:BatchGetImage"]}]}';
  await refused(new GetRepositoryPolicyCommand({ repositoryName }), 'RepositoryPolicyNotFoundException', /policies/);
  assert.equal((await send(new SetRepositoryPolicyCommand({ repositoryName, policyText }))).policyText, policyText);
  assert.equal((await send(new GetRepositoryPolicyCommand({ repositoryName }))).policyText, policyText);
  await refused(new SetRepositoryPolicyCommand({ repositoryName, policyText: '{' }), 'InvalidParameterException', /Invalid repository policy provided/);
  assert.equal((await send(new DeleteRepositoryPolicyCommand({ repositoryName }))).policyText, policyText);
  await refused(new DeleteRepositoryPolicyCommand({ repositoryName }), 'RepositoryPolicyNotFoundException');
});

test('a lifecycle policy is kept, read, deleted, and must be one', async () => {
  const repositoryName = 'lifecycle';
  await create(repositoryName);
  const rule = (rulePriority) => ({ rulePriority, description: 'old', selection: { tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 3 }, action: { type: 'expire' } });
  const lifecyclePolicyText = JSON.stringify({ rules: [rule(1), rule(2)] });
  await refused(new GetLifecyclePolicyCommand({ repositoryName }), 'LifecyclePolicyNotFoundException');
  await send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText }));
  assert.equal((await send(new GetLifecyclePolicyCommand({ repositoryName }))).lifecyclePolicyText, lifecyclePolicyText);
  for (const text of [JSON.stringify({ rules: [rule(1), rule(1)] }), JSON.stringify({ rules: [{ ...rule(1), action: undefined }] }), JSON.stringify([rule(1)]), '{' + ' '.repeat(120)]) {
    await refused(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText: text }), 'InvalidParameterException', /Lifecycle policy validation failure/);
  }
  const wrong = [
    [{ tagStatus: 'foo' }, /rule, number 2, that has the tagStatus 'foo', which must be tagged, untagged or any/], [{ tagStatus: 'tagged' }, /needs either a tagPrefixList or a tagPatternList/],
    [{ tagPrefixList: ['a'] }, /which a tagStatus other than tagged must not have/], [{ countType: 'age' }, /has the countType 'age'/], [{ countUnit: 'days' }, /has a countUnit, which imageCountMoreThan must not have/],
    [{ countType: 'sinceImagePushed' }, /counts sinceImagePushed and needs the countUnit days/], [{ countNumber: 0 }, /no countNumber that is a whole number from 1 on/],
  ];
  const put = (...rules) => new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText: JSON.stringify({ rules }) });
  const selecting = (rulePriority, more) => ({ ...rule(rulePriority), selection: { ...rule(1).selection, ...more } });
  for (const [selection, words] of wrong) {
    await refused(put(rule(1), selecting(2, selection)), 'InvalidParameterException', words);
  }
  await refused(put({ ...rule(1), action: { type: 'keep' } }), 'InvalidParameterException', /has the action 'keep', which must be expire or transition/);
  await refused(put(selecting(1, { tagStatus: 'any' }), rule(2)), 'InvalidParameterException', /tagStatus any whose rulePriority is not the highest/);
  assert.equal((await send(new GetLifecyclePolicyCommand({ repositoryName }))).lifecyclePolicyText, lifecyclePolicyText);
  const right = [selecting(1, { tagStatus: 'tagged', tagPatternList: ['v*'], countType: 'sinceImagePushed', countUnit: 'days' }), selecting(2, { tagStatus: 'any' })];
  await send(put(...right));
  assert.deepEqual(JSON.parse((await send(new GetLifecyclePolicyCommand({ repositoryName }))).lifecyclePolicyText), { rules: right });
  await send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText }));
  assert.equal((await send(new DeleteLifecyclePolicyCommand({ repositoryName }))).lifecyclePolicyText, lifecyclePolicyText);
  await refused(new DeleteLifecyclePolicyCommand({ repositoryName }), 'LifecyclePolicyNotFoundException');
});

test('tags are added, changed, listed and removed', async () => {
  const { repositoryArn: resourceArn } = await create('tagged', { tags: [{ Key: 'a', Value: '1' }] });
  await send(new TagResourceCommand({ resourceArn, tags: [{ Key: 'a', Value: '2' }, { Key: 'b', Value: '' }] }));
  await send(new UntagResourceCommand({ resourceArn, tagKeys: ['a'] }));
  assert.deepEqual((await send(new ListTagsForResourceCommand({ resourceArn }))).tags, [{ Key: 'b', Value: '' }]);
  await refused(new TagResourceCommand({ resourceArn, tags: [{ Key: 'aws:x', Value: '' }] }), 'InvalidTagParameterException', /aws:/);
  await refused(new TagResourceCommand({ resourceArn, tags: Array.from({ length: 50 }, (_, i) => ({ Key: `k${i}`, Value: '' })) }), 'TooManyTagsException');
  await refused(new ListTagsForResourceCommand({ resourceArn: resourceArn + 'x' }), 'RepositoryNotFoundException');
  await refused(new ListTagsForResourceCommand({ resourceArn: 'tagged' }), 'InvalidParameterException');
});

test('images and the registry that holds them are refused by name', async () => {
  await refused(new GetAuthorizationTokenCommand({}), 'UnknownOperationException', /GetAuthorizationToken/);
  await refused(new PutImageCommand({ repositoryName: 'other', imageManifest: '{}' }), 'UnknownOperationException', /PutImage/);
  await refused(new ListImagesCommand({ repositoryName: 'other' }), 'UnknownOperationException', /ListImages/);
});
