import test from 'node:test';
import assert from 'node:assert/strict';
import { IAMClient, CreateRoleCommand, GetRoleCommand, DeleteRoleCommand, paginateListRoles } from '@aws-sdk/client-iam';
import { STSClient, GetCallerIdentityCommand, AssumeRoleCommand } from '@aws-sdk/client-sts';

const iam = new IAMClient();
const sts = new STSClient();
const trust = JSON.stringify({ Version: '2012-10-17', Statement: [] });

test('a role that is created is read back, listed over pages and deleted', async () => {
  for (const name of ['reader', 'trainer', 'writer']) {
    const made = await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trust, Path: '/team/', Tags: [{ Key: 'team', Value: 'ml' }] }));
    assert.equal(made.Role.Arn, `arn:aws:iam::000000000000:role/team/${name}`);
  }

  const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'trainer' }));
  assert.equal(decodeURIComponent(Role.AssumeRolePolicyDocument), trust);
  assert.ok(Role.CreateDate instanceof Date);
  assert.deepEqual(Role.Tags, [{ Key: 'team', Value: 'ml' }]);

  const names = [];
  for await (const page of paginateListRoles({ client: iam, pageSize: 2 }, { PathPrefix: '/team/' })) {
    assert.ok(page.Roles.length <= 2);
    names.push(...page.Roles.map((role) => role.RoleName));
  }
  assert.deepEqual(names, ['reader', 'trainer', 'writer']);

  await iam.send(new DeleteRoleCommand({ RoleName: 'trainer' }));
  await assert.rejects(iam.send(new GetRoleCommand({ RoleName: 'trainer' })), { name: 'NoSuchEntityException' });
});

test('a name that is taken, a bad name and a bad policy are each an error of their own', async () => {
  await iam.send(new CreateRoleCommand({ RoleName: 'taken', AssumeRolePolicyDocument: trust }));
  await assert.rejects(iam.send(new CreateRoleCommand({ RoleName: 'taken', AssumeRolePolicyDocument: trust })), { name: 'EntityAlreadyExistsException' });
  await assert.rejects(iam.send(new CreateRoleCommand({ RoleName: 'a b', AssumeRolePolicyDocument: trust })), /'roleName' failed to satisfy constraint/);
  await assert.rejects(iam.send(new CreateRoleCommand({ RoleName: 'fine', AssumeRolePolicyDocument: '{' })), { name: 'MalformedPolicyDocumentException' });
});

test('the caller has an identity, and a role gives temporary credentials', async () => {
  const me = await sts.send(new GetCallerIdentityCommand());
  assert.equal(me.Account, '000000000000');
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'assumed', AssumeRolePolicyDocument: trust }));
  const session = await sts.send(new AssumeRoleCommand({ RoleArn: Role.Arn, RoleSessionName: 'rehearsal' }));
  assert.match(session.Credentials.AccessKeyId, /^ASIA/);
  assert.ok(session.Credentials.Expiration > new Date());
  assert.equal(session.AssumedRoleUser.Arn, 'arn:aws:sts::000000000000:assumed-role/assumed/rehearsal');
  await assert.rejects(sts.send(new AssumeRoleCommand({ RoleArn: Role.Arn + 'x', RoleSessionName: 'rehearsal' })), { name: 'AccessDenied' });
});
