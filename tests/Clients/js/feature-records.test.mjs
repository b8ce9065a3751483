import test, { before } from 'node:test';
import assert from 'node:assert/strict';
import { SageMakerClient, CreateFeatureGroupCommand } from '@aws-sdk/client-sagemaker';
import {
  SageMakerFeatureStoreRuntimeClient, PutRecordCommand, GetRecordCommand, BatchGetRecordCommand, DeleteRecordCommand,
} from '@aws-sdk/client-sagemaker-featurestore-runtime';

const sagemaker = new SageMakerClient();
const runtime = new SageMakerFeatureStoreRuntimeClient();
const group = 'records';
const arn = 'arn:aws:sagemaker:us-east-1:000000000000:feature-group/records';
const values = (features) => Object.entries(features).map(([FeatureName, ValueAsString]) => ({ FeatureName, ValueAsString }));
const put = (features, more = {}) => runtime.send(new PutRecordCommand({ FeatureGroupName: group, Record: values(features), ...more }));
const get = async (id, more = {}) => {
  const answer = await runtime.send(new GetRecordCommand({ FeatureGroupName: group, RecordIdentifierValueAsString: id, ...more }));
  return answer.Record && Object.fromEntries(answer.Record.map((v) => [v.FeatureName, v.ValueAsString]));
};
const remove = (id, EventTime, more = {}) =>
  runtime.send(new DeleteRecordCommand({ FeatureGroupName: group, RecordIdentifierValueAsString: id, EventTime, ...more }));

before(async () => {
  for (const [name, time] of [[group, 'String'], ['by-seconds', 'Fractional']]) {
    await sagemaker.send(new CreateFeatureGroupCommand({
      FeatureGroupName: name, RecordIdentifierFeatureName: 'id', EventTimeFeatureName: 'time', OnlineStoreConfig: { EnableOnlineStore: true },
      FeatureDefinitions: [
        { FeatureName: 'id', FeatureType: 'String' }, { FeatureName: 'time', FeatureType: time },
        { FeatureName: 'age', FeatureType: 'Fractional' }, { FeatureName: 'click', FeatureType: 'Integral' }],
    }));
  }
});

test('the online store keeps the newest record by event time, and the last of the same time', async () => {
  await put({ id: 'a/ü b', time: '2026-01-02T00:00:00Z', age: '22.5', click: '1' });
  await put({ id: 'a/ü b', time: '2026-01-01T00:00:00Z', age: '1' });
  assert.deepEqual(await get('a/ü b'), { id: 'a/ü b', time: '2026-01-02T00:00:00Z', age: '22.5', click: '1' });
  await put({ id: 'a/ü b', time: '2026-01-02T00:00:00.000Z', click: '0' });
  assert.deepEqual(await get('a/ü b'), { id: 'a/ü b', time: '2026-01-02T00:00:00.000Z', click: '0' });
  assert.deepEqual(await get('a/ü b', { FeatureNames: ['click', 'age'] }), { click: '0' });
  assert.deepEqual(await get('a/ü b', { FeatureNames: ['click'], FeatureGroupName: arn }), { click: '0' });
  assert.equal(await get('nobody'), undefined);
});

test('many concurrent puts are all kept', async () => {
  await Promise.all(Array.from({ length: 300 }, (_, i) => put({ id: `many-${i}`, time: '2026-01-01T00:00:00Z', click: `${i}` })));
  const ids = Array.from({ length: 100 }, (_, i) => `many-${i * 3}`);
  const { Records, Errors, UnprocessedIdentifiers } = await runtime.send(new BatchGetRecordCommand({
    Identifiers: [{ FeatureGroupName: group, RecordIdentifiersValueAsString: ids, FeatureNames: ['click'] }],
  }));
  assert.deepEqual(Records.map((r) => r.Record[0].ValueAsString), ids.map((id) => id.slice(5)));
  assert.deepEqual([Errors, UnprocessedIdentifiers], [[], []]);
});

