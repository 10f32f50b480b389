"""What IAM refuses at the API is answered as the API says: through its gateway response ACCESS_DENIED.

https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
The local AWS does that for failed signatures and answers a denial by policy in the words of the IAM evaluator.
"""

import json

from ministack import app
from ministack.core.responses import new_uuid, request_scope
from ministack.services import apigateway_v1 as api_gateway

_enforce_execute_api = app._enforce_execute_api


def _message(response):
    try:
        body = json.loads(response[2])
    except ValueError:
        return None
    message = body.get("Message") or body.get("message") or ""
    return message if "is not authorized to perform: execute-api" in message else None


def _enforce_execute_api_as_aws(api_id, stage, method, path, headers, query, **options):
    denied = _enforce_execute_api(api_id, stage, method, path, headers, query, **options)
    message = _message(denied) if denied else None
    scope = api_gateway.find_api_scope(api_id)
    configured = api_gateway.stages_for_api(api_id).get(stage)
    if message is None or scope is None or configured is None:
        return denied
    request = {
        "api_id": api_id,
        "stage_name": stage,
        "stage": configured,
        "headers": headers or {},
        "query_params": query or {},
        "path_params": {},
        "resource_path": "",
        "request_id": new_uuid(),
    }
    with request_scope(*scope):
        error = api_gateway._GatewayError("ACCESS_DENIED", message, "AccessDeniedException")
        return api_gateway._gateway_error_response(error, request)


def install():
    app._enforce_execute_api = _enforce_execute_api_as_aws
