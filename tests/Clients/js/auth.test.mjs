import test from 'node:test';
import assert from 'node:assert/strict';
import { IAMClient, CreateRoleCommand } from '@aws-sdk/client-iam';
import { STSClient, GetCallerIdentityCommand, AssumeRoleCommand } from '@aws-sdk/client-sts';
import { S3Client, CreateBucketCommand, PutObjectCommand, GetObjectCommand, ListBucketsCommand } from '@aws-sdk/client-s3';
import { SageMakerClient, ListModelsCommand, CreateProcessingJobCommand, DescribeProcessingJobCommand, waitUntilProcessingJobCompletedOrStopped } from '@aws-sdk/client-sagemaker';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { SageMakerRuntimeClient, InvokeEndpointCommand } from '@aws-sdk/client-sagemaker-runtime';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { Readable } from 'node:stream';

const own = { accessKeyId: process.env.AWS_ACCESS_KEY_ID, secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY };
const asks = (options) => [
  ['s3', () => new S3Client(options).send(new ListBucketsCommand())],
  ['sts', () => new STSClient(options).send(new GetCallerIdentityCommand())],
  ['json', () => new SageMakerClient(options).send(new ListModelsCommand())],
  ['rest', () => new SageMakerRuntimeClient(options).send(new InvokeEndpointCommand({ EndpointName: 'none', Body: '1', ContentType: 'text/csv' }))],
];

async function refused(options, expected) {
  for (const [service, ask] of asks({ maxAttempts: 1, ...options })) {
    await assert.rejects(ask(), (error) => {
      assert.match(error.name, expected[service], `${service}: ${error.name} ${error.message}`);
      return true;
    });
  }
}

test('the caller is the user whose key signed', async () => {
  const me = await new STSClient().send(new GetCallerIdentityCommand());
  assert.equal(me.Arn, 'arn:aws:iam::000000000000:user/tester');
  assert.match(me.UserId, /^AIDA/);
});

test('a wrong secret, an unknown key and a clock that is off are each the error that the service has for it', async () => {
  const mismatch = { s3: /^SignatureDoesNotMatch$/, sts: /^SignatureDoesNotMatch$/, json: /^InvalidSignatureException$/, rest: /^InvalidSignatureException$/ };
  await refused({ credentials: { ...own, secretAccessKey: 'another/secret/of/forty/characters/here' } }, mismatch);
  await refused({ credentials: { ...own, accessKeyId: 'AKIANOBODYNOBODYNOB1' } },
    { s3: /^InvalidAccessKeyId$/, sts: /^InvalidClientTokenId$/, json: /^UnrecognizedClientException$/, rest: /^UnrecognizedClientException$/ });
  await refused({ credentials: { ...own, sessionToken: 'made-up' } },
    { s3: /^InvalidToken$/, sts: /^InvalidClientTokenId$/, json: /^UnrecognizedClientException$/, rest: /^UnrecognizedClientException$/ });
  for (const systemClockOffset of [-16 * 60_000, 16 * 60_000]) {
    await refused({ systemClockOffset }, { ...mismatch, s3: /^RequestTimeTooSkewed$/ });
  }
});

test('the SDK sets its clock by the error, so that its next request is taken', async () => {
  const s3 = new S3Client({ systemClockOffset: 3_600_000, maxAttempts: 1 });
  await assert.rejects(s3.send(new ListBucketsCommand()), { name: 'RequestTimeTooSkewed' });
  await s3.send(new ListBucketsCommand());
  assert.ok(Math.abs(s3.config.systemClockOffset) < 60_000);
});

test('bodies of known and of unknown length are signed, in one piece, in chunks and in parts', async () => {
  const s3 = new S3Client();
  await s3.send(new CreateBucketCommand({ Bucket: 'signed' }));
  const large = Buffer.alloc(6 << 20, 'large ');
  await s3.send(new PutObjectCommand({ Bucket: 'signed', Key: 'a b/ü+~?&=.txt', Body: 'in one piece' }));
  await s3.send(new PutObjectCommand({ Bucket: 'signed', Key: 'chunks', Body: Readable.from([Buffer.from('in '), Buffer.from('chunks')]), ContentLength: 9 }));
  await new Upload({ client: s3, params: { Bucket: 'signed', Key: 'parts', Body: Readable.from([large, large]) } }).done();
  const read = async (Key) => (await s3.send(new GetObjectCommand({ Bucket: 'signed', Key }))).Body.transformToByteArray();
  assert.equal(Buffer.from(await read('a b/ü+~?&=.txt')).toString(), 'in one piece');
  assert.equal(Buffer.from(await read('chunks')).toString(), 'in chunks');
  assert.ok(Buffer.concat([large, large]).equals(Buffer.from(await read('parts'))));
});

