import test from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
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

/** Puts a model archive in S3 whose server answers with its version and the request's body. */
async function model(version) {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-model-'));
  copyFileSync(new URL('../../LocalAws/SageMaker/Endpoints/serve.mjs', import.meta.url), join(folder, 'serve.mjs'));
  writeFileSync(join(folder, 'model.json'), JSON.stringify({ version }));
  execFileSync('tar', ['-czf', 'model.tar.gz', 'serve.mjs', 'model.json'], { cwd: folder });
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

test('what an endpoint can not do is refused by name', async () => {
  await assert.rejects(sagemaker.send(new CreateEndpointCommand({ EndpointName: 'none', EndpointConfigName: 'none' })), /Could not find/);
  await assert.rejects(
    sagemaker.send(new CreateEndpointConfigCommand({ EndpointConfigName: 'later', ProductionVariants: [{ VariantName: 'v', ModelName: 'two', ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 } }] })),
    /ServerlessConfig/);
});
