"""The clients of the emulator, and the names that services give to the properties of a resource."""

import functools
import json
import os

import boto3
from botocore.config import Config

# The emulator answers when the whole stack is made. If the request were repeated, the stack would exist already.
PATIENT = Config(read_timeout=600, retries={"total_max_attempts": 1})


@functools.cache
def client(service):
    return boto3.client(
        service, endpoint_url=os.environ["EMULATOR_ENDPOINT"], region_name=os.environ["AWS_REGION"], config=PATIENT)


def lower(value):
    """The names that API Gateway and CloudWatch Logs give to the properties of a resource."""
    if isinstance(value, dict):
        return {name[:1].lower() + name[1:]: lower(inner) for name, inner in value.items()}
    return [lower(inner) for inner in value] if isinstance(value, list) else value


def shallow(properties, *names):
    """Properties whose own keys are names of a user, such as headers and templates."""
    return {name[:1].lower() + name[1:]: properties[name] for name in names if name in properties}


def tags(properties):
    return properties.get("Tags", [])


def as_text(value):
    return value if isinstance(value, str) else json.dumps(value)


def provider_name(pool):
    """The name that CloudFormation gives to a user pool as an identity provider."""
    return f"cognito-idp.{os.environ['AWS_REGION']}.amazonaws.com/{pool['Id']}"
