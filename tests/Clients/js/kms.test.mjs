import test from 'node:test';
import assert from 'node:assert/strict';
import {
  KMSClient, CreateKeyCommand, DescribeKeyCommand, paginateListKeys, EnableKeyCommand, DisableKeyCommand, ScheduleKeyDeletionCommand,
  CancelKeyDeletionCommand, UpdateKeyDescriptionCommand, GetKeyPolicyCommand, PutKeyPolicyCommand, ListKeyPoliciesCommand, TagResourceCommand,
  UntagResourceCommand, paginateListResourceTags, CreateAliasCommand, UpdateAliasCommand, DeleteAliasCommand, paginateListAliases,
  EnableKeyRotationCommand, DisableKeyRotationCommand, GetKeyRotationStatusCommand, RotateKeyOnDemandCommand, paginateListKeyRotations,
  EncryptCommand, DecryptCommand, ReEncryptCommand, GenerateDataKeyCommand, GenerateDataKeyWithoutPlaintextCommand, GenerateRandomCommand,
  CreateGrantCommand, paginateListGrants, RetireGrantCommand, RevokeGrantCommand, ListRetirableGrantsCommand, GenerateMacCommand, SignCommand,
  GenerateDataKeyPairCommand,
} from '@aws-sdk/client-kms';

const kms = new KMSClient();
const send = (command) => kms.send(command);
const make = async (input = {}) => (await send(new CreateKeyCommand(input))).KeyMetadata;
const text = (bytes) => Buffer.from(bytes).toString();
const encrypt = async (KeyId, plaintext, EncryptionContext) =>
  (await send(new EncryptCommand({ KeyId, Plaintext: Buffer.from(plaintext), EncryptionContext }))).CiphertextBlob;
const refused = (command, name, words = /./) => assert.rejects(send(command), (e) => {
  assert.equal(e.name, name, e.message);
  assert.match(e.message, words);
  return true;
});
const role = 'arn:aws:iam::000000000000:role/reader';

test('a key is made, described by id and ARN, listed over pages, and its description changes', async () => {
  const key = await make({ Description: 'first', Tags: [{ TagKey: 'team', TagValue: 'ml' }] });
  assert.equal(key.Arn, `arn:aws:kms:us-east-1:000000000000:key/${key.KeyId}`);
  assert.deepEqual(
    [key.Enabled, key.KeyState, key.KeyUsage, key.KeySpec, key.KeyManager, key.Origin, key.MultiRegion, key.AWSAccountId],
    [true, 'Enabled', 'ENCRYPT_DECRYPT', 'SYMMETRIC_DEFAULT', 'CUSTOMER', 'AWS_KMS', false, '000000000000']);
  assert.ok(key.CreationDate instanceof Date);
  assert.match(key.CurrentKeyMaterialId, /^[0-9a-f]{64}$/);
  await send(new UpdateKeyDescriptionCommand({ KeyId: key.Arn, Description: 'second' }));
  assert.equal((await send(new DescribeKeyCommand({ KeyId: key.KeyId }))).KeyMetadata.Description, 'second');
  const more = [await make(), await make(), key].map((k) => k.KeyId).sort();
  const listed = [];
  for await (const page of paginateListKeys({ client: kms, pageSize: 2 }, {})) {
    assert.ok(page.Keys.length <= 2);
    listed.push(...page.Keys.map((k) => k.KeyId));
  }
  assert.deepEqual(listed, more);
});

