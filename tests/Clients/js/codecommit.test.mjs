import test from 'node:test';
import assert from 'node:assert/strict';
import {
  CodeCommitClient, CreateRepositoryCommand, GetRepositoryCommand, ListRepositoriesCommand, BatchGetRepositoriesCommand, DeleteRepositoryCommand,
  UpdateRepositoryNameCommand, UpdateRepositoryDescriptionCommand, UpdateDefaultBranchCommand, ListTagsForResourceCommand, TagResourceCommand,
  UntagResourceCommand, CreateBranchCommand, GetBranchCommand, DeleteBranchCommand, GetCommitCommand, BatchGetCommitsCommand,
  CreateCommitCommand, PutFileCommand, DeleteFileCommand, GetDifferencesCommand, GetFileCommand, GetFolderCommand, GetBlobCommand,
  MergeBranchesByFastForwardCommand, CreatePullRequestCommand, paginateListBranches, paginateGetDifferences,
} from '@aws-sdk/client-codecommit';

const client = new CodeCommitClient();
const text = (s) => new TextEncoder().encode(s);
const read = (bytes) => new TextDecoder().decode(bytes);
const make = async (repositoryName, more = {}) => (await client.send(new CreateRepositoryCommand({ repositoryName, ...more }))).repositoryMetadata;
const put = (repositoryName, filePath, content, more = {}) =>
  client.send(new PutFileCommand({ repositoryName, branchName: 'main', filePath, fileContent: text(content), ...more }));
const commit = (repositoryName, more) => client.send(new CreateCommitCommand({ repositoryName, branchName: 'main', ...more }));
const file = async (repositoryName, filePath, commitSpecifier) => client.send(new GetFileCommand({ repositoryName, filePath, commitSpecifier }));
const get = async (repositoryName) => (await client.send(new GetRepositoryCommand({ repositoryName }))).repositoryMetadata;
const refused = (command, name, message = /./) => assert.rejects(client.send(command), (e) => {
  assert.equal(e.name, name);
  assert.match(e.message, message);
  return true;
});

test('repositories are made, described, listed, renamed and deleted', async () => {
  const made = await make('life', { repositoryDescription: 'first', tags: { team: 'ml' } });
  assert.equal(made.Arn, 'arn:aws:codecommit:us-east-1:000000000000:life');
  assert.equal(made.cloneUrlHttp, `${process.env.AWS_ENDPOINT_URL}/v1/repos/life`);
  assert.equal(made.defaultBranch, undefined);
  await refused(new CreateRepositoryCommand({ repositoryName: 'life' }), 'RepositoryNameExistsException', /Repository named life already exists/);
  await client.send(new UpdateRepositoryDescriptionCommand({ repositoryName: 'life', repositoryDescription: 'second' }));
  await client.send(new UpdateRepositoryNameCommand({ oldName: 'life', newName: 'afterlife' }));
  await refused(new GetRepositoryCommand({ repositoryName: 'life' }), 'RepositoryDoesNotExistException', /life does not exist/);
  const described = await get('afterlife');
  assert.deepEqual([described.repositoryId, described.repositoryDescription], [made.repositoryId, 'second']);
  await make('b-list');
  const list = async (input) => (await client.send(new ListRepositoriesCommand(input))).repositories.map((r) => r.repositoryName);
  assert.deepEqual(await list({}), ['afterlife', 'b-list']);
  assert.deepEqual(await list({ sortBy: 'lastModifiedDate', order: 'descending' }), ['b-list', 'afterlife']);
  const batch = await client.send(new BatchGetRepositoriesCommand({ repositoryNames: ['b-list', 'none'] }));
  assert.deepEqual(batch.repositories.map((r) => r.repositoryName), ['b-list']);
  assert.deepEqual(batch.repositoriesNotFound, ['none']);
  await refused(new UpdateRepositoryNameCommand({ oldName: 'afterlife', newName: 'b-list' }), 'RepositoryNameExistsException');
  assert.equal((await client.send(new DeleteRepositoryCommand({ repositoryName: 'afterlife' }))).repositoryId, made.repositoryId);
  assert.equal((await client.send(new DeleteRepositoryCommand({ repositoryName: 'afterlife' }))).repositoryId, undefined);
  await client.send(new DeleteRepositoryCommand({ repositoryName: 'b-list' }));
});

