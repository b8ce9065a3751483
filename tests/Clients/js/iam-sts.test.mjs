import test from 'node:test';
import assert from 'node:assert/strict';
import {
  IAMClient, CreateRoleCommand, GetRoleCommand, DeleteRoleCommand, paginateListRoles,
  PutRolePolicyCommand, GetRolePolicyCommand, ListRolePoliciesCommand, DeleteRolePolicyCommand,
  AttachRolePolicyCommand, DetachRolePolicyCommand, ListAttachedRolePoliciesCommand,
  CreateUserCommand, GetUserCommand, DeleteUserCommand, paginateListUsers,
  CreateServiceSpecificCredentialCommand, ListServiceSpecificCredentialsCommand, ResetServiceSpecificCredentialCommand,
  UpdateServiceSpecificCredentialCommand, DeleteServiceSpecificCredentialCommand,
} from '@aws-sdk/client-iam';
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

test('the policies of a role are kept, given back and in the way of its deletion', async () => {
  const RoleName = 'policed';
  const document = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::data/*' }] }, null, 2);
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'write', PolicyDocument: '{"Statement":[]}' }));
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'read', PolicyDocument: '{"Statement":[]}' }));
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'read', PolicyDocument: document }));
  const read = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'read' }));
  assert.equal(decodeURIComponent(read.PolicyDocument), document);
  assert.deepEqual((await iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames, ['read', 'write']);
  const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }));
  const attached = async (PathPrefix) => (await iam.send(new ListAttachedRolePoliciesCommand({ RoleName, PathPrefix }))).AttachedPolicies.map((p) => p.PolicyName);
  assert.deepEqual(await attached(), ['AWSLambdaBasicExecutionRole', 'ReadOnlyAccess']);
  assert.deepEqual(await attached('/service-role/'), ['AWSLambdaBasicExecutionRole']);

  const drop = () => iam.send(new DeleteRoleCommand({ RoleName }));
  await assert.rejects(drop(), { name: 'DeleteConflictException', message: 'Cannot delete entity, must delete policies first.' });
  await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'read' }));
  await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'write' }));
  await assert.rejects(drop(), { name: 'DeleteConflictException', message: 'Cannot delete entity, must detach all policies first.' });
  await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
  await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }));
  await assert.rejects(iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn })), { name: 'NoSuchEntityException' });
  await drop();
});

test('a bad policy, one too long, and one that is not there are each an error of their own', async () => {
  const RoleName = 'refused';
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
  const put = (PolicyDocument, role = RoleName) => iam.send(new PutRolePolicyCommand({ RoleName: role, PolicyName: 'p', PolicyDocument }));
  await assert.rejects(put('{'), { name: 'MalformedPolicyDocumentException' });
  await assert.rejects(put('[]'), { name: 'MalformedPolicyDocumentException' });
  await assert.rejects(put(JSON.stringify({ Statement: [], Id: 'x'.repeat(10241) })), { name: 'LimitExceededException' });
  await assert.rejects(put('{"Statement":[]}', 'nobody'), { name: 'NoSuchEntityException' });
  await assert.rejects(iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'p' })), { name: 'NoSuchEntityException' });
  await assert.rejects(iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'p' })), { name: 'NoSuchEntityException' });
  await assert.rejects(iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: 'arn:aws:iam::000000000000:policy/own' })), { name: 'NoSuchEntityException' });
});

test('users are made, listed and deleted, and the one that signs is there from the start', async () => {
  const { User } = await iam.send(new CreateUserCommand({ UserName: 'ann', Path: '/team/', Tags: [{ Key: 'team', Value: 'ml' }] }));
  assert.equal(User.Arn, 'arn:aws:iam::000000000000:user/team/ann');
  assert.match(User.UserId, /^AIDA/);
  await iam.send(new CreateUserCommand({ UserName: 'bo', Path: '/team/' }));
  await assert.rejects(iam.send(new CreateUserCommand({ UserName: 'bo' })), { name: 'EntityAlreadyExistsException' });
  const names = [];
  for await (const page of paginateListUsers({ client: iam, pageSize: 1 }, { PathPrefix: '/team/' })) names.push(...page.Users.map((u) => u.UserName));
  assert.deepEqual(names, ['ann', 'bo']);
  assert.deepEqual((await iam.send(new GetUserCommand({ UserName: 'ann' }))).User, User);

  const me = await sts.send(new GetCallerIdentityCommand());
  const own = (await iam.send(new GetUserCommand({}))).User;
  assert.deepEqual([own.Arn, own.UserId], [me.Arn, me.UserId]);
  await assert.rejects(iam.send(new DeleteUserCommand({ UserName: own.UserName })), { name: 'DeleteConflictException' });
  await iam.send(new DeleteUserCommand({ UserName: 'bo' }));
  await assert.rejects(iam.send(new DeleteUserCommand({ UserName: 'bo' })), { name: 'NoSuchEntityException' });
});

test('a user has two user names for CodeCommit at most; a password is told once', async () => {
  const ServiceName = 'codecommit.amazonaws.com';
  await iam.send(new CreateUserCommand({ UserName: 'git' }));
  const create = async (UserName) => (await iam.send(new CreateServiceSpecificCredentialCommand({ UserName, ServiceName }))).ServiceSpecificCredential;
  const first = await create('git');
  const second = await create('git');
  assert.deepEqual([first.ServiceUserName, second.ServiceUserName], ['git-at-000000000000', 'git+1-at-000000000000']);
  assert.equal(first.Status, 'Active');
  assert.ok(first.ServicePassword.length >= 40 && first.ServicePassword !== second.ServicePassword);
  await assert.rejects(create('git'), { name: 'LimitExceededException' });
  await assert.rejects(create('nobody'), { name: 'NoSuchEntityException' });
  await assert.rejects(iam.send(new CreateServiceSpecificCredentialCommand({ UserName: 'git', ServiceName: 'cassandra.amazonaws.com' })), { name: 'ServiceNotSupportedException' });

  const id = { UserName: 'git', ServiceSpecificCredentialId: first.ServiceSpecificCredentialId };
  const reset = (await iam.send(new ResetServiceSpecificCredentialCommand(id))).ServiceSpecificCredential;
  assert.equal(reset.ServiceUserName, first.ServiceUserName);
  assert.notEqual(reset.ServicePassword, first.ServicePassword);
  await iam.send(new UpdateServiceSpecificCredentialCommand({ ...id, Status: 'Inactive' }));
  const list = async (input) => (await iam.send(new ListServiceSpecificCredentialsCommand(input))).ServiceSpecificCredentials;
  const kept = await list({ UserName: 'git', ServiceName });
  assert.deepEqual(kept.map((c) => [c.ServiceUserName, c.Status]), [['git-at-000000000000', 'Inactive'], ['git+1-at-000000000000', 'Active']]);
  assert.ok(kept.every((c) => !('ServicePassword' in c)));
  assert.deepEqual(await list({}), []);
  assert.equal((await list({ AllUsers: true })).length, 2);

  await assert.rejects(iam.send(new DeleteUserCommand({ UserName: 'git' })), { name: 'DeleteConflictException' });
  await assert.rejects(iam.send(new DeleteServiceSpecificCredentialCommand({ ...id, UserName: 'tester' })), { name: 'NoSuchEntityException' });
  await iam.send(new DeleteServiceSpecificCredentialCommand(id));
  assert.equal((await create('git')).ServiceUserName, first.ServiceUserName);
});