test('a key that is not there, and kinds of keys that local AWS does not have, are each an error by name', async () => {
  const absent = '12345678-1234-1234-1234-123456789012';
  await refused(new DescribeKeyCommand({ KeyId: absent }), 'NotFoundException', new RegExp(`Key 'arn:aws:kms:us-east-1:000000000000:key/${absent}' does not exist`));
  await refused(new DescribeKeyCommand({ KeyId: 'nonsense' }), 'NotFoundException', /Invalid keyId 'nonsense'/);
  await refused(new DescribeKeyCommand({ KeyId: 'alias/absent' }), 'NotFoundException', /Alias arn:aws:kms:us-east-1:000000000000:alias\/absent is not found/);
  await refused(new CreateKeyCommand({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }), 'NotImplemented', /CreateKey.KeySpec RSA_2048/);
  await refused(new CreateKeyCommand({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }), 'NotImplemented', /HMAC_256/);
  await refused(new CreateKeyCommand({ Origin: 'EXTERNAL' }), 'NotImplemented', /CreateKey.Origin EXTERNAL/);
  await refused(new CreateKeyCommand({ MultiRegion: true }), 'NotImplemented', /MultiRegion/);
  await refused(new CreateKeyCommand({ KeyUsage: 'SIGN_VERIFY' }), 'ValidationException', /not compatible/);
  await refused(new GenerateMacCommand({ KeyId: absent, Message: Buffer.from('m'), MacAlgorithm: 'HMAC_SHA_256' }), 'UnknownOperationException', /GenerateMac/);
  await refused(new SignCommand({ KeyId: absent, Message: Buffer.from('m'), SigningAlgorithm: 'ECDSA_SHA_256' }), 'UnknownOperationException', /Sign/);
  await refused(new GenerateDataKeyPairCommand({ KeyId: absent, KeyPairSpec: 'RSA_2048' }), 'UnknownOperationException', /GenerateDataKeyPair/);
});

test('what is encrypted comes back with the same context and with no other', async () => {
  const { KeyId, Arn } = await make();
  const context = { purpose: 'test', owner: 'ül' };
  const sealed = await send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('secret'), EncryptionContext: context }));
  assert.equal(sealed.KeyId, Arn);
  assert.ok(!text(sealed.CiphertextBlob).includes('secret'));
  assert.notDeepEqual(await encrypt(KeyId, 'secret', context), sealed.CiphertextBlob);
  const opened = await send(new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob, EncryptionContext: { owner: 'ül', purpose: 'test' } }));
  assert.deepEqual([text(opened.Plaintext), opened.KeyId, opened.EncryptionAlgorithm], ['secret', Arn, 'SYMMETRIC_DEFAULT']);
  for (const EncryptionContext of [undefined, {}, { purpose: 'test' }, { ...context, more: 'x' }, { ...context, owner: 'ul' }]) {
    await refused(new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob, EncryptionContext }), 'InvalidCiphertextException');
  }
});

test('a ciphertext that was changed anywhere, cut or made up does not open', async () => {
  const { KeyId } = await make();
  const blob = Buffer.from(await encrypt(KeyId, 'secret'));
  for (const at of [0, 30, 50, blob.length - 20, blob.length - 1]) {
    const changed = Buffer.from(blob);
    changed[at] ^= 1;
    await refused(new DecryptCommand({ CiphertextBlob: changed }), 'InvalidCiphertextException');
  }
  await refused(new DecryptCommand({ CiphertextBlob: blob.subarray(0, blob.length - 1) }), 'InvalidCiphertextException');
  await refused(new DecryptCommand({ CiphertextBlob: Buffer.from('anything') }), 'InvalidCiphertextException');
  await refused(new DecryptCommand({}), 'ValidationException', /ciphertextBlob/);
  const other = Buffer.from(blob);
  other[5] ^= 1;
  await refused(new DecryptCommand({ CiphertextBlob: other }), 'AccessDeniedException', /does not exist/);
});

