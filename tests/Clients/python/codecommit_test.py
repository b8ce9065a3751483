"""CodeCommit by boto3: what a script does, and AWS's own exceptions as boto3 knows them."""
import boto3

client = boto3.client("codecommit")
made = client.create_repository(repositoryName="scripts", repositoryDescription="by boto3")["repositoryMetadata"]
assert made["cloneUrlHttp"].endswith("/v1/repos/scripts"), made
first = client.create_commit(
    repositoryName="scripts", branchName="main", authorName="Ann", email="ann@example.com", commitMessage="first",
    putFiles=[{"filePath": "data/a.csv", "fileContent": b"1,2\n"}, {"filePath": "b.bin", "fileContent": bytes(range(256))}])
assert [f["absolutePath"] for f in first["filesAdded"]] == ["b.bin", "data/a.csv"], first
assert client.get_file(repositoryName="scripts", filePath="b.bin")["fileContent"] == bytes(range(256))
assert client.get_commit(repositoryName="scripts", commitId=first["commitId"])["commit"]["author"]["name"] == "Ann"
pages = client.get_paginator("get_differences").paginate(repositoryName="scripts", afterCommitSpecifier="main", PaginationConfig={"PageSize": 1})
assert [d["afterBlob"]["path"] for page in pages for d in page["differences"]] == ["b.bin", "data/a.csv"]
assert [r["repositoryName"] for page in client.get_paginator("list_repositories").paginate() for r in page["repositories"]] == ["scripts"]
for call, error in [
    (lambda: client.create_repository(repositoryName="scripts"), client.exceptions.RepositoryNameExistsException),
    (lambda: client.get_branch(repositoryName="scripts", branchName="none"), client.exceptions.BranchDoesNotExistException),
    (lambda: client.delete_branch(repositoryName="scripts", branchName="main"), client.exceptions.DefaultBranchCannotBeDeletedException),
    (lambda: client.put_file(repositoryName="scripts", branchName="main", filePath="x", fileContent=b"x"), client.exceptions.ParentCommitIdRequiredException),
    (lambda: client.get_file(repositoryName="scripts", filePath="none"), client.exceptions.FileDoesNotExistException),
]:
    try:
        call()
    except error:
        continue
    raise AssertionError(error)
client.delete_repository(repositoryName="scripts")
