import test from 'node:test';
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import {
  S3Client, CreateBucketCommand, PutObjectCommand, GetObjectCommand, HeadObjectCommand, CopyObjectCommand, CreateMultipartUploadCommand, UploadPartCommand,
  UploadPartCopyCommand, CompleteMultipartUploadCommand, PutBucketEncryptionCommand, GetBucketEncryptionCommand, DeleteBucketEncryptionCommand,
  GetObjectAttributesCommand, PutBucketVersioningCommand, DeleteObjectCommand, ListPartsCommand,
} from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import {
  KMSClient, CreateKeyCommand, CreateAliasCommand, DescribeKeyCommand, DisableKeyCommand, EnableKeyCommand, ScheduleKeyDeletionCommand, RotateKeyOnDemandCommand,
} from '@aws-sdk/client-kms';

const s3 = new S3Client({ forcePathStyle: true });
const kms = new KMSClient();
const Bucket = 'encrypted';
const send = (command) => s3.send(command);
const makeKey = async () => (await kms.send(new CreateKeyCommand({}))).KeyMetadata;
const put = (Key, Body, more = {}) => send(new PutObjectCommand({ Bucket, Key, Body, ServerSideEncryption: 'aws:kms', ...more }));
const get = async (Key, more = {}) => {
  const got = await send(new GetObjectCommand({ Bucket, Key, ...more }));
  return { ...got, bytes: Buffer.from(await got.Body.transformToByteArray()) };
};
const refused = (command, name, words = /./, status = 400) => assert.rejects(send(command), (e) => {
  assert.equal(e.name, name, e.message);
  assert.match(e.message, words);
  assert.equal(e.$metadata.httpStatusCode, status);
  return true;
});
const md5 = (bytes) => `"${createHash('md5').update(bytes).digest('hex')}"`;

test.before(() => send(new CreateBucketCommand({ Bucket })));

test('an object is encrypted by the key that its request names, by id, ARN or alias, and its answers name the ARN', async () => {
  const key = await makeKey();
  await kms.send(new CreateAliasCommand({ AliasName: 'alias/data', TargetKeyId: key.KeyId }));
  for (const SSEKMSKeyId of [key.KeyId, key.Arn, 'alias/data', 'arn:aws:kms:us-east-1:000000000000:alias/data']) {
    const answer = await put('named', 'hello', { SSEKMSKeyId });
    assert.deepEqual([answer.ServerSideEncryption, answer.SSEKMSKeyId, answer.BucketKeyEnabled], ['aws:kms', key.Arn, undefined]);
    assert.match(answer.ETag, /^"[0-9a-f]{32}"$/);
    assert.notEqual(answer.ETag, md5('hello'));
    const got = await get('named');
    assert.deepEqual([got.bytes.toString(), got.ServerSideEncryption, got.SSEKMSKeyId, got.ETag, got.ContentLength], ['hello', 'aws:kms', key.Arn, answer.ETag, 5]);
  }
  const head = await send(new HeadObjectCommand({ Bucket, Key: 'named' }));
  assert.deepEqual([head.ServerSideEncryption, head.SSEKMSKeyId, head.ContentLength], ['aws:kms', key.Arn, 5]);
});

test("without a key's name it is AWS's own key of S3", async () => {
  const answer = await put('default-key', 'hello');
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/s3' }));
  assert.deepEqual([answer.SSEKMSKeyId, KeyMetadata.KeyManager], [KeyMetadata.Arn, 'AWS']);
  assert.equal((await get('default-key')).bytes.toString(), 'hello');
});

test('ranges of a large object come back byte for byte, and empty objects too', async () => {
  const body = randomBytes((3 << 20) + 12345);
  await put('large', body);
  for (const [from, to] of [[0, 0], [65535, 65536], [65536, 131071], [100, 300000], [body.length - 1, body.length - 1], [1 << 20, (2 << 20) + 5]]) {
    const part = await get('large', { Range: `bytes=${from}-${to}` });
    assert.ok(part.bytes.equals(body.subarray(from, to + 1)), `${from}-${to}`);
  }
  assert.ok((await get('large', { Range: 'bytes=-70000' })).bytes.equals(body.subarray(-70000)));
  assert.ok((await get('large')).bytes.equals(body));
  await put('empty', '');
  assert.equal((await get('empty')).bytes.length, 0);
});

