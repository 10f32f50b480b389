"""Has CloudFormation set the resource policy of a function from AWS::Lambda::ResourcePolicy, which the local AWS does not know.

The policy replaces the function's statements for the same resource, as PutResourcePolicy does. Whether a request meets it
is decided by the local AWS, as for the statements of AddPermission.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-resourcepolicy.html
"""

from ministack.services.cloudformation import provisioners

_TYPE = "AWS::Lambda::ResourcePolicy"
_OWNER = "_resource_arn_of_policy"


def _policy_of(arn):
    function, *_ = provisioners._lambda_function_for_cfn_ref(arn)
    if function is None:
        raise ValueError(f"Function not found: {arn}")
    return function["policy"]


def _remove(arn):
    policy = _policy_of(arn)
    policy["Statement"] = [each for each in policy["Statement"] if each.get(_OWNER) != arn]
    return policy


def _put(props):
    arn = props["ResourceArn"]
    policy = _remove(arn)
    policy["Statement"] += [{**each, _OWNER: arn} for each in props["PolicyDocument"]["Statement"]]
    return arn


def _create(_logical_id, props, _stack_name):
    return _put(props), {}


def _update(_physical_id, _old_props, new_props, _stack_name):
    return _put(new_props), {}


def _delete(physical_id, _props):
    try:
        _remove(physical_id)
    except ValueError:
        pass  # The function is gone, and its policy with it.


def install():
    provisioners._RESOURCE_HANDLERS[_TYPE] = {"create": _create, "update": _update, "delete": _delete}
