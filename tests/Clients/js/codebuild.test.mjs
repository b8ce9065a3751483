import test from 'node:test';
import assert from 'node:assert/strict';
import {
  CodeBuildClient, CreateProjectCommand, UpdateProjectCommand, DeleteProjectCommand, ListProjectsCommand, BatchGetProjectsCommand, StartBuildCommand,
  BatchGetBuildsCommand, StopBuildCommand, RetryBuildCommand, ListBuildsCommand, ListBuildsForProjectCommand, BatchDeleteBuildsCommand,
  InvalidateProjectCacheCommand, StartBuildBatchCommand, CreateReportGroupCommand, CreateWebhookCommand, ListFleetsCommand,
} from '@aws-sdk/client-codebuild';
import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { SSMClient, PutParameterCommand } from '@aws-sdk/client-ssm';

const client = new CodeBuildClient();
const logs = new CloudWatchLogsClient();
const ssm = new SSMClient();
const serviceRole = process.env.SM_EXEC_ROLE_ARN;
const environment = { type: 'LINUX_CONTAINER', image: 'aws/codebuild/standard:7.0', computeType: 'BUILD_GENERAL1_SMALL' };
const spec = (phases, more = {}) => JSON.stringify({ version: '0.2', phases, ...more });
const builds = (...commands) => spec({ build: { commands } });
const create = async (name, buildspec, more = {}) => (await client.send(new CreateProjectCommand({
  name, serviceRole, environment, source: { type: 'NO_SOURCE', buildspec }, artifacts: { type: 'NO_ARTIFACTS' }, ...more,
}))).project;
const start = async (projectName, more = {}) => (await client.send(new StartBuildCommand({ projectName, ...more }))).build;
const get = async (id) => (await client.send(new BatchGetBuildsCommand({ ids: [id] }))).builds[0];
const until = async (id, done) => {
  for (const late = Date.now() + 240_000; Date.now() < late;) {
    const build = await get(id);
    if (await done(build)) return build;
    await new Promise((r) => setTimeout(r, 50));
  }
  throw new Error(`${id} does not come to what is waited for: ${JSON.stringify(await get(id))}`);
};
const end = (id) => until(id, (b) => b.buildComplete);
const run = async (name, more) => end((await start(name, more)).id);
const log = async (build) => (await logs.send(new GetLogEventsCommand({
  logGroupName: build.logs.groupName, logStreamName: build.logs.streamName, startFromHead: true,
}))).events.map((e) => e.message);
const output = async (build) => (await log(build)).filter((l) => !l.startsWith('[Container]'));
const phase = (build, type) => build.phases.find((p) => p.phaseType === type);
const refused = (command, name, message = /./) => assert.rejects(client.send(command), (e) => {
  assert.equal(e.name, name, e.message);
  assert.match(e.message, message);
  return true;
});

test('projects are made, described, changed, listed and deleted', async () => {
  const made = await create('life', builds('true'), { description: 'first', tags: [{ key: 'team', value: 'ml' }] });
  assert.equal(made.arn, 'arn:aws:codebuild:us-east-1:000000000000:project/life');
  assert.deepEqual([made.timeoutInMinutes, made.queuedTimeoutInMinutes, made.cache.type, made.badge.badgeEnabled], [60, 480, 'NO_CACHE', false]);
  assert.equal(made.encryptionKey, 'arn:aws:kms:us-east-1:000000000000:alias/aws/s3');
  await assert.rejects(create('life', builds('true')), { name: 'ResourceAlreadyExistsException', message: /Project already exists/ });
  const changed = (await client.send(new UpdateProjectCommand({ name: 'life', description: 'second', timeoutInMinutes: 5 }))).project;
  assert.deepEqual([changed.description, changed.timeoutInMinutes, changed.tags], ['second', 5, made.tags]);
  await create('life-2', builds('true'));
  const list = async (input) => (await client.send(new ListProjectsCommand(input))).projects.filter((p) => p.startsWith('life'));
  assert.deepEqual(await list({}), ['life', 'life-2']);
  assert.deepEqual(await list({ sortBy: 'CREATED_TIME', sortOrder: 'DESCENDING' }), ['life-2', 'life']);
  const batch = await client.send(new BatchGetProjectsCommand({ names: ['life', made.arn, 'none'] }));
  assert.deepEqual([batch.projects.map((p) => p.name), batch.projectsNotFound], [['life', 'life'], ['none']]);
  await client.send(new InvalidateProjectCacheCommand({ projectName: 'life' }));
  await client.send(new DeleteProjectCommand({ name: 'life' }));
  await client.send(new DeleteProjectCommand({ name: 'life' }));
  await refused(new UpdateProjectCommand({ name: 'life', description: 'x' }), 'ResourceNotFoundException', /Project cannot be found/);
  await refused(new StartBuildCommand({ projectName: 'life' }), 'ResourceNotFoundException', /project\/life/);
});

