import test from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { CodeBuildClient, CreateProjectCommand, StartBuildCommand, BatchGetBuildsCommand, StopBuildCommand, InvalidateProjectCacheCommand } from '@aws-sdk/client-codebuild';
import { CloudWatchLogsClient, GetLogEventsCommand, CreateLogGroupCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CodeCommitClient, CreateRepositoryCommand, CreateCommitCommand, CreateBranchCommand } from '@aws-sdk/client-codecommit';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { S3Client, CreateBucketCommand, PutObjectCommand, GetObjectCommand, ListObjectsV2Command, PutBucketVersioningCommand, HeadObjectCommand } from '@aws-sdk/client-s3';

const client = new CodeBuildClient();
const logs = new CloudWatchLogsClient();
const codecommit = new CodeCommitClient();
const events = new EventBridgeClient();
const s3 = new S3Client({ forcePathStyle: true });
const serviceRole = process.env.SM_EXEC_ROLE_ARN;
const environment = { type: 'LINUX_CONTAINER', image: '000000000000.dkr.ecr.us-east-1.amazonaws.com/slipway:1', computeType: 'BUILD_GENERAL1_SMALL' };
const Bucket = 'codebuild-judge';
const text = (s) => new TextEncoder().encode(s);
const spec = (commands, more = {}) => JSON.stringify({ version: '0.2', phases: { build: { commands } }, ...more });
const create = async (name, more = {}) => (await client.send(new CreateProjectCommand({
  name, serviceRole, environment, source: { type: 'NO_SOURCE', buildspec: spec(['true']) }, artifacts: { type: 'NO_ARTIFACTS' }, ...more,
}))).project;
const until = async (read, passes) => {
  for (const late = Date.now() + 240_000; Date.now() < late;) {
    const found = await read();
    if (passes(found)) return found;
    await new Promise((r) => setTimeout(r, 50));
  }
  throw new Error(`it does not come to what is waited for: ${JSON.stringify(await read())}`);
};
const end = (id) => until(async () => (await client.send(new BatchGetBuildsCommand({ ids: [id] }))).builds[0], (build) => build.buildComplete);
const run = async (projectName, more = {}) => end((await client.send(new StartBuildCommand({ projectName, ...more }))).build.id);
const log = async (build) => (await logs.send(new GetLogEventsCommand({
  logGroupName: build.logs.groupName, logStreamName: build.logs.streamName, startFromHead: true,
}))).events.map((e) => e.message);
const output = async (build) => (await log(build)).filter((l) => !l.startsWith('[Container]'));
const failure = (build) => build.phases.find((p) => p.phaseStatus === 'FAILED');
const succeeded = (build) => assert.equal(build.buildStatus, 'SUCCEEDED', JSON.stringify(build.phases));
const put = (Key, Body) => s3.send(new PutObjectCommand({ Bucket, Key, Body }));
const read = async (Key) => Buffer.from(await (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body.transformToByteArray());
const keys = async (Prefix) => ((await s3.send(new ListObjectsV2Command({ Bucket, Prefix }))).Contents ?? []).map((o) => o.Key);
const folder = () => mkdtempSync(join(tmpdir(), 'codebuild-judge-'));
const python = (code, ...args) => execFileSync('python3', ['-c', code, ...args], { encoding: 'utf8' });
const zip = (files) => {
  const dir = folder();
  writeFileSync(join(dir, 'files.json'), JSON.stringify(files));
  python('import json,sys,zipfile\nz=zipfile.ZipFile(sys.argv[1]+"/x.zip","w")\nfor n,c in json.load(open(sys.argv[1]+"/files.json")).items(): z.writestr(n,c)\nz.close()', dir);
  const made = readFileSync(join(dir, 'x.zip'));
  rmSync(dir, { recursive: true });
  return made;
};
const unzip = (bytes) => {
  const dir = folder();
  writeFileSync(join(dir, 'x.zip'), bytes);
  const files = JSON.parse(python('import json,sys,zipfile\nz=zipfile.ZipFile(sys.argv[1]+"/x.zip")\nprint(json.dumps({n:z.read(n).decode() for n in z.namelist()}))', dir));
  rmSync(dir, { recursive: true });
  return files;
};

await s3.send(new CreateBucketCommand({ Bucket }));

test('a CodeCommit source: the default branch, a branch, a commit, a depth, and what is not there', async () => {
  const { repositoryMetadata: made } = await codecommit.send(new CreateRepositoryCommand({ repositoryName: 'app' }));
  const commit = async (content, parentCommitId) => (await codecommit.send(new CreateCommitCommand({
    repositoryName: 'app', branchName: 'main', parentCommitId, commitMessage: content,
    putFiles: [{ filePath: 'content', fileContent: text(content) },
      { filePath: 'buildspec.yml', fileContent: text('version: 0.2\nphases:\n  build:\n    commands:\n      - cat content; echo\n      - git log --format=%s | tr "\\n" " "; echo\n      - git remote get-url origin\n      - echo "$CODEBUILD_SOURCE_VERSION $CODEBUILD_RESOLVED_SOURCE_VERSION $CODEBUILD_SOURCE_REPO_URL"\n') }],
  }))).commitId;
  const first = await commit('one');
  await codecommit.send(new CreateBranchCommand({ repositoryName: 'app', branchName: 'old', commitId: first }));
  const second = await commit('two', first);
  await create('git', { source: { type: 'CODECOMMIT', location: made.cloneUrlHttp } });
  const newest = await run('git');
  succeeded(newest);
  assert.equal(newest.resolvedSourceVersion, second);
  assert.deepEqual(await output(newest), ['two', 'two one ', made.cloneUrlHttp, ` ${second} ${made.cloneUrlHttp}`]);
  const branch = await run('git', { sourceVersion: 'old' });
  assert.deepEqual([branch.sourceVersion, branch.resolvedSourceVersion, (await output(branch))[0]], ['old', first, 'one']);
  const shallow = await run('git', { sourceVersion: second, gitCloneDepthOverride: 1 });
  assert.equal((await output(shallow))[1], 'two ');
  const aws = await run('git', { sourceLocationOverride: 'https://git-codecommit.us-east-1.amazonaws.com/v1/repos/app', sourceVersion: 'refs/heads/old' });
  assert.equal(aws.resolvedSourceVersion, first);
  const missing = failure(await run('git', { sourceVersion: 'nothing' }));
  assert.equal(missing.phaseType, 'DOWNLOAD_SOURCE');
  assert.match(missing.contexts[0].message, /Commit nothing does not exist/);
  assert.match(failure(await run('git', { sourceLocationOverride: made.cloneUrlHttp.replace('app', 'none') })).contexts[0].message, /none does not exist/);
  const noFile = failure(await run('git', { buildspecOverride: 'other/buildspec.yml' }));
  assert.deepEqual(noFile.contexts[0], { statusCode: 'YAML_FILE_ERROR', message: 'YAML file does not exist: other/buildspec.yml' });
});

test('builds push back by codecommit:: addresses and by the credential helper', async () => {
  await codecommit.send(new CreateRepositoryCommand({ repositoryName: 'target' }));
  const push = ['git init -q w && cd w', 'git config user.email a@b.c && git config user.name A', 'echo x > x && git add x && git commit -qm x',
    'git push -q codecommit::us-east-1://target HEAD:main', 'git push -q "$AWS_ENDPOINT_URL/v1/repos/target" HEAD:other HEAD:refs/tags/v1', 'git ls-remote "$AWS_ENDPOINT_URL/v1/repos/target" | sed "s/.*refs/refs/"'];
  await create('push', { source: { type: 'NO_SOURCE', buildspec: spec(push, { env: { 'git-credential-helper': 'yes' } }) } });
  const build = await run('push');
  assert.equal(build.buildStatus, 'SUCCEEDED', (await log(build)).join('\n'));
  assert.deepEqual((await output(build)).filter((l) => l.startsWith('refs/')), ['refs/heads/main', 'refs/heads/other', 'refs/tags/v1']);
  const tagged = await run('push', { sourceTypeOverride: 'CODECOMMIT', sourceLocationOverride: `${process.env.AWS_ENDPOINT_URL}/v1/repos/target`, sourceVersion: 'v1', buildspecOverride: spec(['git tag --points-at HEAD']) });
  assert.deepEqual(await output(tagged), ['v1']);
});

test('an S3 source: a zip, its versions, a folder, secondary sources, and what is no zip', async () => {
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  const { VersionId: old } = await put('src/app.zip', zip({ 'a.txt': 'old', 'buildspec.yml': spec(['cat a.txt; echo']) }));
  const { VersionId: now } = await put('src/app.zip', zip({ 'a.txt': 'new', 'sub/b.txt': 'b', 'buildspec.yml': spec(['cat a.txt; echo', 'cat sub/b.txt; echo']) }));
  await put('more/x/y.txt', 'from the folder');
  await create('zip', { source: { type: 'S3', location: `${Bucket}/src/app.zip` } });
  const newest = await run('zip');
  assert.deepEqual([newest.resolvedSourceVersion, await output(newest)], [now, ['new', 'b']]);
  const before = await run('zip', { sourceVersion: old });
  assert.deepEqual([before.resolvedSourceVersion, await output(before)], [old, ['old']]);
  const both = await run('zip', {
    secondarySourcesOverride: [{ type: 'S3', location: `${Bucket}/more/`, sourceIdentifier: 'extra' }],
    buildspecOverride: spec(['cat "$CODEBUILD_SRC_DIR_extra/x/y.txt"; echo', 'basename "$CODEBUILD_SRC_DIR"', 'echo "$CODEBUILD_SOURCE_REPO_URL_extra"']),
  });
  assert.deepEqual(await output(both), ['from the folder', 'src', `${Bucket}/more/`]);
  await put('src/bad.zip', 'no zip');
  const bad = failure(await run('zip', { sourceLocationOverride: `${Bucket}/src/bad.zip` }));
  assert.deepEqual([bad.phaseType, bad.contexts[0].statusCode], ['DOWNLOAD_SOURCE', 'CLIENT_ERROR']);
  assert.match(failure(await run('zip', { sourceLocationOverride: `${Bucket}/src/none.zip` })).contexts[0].message, /NoSuchKey/);
  await put('src/evil.zip', zip({ '../../evil.txt': 'x' }));
  assert.match(failure(await run('zip', { sourceLocationOverride: `${Bucket}/src/evil.zip` })).contexts[0].message, /can't be extracted/);
  await put('specs/build.yml', spec(['echo from s3']));
  assert.deepEqual(await output(await run('zip', { buildspecOverride: `arn:aws:s3:::${Bucket}/specs/build.yml` })), ['from s3']);
});

test('artifacts: globs, base directories, exclusions, names, packaging, secondary ones', async () => {
  const make = ['mkdir -p out/a out/b .hid && echo 1 > out/a/1.txt && echo 2 > out/b/2.txt && echo log > out/b/x.log && echo 3 > .hid/3.txt', 'V=7', 'ln -s /etc/passwd out/link'];
  const project = (name, artifacts, rules, more = {}) => create(name, {
    source: { type: 'NO_SOURCE', buildspec: spec(make, { artifacts: rules }) }, artifacts: { type: 'S3', location: Bucket, ...artifacts }, ...more,
  });
  await project('tree', { path: 'art', namespaceType: 'BUILD_ID' }, { files: ['**/*'], 'base-directory': 'out', 'exclude-paths': ['**/*.log'] });
  const tree = await run('tree');
  succeeded(tree);
  const uuid = tree.id.split(':')[1];
  assert.deepEqual(await keys('art/'), [`art/${uuid}/tree/a/1.txt`, `art/${uuid}/tree/b/2.txt`]);
  assert.deepEqual([tree.artifacts.location, tree.artifacts.sha256sum], [`arn:aws:s3:::${Bucket}/art/${uuid}/tree`, undefined]);
  await project('zipped', { name: 'ignored.zip', packaging: 'ZIP', path: '/z/', overrideArtifactName: true },
    { files: ['out/a/*', 'out/**/*.txt', '.hid/*'], 'discard-paths': 'yes', name: 'v$V-$(echo x).zip' });
  const zipped = await run('zipped');
  succeeded(zipped);
  assert.equal(zipped.artifacts.location, `arn:aws:s3:::${Bucket}/z/v7-x.zip`);
  const bytes = await read('z/v7-x.zip');
  assert.deepEqual(unzip(bytes), { '1.txt': '1\n', '2.txt': '2\n', '3.txt': '3\n' });
  assert.deepEqual([zipped.artifacts.sha256sum, zipped.artifacts.md5sum], ['sha256', 'md5'].map((h) => createHash(h).update(bytes).digest('hex')));
  assert.equal((await s3.send(new HeadObjectCommand({ Bucket, Key: 'z/v7-x.zip' }))).ServerSideEncryption, 'aws:kms');
  await project('wild', { name: 'w', encryptionDisabled: true }, { files: ['*.txt'], 'base-directory': 'out/*' });
  succeeded(await run('wild'));
  assert.deepEqual(await keys('w/'), ['w/1.txt', 'w/2.txt']);
  assert.notEqual((await s3.send(new HeadObjectCommand({ Bucket, Key: 'w/1.txt' }))).ServerSideEncryption, 'aws:kms');
  await project('second', { name: 'first.zip', packaging: 'ZIP' }, { files: ['out/a/1.txt'], 'secondary-artifacts': { logs: { files: ['*.log'], 'base-directory': 'out/b' } } },
    { secondaryArtifacts: [{ type: 'S3', location: Bucket, path: 'two', artifactIdentifier: 'logs' }] });
  const second = await run('second');
  succeeded(second);
  assert.deepEqual([Object.keys(unzip(await read('first.zip'))), await keys('two/')], [['out/a/1.txt'], ['two/logs/x.log']]);
  assert.deepEqual(second.secondaryArtifacts.map((a) => [a.artifactIdentifier, a.location]), [['logs', `arn:aws:s3:::${Bucket}/two/logs`]]);
  const context = async (artifacts, more) => {
    const failed = failure(await run('tree', { buildspecOverride: spec(make, { artifacts }), ...more }));
    assert.deepEqual([failed.phaseType, failed.contexts[0].statusCode], ['UPLOAD_ARTIFACTS', 'CLIENT_ERROR']);
    return failed.contexts[0].message;
  };
  assert.equal(await context({ files: ['nothing/*'] }), 'no matching artifact paths found');
  assert.equal(await context({ files: ['out/link'] }), 'no matching artifact paths found');
  assert.match(await context({ files: ['*'], 'base-directory': '../../../etc' }), /no matching base directory path found/);
  assert.match(await context({ files: ['out/**/*'] }, { artifactsOverride: { type: 'S3', location: 'no-such-bucket-at-all' } }), /NoSuchBucket/);
  const failed = await run('tree', { buildspecOverride: spec([...make, 'false'], { artifacts: { files: ['out/a/1.txt'] } }) });
  assert.equal(failed.buildStatus, 'FAILED');
  assert.match(failed.artifacts.location, /\/tree$/, 'artifacts are uploaded where BUILD failed, as in AWS');
  const uncached = await run('tree', {
    cacheOverride: { type: 'S3', location: 'no-such-bucket-at-all' }, buildspecOverride: spec(make, { artifacts: { files: ['out/a/1.txt'] }, cache: { paths: ['out/**/*'] } }),
  });
  assert.deepEqual([uncached.buildStatus, failure(uncached).phaseType], ['FAILED', 'UPLOAD_ARTIFACTS']);
  assert.match(failure(uncached).contexts[0].message, /uploading the cache.*NoSuchBucket/);
  assert.match(uncached.artifacts.location, /\/tree$/, 'what was uploaded is told, although the cache was not');
});

test('caches, on this machine and in S3, are kept for the next build and forgotten on request', async () => {
  const buildspec = spec(['cat kept/file "$HOME/.tool/cache" 2>/dev/null || echo nothing', 'mkdir -p kept "$HOME/.tool" && echo a > kept/file && echo b > "$HOME/.tool/cache"'],
    { cache: { paths: ['kept/**/*', '/root/.tool/**/*'] } });
  for (const cache of [{ type: 'LOCAL', modes: ['LOCAL_CUSTOM_CACHE'] }, { type: 'S3', location: `${Bucket}/caches` }]) {
    const name = `cache-${cache.type}`;
    await create(name, { source: { type: 'NO_SOURCE', buildspec }, cache });
    assert.deepEqual(await output(await run(name)), ['nothing']);
    assert.deepEqual(await output(await run(name)), ['a', 'b']);
    await client.send(new InvalidateProjectCacheCommand({ projectName: name }));
    assert.deepEqual(await output(await run(name)), ['nothing']);
    assert.deepEqual(await output(await run(name, { cacheOverride: { type: 'NO_CACHE' } })), ['nothing']);
  }
});

test('logs go where the project says: another group, S3, or nowhere', async () => {
  await create('logging', {
    source: { type: 'NO_SOURCE', buildspec: spec(['echo told']) },
    logsConfig: { cloudWatchLogs: { status: 'ENABLED', groupName: 'mine', streamName: 'prefix' }, s3Logs: { status: 'ENABLED', location: `${Bucket}/logs` } },
  });
  const build = await run('logging');
  const uuid = build.id.split(':')[1];
  assert.deepEqual([build.logs.groupName, build.logs.streamName, build.logs.s3LogsArn], ['mine', `prefix/${uuid}`, `arn:aws:s3:::${Bucket}/logs/${uuid}.gz`]);
  assert.deepEqual(await output(build), ['told']);
  assert.match(gunzipSync(await read(`logs/${uuid}.gz`)).toString(), /^told$/m);
  const { id } = (await client.send(new StartBuildCommand({ projectName: 'logging', buildspecOverride: spec(['echo begun', 'sleep 600']) }))).build;
  const lines = async () => output((await client.send(new BatchGetBuildsCommand({ ids: [id] }))).builds[0]).catch(() => []);
  await until(lines, (found) => found.includes('begun'));
  await client.send(new StopBuildCommand({ id }));
  assert.equal((await end(id)).buildStatus, 'STOPPED');
  assert.match(gunzipSync(await read(`logs/${id.split(':')[1]}.gz`)).toString(), /^begun$/m);
  const silent = await run('logging', { logsConfigOverride: { cloudWatchLogs: { status: 'DISABLED' } } });
  assert.deepEqual([silent.buildStatus, silent.logs.groupName], ['SUCCEEDED', undefined]);
});

test('builds tell EventBridge of their states and phases, and a rule starts builds', async () => {
  await logs.send(new CreateLogGroupCommand({ logGroupName: '/events/codebuild' }));
  const target = (Rule, Arn, more = {}) => events.send(new PutTargetsCommand({ Rule, Targets: [{ Id: 't', Arn, ...more }] }));
  const project = await create('by-rule', { source: { type: 'NO_SOURCE', buildspec: spec(['echo "by rule $TOLD"']) } });
  await events.send(new PutRuleCommand({ Name: 'told', EventPattern: JSON.stringify({ source: ['aws.codebuild'], detail: { 'project-name': ['by-rule'] } }) }));
  await target('told', 'arn:aws:logs:us-east-1:000000000000:log-group:/events/codebuild');
  await events.send(new PutRuleCommand({ Name: 'starts', EventPattern: JSON.stringify({ source: ['judge'] }) }));
  await target('starts', project.arn, { RoleArn: serviceRole, Input: JSON.stringify({ environmentVariablesOverride: [{ name: 'TOLD', value: 'so' }] }) });
  await events.send(new PutEventsCommand({ Entries: [{ Source: 'judge', DetailType: 'Go', Detail: '{}' }] }));
  const told = async () => (await logs.send(new FilterLogEventsCommand({ logGroupName: '/events/codebuild' }))).events.map((e) => JSON.parse(e.message));
  // two of states and ten of phases
  const all = await until(told, (found) => found.length >= 12);
  const states = all.filter((e) => e['detail-type'] === 'CodeBuild Build State Change');
  assert.deepEqual(states.map((e) => e.detail['build-status']).sort(), ['IN_PROGRESS', 'SUCCEEDED']);
  const last = states.find((e) => e.detail['build-status'] === 'SUCCEEDED');
  assert.match(last.detail['build-id'], /^arn:aws:codebuild:us-east-1:000000000000:build\/by-rule:/);
  assert.deepEqual(last.resources, [last.detail['build-id']]);
  const [build] = (await client.send(new BatchGetBuildsCommand({ ids: last.resources }))).builds;
  assert.deepEqual([build.initiator, await output(build)], ['rule/starts', ['by rule so']]);
  assert.equal(last.detail['additional-information']['build-complete'], true);
  assert.equal(last.detail['additional-information'].environment['compute-type'], 'BUILD_GENERAL1_SMALL');
  const phases = all.filter((e) => e['detail-type'] === 'CodeBuild Build Phase Change').map((e) => e.detail['completed-phase']);
  assert.deepEqual(phases.sort(), ['BUILD', 'DOWNLOAD_SOURCE', 'FINALIZING', 'INSTALL', 'POST_BUILD', 'PRE_BUILD', 'PROVISIONING', 'QUEUED', 'SUBMITTED', 'UPLOAD_ARTIFACTS']);
});
