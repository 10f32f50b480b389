"""Lets a deployment take over the buckets that it says exist (ImportExistingResources).

The local AWS finds them and would adopt them, but before that its validation of names refuses every bucket that exists, as
CloudFormation does with buckets that are to be made, and not with those that are to be taken over.
"""

import contextvars
import functools

from ministack.services.cloudformation import changesets, provisioners

_deploy = changesets._deploy_stack_async
_name_conflict = provisioners.s3_bucket_name_conflict
_taken_over = contextvars.ContextVar("buckets that the deployment takes over", default=frozenset())


@functools.wraps(_deploy)
async def _deploy_taking_over(*args, imports=None, **options):
    _taken_over.set(frozenset(identifier["BucketName"] for identifier in (imports or {}).values() if "BucketName" in identifier))
    return await _deploy(*args, imports=imports, **options)


def _conflict_but_of_those(name):
    return None if name in _taken_over.get() else _name_conflict(name)


def install():
    changesets._deploy_stack_async = _deploy_taking_over
    provisioners.s3_bucket_name_conflict = _conflict_but_of_those