test('bad input is CodeCommit\'s own error for each member', async () => {
  await refused(new CreateRepositoryCommand({}), 'RepositoryNameRequiredException', /repositoryName/);
  await refused(new CreateRepositoryCommand({ repositoryName: 'a b' }), 'InvalidRepositoryNameException');
  for (const repositoryName of ['a.git', '.', '..']) {
    await refused(new CreateRepositoryCommand({ repositoryName }), 'InvalidRepositoryNameException');
  }
  await refused(new CreateRepositoryCommand({ repositoryName: 'x', repositoryDescription: 'd'.repeat(1001) }), 'InvalidRepositoryDescriptionException');
  await refused(new CreateRepositoryCommand({ repositoryName: 'x', tags: { 'aws:x': '1' } }), 'InvalidSystemTagUsageException');
  await refused(new ListRepositoriesCommand({ sortBy: 'size' }), 'InvalidSortByException');
  await refused(new ListRepositoriesCommand({ nextToken: 'nonsense' }), 'InvalidContinuationTokenException');
  await refused(new BatchGetRepositoriesCommand({ repositoryNames: [] }), 'RepositoryNamesRequiredException');
  await refused(new GetBranchCommand({ repositoryName: 'none', branchName: 'main' }), 'RepositoryDoesNotExistException');
  await refused(new TagResourceCommand({ resourceArn: 'x', tags: {} }), 'InvalidResourceArnException');
  await make('faults');
  await refused(new GetBranchCommand({ repositoryName: 'faults', branchName: 'none' }), 'BranchDoesNotExistException', /none/);
  await refused(new GetBranchCommand({ repositoryName: 'faults', branchName: 'a..b' }), 'InvalidBranchNameException');
  await refused(new GetBranchCommand({ repositoryName: 'faults' }), 'BranchNameRequiredException');
  await refused(new GetCommitCommand({ repositoryName: 'faults', commitId: 'abc' }), 'InvalidCommitIdException');
  await refused(new GetCommitCommand({ repositoryName: 'faults', commitId: 'a'.repeat(40) }), 'CommitIdDoesNotExistException');
  await refused(new GetFileCommand({ repositoryName: 'faults', filePath: 'x' }), 'CommitDoesNotExistException', /no default branch/);
  await refused(new GetFileCommand({ repositoryName: 'faults', filePath: 'x', commitSpecifier: 'a b' }), 'InvalidCommitException');
  await refused(new GetFileCommand({ repositoryName: 'faults', filePath: '../x', commitSpecifier: 'main' }), 'InvalidPathException');
  await refused(new GetBlobCommand({ repositoryName: 'faults', blobId: 'x' }), 'InvalidBlobIdException');
  await refused(new CreateBranchCommand({ repositoryName: 'faults', branchName: 'b', commitId: 'b'.repeat(40) }), 'CommitDoesNotExistException');
  await refused(new MergeBranchesByFastForwardCommand({
    repositoryName: 'faults', sourceCommitSpecifier: 'a', destinationCommitSpecifier: 'b' }), 'UnknownOperationException', /MergeBranchesByFastForward/);
  await refused(new CreatePullRequestCommand({ title: 't', targets: [] }), 'UnknownOperationException', /CreatePullRequest/);
});

test('a repository has tags by its ARN', async () => {
  const { Arn: resourceArn } = await make('tagged', { tags: { a: '1' } });
  await client.send(new TagResourceCommand({ resourceArn, tags: { b: '2', c: '3' } }));
  await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a'] }));
  assert.deepEqual((await client.send(new ListTagsForResourceCommand({ resourceArn }))).tags, { b: '2', c: '3' });
  const many = Object.fromEntries(Array.from({ length: 49 }, (_, i) => [`k${i}`, '']));
  await refused(new TagResourceCommand({ resourceArn, tags: many }), 'TooManyTagsException');
});

