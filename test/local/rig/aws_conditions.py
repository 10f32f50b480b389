"""Condition keys that AWS evaluates and the local AWS does not know of, or knows by another value.

Without them the store's policies could not be tried as they are: an unknown key is an absent one, so a trust policy that
asks for a source identity would let nobody in, and the rule that blobs are written once would refuse nobody. Only values
of keys are added here, each as AWS documents it; the local AWS goes on deciding what follows from them.
"""

import contextvars
import datetime
import re
from urllib.parse import parse_qs

from ministack.core import iam_actions, iam_evaluator, lambda_runtime
from ministack.services import iam, lambda_svc, sts

_condition_key = iam_evaluator._resolve_condition_key
_s3_context = iam_actions.s3_service_context
_trust = iam_evaluator.evaluate_trust_policy
_enforce = iam_evaluator.enforce
_principal_keys = iam_evaluator._principal_keys
_register_session = sts.register_session
_handle_sts = sts.handle_request
_conditions_met = iam_evaluator._conditions_met
_resource_arn = iam_actions.extract_resource_arn
_execution_credentials = lambda_runtime.execution_credentials
_function_of_key = {}
_sts_body = contextvars.ContextVar("body of the STS request that is being served", default=b"")


def _first(values, name):
    found = (values or {}).get(name)
    return found[0] if isinstance(found, list) and found else found or None


def _condition_key_as_aws(key, context):
    """The role, not the session: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn"""
    if key.lower() == "aws:principalarn" and ":assumed-role/" in context.principal_arn:
        name = context.principal_arn.split("/")[1]
        role = iam._roles.get_scoped(context.principal_account, None, name) or {}
        return role.get("Arn") or context.principal_arn
    return _condition_key(key, context)


