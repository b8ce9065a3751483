"""Checks each step's arguments, a pipeline definition's on standard input, with botocore's own validation of that request."""
import json
import sys

import botocore.session
from botocore.validate import ParamValidator

OPERATIONS = {"Processing": "CreateProcessingJob", "Training": "CreateTrainingJob", "RegisterModel": "CreateModelPackage", "Model": "CreateModel"}
NAMES = {"Processing": "ProcessingJobName", "Training": "TrainingJobName", "Model": "ModelName"}


def resolved(value):
    """What is known when the pipeline runs, as some string."""
    if isinstance(value, dict):
        return "known-later" if set(value) & {"Get", "Std:Join", "Std:JsonGet"} else {k: resolved(v) for k, v in value.items()}
    return [resolved(v) for v in value] if isinstance(value, list) else value


def steps(listed):
    for step in listed:
        yield step
        yield from steps(step["Arguments"].get("IfSteps", []) + step["Arguments"].get("ElseSteps", []))


model = botocore.session.get_session().get_service_model("sagemaker")
faults, checked = [], 0
for step in steps(json.load(sys.stdin)["Steps"]):
    if step["Type"] not in OPERATIONS:
        continue
    request = resolved(step["Arguments"])
    if step["Type"] in NAMES:
        request[NAMES[step["Type"]]] = "known-later"
    report = ParamValidator().validate(request, model.operation_model(OPERATIONS[step["Type"]]).input_shape)
    checked += 1
    if report.has_errors():
        faults.append(f"{step['Name']}: {report.generate_report()}")
print("\n".join(faults) if faults else f"{checked} steps checked")
sys.exit(1 if faults else 0)