test('the first commit makes the default branch, and branches come and go', async () => {
  await make('branches');
  const first = await put('branches', 'README.md', 'hello\n', { name: 'Ann <x>', email: 'ann@example.com', commitMessage: 'Add README\n' });
  assert.equal((await get('branches')).defaultBranch, 'main');
  for (const branchName of ['next', 'feature/a']) {
    await client.send(new CreateBranchCommand({ repositoryName: 'branches', branchName, commitId: first.commitId }));
  }
  await refused(new CreateBranchCommand({ repositoryName: 'branches', branchName: 'next', commitId: first.commitId }), 'BranchNameExistsException');
  await refused(new CreateBranchCommand({ repositoryName: 'branches', branchName: 'feature', commitId: first.commitId }), 'InvalidBranchNameException');
  const names = [];
  for await (const page of paginateListBranches({ client }, { repositoryName: 'branches' })) {
    names.push(...page.branches);
  }
  assert.deepEqual(names, ['feature/a', 'main', 'next']);
  await refused(new DeleteBranchCommand({ repositoryName: 'branches', branchName: 'main' }), 'DefaultBranchCannotBeDeletedException');
  await refused(new UpdateDefaultBranchCommand({ repositoryName: 'branches', defaultBranchName: 'none' }), 'BranchDoesNotExistException');
  await client.send(new UpdateDefaultBranchCommand({ repositoryName: 'branches', defaultBranchName: 'next' }));
  const { deletedBranch } = await client.send(new DeleteBranchCommand({ repositoryName: 'branches', branchName: 'main' }));
  assert.deepEqual(deletedBranch, { branchName: 'main', commitId: first.commitId });
  assert.equal((await client.send(new DeleteBranchCommand({ repositoryName: 'branches', branchName: 'main' }))).deletedBranch, undefined);
  const { branch } = await client.send(new GetBranchCommand({ repositoryName: 'branches', branchName: 'feature/a' }));
  assert.equal(branch.commitId, first.commitId);
  const { commit: made } = await client.send(new GetCommitCommand({ repositoryName: 'branches', commitId: first.commitId }));
  assert.deepEqual([made.treeId, made.parents, made.message, made.author.name, made.author.email], [first.treeId, [], 'Add README\n', 'Ann x', 'ann@example.com']);
  assert.match(made.author.date, /^\d+ \+0000$/);
});

test('a commit puts, copies, moves, deletes and changes modes, and says what it did', async () => {
  await make('commits');
  const first = await commit('commits', {
    putFiles: [
      { filePath: 'a.txt', fileContent: text('a\n') }, { filePath: 'run.sh', fileContent: text('#!/bin/sh\n'), fileMode: 'EXECUTABLE' },
      { filePath: 'dir/b "ü".txt', fileContent: text('b\n') }, { filePath: 'link', fileContent: text('a.txt'), fileMode: 'SYMLINK' },
    ], authorName: 'Bo', email: 'bo@example.com', commitMessage: 'first' });
  assert.deepEqual(first.filesAdded.map((f) => [f.absolutePath, f.fileMode]),
    [['a.txt', 'NORMAL'], ['dir/b "ü".txt', 'NORMAL'], ['link', 'SYMLINK'], ['run.sh', 'EXECUTABLE']]);
  const second = await commit('commits', {
    parentCommitId: first.commitId, keepEmptyFolders: true,
    putFiles: [
      { filePath: '/dir2/moved.txt', sourceFile: { filePath: 'dir/b "ü".txt', isMove: true } }, { filePath: 'copy.txt', sourceFile: { filePath: 'a.txt' } },
      { filePath: 'a.txt', fileContent: text('changed\n') },
    ],
    setFileModes: [{ filePath: 'run.sh', fileMode: 'NORMAL' }], deleteFiles: [{ filePath: 'link' }] });
  assert.deepEqual(second.filesAdded.map((f) => f.absolutePath), ['copy.txt', 'dir/.gitkeep', 'dir2/moved.txt']);
  assert.deepEqual(second.filesUpdated.map((f) => f.absolutePath), ['a.txt', 'run.sh']);
  assert.deepEqual(second.filesDeleted.map((f) => f.absolutePath), ['dir/b "ü".txt', 'link']);
  assert.equal(read((await file('commits', 'dir2/moved.txt')).fileContent), 'b\n');
  assert.equal((await file('commits', 'run.sh', 'main')).fileMode, 'NORMAL');
  assert.equal((await file('commits', 'run.sh', first.commitId)).fileMode, 'EXECUTABLE');
  const { commits, errors } = await client.send(new BatchGetCommitsCommand({ repositoryName: 'commits', commitIds: [second.commitId, 'c'.repeat(40), 'x'] }));
  assert.deepEqual(commits[0].parents, [first.commitId]);
  assert.deepEqual(errors.map((e) => e.errorCode), ['CommitIdDoesNotExistException', 'InvalidCommitIdException']);
  const gone = await client.send(new DeleteFileCommand({ repositoryName: 'commits', branchName: 'main', filePath: 'copy.txt', parentCommitId: second.commitId }));
  assert.deepEqual([gone.filePath, gone.blobId], ['copy.txt', first.filesAdded[0].blobId]);
  await assert.rejects(file('commits', 'copy.txt'), { name: 'FileDoesNotExistException' });
});

