"""What the scenarios share: a session of the SageMaker Python SDK that asks local AWS often."""
import os
import time
from botocore.exceptions import ClientError
try:
    from sagemaker.session import Session
except ImportError:
    # version 3 has it elsewhere
    from sagemaker.core.helper.session_helper import Session

_sleep = time.sleep
# the SDK waits 5 to 30 seconds between two looks at what AWS does; here it is done at once
time.sleep = lambda seconds: _sleep(min(seconds, 0.3))

role = os.environ["SM_EXEC_ROLE_ARN"]
image = os.environ["COMMAND_IMAGE"]
session = Session()
bucket = session.default_bucket()
machine = {"instance_count": 1, "instance_type": "ml.m5.large"}


def refused(action, *words, error=ClientError):
    """Calls what must be refused, and gives the words of its refusal."""
    try:
        action()
    except error as refusal:
        missing = [word for word in words if word not in str(refusal)]
        assert not missing, f"{refusal} does not say {missing}"
        return str(refusal)
    raise AssertionError(f"was not refused for {words}")
