"""Answers of services in the words of a template."""

import json
from urllib.parse import unquote

from botocore.exceptions import ClientError


def without_none(value):
    return {name: inner for name, inner in value.items() if inner is not None}


def document(text):
    return json.loads(unquote(text) if text.startswith("%") else text)


def upper(value):
    if isinstance(value, dict):
        return {name[:1].upper() + name[1:]: upper(inner) for name, inner in value.items()}
    return [upper(inner) for inner in value] if isinstance(value, list) else value


def optional(call, key=None):
    """What a service has no setting for, it may answer with an error of its own."""
    try:
        answer = call()
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] not in (400, 404):
            raise
        return None
    return answer.get(key) if key else answer
