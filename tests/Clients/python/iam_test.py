"""boto3's paginators, waiters and error classes for IAM roles."""
import json
import boto3
import botocore.exceptions

iam = boto3.client("iam")
trust = json.dumps({"Version": "2012-10-17", "Statement": []})
for name in ("a", "b", "c"):
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust, Path="/p/")
iam.get_waiter("role_exists").wait(RoleName="a")
pages = list(iam.get_paginator("list_roles").paginate(PathPrefix="/p/", PaginationConfig={"PageSize": 2}))
assert [len(page["Roles"]) for page in pages] == [2, 1], pages
assert pages[0]["Roles"][0]["AssumeRolePolicyDocument"] == json.loads(trust)
simulated = iam.get_paginator("simulate_principal_policy").paginate(
    PolicySourceArn=pages[0]["Roles"][0]["Arn"], ActionNames=["s3:PutObject", "s3:GetObject"], ResourceArns=["arn:aws:s3:::b/*", "arn:aws:s3:::c/*"],
    PaginationConfig={"PageSize": 3}).build_full_result()["EvaluationResults"]
assert [(result["EvalActionName"], result["EvalResourceName"], result["EvalDecision"]) for result in simulated] == [
    ("s3:GetObject", "arn:aws:s3:::b/*", "allowed"), ("s3:GetObject", "arn:aws:s3:::c/*", "allowed"),
    ("s3:PutObject", "arn:aws:s3:::b/*", "allowed"), ("s3:PutObject", "arn:aws:s3:::c/*", "allowed")], simulated
for arguments, words in [
        ({"PolicySourceArn": "arn:aws:iam::000000000000:role/absent"}, "cannot be found"),
        ({"PolicySourceArn": pages[0]["Roles"][0]["Arn"], "PolicyInputList": [trust]}, "does not support SimulatePrincipalPolicy.PolicyInputList")]:
    try:
        iam.simulate_principal_policy(ActionNames=["s3:PutObject"], **arguments)
        raise AssertionError(f"answered {arguments}")
    except botocore.exceptions.ClientError as error:
        assert words in str(error), error
iam.delete_role(RoleName="a")
try:
    iam.get_role(RoleName="a")
    raise AssertionError("the role is still there")
except iam.exceptions.NoSuchEntityException as error:
    assert "cannot be found" in str(error)
