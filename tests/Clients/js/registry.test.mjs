import test from 'node:test';
import assert from 'node:assert/strict';
import {
  SageMakerClient, CreateModelPackageGroupCommand, DescribeModelPackageGroupCommand, DeleteModelPackageGroupCommand, ListModelPackageGroupsCommand,
  PutModelPackageGroupPolicyCommand, GetModelPackageGroupPolicyCommand, DeleteModelPackageGroupPolicyCommand,
  CreateModelPackageCommand, DescribeModelPackageCommand, BatchDescribeModelPackageCommand, UpdateModelPackageCommand, DeleteModelPackageCommand,
  CreateModelCommand, DescribeModelCommand, ListModelsCommand, DeleteModelCommand, CreateEndpointConfigCommand, DescribeEndpointConfigCommand,
  DeleteEndpointConfigCommand, ListEndpointConfigsCommand, paginateListModelPackages, ListTagsCommand,
  SearchCommand,
} from '@aws-sdk/client-sagemaker';
import { STSClient, GetCallerIdentityCommand } from '@aws-sdk/client-sts';

const aws = new SageMakerClient();
const send = (command) => aws.send(command);
const arn = (rest) => `arn:aws:sagemaker:us-east-1:000000000000:${rest}`;
const image = '000000000000.dkr.ecr.us-east-1.amazonaws.com/slipway:latest';
const serves = { Containers: [{ Image: image, Environment: { LEVEL: 'info' } }], SupportedContentTypes: ['text/csv'], SupportedResponseMIMETypes: ['text/csv'] };
const group = (name) => send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: name, ModelPackageGroupDescription: 'clicks' }));
const version = (name, more = {}) => send(new CreateModelPackageCommand({ ModelPackageGroupName: name, InferenceSpecification: serves, ...more }));

test('a version is numbered, waits for approval, and gives back all that was registered', async () => {
  await group('full');
  const metrics = { ModelQuality: { Statistics: { ContentType: 'application/json', S3Uri: 's3://b/evaluation.json' } }, ModelDataQuality: { Constraints: { ContentType: 'application/json', S3Uri: 's3://b/constraints.json' } } };
  const { ModelPackageArn } = await version('full', { ModelMetrics: metrics, MetadataProperties: { CommitId: 'abc' }, CustomerMetadataProperties: { data: 'sha256:1', rows: '10' }, Domain: 'MACHINE_LEARNING', Task: 'CLASSIFICATION' });
  assert.equal(ModelPackageArn, arn('model-package/full/1'));
  const package1 = await send(new DescribeModelPackageCommand({ ModelPackageName: ModelPackageArn }));
  assert.equal(package1.ModelApprovalStatus, 'PendingManualApproval');
  assert.equal(package1.ModelPackageStatus, 'Completed');
  assert.equal(package1.ModelPackageVersion, 1);
  assert.equal(package1.ModelPackageGroupName, 'full');
  assert.equal(package1.ModelPackageName, undefined);
  const { Results } = await send(new SearchCommand({ Resource: 'ModelPackage', SearchExpression: { Filters: [{ Name: 'ModelPackageName', Value: 'full/1' }] } }));
  assert.deepEqual(Results.map((r) => r.ModelPackage.ModelPackageArn), [ModelPackageArn]);
  assert.deepEqual(package1.ModelMetrics, metrics);
  assert.deepEqual(package1.InferenceSpecification, serves);
  assert.deepEqual(package1.CustomerMetadataProperties, { data: 'sha256:1', rows: '10' });
  assert.match(package1.CreatedBy.IamIdentity.Arn, /:user\/tester$/);
  assert.equal(package1.Task, 'CLASSIFICATION');
});

test('an approval and metadata are changed, and who changed them when is kept', async () => {
  await group('approval');
  const { ModelPackageArn } = await version('approval', { CustomerMetadataProperties: { a: '1', b: '2' } });
  await send(new UpdateModelPackageCommand({
    ModelPackageArn, ModelApprovalStatus: 'Approved', ApprovalDescription: 'good enough', CustomerMetadataProperties: { c: '3' }, CustomerMetadataPropertiesToRemove: ['a'],
    AdditionalInferenceSpecificationsToAdd: [{ Name: 'second', Containers: [{ Image: image }] }],
  }));
  const changed = await send(new DescribeModelPackageCommand({ ModelPackageName: ModelPackageArn }));
  assert.equal(changed.ModelApprovalStatus, 'Approved');
  assert.equal(changed.ApprovalDescription, 'good enough');
  assert.deepEqual(changed.CustomerMetadataProperties, { b: '2', c: '3' });
  assert.deepEqual(changed.AdditionalInferenceSpecifications, [{ Name: 'second', Containers: [{ Image: image }] }]);
  assert.ok(changed.LastModifiedTime >= changed.CreationTime);
  const { Arn, UserId } = await new STSClient().send(new GetCallerIdentityCommand({}));
  assert.deepEqual(changed.LastModifiedBy.IamIdentity, { Arn, PrincipalId: UserId });
  await assert.rejects(send(new UpdateModelPackageCommand({ ModelPackageArn, ModelApprovalStatus: 'Perhaps' })), { name: 'ValidationException', message: /enum value set/ });
});