test('a build goes through its phases, logs while it runs and says how each ended', async () => {
  await create('phases', spec({
    install: { commands: ['echo installing'] }, pre_build: { commands: ['echo before'] },
    build: { commands: ['echo building', 'printf "no line end"'] }, post_build: { commands: ['echo after'], finally: ['echo at last'] },
  }));
  const started = await start('phases');
  assert.match(started.id, /^phases:[0-9a-f-]{36}$/);
  assert.deepEqual([started.buildNumber, started.buildStatus, started.buildComplete, started.currentPhase], [1, 'IN_PROGRESS', false, 'QUEUED']);
  const build = await end(started.id);
  assert.equal(build.buildStatus, 'SUCCEEDED', JSON.stringify(build.phases));
  assert.deepEqual(build.phases.map((p) => p.phaseType), ['SUBMITTED', 'QUEUED', 'PROVISIONING', 'DOWNLOAD_SOURCE', 'INSTALL', 'PRE_BUILD', 'BUILD', 'POST_BUILD',
    'UPLOAD_ARTIFACTS', 'FINALIZING', 'COMPLETED']);
  for (const p of build.phases.slice(0, -1)) {
    assert.equal(p.phaseStatus, 'SUCCEEDED');
    assert.ok(p.endTime >= p.startTime && p.durationInSeconds >= 0);
  }
  assert.equal(build.phases.at(-1).phaseStatus, undefined);
  assert.deepEqual(await output(build), ['installing', 'before', 'building', 'no line end', 'after', 'at last']);
  const said = (await log(build)).filter((l) => l.startsWith('[Container]')).join('\n');
  assert.match(said, /Running command echo building/);
  assert.match(said, /Phase complete: BUILD State: SUCCEEDED/);
  assert.deepEqual([build.logs.groupName, build.logs.streamName], ['/aws/codebuild/phases', started.id.split(':')[1]]);
});

test('commands share one shell: directory, variables and functions, through phases and lines', async () => {
  await create('state', spec({
    install: { commands: ['mkdir -p deep/er && cd deep/er', 'PLAIN=one', 'export SENT="two words"', 'greet() { echo "hello $1"; }'] },
    build: { commands: ['basename "$PWD"', 'echo "$PLAIN, $SENT"; greet you', 'for i in 1 2; do\n  echo "line $i"\ndone\necho done'] },
  }));
  assert.deepEqual(await output(await run('state')), ['er', 'one, two words', 'hello you', 'line 1', 'line 2', 'done']);
});

test('a command that ends its shell ends the command alone, and what it knew goes on', async () => {
  for (const shell of ['/bin/sh', 'bash']) {
    const name = `ends-${shell.length}`;
    await create(name, spec({ build: { commands: ['mkdir x && cd x && A="it\'s 1\ntwo" && exit 0', 'basename "$PWD"; echo "$A"', 'set -e\nfalse\necho never'] },
      post_build: { commands: ['echo "post $A $CODEBUILD_BUILD_SUCCEEDING"'] } }, { env: { shell } }));
    const build = await run(name);
    assert.deepEqual(await output(build), ['x', 'it\'s 1', 'two', 'post it\'s 1', 'two 0']);
    assert.equal(build.buildStatus, 'FAILED');
  }
});

