import test from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, copyFileSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client, CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  SageMakerClient, CreateModelCommand, DescribeModelCommand, ListModelsCommand, DeleteModelCommand, CreateEndpointConfigCommand, DescribeEndpointConfigCommand,
  ListEndpointConfigsCommand, DeleteEndpointConfigCommand, CreateEndpointCommand, DescribeEndpointCommand, UpdateEndpointCommand, DeleteEndpointCommand,
  ListEndpointsCommand, UpdateEndpointWeightsAndCapacitiesCommand, waitUntilEndpointInService, waitUntilEndpointDeleted,
} from '@aws-sdk/client-sagemaker';
import { SageMakerRuntimeClient, InvokeEndpointCommand } from '@aws-sdk/client-sagemaker-runtime';

const s3 = new S3Client({ forcePathStyle: true });
const sagemaker = new SageMakerClient();
const runtime = new SageMakerRuntimeClient();
const waiting = { client: sagemaker, minDelay: 1, maxDelay: 1, maxWaitTime: 240 };
const EndpointName = 'sdk-endpoint';
const Image = '000000000000.dkr.ecr.us-east-1.amazonaws.com/archive-server:1';

/** Puts a model archive in S3 whose server answers with its version and the request's body, once a file is there where one is named. */
async function model(version, gate) {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-model-'));
  copyFileSync(new URL('../../LocalAws/SageMaker/Endpoints/serve.mjs', import.meta.url), join(folder, 'serve.mjs'));
  if (gate) {
    renameSync(join(folder, 'serve.mjs'), join(folder, 'real.mjs'));
    writeFileSync(join(folder, 'serve.mjs'), `import { existsSync } from 'node:fs'; import { setTimeout } from 'node:timers/promises';
      while (!existsSync('${gate}')) await setTimeout(20);
      await import('./real.mjs');`);
  }
  writeFileSync(join(folder, 'model.json'), JSON.stringify({ version }));
  execFileSync('tar', ['-czf', 'model.tar.gz', ...readdirSync(folder)], { cwd: folder });
  await s3.send(new PutObjectCommand({ Bucket: 'models', Key: `${version}.tar.gz`, Body: readFileSync(join(folder, 'model.tar.gz')) }));
  await sagemaker.send(new CreateModelCommand({
    ModelName: version, ExecutionRoleArn: process.env.SM_EXEC_ROLE_ARN, PrimaryContainer: { Image, ModelDataUrl: `s3://models/${version}.tar.gz` },
  }));
  await sagemaker.send(new CreateEndpointConfigCommand({
    EndpointConfigName: version,
    ProductionVariants: [{ VariantName: 'AllTraffic', ModelName: version, InitialInstanceCount: 1, InstanceType: 'ml.m5.large', InitialVariantWeight: 1 }],
  }));
}

async function ask(text, more = {}) {
  const answer = await runtime.send(new InvokeEndpointCommand({ EndpointName, Body: text, ContentType: 'text/csv', ...more }));
  return { ...answer, text: new TextDecoder().decode(answer.Body) };
}

test('an endpoint is created, asked, updated, weighted and deleted', async () => {
  await s3.send(new CreateBucketCommand({ Bucket: 'models' }));
  await model('one');
  await model('two');
  const { ModelArn, PrimaryContainer } = await sagemaker.send(new DescribeModelCommand({ ModelName: 'one' }));
  assert.match(ModelArn, /:model\/one$/);
  assert.equal(PrimaryContainer.Image, Image);
  assert.equal((await sagemaker.send(new ListModelsCommand({ NameContains: 'o' }))).Models.length, 2);
  assert.equal((await sagemaker.send(new ListEndpointConfigsCommand({ NameContains: 'tw' }))).EndpointConfigs.length, 1);

  await sagemaker.send(new CreateEndpointCommand({ EndpointName, EndpointConfigName: 'one' }));
  await waitUntilEndpointInService(waiting, { EndpointName });
  const answer = await ask('25,1', { CustomAttributes: 'trace' });
  assert.equal(answer.text, 'one:25,1');
  assert.equal(answer.InvokedProductionVariant, 'AllTraffic');
  assert.equal(answer.CustomAttributes, 'trace');

  await sagemaker.send(new UpdateEndpointCommand({ EndpointName, EndpointConfigName: 'two' }));
  await waitUntilEndpointInService(waiting, { EndpointName });
  assert.equal((await ask('26,1', { TargetVariant: 'AllTraffic' })).text, 'two:26,1');
  await assert.rejects(ask('26,1', { TargetVariant: 'Other' }), { name: 'ValidationError', message: /Could not find variant Other/ });
  await assert.rejects(ask('26,1', { InferenceId: 'x'.repeat(65) }), { name: 'ValidationError', message: /at 'inferenceId' failed to satisfy constraint.*less than or equal to 64/ });
  assert.equal((await ask('26,1', { InferenceId: 'x'.repeat(64) })).text, 'two:26,1');
  assert.equal((await ask('x'.repeat(6 * 1024 * 1024 - 'two:'.length))).text.length, 6 * 1024 * 1024, 'an answer of 6 MB comes back');
  await assert.rejects(ask('x'.repeat(6 * 1024 * 1024 + 1)), (e) => e.$metadata.httpStatusCode === 413 && e.message === 'HTTP content length exceeded 6291456 bytes.');

  await sagemaker.send(new UpdateEndpointWeightsAndCapacitiesCommand({ EndpointName, DesiredWeightsAndCapacities: [{ VariantName: 'AllTraffic', DesiredInstanceCount: 2 }] }));
  await waitUntilEndpointInService(waiting, { EndpointName });
  const described = await sagemaker.send(new DescribeEndpointCommand({ EndpointName }));
  assert.equal(described.ProductionVariants[0].CurrentInstanceCount, 2);
  assert.equal((await sagemaker.send(new ListEndpointsCommand({ StatusEquals: 'InService' }))).Endpoints.length, 1);

  await sagemaker.send(new DeleteEndpointCommand({ EndpointName }));
  await waitUntilEndpointDeleted(waiting, { EndpointName });
  await assert.rejects(ask('25,1'), { name: 'ValidationError' });
  await sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: 'one' }));
  await assert.rejects(sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: 'one' })), /Could not find/);
  await sagemaker.send(new DeleteModelCommand({ ModelName: 'one' }));
  await assert.rejects(sagemaker.send(new DescribeModelCommand({ ModelName: 'one' })), /Could not find/);
});

