import test from 'node:test';
import assert from 'node:assert/strict';
import {
  SageMakerClient, SearchCommand, CreateModelPackageGroupCommand, CreatePipelineCommand, StartPipelineExecutionCommand, paginateSearch, CreateFeatureGroupCommand,
  DescribeFeatureGroupCommand, UpdateFeatureMetadataCommand, CreateModelCommand, UpdatePipelineVersionCommand,
} from '@aws-sdk/client-sagemaker';

const sagemaker = new SageMakerClient();
const search = (Resource, ...Filters) => sagemaker.send(new SearchCommand({ Resource, SearchExpression: Filters.length ? { Filters } : undefined, SortBy: 'CreationTime', SortOrder: 'Ascending' }));
const groups = (found) => found.Results.map((result) => result.ModelPackageGroup.ModelPackageGroupName);

test('groups are found by name, tag and time, combined and negated, over pages', async () => {
  const start = new Date(Date.now() - 60_000).toISOString();
  for (const [name, team] of [['fraud-a', 'risk'], ['fraud-b', 'risk'], ['churn', 'growth']]) {
    await sagemaker.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: name, Tags: [{ Key: 'team', Value: team }] }));
  }
  assert.deepEqual(groups(await search('ModelPackageGroup')), ['fraud-a', 'fraud-b', 'churn']);
  assert.deepEqual(groups(await search('ModelPackageGroup', { Name: 'ModelPackageGroupName', Operator: 'Contains', Value: 'fraud' })), ['fraud-a', 'fraud-b']);
  assert.deepEqual(groups(await search('ModelPackageGroup', { Name: 'Tags.team', Operator: 'Equals', Value: 'growth' })), ['churn']);
  assert.deepEqual(groups(await search('ModelPackageGroup', { Name: 'Tags.team', Operator: 'NotEquals', Value: 'growth' })), ['fraud-a', 'fraud-b']);
  assert.deepEqual(groups(await search('ModelPackageGroup', { Name: 'ModelPackageGroupName', Operator: 'In', Value: 'churn,fraud-b' })), ['fraud-b', 'churn']);
  assert.deepEqual(groups(await search('ModelPackageGroup', { Name: 'CreationTime', Operator: 'LessThan', Value: start })), []);
  assert.deepEqual(groups(await search('ModelPackageGroup', { Name: 'CreationTime', Operator: 'GreaterThan', Value: start })), ['fraud-a', 'fraud-b', 'churn']);
  assert.deepEqual(groups(await search('ModelPackageGroup', { Name: 'ModelPackageGroupDescription', Operator: 'Exists' })), []);

  const either = await sagemaker.send(new SearchCommand({
    Resource: 'ModelPackageGroup',
    SearchExpression: { Operator: 'Or', SubExpressions: [
      { Filters: [{ Name: 'ModelPackageGroupName', Value: 'churn' }] },
      { NestedFilters: [{ NestedPropertyName: 'Tags', Filters: [{ Name: 'Tags.Key', Value: 'team' }, { Name: 'Tags.Value', Value: 'risk' }] }] },
    ] },
  }));
  assert.equal(either.TotalHits.Value, 3);

  const paged = [];
  for await (const page of paginateSearch({ client: sagemaker, pageSize: 2 }, { Resource: 'ModelPackageGroup' })) {
    paged.push(page.Results.length);
  }
  assert.deepEqual(paged, [2, 1]);
});