test('no command derails the shell or shows its own lines', async () => {
  await create('rough', builds('true'));
  const rough = async (shell, ...commands) => {
    const build = await run('rough', { buildspecOverride: spec({ build: { commands }, post_build: { commands: ['echo "post $A"'] } }, { env: { shell } }) });
    return [...await output(build), build.buildStatus];
  };
  for (const shell of ['/bin/sh', 'bash']) {
    assert.deepEqual((await rough(shell, 'set -x', 'echo a')).filter((l) => !/^\++ echo /.test(l)), ['a', 'post ', 'SUCCEEDED']);
    assert.deepEqual(await rough(shell, 'A=1', 'exec true', 'echo "$A"'), ['1', 'post 1', 'SUCCEEDED']);
    assert.deepEqual(await rough(shell, 'A=1', 'exec >/dev/null', 'echo hidden'), ['SUCCEEDED']);
    assert.deepEqual((await rough(shell, 'A=1', 'kill -9 $$', 'echo never')).slice(-2), ['post 1', 'FAILED']);
    assert.deepEqual((await rough(shell, 'A=1', 'trap "echo bye" EXIT', 'echo "open')).slice(-2), ['post 1', 'FAILED']);
    assert.deepEqual(await rough(shell, 'mkdir d && cd d && rmdir ../d', 'exit 0', 'basename "$PWD"'), ['src', 'post ', 'SUCCEEDED']);
    assert.deepEqual(await rough(shell, 'rm -r /opt/codebuild/script.sh && mkdir /opt/codebuild/script.sh', 'echo never'), ['FAILED']);
    assert.deepEqual(await rough(shell, 'ln -sf "$HOME/bait" /opt/codebuild/script.sh', '[ ! -e "$HOME/bait" ] && echo fine', 'cat; touch /etc/x 2>/dev/null || echo "read-only"'), ['fine', 'read-only', 'post ', 'SUCCEEDED']);
  }
});

test('a command that fails is named with its exit status, and BUILD\'s failure lets POST_BUILD run', async () => {
  await create('fails', spec({ build: { commands: ['echo first', 'ls /nowhere/at/all', 'echo never'], finally: ['echo "finally $CODEBUILD_BUILD_SUCCEEDING"'] },
    post_build: { commands: ['echo "post $CODEBUILD_BUILD_SUCCEEDING"'] } }));
  const build = await run('fails');
  assert.equal(build.buildStatus, 'FAILED');
  assert.equal(phase(build, 'BUILD').phaseStatus, 'FAILED');
  assert.deepEqual(phase(build, 'BUILD').contexts, [{ statusCode: 'COMMAND_EXECUTION_ERROR', message: 'Error while executing command: ls /nowhere/at/all. Reason: exit status 2' }]);
  assert.equal(phase(build, 'POST_BUILD').phaseStatus, 'SUCCEEDED');
  const lines = await output(build);
  assert.deepEqual([lines[0], lines.at(-2), lines.at(-1)], ['first', 'finally 0', 'post 0']);
  assert.match((await log(build)).join('\n'), /Command did not exit successfully ls \/nowhere\/at\/all exit status 2/);
});