test('while it changes an endpoint says what becomes of each variant', async () => {
  // servers see /var/tmp of this machine, and a /tmp of their own
  const gate = `/var/tmp/slipway-gate-${randomUUID()}`;
  await model('three', gate);
  await model('four', gate);
  const name = 'seen';
  const describe = () => sagemaker.send(new DescribeEndpointCommand({ EndpointName: name }));
  const numbers = (v) => [v.VariantStatus?.[0].Status, v.CurrentInstanceCount, v.DesiredInstanceCount, v.CurrentWeight, v.DesiredWeight];
  const pending = (e) => numbers(e.PendingDeploymentSummary.ProductionVariants[0]);
  const serving = (e) => numbers(e.ProductionVariants[0]);
  /** Opens the gate; what is seen of the endpoint until it is settled is one of what it may be, in this order. */
  const settle = async (look, ...may) => {
    writeFileSync(gate, 'open');
    for (let endpoint; (endpoint = await describe()).EndpointStatus !== 'InService';) {
      while (may.length > 0 && JSON.stringify(may[0]) !== JSON.stringify(look(endpoint))) may.shift();
      assert.ok(may.length > 0, `${JSON.stringify(look(endpoint))} was not to be seen`);
    }
    rmSync(gate);
  };

  await sagemaker.send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: 'three' }));
  const creating = await describe();
  assert.deepEqual([creating.EndpointStatus, creating.ProductionVariants, creating.PendingDeploymentSummary.EndpointConfigName, pending(creating)], ['Creating', undefined, 'three', ['Creating', 0, 1, 0, 1]]);
  assert.ok(creating.PendingDeploymentSummary.StartTime instanceof Date);
  assert.ok(creating.PendingDeploymentSummary.ProductionVariants[0].VariantStatus[0].StartTime instanceof Date);
  await settle(pending, ['Creating', 0, 1, 0, 1], ['Creating', 1, 1, 0, 1], ['Baking', 1, 1, 1, 1]);
  assert.deepEqual([(await describe()).PendingDeploymentSummary, serving(await describe())], [undefined, [undefined, 1, 1, 1, 1]]);

  await sagemaker.send(new UpdateEndpointCommand({ EndpointName: name, EndpointConfigName: 'four' }));
  const updating = await describe();
  assert.deepEqual([updating.EndpointConfigName, serving(updating), updating.PendingDeploymentSummary.EndpointConfigName, pending(updating)],
    ['three', [undefined, 1, 1, 1, 1], 'four', ['Creating', 0, 1, 0, 1]]);
  await settle(pending, ['Creating', 0, 1, 0, 1], ['Creating', 1, 1, 0, 1], ['Baking', 1, 1, 1, 1]);

  await sagemaker.send(new UpdateEndpointWeightsAndCapacitiesCommand({ EndpointName: name, DesiredWeightsAndCapacities: [{ VariantName: 'AllTraffic', DesiredInstanceCount: 2, DesiredWeight: 3 }] }));
  const rescaling = await describe();
  assert.deepEqual([rescaling.PendingDeploymentSummary, serving(rescaling)], [undefined, ['Updating', 1, 2, 1, 3]]);
  await settle(serving, ['Updating', 1, 2, 1, 3], ['Updating', 2, 2, 3, 3]);
  assert.deepEqual(serving(await describe()), [undefined, 2, 2, 3, 3]);

  await sagemaker.send(new DeleteEndpointCommand({ EndpointName: name }));
  const deleting = await describe().catch((e) => (/Could not find endpoint/.test(e.message) ? null : Promise.reject(e)));
  if (deleting) assert.deepEqual([deleting.EndpointStatus, serving(deleting)[0]], ['Deleting', 'Deleting']);
  await waitUntilEndpointDeleted(waiting, { EndpointName: name });
});

test('what an endpoint can not do is refused by name', async () => {
  await assert.rejects(sagemaker.send(new CreateEndpointCommand({ EndpointName: 'none', EndpointConfigName: 'none' })), /Could not find/);
  await assert.rejects(
    sagemaker.send(new CreateEndpointConfigCommand({ EndpointConfigName: 'later', ProductionVariants: [{ VariantName: 'v', ModelName: 'two', ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 } }] })),
    /ServerlessConfig/);
});