test('decrypting with another key than the one that encrypted is an incorrect key; re-encrypting changes key and context', async () => {
  const [one, two] = [await make(), await make()];
  const blob = await encrypt(one.KeyId, 'secret', { a: '1' });
  await refused(new DecryptCommand({ CiphertextBlob: blob, EncryptionContext: { a: '1' }, KeyId: two.Arn }), 'IncorrectKeyException');
  const moved = await send(new ReEncryptCommand({
    CiphertextBlob: blob, SourceEncryptionContext: { a: '1' }, SourceKeyId: one.KeyId, DestinationKeyId: two.KeyId, DestinationEncryptionContext: { b: '2' },
  }));
  assert.deepEqual([moved.SourceKeyId, moved.KeyId], [one.Arn, two.Arn]);
  const opened = await send(new DecryptCommand({ CiphertextBlob: moved.CiphertextBlob, EncryptionContext: { b: '2' }, KeyId: two.KeyId }));
  assert.deepEqual([text(opened.Plaintext), opened.KeyId, opened.KeyMaterialId], ['secret', two.Arn, two.CurrentKeyMaterialId]);
});

test('limits of what is encrypted, other algorithms and dry runs are told', async () => {
  const { KeyId } = await make();
  assert.equal((await encrypt(KeyId, 'x'.repeat(4096))).length > 4096, true);
  await refused(new EncryptCommand({ KeyId, Plaintext: Buffer.alloc(4097) }), 'ValidationException', /less than or equal to 4096/);
  await refused(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x'), EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' }), 'InvalidKeyUsageException');
  await refused(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x'), DryRun: true }), 'DryRunOperationException');
  await refused(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', DryRun: true }), 'DryRunOperationException');
});

test('a data key comes in plain and encrypted, or encrypted alone', async () => {
  const { KeyId, Arn } = await make();
  const data = await send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', EncryptionContext: { a: 'b' } }));
  assert.deepEqual([data.Plaintext.length, data.KeyId], [32, Arn]);
  const opened = await send(new DecryptCommand({ CiphertextBlob: data.CiphertextBlob, EncryptionContext: { a: 'b' } }));
  assert.deepEqual(opened.Plaintext, data.Plaintext);
  assert.equal((await send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_128' }))).Plaintext.length, 16);
  const hidden = await send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId, NumberOfBytes: 77 }));
  assert.equal(hidden.Plaintext, undefined);
  assert.equal((await send(new DecryptCommand({ CiphertextBlob: hidden.CiphertextBlob }))).Plaintext.length, 77);
  await refused(new GenerateDataKeyCommand({ KeyId }), 'ValidationException', /either number of bytes or key spec/);
  await refused(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', NumberOfBytes: 8 }), 'ValidationException', /either/);
  const [one, two] = [await send(new GenerateRandomCommand({ NumberOfBytes: 64 })), await send(new GenerateRandomCommand({ NumberOfBytes: 64 }))];
  assert.equal(one.Plaintext.length, 64);
  assert.notDeepEqual(one.Plaintext, two.Plaintext);
});

test('a disabled key neither encrypts nor decrypts until it is enabled', async () => {
  const { KeyId, Arn } = await make();
  const blob = await encrypt(KeyId, 'secret');
  await send(new DisableKeyCommand({ KeyId }));
  const { KeyMetadata } = await send(new DescribeKeyCommand({ KeyId }));
  assert.deepEqual([KeyMetadata.KeyState, KeyMetadata.Enabled], ['Disabled', false]);
  for (const command of [
    new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }), new DecryptCommand({ CiphertextBlob: blob }), new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }),
    new EnableKeyRotationCommand({ KeyId }), new RotateKeyOnDemandCommand({ KeyId }), new CreateGrantCommand({ KeyId, GranteePrincipal: role, Operations: ['Decrypt'] }),
  ]) {
    await refused(command, 'DisabledException', new RegExp(`${Arn} is disabled`));
  }
  await send(new EnableKeyCommand({ KeyId }));
  assert.equal(text((await send(new DecryptCommand({ CiphertextBlob: blob }))).Plaintext), 'secret');
});