test('pipelines and executions are found with their own structure', async () => {
  const PipelineDefinition = JSON.stringify({ Version: '2020-12-01', Steps: [{ Name: 'Stop', Type: 'Fail', Arguments: { ErrorMessage: 'on purpose' } }] });
  await sagemaker.send(new CreatePipelineCommand({ PipelineName: 'searched', RoleArn: process.env.SM_EXEC_ROLE_ARN, PipelineDefinition, ClientRequestToken: 'a'.repeat(32) }));
  const { PipelineExecutionArn } = await sagemaker.send(new StartPipelineExecutionCommand({ PipelineName: 'searched', ClientRequestToken: 'b'.repeat(32) }));
  const pipelines = await search('Pipeline', { Name: 'PipelineName', Operator: 'Equals', Value: 'searched' });
  assert.equal(pipelines.Results[0].Pipeline.PipelineName, 'searched');
  assert.ok(pipelines.Results[0].Pipeline.CreationTime instanceof Date);
  const executions = await search('PipelineExecution', { Name: 'PipelineExecutionArn', Operator: 'Equals', Value: PipelineExecutionArn });
  assert.equal(executions.Results.length, 1);
  assert.deepEqual(executions.Results[0].PipelineExecution.PipelineParameters, []);

  const { PipelineArn } = pipelines.Results[0].Pipeline;
  await sagemaker.send(new UpdatePipelineVersionCommand({ PipelineArn, PipelineVersionId: 1, PipelineVersionDisplayName: 'first' }));
  const [{ PipelineVersion: version }] = (await search('PipelineVersion', { Name: 'PipelineVersionDisplayName', Operator: 'Equals', Value: 'first' })).Results;
  assert.deepEqual([version.PipelineArn, version.PipelineVersionId, version.LastExecutedPipelineExecutionArn], [PipelineArn, 1, PipelineExecutionArn]);
  const named = await search('PipelineExecution', { Name: 'PipelineVersionDisplayName', Operator: 'Equals', Value: 'first' });
  assert.equal(named.Results[0].PipelineExecution.PipelineVersionDisplayName, 'first');
});

test('features are found by their descriptions, and models', async () => {
  const RoleArn = process.env.SM_EXEC_ROLE_ARN;
  await sagemaker.send(new CreateFeatureGroupCommand({
    FeatureGroupName: 'people', RecordIdentifierFeatureName: 'id', EventTimeFeatureName: 'at', RoleArn, OnlineStoreConfig: { EnableOnlineStore: true },
    FeatureDefinitions: [{ FeatureName: 'id', FeatureType: 'String' }, { FeatureName: 'at', FeatureType: 'Fractional' }, { FeatureName: 'age', FeatureType: 'Integral' }],
  }));
  for (let status; status !== 'Created';) {
    status = (await sagemaker.send(new DescribeFeatureGroupCommand({ FeatureGroupName: 'people' }))).FeatureGroupStatus;
  }
  await sagemaker.send(new UpdateFeatureMetadataCommand({ FeatureGroupName: 'people', FeatureName: 'age', Description: 'whole years', ParameterAdditions: [{ Key: 'source', Value: 'form' }] }));
  const [{ FeatureMetadata: feature }] = (await search('FeatureMetadata', { Name: 'Description', Operator: 'Contains', Value: 'years' })).Results;
  assert.deepEqual([feature.FeatureGroupName, feature.FeatureName, feature.FeatureType], ['people', 'age', 'Integral']);
  const all = await search('FeatureMetadata', { Name: 'FeatureGroupName', Operator: 'Equals', Value: 'people' });
  assert.equal(all.TotalHits.Value, 3);

  const PrimaryContainer = { Image: '000000000000.dkr.ecr.us-east-1.amazonaws.com/slipway:1' };
  await sagemaker.send(new CreateModelCommand({ ModelName: 'found', ExecutionRoleArn: RoleArn, PrimaryContainer, Tags: [{ Key: 'team', Value: 'risk' }] }));
  const [{ Model }] = (await search('Model', { Name: 'Tags.team', Operator: 'Equals', Value: 'risk' })).Results;
  assert.equal(Model.Model.ModelName, 'found');
  assert.deepEqual(Model.Endpoints, []);
});

test('what a resource must not contradict hides it, and other accounts share nothing', async () => {
  const visible = async (more) => groups(await sagemaker.send(new SearchCommand({ Resource: 'ModelPackageGroup', SortBy: 'ModelPackageGroupName', SortOrder: 'Ascending', ...more })));
  await sagemaker.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: 'untagged' }));
  assert.deepEqual(await visible({ VisibilityConditions: [{ Key: 'Tags.team', Value: 'growth' }] }), ['churn', 'untagged']);
  assert.deepEqual(await visible({ CrossAccountFilterOption: 'CrossAccount' }), []);
  assert.equal((await visible({ CrossAccountFilterOption: 'SameAccount' })).length, 4);
});

test('a resource that is not stored, and a comparison with nothing, are refused by name', async () => {
  await assert.rejects(search('ModelCard'), /Search for the resource ModelCard/);
  await sagemaker.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: 'any' }));
  await assert.rejects(search('ModelPackageGroup', { Name: 'CreationTime', Operator: 'LessThan' }), /needs a Value/);
});