test('a checksum and an MD5 that come with the content are checked against it, not against what is stored', async () => {
  const answer = await put('checked', 'hello', { ChecksumAlgorithm: 'SHA256', ContentMD5: createHash('md5').update('hello').digest('base64') });
  assert.equal(answer.ChecksumSHA256, createHash('sha256').update('hello').digest('base64'));
  await refused(new PutObjectCommand({ Bucket, Key: 'checked', Body: 'hello', ServerSideEncryption: 'aws:kms', ContentMD5: createHash('md5').update('other').digest('base64') }), 'BadDigest');
  assert.equal((await get('checked', { ChecksumMode: 'ENABLED' })).ChecksumSHA256, answer.ChecksumSHA256);
});

test('an upload in parts is encrypted, a part that is copied too', async () => {
  const key = await makeKey();
  const [one, two] = [randomBytes(5 << 20), randomBytes(100000)];
  await send(new PutObjectCommand({ Bucket, Key: 'source', Body: two }));
  const upload = await send(new CreateMultipartUploadCommand({ Bucket, Key: 'parts', ServerSideEncryption: 'aws:kms', SSEKMSKeyId: key.KeyId, BucketKeyEnabled: true }));
  assert.deepEqual([upload.ServerSideEncryption, upload.SSEKMSKeyId, upload.BucketKeyEnabled], ['aws:kms', key.Arn, true]);
  const place = { Bucket, Key: 'parts', UploadId: upload.UploadId };
  const first = await send(new UploadPartCommand({ ...place, PartNumber: 1, Body: one }));
  assert.deepEqual([first.ServerSideEncryption, first.SSEKMSKeyId], ['aws:kms', key.Arn]);
  assert.notEqual(first.ETag, md5(one));
  const second = await send(new UploadPartCopyCommand({ ...place, PartNumber: 2, CopySource: `${Bucket}/source` }));
  assert.deepEqual([second.ServerSideEncryption, second.SSEKMSKeyId, second.BucketKeyEnabled], ['aws:kms', key.Arn, true]);
  assert.equal((await send(new ListPartsCommand(place))).Parts[0].ETag, first.ETag);
  const done = await send(new CompleteMultipartUploadCommand({
    ...place, MultipartUpload: { Parts: [{ PartNumber: 1, ETag: first.ETag }, { PartNumber: 2, ETag: second.CopyPartResult.ETag }] },
  }));
  assert.deepEqual([done.ServerSideEncryption, done.SSEKMSKeyId, done.BucketKeyEnabled], ['aws:kms', key.Arn, true]);
  const whole = Buffer.concat([one, two]);
  assert.ok((await get('parts')).bytes.equals(whole));
  const across = await get('parts', { Range: `bytes=${one.length - 10}-${one.length + 10}` });
  assert.ok(across.bytes.equals(whole.subarray(one.length - 10, one.length + 11)));
  assert.ok((await get('parts', { PartNumber: 2 })).bytes.equals(two));
  await kms.send(new DisableKeyCommand({ KeyId: key.KeyId }));
  await refused(new UploadPartCommand({ ...place, PartNumber: 1, Body: 'x' }), 'NoSuchUpload', /./, 404);
  await refused(new CreateMultipartUploadCommand({ Bucket, Key: 'parts', ServerSideEncryption: 'aws:kms', SSEKMSKeyId: key.KeyId }), 'KMS.DisabledException');
});

test('a copy has the encryption that its own request or bucket says', async () => {
  const [one, two] = [await makeKey(), await makeKey()];
  await put('original', 'content', { SSEKMSKeyId: one.KeyId });
  const plain = await send(new CopyObjectCommand({ Bucket, Key: 'copy-plain', CopySource: `${Bucket}/original` }));
  assert.deepEqual([plain.ServerSideEncryption, plain.CopyObjectResult.ETag], ['AES256', md5('content')]);
  const other = await send(new CopyObjectCommand({ Bucket, Key: 'copy-other', CopySource: `${Bucket}/original`, ServerSideEncryption: 'aws:kms', SSEKMSKeyId: two.KeyId }));
  assert.equal(other.SSEKMSKeyId, two.Arn);
  await send(new CopyObjectCommand({ Bucket, Key: 'original', CopySource: `${Bucket}/original`, ServerSideEncryption: 'aws:kms', SSEKMSKeyId: two.KeyId }));
  await kms.send(new DisableKeyCommand({ KeyId: one.KeyId }));
  for (const key of ['copy-plain', 'copy-other', 'original']) {
    assert.equal((await get(key)).bytes.toString(), 'content');
  }
  await kms.send(new DisableKeyCommand({ KeyId: two.KeyId }));
  await refused(new CopyObjectCommand({ Bucket, Key: 'copy-late', CopySource: `${Bucket}/copy-other` }), 'KMS.DisabledException');
});

