import test from 'node:test';
import assert from 'node:assert/strict';
import { parquetReadObjects } from 'hyparquet';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { CreateFeatureGroupCommand, DescribeFeatureGroupCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { DeleteRecordCommand, GetRecordCommand, PutRecordCommand, SageMakerFeatureStoreRuntimeClient } from '@aws-sdk/client-sagemaker-featurestore-runtime';

const Bucket = 'offline';
const FeatureGroupName = 'clicks';
const s3 = new S3Client();
const sagemaker = new SageMakerClient();
const runtime = new SageMakerFeatureStoreRuntimeClient();
const put = (features, more = {}) => runtime.send(new PutRecordCommand({
  FeatureGroupName, Record: Object.entries(features).map(([FeatureName, ValueAsString]) => ({ FeatureName, ValueAsString })), ...more,
}));

test('what is put is in the offline store as Parquet, under SageMaker\'s keys and with its three columns', async () => {
  await s3.send(new CreateBucketCommand({ Bucket }));
  await sagemaker.send(new CreateFeatureGroupCommand({
    FeatureGroupName, RecordIdentifierFeatureName: 'id', EventTimeFeatureName: 'time', RoleArn: process.env.SM_EXEC_ROLE_ARN,
    OnlineStoreConfig: { EnableOnlineStore: true }, OfflineStoreConfig: { S3StorageConfig: { S3Uri: `s3://${Bucket}/store` } },
    FeatureDefinitions: [
      { FeatureName: 'id', FeatureType: 'String' }, { FeatureName: 'time', FeatureType: 'String' },
      { FeatureName: 'age', FeatureType: 'Fractional' }, { FeatureName: 'click', FeatureType: 'Integral' }],
  }));
  await put({ id: 'both', time: '2026-01-02T03:04:05Z', age: '22.5', click: '1' });
  await put({ id: 'offline', time: '2026-01-02T03:59:59Z', click: '0' }, { TargetStores: ['OfflineStore'] });
  await put({ id: 'online', time: '2026-01-02T04:00:00Z' }, { TargetStores: ['OnlineStore'] });
  await runtime.send(new DeleteRecordCommand({ FeatureGroupName, RecordIdentifierValueAsString: 'both', EventTime: '2026-01-02T05:00:00Z' }));
  const get = (id) => runtime.send(new GetRecordCommand({ FeatureGroupName, RecordIdentifierValueAsString: id }));
  assert.equal((await get('offline')).Record, undefined);
  assert.equal((await get('online')).Record.length, 2);

  // the answer is lost: the SDK sends the record again
  let lost = 1;
  const forgetful = new SageMakerFeatureStoreRuntimeClient();
  forgetful.middlewareStack.add((next) => async (args) => {
    const answer = await next(args);
    if (lost-- > 0) throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET', $retryable: {} });
    return answer;
  }, { step: 'deserialize', priority: 'high' });
  for (const [value, more] of [['again', {}], ['again-offline', { TargetStores: ['OfflineStore'] }]]) {
    lost = 1;
    await forgetful.send(new PutRecordCommand({
      FeatureGroupName, Record: [{ FeatureName: 'id', ValueAsString: value }, { FeatureName: 'time', ValueAsString: '2026-01-02T06:00:00Z' }], ...more,
    }));
    assert.equal(lost, -1);
  }
  // two puts of one record are two rows, where the client means two
  for (let i = 0; i < 2; i++) await put({ id: 'twice', time: '2026-01-02T07:00:00Z' }, { TargetStores: ['OfflineStore'] });

  // SageMaker takes minutes to write what was put; a description writes it here at once
  const { OfflineStoreConfig } = await sagemaker.send(new DescribeFeatureGroupCommand({ FeatureGroupName }));
  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'store/' }));
  const keys = Contents.map((c) => c.Key).filter((k) => k.endsWith('.parquet'));
  const resolved = OfflineStoreConfig.S3StorageConfig.ResolvedOutputS3Uri.replace(`s3://${Bucket}/`, '');
  const second = resolved.split('/').at(-2).split('-').at(-1);
  assert.deepEqual(OfflineStoreConfig.DataCatalogConfig, { TableName: `${FeatureGroupName.replaceAll('-', '_')}_${second}`, Catalog: 'AwsDataCatalog', Database: 'sagemaker_featurestore' });
  assert.ok(keys.every((k) => k.startsWith(`${resolved}/year=2026/month=01/day=02/hour=0`)), `${resolved}: ${keys}`);
  const rows = (await Promise.all(keys.map(read))).flat();
  assert.ok(rows.every((r) => r.write_time instanceof Date && r.api_invocation_time instanceof Date));
  assert.deepEqual(
    rows.map(({ id, time, age, click, is_deleted }) => [id, time, age ?? null, click ?? null, is_deleted]).sort(),
    [['again', '2026-01-02T06:00:00Z', null, null, false], ['again-offline', '2026-01-02T06:00:00Z', null, null, false], ['both', '2026-01-02T03:04:05Z', 22.5, 1n, false], ['both', '2026-01-02T05:00:00Z', null, null, true], ['offline', '2026-01-02T03:59:59Z', null, 0n, false],
      ['twice', '2026-01-02T07:00:00Z', null, null, false], ['twice', '2026-01-02T07:00:00Z', null, null, false]]);
});

async function read(Key) {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return parquetReadObjects({ file: (await Body.transformToByteArray()).buffer });
}