test('a commit that can\'t be made is refused, and nothing changes', async () => {
  await make('refusals');
  const entry = { filePath: 'dir/a.txt', fileContent: text('a') };
  const { commitId: parentCommitId } = await commit('refusals', { putFiles: [entry] });
  const next = (more) => new CreateCommitCommand({ repositoryName: 'refusals', branchName: 'main', parentCommitId, ...more });
  await refused(next({ putFiles: [entry], parentCommitId: undefined }), 'ParentCommitIdRequiredException');
  await refused(next({ putFiles: [entry], parentCommitId: 'x' }), 'InvalidParentCommitIdException');
  await refused(next({ putFiles: [entry], parentCommitId: 'd'.repeat(40) }), 'ParentCommitDoesNotExistException');
  await refused(next({ putFiles: [entry], branchName: 'none' }), 'BranchDoesNotExistException');
  await refused(next({ putFiles: [entry] }), 'NoChangeException');
  await refused(next({}), 'FileEntryRequiredException');
  await refused(next({ putFiles: [entry], deleteFiles: [{ filePath: '/dir/a.txt' }] }), 'SamePathRequestException');
  await refused(next({ deleteFiles: [{ filePath: 'none' }] }), 'FileDoesNotExistException');
  await refused(next({ putFiles: [{ filePath: 'b' }] }), 'SourceFileOrContentRequiredException');
  await refused(next({ putFiles: [{ filePath: 'b', fileContent: text('b'), sourceFile: { filePath: 'dir/a.txt' } }] }), 'FileContentAndSourceFileSpecifiedException');
  await refused(next({ putFiles: [{ filePath: 'b', fileContent: text('b') }, { filePath: 'b/c', fileContent: text('c') }] }), 'PutFileEntryConflictException');
  await refused(next({ putFiles: [{ filePath: 'dir', fileContent: text('b') }] }), 'FileNameConflictsWithDirectoryNameException');
  await refused(next({ putFiles: [{ filePath: 'dir/a.txt/b', fileContent: text('b') }] }), 'DirectoryNameConflictsWithFileNameException');
  await refused(next({ putFiles: [{ filePath: '.git/config', fileContent: text('b') }] }), 'InvalidPathException');
  await refused(next({ putFiles: [{ ...entry, fileMode: 'ODD' }] }), 'InvalidFileModeException');
  await refused(next({ putFiles: [{ filePath: 'b', fileContent: new Uint8Array(6291457) }] }), 'FileContentSizeLimitExceededException');
  await refused(next({ putFiles: [entry], email: 'a<b' }), 'InvalidEmailException');
  await refused(next({ putFiles: [entry], commitMessage: 'x'.repeat(20481) }), 'CommitMessageLengthExceededException');
  await assert.rejects(put('refusals', 'dir/a.txt', 'a', { parentCommitId }), { name: 'SameFileContentException' });
  await assert.rejects(put('refusals', 'b', '', { parentCommitId }), { name: 'FileContentRequiredException' });
  const { commitId } = await put('refusals', 'dir/a.txt', 'b', { parentCommitId });
  await refused(next({ putFiles: [{ filePath: 'c', fileContent: text('c') }] }), 'ParentCommitIdOutdatedException', new RegExp(commitId));
  await refused(new DeleteFileCommand({ repositoryName: 'refusals', branchName: 'main', filePath: 'c' }), 'ParentCommitIdRequiredException');
  const { branch } = await client.send(new GetBranchCommand({ repositoryName: 'refusals', branchName: 'main' }));
  assert.equal(branch.commitId, commitId);
});