test('a key that is disabled, pending deletion, absent or another kind of name keeps objects from being read and written', async () => {
  const key = await makeKey();
  await put('locked', 'content', { SSEKMSKeyId: key.KeyId });
  await kms.send(new DisableKeyCommand({ KeyId: key.KeyId }));
  await refused(new GetObjectCommand({ Bucket, Key: 'locked' }), 'KMS.DisabledException', new RegExp(`${key.Arn} is disabled`));
  await refused(new GetObjectAttributesCommand({ Bucket, Key: 'locked', ObjectAttributes: ['Checksum'] }), 'KMS.DisabledException');
  await assert.rejects(send(new HeadObjectCommand({ Bucket, Key: 'locked', ChecksumMode: 'ENABLED' })));
  assert.equal((await send(new HeadObjectCommand({ Bucket, Key: 'locked' }))).ContentLength, 7);
  await refused(new PutObjectCommand({ Bucket, Key: 'locked', Body: 'x', ServerSideEncryption: 'aws:kms', SSEKMSKeyId: key.KeyId }), 'KMS.DisabledException');
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId: key.KeyId, PendingWindowInDays: 7 }));
  await refused(new GetObjectCommand({ Bucket, Key: 'locked' }), 'KMS.KMSInvalidStateException', /is pending deletion/);
  const absent = '12345678-1234-1234-1234-123456789012';
  await refused(new PutObjectCommand({ Bucket, Key: 'x', Body: 'x', ServerSideEncryption: 'aws:kms', SSEKMSKeyId: absent }), 'KMS.NotFoundException', new RegExp(`Key 'arn:aws:kms:us-east-1:000000000000:key/${absent}' does not exist`));
  await refused(new PutObjectCommand({ Bucket, Key: 'x', Body: 'x', ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'nonsense' }), 'KMS.NotFoundException', /nonsense/);
  await refused(new GetObjectCommand({ Bucket, Key: 'x' }), 'NoSuchKey', /./, 404);
});

test('what an older material of the key encrypted is still read after a rotation', async () => {
  const key = await makeKey();
  await put('rotated', 'content', { SSEKMSKeyId: key.KeyId });
  await kms.send(new RotateKeyOnDemandCommand({ KeyId: key.KeyId }));
  assert.equal((await get('rotated')).bytes.toString(), 'content');
});

test('an encryption context is kept with the object and must be one', async () => {
  const context = Buffer.from(JSON.stringify({ project: 'clicks' })).toString('base64');
  const answer = await put('context', 'content', { SSEKMSEncryptionContext: context });
  assert.equal(answer.SSEKMSEncryptionContext, context);
  assert.equal((await get('context')).bytes.toString(), 'content');
  for (const SSEKMSEncryptionContext of ['{}', Buffer.from('[1]').toString('base64'), Buffer.from('{"a":1}').toString('base64')]) {
    await refused(new PutObjectCommand({ Bucket, Key: 'x', Body: 'x', ServerSideEncryption: 'aws:kms', SSEKMSEncryptionContext }), 'InvalidArgument', /encryption context/);
  }
});

test('encryption that is asked for in parts or by unknown names is refused', async () => {
  const refusedPut = (more, name, words, status) => refused(new PutObjectCommand({ Bucket, Key: 'x', Body: 'x', ...more }), name, words, status);
  await refusedPut({ SSEKMSKeyId: 'alias/data' }, 'InvalidArgument', /requires HTTP header x-amz-server-side-encryption : aws:kms/);
  await refusedPut({ ServerSideEncryption: 'AES256', SSEKMSKeyId: 'alias/data' }, 'InvalidArgument', /requires HTTP header/);
  await refusedPut({ ServerSideEncryption: 'rot13' }, 'InvalidArgument', /not supported/);
  await refusedPut({ ServerSideEncryption: 'aws:kms:dsse' }, 'NotImplemented', /dual-layer/, 501);
  const customer = { SSECustomerAlgorithm: 'AES256', SSECustomerKey: randomBytes(32).toString('base64') };
  await refusedPut(customer, 'NotImplemented', /server-side-encryption-customer/, 501);
});