test('versions made side by side each have a number of their own, and a token makes one only', async () => {
  await group('many');
  const made = await Promise.all(Array.from({ length: 8 }, () => version('many')));
  assert.deepEqual(made.map((m) => Number(m.ModelPackageArn.split('/').pop())).sort((a, b) => a - b), [1, 2, 3, 4, 5, 6, 7, 8]);
  const twice = await Promise.all([version('many', { ClientToken: 'token-1' }), version('many', { ClientToken: 'token-1' })]);
  assert.equal(twice[0].ModelPackageArn, twice[1].ModelPackageArn);
  await assert.rejects(version('many', { ClientToken: 'token-1', Task: 'OTHER' }), { name: 'ConflictException' });
  await send(new DeleteModelPackageCommand({ ModelPackageName: arn('model-package/many/9') }));
  assert.equal((await version('many')).ModelPackageArn, arn('model-package/many/10'));
});

test('listings filter, sort and page', async () => {
  await group('listed');
  for (const status of ['Approved', 'Rejected', 'Approved', undefined]) {
    await version('listed', { ModelApprovalStatus: status });
  }
  await send(new CreateModelPackageCommand({ ModelPackageName: 'alone', InferenceSpecification: serves, Tags: [{ Key: 'k', Value: 'v' }] }));
  const numbers = async (input) => {
    const found = [];
    for await (const page of paginateListModelPackages({ client: aws, pageSize: 2 }, input)) {
      assert.ok(page.ModelPackageSummaryList.length <= 2);
      found.push(...page.ModelPackageSummaryList.map((p) => p.ModelPackageVersion ?? p.ModelPackageName));
    }
    return found;
  };
  assert.deepEqual(await numbers({ ModelPackageGroupName: 'listed' }), [1, 2, 3, 4]);
  assert.deepEqual(await numbers({ ModelPackageGroupName: arn('model-package-group/listed'), SortBy: 'CreationTime', SortOrder: 'Descending' }), [4, 3, 2, 1]);
  assert.deepEqual(await numbers({ ModelPackageGroupName: 'listed', ModelApprovalStatus: 'Approved' }), [1, 3]);
  assert.deepEqual(await numbers({}), ['alone']);
  assert.deepEqual(await numbers({ ModelPackageType: 'Both', NameContains: 'lone' }), ['alone']);
  assert.deepEqual(await numbers({ ModelPackageGroupName: 'listed', CreationTimeAfter: new Date(Date.now() + 60_000) }), []);
  assert.deepEqual((await send(new ListTagsCommand({ ResourceArn: arn('model-package/alone') }))).Tags, [{ Key: 'k', Value: 'v' }]);
  const batch = await send(new BatchDescribeModelPackageCommand({ ModelPackageArnList: [arn('model-package/listed/2'), arn('model-package/listed/99')] }));
  assert.equal(batch.ModelPackageSummaries[arn('model-package/listed/2')].ModelApprovalStatus, 'Rejected');
  assert.equal(batch.BatchDescribeModelPackageErrorMap[arn('model-package/listed/99')].ErrorCode, 'ValidationException');
});