test('a key that is pending deletion does nothing, and is disabled when its deletion is cancelled', async () => {
  const { KeyId, Arn } = await make();
  const blob = await encrypt(KeyId, 'secret');
  await refused(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 6 }), 'ValidationException', /greater than or equal to 7/);
  await refused(new CancelKeyDeletionCommand({ KeyId }), 'KMSInvalidStateException', /is not pending deletion/);
  const scheduled = await send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
  assert.deepEqual([scheduled.KeyId, scheduled.KeyState, scheduled.PendingWindowInDays], [Arn, 'PendingDeletion', 7]);
  const days = (scheduled.DeletionDate - Date.now()) / 86400000;
  assert.ok(days > 6.9 && days <= 7, days);
  for (const command of [
    new DecryptCommand({ CiphertextBlob: blob }), new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }), new EnableKeyCommand({ KeyId }), new DisableKeyCommand({ KeyId }),
    new ScheduleKeyDeletionCommand({ KeyId }), new UpdateKeyDescriptionCommand({ KeyId, Description: 'd' }), new CreateAliasCommand({ AliasName: 'alias/late', TargetKeyId: KeyId }),
    new TagResourceCommand({ KeyId, Tags: [{ TagKey: 'a', TagValue: 'b' }] }),
  ]) {
    await refused(command, 'KMSInvalidStateException', /is pending deletion/);
  }
  assert.deepEqual((await send(new CancelKeyDeletionCommand({ KeyId }))).KeyId, Arn);
  assert.equal((await send(new DescribeKeyCommand({ KeyId }))).KeyMetadata.KeyState, 'Disabled');
  await send(new EnableKeyCommand({ KeyId }));
  assert.equal(text((await send(new DecryptCommand({ CiphertextBlob: blob }))).Plaintext), 'secret');
});