test('a presigned URL works for whoever has it, unchanged', async () => {
  const s3 = new S3Client();
  await s3.send(new CreateBucketCommand({ Bucket: 'presigned' }));
  const put = await getSignedUrl(s3, new PutObjectCommand({ Bucket: 'presigned', Key: 'k', ContentType: 'text/plain' }), { expiresIn: 600 });
  assert.equal((await fetch(put, { method: 'PUT', body: 'from afar', headers: { 'content-type': 'text/plain' } })).status, 200);
  const get = await getSignedUrl(s3, new GetObjectCommand({ Bucket: 'presigned', Key: 'k', ResponseContentType: 'text/x-own' }), { expiresIn: 604_800 });
  const answer = await fetch(get);
  assert.equal(await answer.text(), 'from afar');
  assert.equal(answer.headers.get('content-type'), 'text/x-own');
  const changed = await fetch(get.replace('x-own', 'x-other'));
  assert.equal(changed.status, 403);
  assert.match(await changed.text(), /<Code>SignatureDoesNotMatch<.*<CanonicalRequest>GET/s);
  assert.equal((await fetch(get.split('?')[0])).status, 403);
  const tagged = await fetch(put, { method: 'PUT', body: 'x', headers: { 'x-amz-meta-forged': 'yes' } });
  assert.match(await tagged.text(), /<HeadersNotSigned>x-amz-meta-forged</);
});

test('the credentials of a role work in every service, in presigned URLs too', async () => {
  const iam = new IAMClient();
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'assumed', AssumeRolePolicyDocument: '{"Version":"2012-10-17","Statement":[]}' }));
  const { Credentials } = await new STSClient().send(new AssumeRoleCommand({ RoleArn: Role.Arn, RoleSessionName: 'rehearsal', DurationSeconds: 900 }));
  const credentials = { accessKeyId: Credentials.AccessKeyId, secretAccessKey: Credentials.SecretAccessKey, sessionToken: Credentials.SessionToken };
  const me = await new STSClient({ credentials }).send(new GetCallerIdentityCommand());
  assert.equal(me.Arn, 'arn:aws:sts::000000000000:assumed-role/assumed/rehearsal');
  assert.equal(me.UserId, `${Role.RoleId}:rehearsal`);
  await new SageMakerClient({ credentials }).send(new ListModelsCommand());
  const s3 = new S3Client({ credentials });
  await s3.send(new CreateBucketCommand({ Bucket: 'of-a-session' }));
  await new Upload({ client: s3, params: { Bucket: 'of-a-session', Key: 'k', Body: Readable.from(['streamed']) } }).done();
  const url = await getSignedUrl(s3, new GetObjectCommand({ Bucket: 'of-a-session', Key: 'k' }));
  assert.equal(await (await fetch(url)).text(), 'streamed');
  await refused({ credentials: { ...credentials, sessionToken: undefined } },
    { s3: /^InvalidAccessKeyId$/, sts: /^InvalidClientTokenId$/, json: /^UnrecognizedClientException$/, rest: /^UnrecognizedClientException$/ });
});

test('a job signs as its own role', async () => {
  const sagemaker = new SageMakerClient();
  const ProcessingJobName = 'whoami';
  await sagemaker.send(new CreateProcessingJobCommand({
    ProcessingJobName, RoleArn: process.env.SM_EXEC_ROLE_ARN,
    AppSpecification: { ImageUri: process.env.COMMAND_IMAGE, ContainerEntrypoint: ['node', `${import.meta.dirname}/whoami.mjs`] },
    ProcessingResources: { ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large', VolumeSizeInGB: 1 } } }));
  await waitUntilProcessingJobCompletedOrStopped({ client: sagemaker, minDelay: 0.05, maxDelay: 0.2, maxWaitTime: 240 }, { ProcessingJobName });
  const job = await sagemaker.send(new DescribeProcessingJobCommand({ ProcessingJobName }));
  assert.equal(job.ProcessingJobStatus, 'Completed', job.FailureReason);
  const said = await new CloudWatchLogsClient().send(new FilterLogEventsCommand({ logGroupName: '/aws/sagemaker/ProcessingJobs', logStreamNamePrefix: 'whoami/' }));
  assert.ok(said.events.some((e) => e.message === 'arn:aws:sts::000000000000:assumed-role/execution/SageMaker'), JSON.stringify(said.events));
});