test('what is missing, doubled or not in S3 is refused in words', async () => {
  const refused = (command, message) => assert.rejects(send(command), { name: 'ValidationException', message });
  await refused(new DescribeModelPackageGroupCommand({ ModelPackageGroupName: 'nowhere' }), /model-package-group\/nowhere does not exist/);
  await refused(new CreateModelPackageCommand({ ModelPackageGroupName: 'nowhere' }), /does not exist/);
  await refused(new DescribeModelPackageCommand({ ModelPackageName: arn('model-package/full/99') }), /does not exist/);
  await group('doubled');
  await refused(new CreateModelPackageGroupCommand({ ModelPackageGroupName: 'doubled' }), /already exists/);
  await refused(new CreateModelPackageCommand({ ModelPackageGroupName: 'doubled', ModelPackageName: 'x' }), /Cannot determine which one/);
  await refused(new CreateModelPackageCommand({ ModelPackageGroupName: 'doubled', Tags: [{ Key: 'a', Value: 'b' }] }), /Tags can't/);
  await refused(new CreateModelPackageCommand({ ModelPackageGroupName: 'doubled', InferenceSpecification: { Containers: [{ Image: image, ModelDataUrl: 's3://none/model.tar.gz' }] } }), /Could not find model data at s3:\/\/none\/model.tar.gz/);
  await assert.rejects(send(new CreateModelPackageCommand({ ModelPackageGroupName: 'doubled', SourceAlgorithmSpecification: { SourceAlgorithms: [{ AlgorithmName: 'a' }] } })), { name: 'NotImplemented', message: /SourceAlgorithmSpecification/ });
});

test('a group is deleted once it is empty, and holds a policy until then', async () => {
  await group('doomed');
  const { ModelPackageArn } = await version('doomed');
  await assert.rejects(send(new DeleteModelPackageGroupCommand({ ModelPackageGroupName: 'doomed' })), { name: 'ConflictException' });
  await send(new PutModelPackageGroupPolicyCommand({ ModelPackageGroupName: 'doomed', ResourcePolicy: '{"Version":"2012-10-17","Statement":[]}' }));
  assert.match((await send(new GetModelPackageGroupPolicyCommand({ ModelPackageGroupName: 'doomed' }))).ResourcePolicy, /2012-10-17/);
  await send(new DeleteModelPackageGroupPolicyCommand({ ModelPackageGroupName: 'doomed' }));
  await assert.rejects(send(new GetModelPackageGroupPolicyCommand({ ModelPackageGroupName: 'doomed' })), { name: 'ValidationException' });
  await send(new DeleteModelPackageCommand({ ModelPackageName: ModelPackageArn }));
  await send(new DeleteModelPackageGroupCommand({ ModelPackageGroupName: 'doomed' }));
  const { ModelPackageGroupSummaryList } = await send(new ListModelPackageGroupsCommand({ NameContains: 'doomed' }));
  assert.deepEqual(ModelPackageGroupSummaryList, []);
});

test('a model comes from an approved version, and a configuration from models', async () => {
  const ExecutionRoleArn = process.env.SM_EXEC_ROLE_ARN;
  await group('served');
  const { ModelPackageArn } = await version('served');
  const model = { ModelName: 'served', ExecutionRoleArn, PrimaryContainer: { ModelPackageName: ModelPackageArn } };
  await assert.rejects(send(new CreateModelCommand(model)), { name: 'ValidationException', message: /not Approved/ });
  await send(new UpdateModelPackageCommand({ ModelPackageArn, ModelApprovalStatus: 'Approved' }));
  assert.equal((await send(new CreateModelCommand(model))).ModelArn, arn('model/served'));
  const described = await send(new DescribeModelCommand({ ModelName: 'served' }));
  assert.deepEqual(described.PrimaryContainer, { ModelPackageName: ModelPackageArn });
  assert.equal(described.ExecutionRoleArn, ExecutionRoleArn);
  await assert.rejects(send(new CreateModelCommand(model)), { name: 'ValidationException', message: /already existing model/ });
  await assert.rejects(send(new CreateModelCommand({ ...model, ModelName: 'x', ExecutionRoleArn: ExecutionRoleArn + 'x' })), { name: 'ValidationException', message: /Could not assume role/ });
  await assert.rejects(send(new CreateModelCommand({ ...model, ModelName: 'x', InferenceExecutionConfig: { Mode: 'Direct' } })), { name: 'NotImplemented', message: /InferenceExecutionConfig/ });

  const variant = { VariantName: 'AllTraffic', ModelName: 'served', InitialInstanceCount: 1, InstanceType: 'ml.m5.large', InitialVariantWeight: 1, InferenceAmiVersion: 'al2-ami-sagemaker-inference-gpu-2' };
  const config = await send(new CreateEndpointConfigCommand({ EndpointConfigName: 'config', ProductionVariants: [variant] }));
  assert.equal(config.EndpointConfigArn, arn('endpoint-config/config'));
  assert.deepEqual((await send(new DescribeEndpointConfigCommand({ EndpointConfigName: 'config' }))).ProductionVariants, [variant]);
  const refuse = (change, error) => assert.rejects(send(new CreateEndpointConfigCommand({ EndpointConfigName: 'other', ProductionVariants: [{ ...variant, ...change }] })), error);
  await refuse({ ModelName: 'nothing' }, { name: 'ValidationException', message: /Could not find model/ });
  await refuse({ InitialInstanceCount: 99 }, { name: 'ResourceLimitExceeded' });
  await refuse({ ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 } }, { name: 'NotImplemented', message: /ServerlessConfig/ });
  await assert.rejects(send(new CreateEndpointConfigCommand({ EndpointConfigName: 'other', ProductionVariants: [variant, variant] })), { name: 'ValidationException' });
  assert.equal((await send(new ListEndpointConfigsCommand({}))).EndpointConfigs.length, 1);
  await send(new DeleteEndpointConfigCommand({ EndpointConfigName: 'config' }));
  await assert.rejects(send(new DescribeEndpointConfigCommand({ EndpointConfigName: 'config' })), { name: 'ValidationException', message: /Could not find endpoint configuration/ });
  assert.equal((await send(new ListModelsCommand({ NameContains: 'serv' }))).Models.length, 1);
  await send(new DeleteModelCommand({ ModelName: 'served' }));
  await assert.rejects(send(new DescribeModelCommand({ ModelName: 'served' })), { name: 'ValidationException', message: /Could not find model/ });
});