test('folders, blobs and differences are read at any commit', async () => {
  await make('reading');
  const first = await commit('reading', { putFiles: [
    { filePath: 'top.txt', fileContent: text('1') }, { filePath: 'src/a.txt', fileContent: text('a') }, { filePath: 'src/deep/b.txt', fileContent: text('b') }] });
  const second = await commit('reading', { parentCommitId: first.commitId, deleteFiles: [{ filePath: 'top.txt' }], putFiles: [
    { filePath: 'src/a.txt', fileContent: text('A') }, { filePath: 'src/c.txt', fileContent: text('c') }] });
  const folder = (folderPath, commitSpecifier) => client.send(new GetFolderCommand({ repositoryName: 'reading', folderPath, commitSpecifier }));
  const root = await folder('/', first.commitId);
  assert.deepEqual([root.folderPath, root.subFolders.map((f) => f.absolutePath), root.files.map((f) => f.relativePath)], ['', ['src'], ['top.txt']]);
  assert.equal(root.treeId, first.treeId);
  const src = await folder('src/', 'main');
  assert.deepEqual(src.files.map((f) => [f.absolutePath, f.relativePath]), [['src/a.txt', 'a.txt'], ['src/c.txt', 'c.txt']]);
  assert.deepEqual(src.subFolders.map((f) => f.relativePath), ['deep']);
  await assert.rejects(folder('none'), { name: 'FolderDoesNotExistException' });
  const { content } = await client.send(new GetBlobCommand({ repositoryName: 'reading', blobId: src.files[0].blobId }));
  assert.equal(read(content), 'A');
  await refused(new GetBlobCommand({ repositoryName: 'reading', blobId: src.treeId }), 'BlobIdDoesNotExistException');
  await assert.rejects(file('reading', 'src'), { name: 'FileDoesNotExistException' });
  await assert.rejects(file('reading', 'src/a.txt', 'none'), { name: 'CommitDoesNotExistException' });
  const differences = [];
  const between = { repositoryName: 'reading', beforeCommitSpecifier: first.commitId, afterCommitSpecifier: 'refs/heads/main' };
  const input = { ...between };
  for await (const page of paginateGetDifferences({ client, pageSize: 1 }, input)) {
    assert.equal(page.differences.length, 1);
    differences.push(...page.differences);
  }
  assert.deepEqual(differences.map((d) => [d.changeType, d.beforeBlob?.path, d.afterBlob?.path]),
    [['M', 'src/a.txt', 'src/a.txt'], ['A', undefined, 'src/c.txt'], ['D', 'top.txt', undefined]]);
  assert.equal(differences[0].afterBlob.mode, '100644');
  const all = await client.send(new GetDifferencesCommand({ repositoryName: 'reading', afterCommitSpecifier: first.commitId, afterPath: 'src' }));
  assert.deepEqual(all.differences.map((d) => d.afterBlob.path), ['src/a.txt', 'src/deep/b.txt']);
  await refused(new GetDifferencesCommand({ ...input, afterPath: 'none' }), 'PathDoesNotExistException');
  const renamed = async (beforePath, afterPath) => (await client.send(new GetDifferencesCommand({ ...between, beforePath, afterPath })))
    .differences.map((d) => [d.changeType, d.beforeBlob?.path, d.afterBlob?.path]);
  assert.deepEqual(await renamed('src', 'moved'), [['D', 'src/a.txt', undefined], ['D', 'src/deep/b.txt', undefined]]);
  await commit('reading', { parentCommitId: second.commitId, putFiles: [
    { filePath: 'moved/a.txt', sourceFile: { filePath: 'src/a.txt', isMove: true } }, { filePath: 'moved/new.txt', fileContent: text('n') },
    { filePath: 'moved/deep/b.txt', sourceFile: { filePath: 'src/deep/b.txt', isMove: true } }] });
  assert.deepEqual(await renamed('/src/', 'moved'), [['M', 'src/a.txt', 'moved/a.txt'], ['A', undefined, 'moved/new.txt']]);
  assert.deepEqual(await renamed('src/a.txt', 'moved/a.txt'), [['M', 'src/a.txt', 'moved/a.txt']]);
  assert.deepEqual(await renamed('src/deep', 'moved/deep'), []);
  await refused(new GetDifferencesCommand({ ...between, beforePath: 'none', afterPath: 'nor' }), 'PathDoesNotExistException');
  await refused(new GetDifferencesCommand({ ...input, MaxResults: 0 }), 'InvalidMaxResultsException');
  assert.equal((await client.send(new GetCommitCommand({ repositoryName: 'reading', commitId: second.commitId }))).commit.message, '');
});