test('an alias names a key, moves to another and goes, and AWS keeps its own', async () => {
  const [one, two] = [await make(), await make()];
  await send(new CreateAliasCommand({ AliasName: 'alias/app/data', TargetKeyId: one.Arn }));
  await refused(new CreateAliasCommand({ AliasName: 'alias/app/data', TargetKeyId: two.KeyId }), 'AlreadyExistsException', /alias\/app\/data already exists/);
  await refused(new CreateAliasCommand({ AliasName: 'app', TargetKeyId: one.KeyId }), 'ValidationException', /alias\//);
  await refused(new CreateAliasCommand({ AliasName: 'alias/a b', TargetKeyId: one.KeyId }), 'ValidationException', /regular expression/);
  await refused(new CreateAliasCommand({ AliasName: 'alias/aws/mine', TargetKeyId: one.KeyId }), 'NotAuthorizedException');
  await refused(new UpdateAliasCommand({ AliasName: 'alias/absent', TargetKeyId: one.KeyId }), 'NotFoundException');
  const blob = await encrypt('alias/app/data', 'secret');
  await send(new UpdateAliasCommand({ AliasName: 'alias/app/data', TargetKeyId: two.KeyId }));
  const arn = 'arn:aws:kms:us-east-1:000000000000:alias/app/data';
  assert.equal((await send(new DescribeKeyCommand({ KeyId: arn }))).KeyMetadata.KeyId, two.KeyId);
  await refused(new DecryptCommand({ CiphertextBlob: blob, KeyId: 'alias/app/data' }), 'IncorrectKeyException');
  assert.equal(text((await send(new DecryptCommand({ CiphertextBlob: blob }))).Plaintext), 'secret');
  await send(new CreateAliasCommand({ AliasName: 'alias/app/other', TargetKeyId: two.KeyId }));
  const names = [];
  for await (const page of paginateListAliases({ client: kms, pageSize: 1 }, { KeyId: two.KeyId })) {
    names.push(...page.Aliases.map((a) => [a.AliasName, a.AliasArn, a.TargetKeyId]));
  }
  assert.deepEqual(names, [['alias/app/data', arn, two.KeyId], ['alias/app/other', arn.replace('data', 'other'), two.KeyId]]);
  await send(new DeleteAliasCommand({ AliasName: 'alias/app/data' }));
  await refused(new DescribeKeyCommand({ KeyId: 'alias/app/data' }), 'NotFoundException');
});

test("AWS's own key of a service is made when it is first asked for, and nobody changes it", async () => {
  const { KeyMetadata: key } = await send(new DescribeKeyCommand({ KeyId: 'alias/aws/s3' }));
  assert.equal(key.KeyManager, 'AWS');
  assert.equal((await send(new DescribeKeyCommand({ KeyId: 'alias/aws/s3' }))).KeyMetadata.KeyId, key.KeyId);
  assert.equal((await send(new GetKeyRotationStatusCommand({ KeyId: key.KeyId }))).KeyRotationEnabled, true);
  await refused(new DisableKeyCommand({ KeyId: key.KeyId }), 'AccessDeniedException', /AWS managed key/);
  await refused(new ScheduleKeyDeletionCommand({ KeyId: key.KeyId }), 'AccessDeniedException');
  await refused(new DescribeKeyCommand({ KeyId: 'alias/aws/nothing' }), 'NotFoundException');
});

test('a key rotates on demand and by schedule, and what older material encrypted still opens', async () => {
  const { KeyId, CurrentKeyMaterialId } = await make();
  const old = await encrypt(KeyId, 'old');
  assert.equal((await send(new GetKeyRotationStatusCommand({ KeyId }))).KeyRotationEnabled, false);
  await send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 90 }));
  const status = await send(new GetKeyRotationStatusCommand({ KeyId }));
  assert.deepEqual([status.KeyRotationEnabled, status.RotationPeriodInDays], [true, 90]);
  const days = (status.NextRotationDate - Date.now()) / 86400000;
  assert.ok(days > 89.9 && days <= 90, days);
  await send(new RotateKeyOnDemandCommand({ KeyId }));
  await send(new RotateKeyOnDemandCommand({ KeyId }));
  const fresh = await send(new DecryptCommand({ CiphertextBlob: await encrypt(KeyId, 'new') }));
  const opened = await send(new DecryptCommand({ CiphertextBlob: old }));
  assert.deepEqual([text(opened.Plaintext), opened.KeyMaterialId], ['old', CurrentKeyMaterialId]);
  const rotations = [];
  for await (const page of paginateListKeyRotations({ client: kms, pageSize: 1 }, { KeyId })) {
    rotations.push(...page.Rotations);
  }
  assert.deepEqual(rotations.map((r) => [r.RotationType, r.KeyMaterialState]), [['ON_DEMAND', 'NON_CURRENT'], ['ON_DEMAND', 'CURRENT']]);
  assert.equal(rotations[1].KeyMaterialId, fresh.KeyMaterialId);
  await send(new DisableKeyRotationCommand({ KeyId }));
  assert.equal((await send(new GetKeyRotationStatusCommand({ KeyId }))).KeyRotationEnabled, false);
  for (let i = 2; i < 25; i++) {
    await send(new RotateKeyOnDemandCommand({ KeyId }));
  }
  await refused(new RotateKeyOnDemandCommand({ KeyId }), 'LimitExceededException');
});

test('a policy is given back as it came, and must be one', async () => {
  const policy = '{ "Version":"2012-10-17",  "Statement":[{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"}]}';
  const { KeyId } = await make({ Policy: policy });
  assert.deepEqual((await send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }))).Policy, policy);
  const plain = await make();
  assert.equal(JSON.parse((await send(new GetKeyPolicyCommand({ KeyId: plain.KeyId }))).Policy).Statement[0].Principal.AWS, 'arn:aws:iam::000000000000:root');
  await send(new PutKeyPolicyCommand({ KeyId: plain.KeyId, PolicyName: 'default', Policy: policy }));
  assert.equal((await send(new GetKeyPolicyCommand({ KeyId: plain.KeyId }))).Policy, policy);
  await refused(new PutKeyPolicyCommand({ KeyId, Policy: '{' }), 'MalformedPolicyDocumentException', /line 1/);
  await refused(new CreateKeyCommand({ Policy: '[]' }), 'MalformedPolicyDocumentException');
  await refused(new GetKeyPolicyCommand({ KeyId, PolicyName: 'other' }), 'NotFoundException', /No such policy/);
  assert.deepEqual((await send(new ListKeyPoliciesCommand({ KeyId }))).PolicyNames, ['default']);
});