test('on-failure decides whether the next phase follows', async () => {
  const failing = (onFailure, at) => spec({ [at]: { 'on-failure': onFailure, commands: ['exit 3'] }, post_build: { commands: ['echo post'] } });
  await create('abort', failing('ABORT', 'build'));
  const aborted = await run('abort');
  assert.deepEqual([aborted.buildStatus, phase(aborted, 'POST_BUILD'), phase(aborted, 'FINALIZING').phaseStatus], ['FAILED', undefined, 'SUCCEEDED']);
  await create('continue', failing('CONTINUE', 'install'));
  const continued = await run('continue');
  assert.deepEqual([continued.buildStatus, phase(continued, 'INSTALL').phaseStatus, phase(continued, 'POST_BUILD').phaseStatus], ['FAILED', 'FAILED', 'SUCCEEDED']);
  await create('stops', spec({ pre_build: { commands: ['exit 4'] }, build: { commands: ['echo never'] } }));
  const stopped = await run('stops');
  assert.deepEqual([phase(stopped, 'BUILD'), phase(stopped, 'UPLOAD_ARTIFACTS')], [undefined, undefined]);
});

test('the environment is the build\'s own, with CodeBuild\'s variables and the role\'s credentials', async () => {
  await create('env', builds('env', 'echo "home $(ls -A "$HOME" | tr "\\n" " ")"', 'pwd; ls -A', 'touch "$HOME/mine"; command -v slipway', 'aws sts get-caller-identity --query Arn --output text || true'),
    { environment: { ...environment, environmentVariables: [{ name: 'FROM_PROJECT', value: 'a b' }, { name: 'OVERRIDDEN', value: 'x' }] } });
  const build = await run('env', { environmentVariablesOverride: [{ name: 'OVERRIDDEN', value: 'y' }] });
  assert.equal(build.buildStatus, 'SUCCEEDED', JSON.stringify(build.phases));
  const lines = await output(build);
  const has = (l) => assert.ok(lines.includes(l), `${l} is not in\n${lines.join('\n')}`);
  ['FROM_PROJECT=a b', 'OVERRIDDEN=y', `CODEBUILD_BUILD_ID=${build.id}`, `CODEBUILD_BUILD_ARN=${build.arn}`, 'CODEBUILD_BUILD_NUMBER=1', 'CODEBUILD_BUILD_SUCCEEDING=1',
    'CODEBUILD_INITIATOR=tester', `CODEBUILD_LOG_PATH=${build.logs.streamName}`, 'CODEBUILD_CI=true', 'AWS_DEFAULT_REGION=us-east-1', 'AWS_REGION=us-east-1',
    'CODEBUILD_BUILD_IMAGE=aws/codebuild/standard:7.0', `CODEBUILD_START_TIME=${build.startTime.getTime()}`,
    `AWS_ENDPOINT_URL=${process.env.AWS_ENDPOINT_URL}`, 'home .gitconfig '].forEach(has);
  assert.ok(lines.some((l) => l.endsWith('/slipway')));
  assert.ok(!lines.some((l) => l.startsWith('SM_EXEC_ROLE_ARN=') || l.startsWith('AWS_SHARED_CREDENTIALS_FILE=')));
  assert.ok(!lines.some((l) => /^AWS_SECRET_ACCESS_KEY=(?!\*\*\*$)/.test(l)), 'the secret key is hidden');
  const who = lines.find((l) => l.includes('assumed-role'));
  assert.ok(who === undefined || who === `arn:aws:sts::000000000000:assumed-role/execution/AWSCodeBuild-${build.id.split(':')[1]}`);
});