test('a batch leaves out what is not there, and names groups that fail', async () => {
  await put({ id: 'one', time: '2026-01-01T00:00:00Z' });
  const { Records, Errors } = await runtime.send(new BatchGetRecordCommand({
    Identifiers: [
      { FeatureGroupName: group, RecordIdentifiersValueAsString: ['one', 'none'] },
      { FeatureGroupName: 'absent', RecordIdentifiersValueAsString: ['x'] }],
  }));
  assert.deepEqual(Records.map((r) => r.RecordIdentifierValueAsString), ['one']);
  assert.deepEqual(Errors.map((e) => [e.FeatureGroupName, e.RecordIdentifierValueAsString, e.ErrorCode]), [['absent', 'x', 'ResourceNotFound']]);
});

test('a record that does not fit is refused, naming the feature', async () => {
  const time = '2026-01-01T00:00:00Z';
  await assert.rejects(put({ id: 'x', time, age: 'old' }), { name: 'ValidationError', message: /'old' of the feature 'age' is not of the type Fractional/ });
  await assert.rejects(put({ id: 'x', time, click: '1.5' }), /'1.5' of the feature 'click' is not of the type Integral/);
  await assert.rejects(put({ id: 'x', time, shoe: '44' }), /no feature 'shoe'/);
  await assert.rejects(put({ id: 'x' }), /event time 'time' is missing/);
  await assert.rejects(put({ time }), /record identifier 'id' is missing/);
  await assert.rejects(put({ id: 'x', time: '2026-01-01 00:00' }), /must be ISO 8601/);
  await assert.rejects(put({ id: 'x', time }, { TargetStores: ['OfflineStore'] }), /no offline store/);
  await assert.rejects(put({ id: 'x', time }, { FeatureGroupName: 'absent' }), { name: 'ResourceNotFound' });
  await assert.rejects(get('x', { FeatureGroupName: 'a!' }), { name: 'ValidationError' });
  assert.equal(await get('x'), undefined);
});

test('event times may be seconds since 1970', async () => {
  await put({ id: 's', time: '1767225600.25', click: '2' }, { FeatureGroupName: 'by-seconds' });
  await put({ id: 's', time: '1767225600.5', click: '3' }, { FeatureGroupName: 'by-seconds' });
  await put({ id: 's', time: '1767225600.125', click: '1' }, { FeatureGroupName: 'by-seconds' });
  assert.equal((await get('s', { FeatureGroupName: 'by-seconds' })).click, '3');
  await assert.rejects(put({ id: 's', time: 'NaN' }, { FeatureGroupName: 'by-seconds' }), /seconds since 1970/);
});

test('a soft deletion hides a record until a newer one comes', async () => {
  await put({ id: 'soft', time: '2026-01-02T00:00:00Z' });
  await remove('soft', '2026-01-01T00:00:00Z');
  assert.ok(await get('soft'));
  await remove('soft', '2026-01-03T00:00:00Z');
  assert.equal(await get('soft'), undefined);
  await put({ id: 'soft', time: '2026-01-02T12:00:00Z' });
  assert.equal(await get('soft'), undefined);
  await put({ id: 'soft', time: '2026-01-04T00:00:00Z' });
  assert.ok(await get('soft'));
});

test('a hard deletion that is not newer than the record is an error', async () => {
  await put({ id: 'hard', time: '2026-01-02T00:00:00Z' });
  await assert.rejects(remove('hard', '2026-01-02T00:00:00Z', { DeletionMode: 'HardDelete' }), { name: 'ValidationError' });
  assert.ok(await get('hard'));
  await remove('hard', '2026-01-03T00:00:00Z', { DeletionMode: 'HardDelete' });
  assert.equal(await get('hard'), undefined);
  await put({ id: 'hard', time: '2026-01-01T00:00:00Z' });
  assert.ok(await get('hard'));
});

test('a record expires at its event time and its time to live', async () => {
  const time = new Date().toISOString();
  await put({ id: 'lives', time }, { TtlDuration: { Unit: 'Hours', Value: 1 } });
  const asked = { FeatureGroupName: group, RecordIdentifierValueAsString: 'lives', ExpirationTimeResponse: 'Enabled' };
  const { ExpiresAt } = await runtime.send(new GetRecordCommand(asked));
  assert.equal(Date.parse(ExpiresAt), Date.parse(time) + 3600_000);
  await put({ id: 'dead', time: '2020-01-01T00:00:00Z' }, { TtlDuration: { Unit: 'Weeks', Value: 1 } });
  assert.equal(await get('dead'), undefined);
});
