"""Has CloudFormation set the tags of a bucket, and refuse to delete one that is not empty, as on AWS.

The local AWS ignores the tags of a template, and throws a bucket away with whatever is in it. Whether a bucket is empty it
decides itself, as when somebody asks S3 to delete it.
"""

import functools

from ministack.services import s3
from ministack.services.cloudformation import provisioners

_handlers = provisioners._RESOURCE_HANDLERS["AWS::S3::Bucket"]
_create, _update, _delete = _handlers["create"], _handlers["update"], _handlers["delete"]


def _set_tags(name, props):
    tags = {tag["Key"]: tag["Value"] for tag in props.get("Tags", [])}
    if tags:
        s3._bucket_tags[name] = tags
    else:
        s3._bucket_tags.pop(name, None)


@functools.wraps(_create)
def _create_tagged(logical_id, props, stack_name):
    made = _create(logical_id, props, stack_name)
    _set_tags(made[0], props)
    return made


@functools.wraps(_update)
def _update_tagged(physical_id, old_props, new_props, stack_name):
    made = _update(physical_id, old_props, new_props, stack_name)
    _set_tags(physical_id, new_props)
    return made


@functools.wraps(_delete)
def _delete_empty(physical_id, props):
    bucket = s3._buckets.get(physical_id)
    if bucket is not None and (bucket["objects"] or s3._bucket_has_versions(physical_id)):
        raise ValueError(f"The bucket you tried to delete is not empty. You must delete all versions in the bucket. ({physical_id})")
    return _delete(physical_id, props)


def install():
    _handlers.update(create=_create_tagged, update=_update_tagged, delete=_delete_empty)
