import test from 'node:test';
import assert from 'node:assert/strict';
import {
  SageMakerClient, CreateFeatureGroupCommand, DescribeFeatureGroupCommand, UpdateFeatureGroupCommand, DeleteFeatureGroupCommand,
  DescribeFeatureMetadataCommand, UpdateFeatureMetadataCommand, ListTagsCommand, paginateListFeatureGroups,
} from '@aws-sdk/client-sagemaker';

const sagemaker = new SageMakerClient();
const definitions = [
  { FeatureName: 'record_id', FeatureType: 'String' },
  { FeatureName: 'event_time', FeatureType: 'String' },
  { FeatureName: 'age', FeatureType: 'Fractional' },
  { FeatureName: 'click', FeatureType: 'Integral' },
];
const online = (name, more = {}) => ({
  FeatureGroupName: name, RecordIdentifierFeatureName: 'record_id', EventTimeFeatureName: 'event_time',
  FeatureDefinitions: definitions, OnlineStoreConfig: { EnableOnlineStore: true }, RoleArn: process.env.SM_EXEC_ROLE_ARN, ...more,
});
const create = (name, more) => sagemaker.send(new CreateFeatureGroupCommand(online(name, more)));
const describe = (name) => sagemaker.send(new DescribeFeatureGroupCommand({ FeatureGroupName: name }));

test('a feature group is created, described, extended and deleted', async () => {
  const { FeatureGroupArn } = await create('clicks', {
    Description: 'clicks on advertisements', Tags: [{ Key: 'team', Value: 'ml' }],
    OnlineStoreConfig: { EnableOnlineStore: true, TtlDuration: { Unit: 'Days', Value: 30 }, SecurityConfig: { KmsKeyId: 'key' } },
  });
  assert.equal(FeatureGroupArn, 'arn:aws:sagemaker:us-east-1:000000000000:feature-group/clicks');
  const made = await describe('clicks');
  assert.equal(made.FeatureGroupStatus, 'Created');
  assert.deepEqual(made.FeatureDefinitions, definitions);
  assert.deepEqual(made.OnlineStoreConfig.TtlDuration, { Unit: 'Days', Value: 30 });
  assert.equal(made.OnlineStoreTotalSizeBytes, 0);
  assert.equal(made.OfflineStoreConfig, undefined);
  assert.ok(made.CreationTime instanceof Date);
  assert.deepEqual((await sagemaker.send(new ListTagsCommand({ ResourceArn: FeatureGroupArn }))).Tags, [{ Key: 'team', Value: 'ml' }]);

  await sagemaker.send(new UpdateFeatureGroupCommand({ FeatureGroupName: FeatureGroupArn, FeatureAdditions: [{ FeatureName: 'gender', FeatureType: 'String' }] }));
  await sagemaker.send(new UpdateFeatureGroupCommand({ FeatureGroupName: 'clicks', OnlineStoreConfig: { TtlDuration: { Unit: 'Weeks', Value: 1 } } }));
  const extended = await describe(FeatureGroupArn);
  assert.deepEqual(extended.FeatureDefinitions.map((f) => f.FeatureName), ['record_id', 'event_time', 'age', 'click', 'gender']);
  assert.deepEqual(extended.OnlineStoreConfig.TtlDuration, { Unit: 'Weeks', Value: 1 });
  assert.equal(extended.LastUpdateStatus.Status, 'Successful');

  await sagemaker.send(new DeleteFeatureGroupCommand({ FeatureGroupName: 'clicks' }));
  await assert.rejects(describe('clicks'), { name: 'ResourceNotFound' });
  await assert.rejects(sagemaker.send(new DeleteFeatureGroupCommand({ FeatureGroupName: 'clicks' })), { name: 'ResourceNotFound' });
});

test('names, types and stores that break a rule are refused, each for its own reason', async () => {
  const with_ = (feature) => [...definitions, feature];
  await assert.rejects(create('a_b!'), /'featureGroupName' failed to satisfy constraint/);
  await assert.rejects(create('bad', { FeatureDefinitions: with_({ FeatureName: 'Write_Time', FeatureType: 'String' }) }), /'Write_Time' is reserved/);
  await assert.rejects(create('bad', { FeatureDefinitions: with_({ FeatureName: 'AGE', FeatureType: 'String' }) }), /'AGE' is there more than once/);
  await assert.rejects(create('bad', { EventTimeFeatureName: 'click' }), /must be of the type String or Fractional/);
  await assert.rejects(create('bad', { RecordIdentifierFeatureName: 'user' }), /'user' must be one of the FeatureDefinitions/);
  await assert.rejects(create('bad', { OnlineStoreConfig: undefined }), /needs an OnlineStoreConfig/);
  await assert.rejects(create('bad', { OfflineStoreConfig: { S3StorageConfig: { S3Uri: 's3://b' } }, RoleArn: undefined }), /RoleArn is required/);
  await assert.rejects(create('bad', { RoleArn: 'arn:aws:iam::000000000000:role/absent' }), /Could not assume role/);
  await assert.rejects(create('bad', { OfflineStoreConfig: { S3StorageConfig: { S3Uri: 's3://b' }, TableFormat: 'Iceberg' } }), /does not support .*Iceberg/);
  await assert.rejects(create('bad', { FeatureDefinitions: with_({ FeatureName: 'tags', FeatureType: 'String', CollectionType: 'List' }) }), /does not support .*CollectionType/);
  await create('taken');
  await assert.rejects(create('taken'), { name: 'ResourceInUse' });
  await assert.rejects(
    sagemaker.send(new UpdateFeatureGroupCommand({ FeatureGroupName: 'taken', FeatureAdditions: [{ FeatureName: 'age', FeatureType: 'String' }] })),
    /'age' is there more than once/);
  await assert.rejects(sagemaker.send(new UpdateFeatureGroupCommand({ FeatureGroupName: 'absent', FeatureAdditions: [definitions[0]] })), { name: 'ResourceNotFound' });
});

test('feature groups are listed by filter and order, over pages', async () => {
  for (const name of ['list-b', 'list-c', 'list-a']) {
    await create(name);
  }
  const names = [];
  for await (const page of paginateListFeatureGroups({ client: sagemaker, pageSize: 2 }, { NameContains: 'list-', SortBy: 'Name', SortOrder: 'Descending' })) {
    assert.ok(page.FeatureGroupSummaries.length <= 2);
    names.push(...page.FeatureGroupSummaries.map((g) => g.FeatureGroupName));
  }
  assert.deepEqual(names, ['list-c', 'list-b', 'list-a']);
});

test('a feature has a description and parameters', async () => {
  await create('described');
  const feature = { FeatureGroupName: 'described', FeatureName: 'age' };
  await sagemaker.send(new UpdateFeatureMetadataCommand({ ...feature, Description: 'in years', ParameterAdditions: [{ Key: 'unit', Value: 'year' }, { Key: 'old', Value: '1' }] }));
  await sagemaker.send(new UpdateFeatureMetadataCommand({ ...feature, ParameterRemovals: ['old'] }));
  const known = await sagemaker.send(new DescribeFeatureMetadataCommand(feature));
  assert.equal(known.Description, 'in years');
  assert.equal(known.FeatureType, 'Fractional');
  assert.deepEqual(known.Parameters, [{ Key: 'unit', Value: 'year' }]);
  await assert.rejects(sagemaker.send(new DescribeFeatureMetadataCommand({ ...feature, FeatureName: 'absent' })), { name: 'ResourceNotFound' });
});