test('tags are added, changed, listed over pages and removed', async () => {
  const { KeyId } = await make({ Tags: [{ TagKey: 'a', TagValue: '1' }, { TagKey: 'b', TagValue: '2' }] });
  await send(new TagResourceCommand({ KeyId, Tags: [{ TagKey: 'b', TagValue: '3' }, { TagKey: 'c', TagValue: '' }] }));
  await send(new UntagResourceCommand({ KeyId, TagKeys: ['a', 'absent'] }));
  const tags = [];
  for await (const page of paginateListResourceTags({ client: kms, pageSize: 1 }, { KeyId })) {
    tags.push(...page.Tags);
  }
  assert.deepEqual(tags, [{ TagKey: 'b', TagValue: '3' }, { TagKey: 'c', TagValue: '' }]);
  await refused(new TagResourceCommand({ KeyId, Tags: [{ TagKey: 'd', TagValue: '1' }, { TagKey: 'd', TagValue: '2' }] }), 'TagException', /d/);
  await refused(new TagResourceCommand({ KeyId, Tags: [{ TagKey: 'aws:x', TagValue: '1' }] }), 'TagException', /aws:/);
  const many = Array.from({ length: 51 }, (_, i) => ({ TagKey: `k${i}`, TagValue: '' }));
  await refused(new CreateKeyCommand({ Tags: many }), 'LimitExceededException');
});

test('grants are made once, listed, retired and revoked', async () => {
  const { KeyId, Arn } = await make();
  const input = { KeyId, GranteePrincipal: role, RetiringPrincipal: role, Operations: ['Decrypt', 'GenerateDataKey'], Name: 'once', Constraints: { EncryptionContextSubset: { a: 'b' } } };
  const grant = await send(new CreateGrantCommand(input));
  assert.deepEqual((await send(new CreateGrantCommand(input))).GrantId, grant.GrantId);
  const other = await send(new CreateGrantCommand({ ...input, Name: undefined, RetiringPrincipal: undefined }));
  const listed = [];
  for await (const page of paginateListGrants({ client: kms, pageSize: 1 }, { KeyId })) {
    listed.push(...page.Grants);
  }
  assert.deepEqual(listed.map((g) => g.GrantId).sort(), [grant.GrantId, other.GrantId].sort());
  const found = listed.find((g) => g.GrantId === grant.GrantId);
  assert.deepEqual([found.KeyId, found.Name, found.Operations, found.Constraints], [Arn, 'once', input.Operations, input.Constraints]);
  assert.deepEqual((await send(new ListRetirableGrantsCommand({ RetiringPrincipal: role }))).Grants.map((g) => g.GrantId), [grant.GrantId]);
  await refused(new RevokeGrantCommand({ KeyId, GrantId: grant.GrantId, DryRun: true }), 'DryRunOperationException');
  await send(new RetireGrantCommand({ GrantToken: grant.GrantToken }));
  await refused(new RetireGrantCommand({ GrantToken: grant.GrantToken }), 'InvalidGrantTokenException');
  await send(new RevokeGrantCommand({ KeyId: Arn, GrantId: other.GrantId }));
  await refused(new RevokeGrantCommand({ KeyId, GrantId: other.GrantId }), 'NotFoundException');
  await refused(new CreateGrantCommand({ KeyId, GranteePrincipal: role, Operations: ['Sign'] }), 'ValidationException', /Sign/);
});