def _signature_keys(query):
    """https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html"""
    if _first(query, "X-Amz-Signature") is None:
        return {"s3:authType": "REST-HEADER"}
    keys = {"s3:authType": "REST-QUERY-STRING", "s3:signatureversion": _first(query, "X-Amz-Algorithm")}
    signed_at = _first(query, "X-Amz-Date")
    if signed_at:
        when = datetime.datetime.strptime(signed_at, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
        age = datetime.datetime.now(datetime.timezone.utc) - when
        keys["s3:signatureAge"] = str(int(age.total_seconds() * 1000))
    return keys


def _write_keys(query, headers):
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html"""
    creates = not ("uploads" in query or _first(query, "partNumber"))
    keys = {"s3:ObjectCreationOperation": str(creates).lower()}
    for name in (
        "if-none-match",
        "if-match",
        "x-amz-server-side-encryption-aws-kms-key-id",
        "x-amz-server-side-encryption-customer-algorithm",
    ):
        if headers.get(name):
            keys[f"s3:{name}"] = headers[name]
    return keys


def _s3_context_as_aws(action, query, path="", headers=None):
    context = dict(_s3_context(action, query, path, headers) or {})
    context.update(_signature_keys(query or {}))
    if action == "s3:PutObject":
        context.update(_write_keys(query or {}, headers or {}))
    return context


async def _handle_sts_as_aws(method, path, headers, body, query):
    # Services run in a separate context, which the signed request does not reach.
    _sts_body.set(body or b"")
    return await _handle_sts(method, path, headers, body, query)


def _assume_role_parameters():
    """What the AssumeRole request that is being served asks for."""
    request = iam_evaluator._signed_request.get()
    body = _sts_body.get() or (request.body if request is not None else b"")
    return {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}


def _session_keys(parameters):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html"""
    named = {
        "sts:sourceidentity": parameters.get("SourceIdentity"),
        "sts:rolesessionname": parameters.get("RoleSessionName"),
        "sts:durationseconds": parameters.get("DurationSeconds"),
    }
    return {key: value for key, value in named.items() if value}


def _further_actions(parameters):
    """Permissions that AssumeRole needs besides its own, by what it is asked to set on the session."""
    if parameters.get("SourceIdentity"):
        yield "sts:SetSourceIdentity"
    if any(name.startswith("Tags.member.") for name in parameters):
        yield "sts:TagSession"


def _trust_as_aws(document, caller_arn, context=None):
    if context is None or context.action not in ("sts:AssumeRole", "sts:TagSession"):
        return _trust(document, caller_arn, context)
    parameters = _assume_role_parameters()
    context.service_context.update(_session_keys(parameters))
    if not _trust(document, caller_arn, context):
        return False
    if context.action == "sts:AssumeRole" and parameters.get("SourceIdentity"):
        context = iam_evaluator.EvalContext(**{**context.__dict__, "action": "sts:SetSourceIdentity"})
        return _trust(document, caller_arn, context)
    return True


def _enforce_as_aws(access_key, action, service, region, resource_arn="*", service_context=None):
    if action != "sts:AssumeRole":
        return _enforce(access_key, action, service, region, resource_arn, service_context)
    parameters = _assume_role_parameters()
    context = {**(service_context or {}), **_session_keys(parameters)}
    for needed in (action, *_further_actions(parameters)):
        denied = _enforce(access_key, needed, service, region, resource_arn, context)
        if denied:
            return denied
    return None


_VARIABLE = re.compile(r"\$\{([^},]+)(?:,\s*'([^']*)')?\}")


class _Missing(Exception):
    pass


def _without_variables(value, context):
    if isinstance(value, list):
        return [_without_variables(item, context) for item in value]
    if not isinstance(value, str):
        return value

    def resolve(variable):
        name, default = variable.group(1).strip(), variable.group(2)
        if name in ("*", "?", "$"):
            return name
        resolved = iam_evaluator._resolve_condition_key(name, context)
        if resolved is None and default is None:
            raise _Missing
        return str(default if resolved is None else resolved)

    return _VARIABLE.sub(resolve, value)


def _conditions_met_as_aws(conditions, context):
    """A statement with a variable that the request has no value for does not match.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    """
    try:
        conditions = {
            operator: {key: _without_variables(value, context) for key, value in keys.items()}
            for operator, keys in (conditions or {}).items()
        }
    except _Missing:
        return False
    return _conditions_met(conditions, context)


def _resource_arn_as_aws(service, method, path, headers, body, query_params, region, account_id):
    """A log group's ARN ends in ":*" in permissions, except in those for tags.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
    """
    arn = _resource_arn(service, method, path, headers, body, query_params, region, account_id)
    tags = headers.get("x-amz-target", "").endswith(("TagResource", "ListTagsForResource"))
    return f"{arn}:*" if service == "logs" and ":log-group:" in arn and not arn.endswith(":*") and not tags else arn


def _execution_credentials_as_aws(config):
    credentials = _execution_credentials(config)
    arn = config.get("FunctionArn", "")
    # https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
    _function_of_key[credentials["AWS_ACCESS_KEY_ID"]] = ":".join(arn.split(":")[:7])
    return credentials


def _principal_keys_as_aws(credential):
    source_identity = (sts._sessions.get(credential.access_key_id) or {}).get("SourceIdentity")
    added = {
        "aws:sourceidentity": source_identity,
        "lambda:sourcefunctionarn": _function_of_key.get(credential.access_key_id),
    }
    return {**_principal_keys(credential), **{key: value for key, value in added.items() if value}}


def _register_session_as_aws(access_key, session):
    source_identity = _assume_role_parameters().get("SourceIdentity")
    return _register_session(access_key, {**session, **({"SourceIdentity": source_identity} if source_identity else {})})


def install():
    iam_evaluator._resolve_condition_key = _condition_key_as_aws
    iam_actions.s3_service_context = _s3_context_as_aws
    iam_evaluator.evaluate_trust_policy = _trust_as_aws
    iam_evaluator.enforce = _enforce_as_aws
    iam_evaluator._principal_keys = _principal_keys_as_aws
    iam_evaluator._conditions_met = _conditions_met_as_aws
    iam_actions.extract_resource_arn = _resource_arn_as_aws
    lambda_runtime.execution_credentials = _execution_credentials_as_aws
    lambda_svc.execution_credentials = _execution_credentials_as_aws
    sts.handle_request = _handle_sts_as_aws
    sts.register_session = _register_session_as_aws
