"""Compares the records of the wire, given as JSON on standard input, with botocore's service models.

Prints one line a difference and exits with 1 where there is any.
"""
import json
import sys

import botocore.session

SERVICES = {
    "Sts": "sts", "Iam": "iam", "Logs": "logs", "Kms": "kms", "Ssm": "ssm", "Ecr": "ecr", "CodeCommit": "codecommit", "CodeBuild": "codebuild", "CodePipeline": "codepipeline", "Sns": "sns", "Sqs": "sqs", "EventBridge": "events", "SageMaker": "sagemaker",
    "SageMakerRuntime": "sagemaker-runtime", "FeatureStoreRuntime": "sagemaker-featurestore-runtime",
}
SCALARS = {
    "String": {"string"}, "Enum": {"string"}, "Boolean": {"boolean"}, "Int32": {"integer", "long"}, "Int64": {"integer", "long"},
    "Double": {"double", "float"}, "Single": {"float", "double"}, "DateTimeOffset": {"timestamp"}, "Byte[]": {"blob"},
    # a structure whose members another operation's answer has, checked there
    "JsonObject": {"structure"},
}
# where two models of AWS's differ on a structure that is one record here, and why that is right
ACCEPTED = {
    "FeatureStoreRuntime.PutRecord.TtlDuration.Unit: required by AWS, optional here": "one record with CreateFeatureGroup's, where both are optional; the handler asks for both",
    "FeatureStoreRuntime.PutRecord.TtlDuration.Value: required by AWS, optional here": "as Unit",
}
faults = []


def spelling(service, name):
    """The wire's spelling of a member: some services start theirs with a small letter."""
    return name[0].lower() + name[1:] if service["camelCase"] else name


def compare(place, ours, theirs, service, seen, is_input):
    kind = ours["kind"]
    if kind == "list":
        if theirs.type_name != "list":
            faults.append(f"{place}: a list here, {theirs.type_name} in AWS")
        else:
            compare(place + "[]", ours["item"], theirs.member, service, seen, is_input)
    elif kind == "map":
        if theirs.type_name != "map":
            faults.append(f"{place}: a map here, {theirs.type_name} in AWS")
        else:
            compare(place + "{}", ours["item"], theirs.value, service, seen, is_input)
    elif kind == "record":
        if theirs.type_name != "structure":
            faults.append(f"{place}: a structure here, {theirs.type_name} in AWS")
        elif (ours["name"], theirs.name) not in seen:
            compare_members(place, service["records"][ours["name"]], theirs, service, seen | {(ours["name"], theirs.name)}, is_input)
    else:
        if theirs.type_name not in SCALARS.get(kind, {"?"}):
            faults.append(f"{place}: {kind} here, {theirs.type_name} in AWS")
        values = set(getattr(theirs, "enum", None) or [])
        unknown = set(ours.get("values") or []) - values
        if unknown and values:
            faults.append(f"{place}: AWS has no value {sorted(unknown)}, but {sorted(values)}")


def compare_members(place, members, theirs, service, seen, is_input):
    names = set()
    for member in members:
        expected = member.get("spelling") or spelling(service, member["name"])
        # the blob that is a whole body has a name of its own in each model
        name = next((n for n in theirs.members if n.lower() == expected.lower()), expected)
        names.add(name)
        if name not in theirs.members:
            faults.append(f"{place}.{name}: AWS has no such member")
            continue
        if name != expected:
            faults.append(f"{place}.{expected}: AWS spells it {name}")
        if is_input and name in theirs.required_members and not member["required"]:
            faults.append(f"{place}.{name}: required by AWS, optional here")
        if is_input and member["required"] and name not in theirs.required_members:
            faults.append(f"{place}.{name}: optional in AWS, required here")
        compare(f"{place}.{name}", member["type"], theirs.members[name], service, seen, is_input)
    for name in theirs.required_members:
        if name not in names:
            faults.append(f"{place}.{name}: required by AWS, missing here")


session = botocore.session.get_session()
for service in json.load(sys.stdin):
    model = session.get_service_model(SERVICES[service["name"]])
    for operation in service["operations"]:
        if operation["name"] not in model.operation_names:
            faults.append(f"{service['name']}.{operation['name']}: AWS has no such operation")
            continue
        theirs = model.operation_model(operation["name"])
        place = f"{service['name']}.{operation['name']}"
        if theirs.input_shape is not None:
            compare_members(place, operation["request"], theirs.input_shape, service, frozenset(), True)
        elif operation["request"]:
            faults.append(f"{place}: AWS's has no input")
        if theirs.output_shape is not None:
            compare_members(place + ".Response", operation["response"], theirs.output_shape, service, frozenset(), False)
        elif operation["response"]:
            faults.append(f"{place}: AWS's has no output")
        rest = operation.get("rest")
        if rest and (rest["method"] != theirs.http["method"] or rest["path"] != theirs.http["requestUri"].split("?")[0]):
            faults.append(f"{place}: {rest['method']} {rest['path']} here, {theirs.http['method']} {theirs.http['requestUri']} in AWS")

faults = [fault for fault in faults if fault not in ACCEPTED]
print("\n".join(faults))
sys.exit(1 if faults else 0)