test('parameters are read, decrypted and hidden in the log; variables are exported', async () => {
  await ssm.send(new PutParameterCommand({ Name: '/build/secret', Type: 'SecureString', Value: 'open sesame\nsecond line' }));
  await ssm.send(new PutParameterCommand({ Name: '/build/plain', Type: 'String', Value: 'from-the-store' }));
  const buildspec = spec({ build: { commands: ['echo "it is $SECRET."', 'echo "$OTHER" | rev', '[ "$SECRET" = "open sesame\nsecond line" ] && RESULT="fine $MINE"', 'false "$(echo open sesame)"'] } },
    { env: { variables: { MINE: 'mine' }, 'parameter-store': { SECRET: '/build/secret' }, 'exported-variables': ['RESULT', 'UNSET', 'SECRET', 'AWS_REGION'] } });
  await create('secrets', buildspec, { environment: { ...environment, environmentVariables: [{ name: 'OTHER', value: '/build/plain', type: 'PARAMETER_STORE' }] } });
  const build = await run('secrets');
  const all = (await log(build)).join('\n');
  assert.ok(!/open sesame|second line|from-the-store/.test(all + JSON.stringify(build.phases)), all);
  assert.match(all, /it is \*\*\*/);
  assert.match(all, /erots-eht-morf/);
  assert.match(phase(build, 'BUILD').contexts[0].message, /false "\$\(echo /);
  assert.deepEqual(build.exportedEnvironmentVariables, [{ name: 'RESULT', value: 'fine mine' }, { name: 'UNSET', value: '' }]);
  const missing = await run('secrets', { environmentVariablesOverride: [{ name: 'OTHER', value: '/build/none', type: 'PARAMETER_STORE' }] });
  assert.deepEqual(phase(missing, 'DOWNLOAD_SOURCE').contexts[0], { statusCode: 'Decrypted Variables Error', message: 'parameter does not exist: /build/none' });
});

test('a build is stopped, with all its processes', async () => {
  await create('long', builds('echo begun', 'sleep 600'));
  const { id } = await start('long');
  await until(id, async (b) => b.currentPhase === 'BUILD' && (await output(b).catch(() => [])).includes('begun'));
  assert.deepEqual(await output(await get(id)), ['begun'], 'the log is there while it runs');
  await refused(new BatchDeleteBuildsCommand({ ids: [] }), 'InvalidInputException');
  assert.deepEqual((await client.send(new BatchDeleteBuildsCommand({ ids: [id] }))).buildsNotDeleted, [{ id, statusCode: 'BUILD_IN_PROGRESS' }]);
  await client.send(new StopBuildCommand({ id }));
  const build = await end(id);
  assert.deepEqual([build.buildStatus, phase(build, 'BUILD').phaseStatus], ['STOPPED', 'STOPPED']);
  assert.equal((await client.send(new StopBuildCommand({ id }))).build.buildStatus, 'STOPPED');
  await refused(new StopBuildCommand({ id: 'long:none' }), 'ResourceNotFoundException');
});

test('builds are retried, listed, found by token and deleted', async () => {
  await create('many', builds('echo "$WHAT"'));
  const first = await start('many', { idempotencyToken: 'once', environmentVariablesOverride: [{ name: 'WHAT', value: 'it' }] });
  assert.equal((await start('many', { idempotencyToken: 'once', environmentVariablesOverride: [{ name: 'WHAT', value: 'it' }] })).id, first.id);
  await assert.rejects(start('many', { idempotencyToken: 'once' }), { name: 'InvalidInputException', message: /parameter mismatch/ });
  await end(first.id);
  const { build: again } = await client.send(new RetryBuildCommand({ id: first.id }));
  assert.equal(again.buildNumber, 2);
  assert.deepEqual(await output(await end(again.id)), ['it']);
  const ids = async (sortOrder) => (await client.send(new ListBuildsForProjectCommand({ projectName: 'many', sortOrder }))).ids;
  assert.deepEqual(await ids(), [again.id, first.id]);
  assert.deepEqual(await ids('ASCENDING'), [first.id, again.id]);
  assert.ok((await client.send(new ListBuildsCommand({}))).ids.includes(again.id));
  const deleted = await client.send(new BatchDeleteBuildsCommand({ ids: [first.id, 'many:none'] }));
  assert.deepEqual([deleted.buildsDeleted, deleted.buildsNotDeleted], [[first.arn], [{ id: 'many:none', statusCode: 'BUILD_NOT_FOUND' }]]);
  assert.deepEqual((await client.send(new BatchGetBuildsCommand({ ids: [first.id, again.arn] }))).buildsNotFound, [first.id]);
});

test('at most so many builds as the project says run at once', async () => {
  await create('one', builds('sleep 600'), { concurrentBuildLimit: 1 });
  const { id } = await start('one');
  await refused(new StartBuildCommand({ projectName: 'one' }), 'AccountLimitExceededException', /more than 1 builds/);
  await client.send(new StopBuildCommand({ id }));
  await end(id);
});

test('runtimes are met by what is on the machine, or refused by name', async () => {
  const asks = (versions) => spec({ install: { 'runtime-versions': versions, commands: ['node --version'] } });
  const major = process.versions.node.split('.')[0];
  await create('runtimes', asks({ nodejs: major }));
  assert.equal((await run('runtimes')).buildStatus, 'SUCCEEDED');
  const versions = async (asked) => phase(await run('runtimes', { buildspecOverride: asks(asked) }), 'DOWNLOAD_SOURCE').contexts[0];
  assert.equal((await versions({ nodejs: 'latest', dotnet: '10.x' })).statusCode, '');
  const old = await versions({ nodejs: '4' });
  assert.equal(old.statusCode, 'YAML_FILE_ERROR');
  assert.match(old.message, new RegExp(`Unknown runtime version named '4' of nodejs. This build image has the following versions: ${process.versions.node}`));
  assert.match((await versions({ cobol: '1' })).message, /Unknown runtime named 'cobol'/);
});

test('a buildspec with a mistake is refused with its line and key', async () => {
  await create('mistakes', builds('true'));
  const mistake = async (buildspecOverride) => {
    const build = await run('mistakes', { buildspecOverride });
    assert.equal(build.buildStatus, 'FAILED');
    const [context] = phase(build, 'DOWNLOAD_SOURCE').contexts;
    assert.equal(context.statusCode, 'YAML_FILE_ERROR', context.message);
    return context.message;
  };
  assert.match(await mistake('version: 0.2\nphases:\n  build:\n  commands: [x\n'), /isn't YAML: line 5/);
  assert.match(await mistake('version: 0.2\nphases:\n  build:\n    comands:\n      - x\n'), /line 4, key phases\.build\.comands: 'comands' is unknown/);
  assert.match(await mistake('version: 0.3\nphases:\n  build:\n    commands: [x]\n'), /line 1, key version: version 0\.3 is not supported/);
  assert.match(await mistake('version: 0.2\nenv:\n  shell: bash\n'), /phases is missing/);
  assert.match(await mistake('version: 0.2\nphases:\n  build:\n    commands:\n      - echo one: two\n'), /line 5, key phases\.build\.commands\[0\]: Expected Commands\[0\] to be of string type/);
  assert.match(await mistake('version: 0.2\nphases:\n  build:\n    commands:\n      -\n'), /line 5, key phases\.build\.commands\[0\]: the command is empty/);
  assert.match(await mistake('version: 0.2\nphases:\n  build:\n    on-failure: GIVE_UP\n    commands: [x]\n'), /line 4, key phases\.build\.on-failure/);
  assert.match(await mistake('version: 0.2\nphases:\n  build:\n    run-as: nobody\n    commands: [x]\n'), /line 4, key phases\.build\.run-as: local AWS does not support run-as/);
  assert.match(await mistake('version: 0.2\nenv:\n  secrets-manager:\n    A: b\nphases:\n  build:\n    commands: [x]\n'), /line 3, key env\.secrets-manager: local AWS does not support/);
  assert.match(await mistake('version: 0.2\nbatch: {}\nphases:\n  build:\n    commands: [x]\n'), /line 2, key batch: local AWS does not support batch/);
  assert.match(await mistake('version: 0.2\nenv:\n  variables:\n    A-B: c\nphases:\n  build:\n    commands: [x]\n'), /key env\.variables: 'A-B' is no name/);
  assert.match(await mistake('version: 0.2\nenv:\n  shell: powershell.exe\nphases:\n  build:\n    commands: [x]\n'), /line 3, key env\.shell/);
  assert.match(await mistake('version: 0.2\nphases:\n  build:\n    commands: [x]\nartifacts:\n  name: y\n'), /line 6, key artifacts: files is missing/);
});

test('bad input and what local AWS does not have are refused by name', async () => {
  const make = (more, name, message) => refused(new CreateProjectCommand({
    name: 'bad', serviceRole, environment, source: { type: 'NO_SOURCE', buildspec: builds('true') }, artifacts: { type: 'NO_ARTIFACTS' }, ...more,
  }), name, message);
  await make({ name: 'a b' }, 'InvalidInputException');
  await make({ serviceRole: 'arn:aws:iam::000000000000:role/none' }, 'InvalidInputException', /not authorized to perform: sts:AssumeRole/);
  await make({ source: { type: 'NO_SOURCE' } }, 'InvalidInputException', /buildspec must be provided/);
  await make({ source: { type: 'NO_SOURCE', buildspec: 'buildspec.yml' } }, 'InvalidInputException', /buildspec must be provided/);
  await make({ source: { type: 'CODECOMMIT', location: 'nonsense' } }, 'InvalidInputException', /clone address/);
  await make({ source: { type: 'S3', location: 'bucket' } }, 'InvalidInputException', /BUCKET\/KEY/);
  await make({ source: { type: 'CODEPIPELINE' } }, 'InvalidInputException', /CODEPIPELINE/);
  await make({ artifacts: { type: 'S3' } }, 'InvalidInputException', /location must be provided/);
  await make({ timeoutInMinutes: 1 }, 'InvalidInputException', /greater than or equal to 5/);
  await make({ environment: { ...environment, environmentVariables: [{ name: 'A', value: '1' }, { name: 'A', value: '2' }] } }, 'InvalidInputException', /A is there twice/);
  await make({ cache: { type: 'LOCAL' } }, 'InvalidInputException', /modes/);
  await make({ source: { type: 'GITHUB', location: 'https://github.com/a/b' } }, 'NotImplemented', /sources of type GITHUB/);
  await make({ environment: { ...environment, type: 'WINDOWS_CONTAINER' } }, 'NotImplemented', /WINDOWS_CONTAINER/);
  await make({ environment: { ...environment, privilegedMode: true } }, 'NotImplemented', /PrivilegedMode/);
  await make({ environment: { ...environment, environmentVariables: [{ name: 'A', value: 'b', type: 'SECRETS_MANAGER' }] } }, 'NotImplemented', /SECRETS_MANAGER/);
  await make({ buildBatchConfig: {} }, 'NotImplemented', /buildBatchConfig/i);
  await make({ fileSystemLocations: [{ type: 'EFS' }] }, 'NotImplemented', /FileSystemLocations/);
  await refused(new StartBuildBatchCommand({ projectName: 'x' }), 'UnknownOperationException', /StartBuildBatch/);
  await refused(new CreateReportGroupCommand({ name: 'x', type: 'TEST', exportConfig: { exportConfigType: 'NO_EXPORT' } }), 'UnknownOperationException', /CreateReportGroup/);
  await refused(new CreateWebhookCommand({ projectName: 'x' }), 'UnknownOperationException', /CreateWebhook/);
  await refused(new ListFleetsCommand({}), 'UnknownOperationException', /ListFleets/);
});

test('an image of the image map runs; one that this machine can\'t run fails in PROVISIONING and says what to do', async () => {
  await create('mapped', builds('echo "$CODEBUILD_BUILD_IMAGE"'), { environment: { ...environment, image: process.env.COMMAND_IMAGE } });
  assert.deepEqual(await output(await run('mapped')), [process.env.COMMAND_IMAGE]);
  await create('image', builds('true'), { environment: { ...environment, image: 'nobody.example/none:1' } });
  const build = await run('image');
  assert.equal(build.buildStatus, 'FAILED');
  assert.equal(phase(build, 'PROVISIONING').contexts[0].statusCode, 'BUILD_CONTAINER_UNABLE_TO_PULL_IMAGE');
});
