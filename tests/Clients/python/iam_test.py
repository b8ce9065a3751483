"""boto3's paginators, waiters and error classes for IAM roles."""
import json
import boto3

iam = boto3.client("iam")
trust = json.dumps({"Version": "2012-10-17", "Statement": []})
for name in ("a", "b", "c"):
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust, Path="/p/")
iam.get_waiter("role_exists").wait(RoleName="a")
pages = list(iam.get_paginator("list_roles").paginate(PathPrefix="/p/", PaginationConfig={"PageSize": 2}))
assert [len(page["Roles"]) for page in pages] == [2, 1], pages
assert pages[0]["Roles"][0]["AssumeRolePolicyDocument"] == json.loads(trust)
iam.delete_role(RoleName="a")
try:
    iam.get_role(RoleName="a")
    raise AssertionError("the role is still there")
except iam.exceptions.NoSuchEntityException as error:
    assert "cannot be found" in str(error)