test("a bucket's default encrypts what says nothing, and a request that says something else is heard", async () => {
  const [key, other] = [await makeKey(), await makeKey()];
  const where = { Bucket: 'default-encryption', Key: 'k' };
  await send(new CreateBucketCommand({ Bucket: where.Bucket }));
  const rule = (SSEAlgorithm, KMSMasterKeyID, BucketKeyEnabled) => ({ Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm, KMSMasterKeyID }, BucketKeyEnabled }] });
  const setDefault = (...args) => send(new PutBucketEncryptionCommand({ Bucket: where.Bucket, ServerSideEncryptionConfiguration: rule(...args) }));
  const answer = async (more = {}) => {
    const a = await send(new PutObjectCommand({ ...where, Body: 'content', ...more }));
    const got = await send(new GetObjectCommand(where));
    assert.equal(await got.Body.transformToString(), 'content');
    assert.deepEqual([got.ServerSideEncryption, got.SSEKMSKeyId, got.BucketKeyEnabled], [a.ServerSideEncryption, a.SSEKMSKeyId, a.BucketKeyEnabled]);
    return [a.ServerSideEncryption, a.SSEKMSKeyId, a.BucketKeyEnabled];
  };
  await setDefault('aws:kms', key.KeyId, true);
  assert.deepEqual(await answer(), ['aws:kms', key.Arn, true]);
  assert.deepEqual(await answer({ BucketKeyEnabled: false }), ['aws:kms', key.Arn, undefined]);
  assert.deepEqual(await answer({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: other.KeyId }), ['aws:kms', other.Arn, true]);
  assert.deepEqual(await answer({ ServerSideEncryption: 'AES256' }), ['AES256', undefined, undefined]);
  await setDefault('aws:kms');
  const own = (await kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/s3' }))).KeyMetadata.Arn;
  assert.deepEqual(await answer(), ['aws:kms', own, undefined]);
  await refused(new PutBucketEncryptionCommand({ Bucket: where.Bucket, ServerSideEncryptionConfiguration: rule('aws:kms:dsse') }), 'NotImplemented', /dual-layer/, 501);
  await setDefault('AES256');
  assert.deepEqual(await answer(), ['AES256', undefined, undefined]);
  await setDefault('aws:kms', 'alias/absent');
  await refused(new PutObjectCommand({ ...where, Body: 'x' }), 'KMS.NotFoundException', /alias\/absent/);
  await send(new DeleteBucketEncryptionCommand({ Bucket: where.Bucket }));
  assert.equal((await send(new GetBucketEncryptionCommand({ Bucket: where.Bucket }))).ServerSideEncryptionConfiguration.Rules[0].ApplyServerSideEncryptionByDefault.SSEAlgorithm, 'AES256');
  assert.deepEqual(await answer(), ['AES256', undefined, undefined]);
  assert.equal((await send(new HeadObjectCommand(where))).ServerSideEncryption, 'AES256');
  assert.equal((await send(new CreateMultipartUploadCommand(where))).ServerSideEncryption, 'AES256');
});

test('each version of an object has a key of its own', async () => {
  const [one, two] = [await makeKey(), await makeKey()];
  const where = { Bucket: 'encrypted-versions', Key: 'k' };
  await send(new CreateBucketCommand({ Bucket: where.Bucket }));
  await send(new PutBucketVersioningCommand({ Bucket: where.Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  const versions = [];
  for (const key of [one, two]) {
    versions.push((await send(new PutObjectCommand({ ...where, Body: key.KeyId, ServerSideEncryption: 'aws:kms', SSEKMSKeyId: key.KeyId }))).VersionId);
  }
  await send(new DeleteObjectCommand(where));
  await kms.send(new DisableKeyCommand({ KeyId: one.KeyId }));
  await refused(new GetObjectCommand({ ...where, VersionId: versions[0] }), 'KMS.DisabledException');
  assert.equal(await (await send(new GetObjectCommand({ ...where, VersionId: versions[1] }))).Body.transformToString(), two.KeyId);
  await kms.send(new EnableKeyCommand({ KeyId: one.KeyId }));
  assert.equal(await (await send(new GetObjectCommand({ ...where, VersionId: versions[0] }))).Body.transformToString(), one.KeyId);
});

test("a browser's form says how its object is encrypted, too", async () => {
  const key = await makeKey();
  const Fields = { 'x-amz-server-side-encryption': 'aws:kms', 'x-amz-server-side-encryption-aws-kms-key-id': key.KeyId };
  const { url, fields } = await createPresignedPost(s3, { Bucket, Key: 'form', Fields });
  const post = async () => {
    const form = new FormData();
    Object.entries(fields).forEach(([name, value]) => form.append(name, value));
    form.append('file', new Blob(['content']));
    return fetch(url, { method: 'POST', body: form });
  };
  const answer = await post();
  assert.equal(answer.status, 204, await answer.text());
  assert.equal(answer.headers.get('x-amz-server-side-encryption-aws-kms-key-id'), key.Arn);
  const got = await get('form');
  assert.deepEqual([got.bytes.toString(), got.SSEKMSKeyId], ['content', key.Arn]);
  await kms.send(new DisableKeyCommand({ KeyId: key.KeyId }));
  await refused(new GetObjectCommand({ Bucket, Key: 'form' }), 'KMS.DisabledException');
  const late = await post();
  assert.equal(late.status, 400);
  assert.match(await late.text(), /<Code>KMS.DisabledException<\/Code>/);
});
