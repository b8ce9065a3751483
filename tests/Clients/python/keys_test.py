"""boto3's paginators and error classes for KMS, Parameter Store and ECR's repositories."""
import boto3

kms, ssm, ecr = (boto3.client(name) for name in ("kms", "ssm", "ecr"))


def refused(error, call, **arguments):
    try:
        call(**arguments)
    except error:
        return
    raise AssertionError(f"{call} did not fail")


key = kms.create_key(Description="boto3")["KeyMetadata"]
kms.create_alias(AliasName="alias/boto3", TargetKeyId=key["KeyId"])
kms.create_key()
pages = list(kms.get_paginator("list_keys").paginate(PaginationConfig={"PageSize": 1}))
assert [len(page["Keys"]) for page in pages] == [1, 1], pages
sealed = kms.encrypt(KeyId="alias/boto3", Plaintext=b"secret", EncryptionContext={"a": "b"})["CiphertextBlob"]
assert kms.decrypt(CiphertextBlob=sealed, EncryptionContext={"a": "b"})["Plaintext"] == b"secret"
refused(kms.exceptions.InvalidCiphertextException, kms.decrypt, CiphertextBlob=sealed)
kms.disable_key(KeyId=key["Arn"])
refused(kms.exceptions.DisabledException, kms.encrypt, KeyId=key["Arn"], Plaintext=b"x")
kms.enable_key(KeyId=key["Arn"])

for i in range(3):
    ssm.put_parameter(Name=f"/boto3/{i}", Value=str(i), Type="SecureString", KeyId="alias/boto3")
pages = list(ssm.get_paginator("get_parameters_by_path").paginate(Path="/boto3", WithDecryption=True, PaginationConfig={"PageSize": 2}))
assert [[p["Value"] for p in page["Parameters"]] for page in pages] == [["0", "1"], ["2"]], pages
refused(ssm.exceptions.ParameterNotFound, ssm.get_parameter, Name="/boto3/9")
refused(ssm.exceptions.ParameterAlreadyExists, ssm.put_parameter, Name="/boto3/0", Value="1", Type="String")

ecr.create_repository(repositoryName="boto3", tags=[{"Key": "a", "Value": "b"}])
arn = ecr.describe_repositories(repositoryNames=["boto3"])["repositories"][0]["repositoryArn"]
assert ecr.list_tags_for_resource(resourceArn=arn)["tags"] == [{"Key": "a", "Value": "b"}]
refused(ecr.exceptions.RepositoryAlreadyExistsException, ecr.create_repository, repositoryName="boto3")
ecr.delete_repository(repositoryName="boto3", force=True)
refused(ecr.exceptions.RepositoryNotFoundException, ecr.describe_repositories, repositoryNames=["boto3"])
