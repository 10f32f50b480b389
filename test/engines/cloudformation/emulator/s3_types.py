"""How the resource types of S3 are created; see resource_types.py."""

import os

from service import as_text, client


def bucket(name, properties):
    s3, name = client("s3"), properties.get("BucketName", name)
    s3.create_bucket(
        Bucket=name, ObjectLockEnabledForBucket=properties.get("ObjectLockEnabled", False),
        CreateBucketConfiguration={"LocationConstraint": os.environ["AWS_REGION"]})

    def put(operation, argument, value):
        if value:
            getattr(s3, operation)(Bucket=name, **{argument: value})

    put("put_bucket_versioning", "VersioningConfiguration", properties.get("VersioningConfiguration"))
    put("put_public_access_block", "PublicAccessBlockConfiguration", properties.get("PublicAccessBlockConfiguration"))
    put("put_bucket_ownership_controls", "OwnershipControls", properties.get("OwnershipControls"))
    put("put_object_lock_configuration", "ObjectLockConfiguration", properties.get("ObjectLockConfiguration"))
    encryption = properties.get("BucketEncryption", {}).get("ServerSideEncryptionConfiguration", [])
    put("put_bucket_encryption", "ServerSideEncryptionConfiguration", encryption and {"Rules": [
        {("ApplyServerSideEncryptionByDefault" if key == "ServerSideEncryptionByDefault" else key): value for key, value in rule.items()}
        for rule in encryption]})
    lifecycle = properties.get("LifecycleConfiguration")
    put("put_bucket_lifecycle_configuration", "LifecycleConfiguration", lifecycle and {"Rules": list(map(lifecycle_rule, lifecycle["Rules"]))})
    events = properties.get("NotificationConfiguration", {}).get("EventBridgeConfiguration")
    put("put_bucket_notification_configuration", "NotificationConfiguration", events and {"EventBridgeConfiguration": {}})
    for inventory in properties.get("InventoryConfigurations", []):
        s3.put_bucket_inventory_configuration(Bucket=name, Id=inventory["Id"], InventoryConfiguration=inventory_configuration(inventory))
    return name, {"Arn": f"arn:aws:s3:::{name}"}


def lifecycle_rule(rule):
    expiration = {api: rule[key] for key, api in (
        ("ExpirationInDays", "Days"), ("ExpiredObjectDeleteMarker", "ExpiredObjectDeleteMarker")) if key in rule}
    return {
        "ID": rule["Id"], "Status": rule["Status"], "Filter": {"Prefix": rule.get("Prefix", "")},
        **({"Expiration": expiration} if expiration else {}),
        **{key: rule[key] for key in ("AbortIncompleteMultipartUpload", "NoncurrentVersionExpiration") if key in rule},
        **{key: [{"StorageClass": each["StorageClass"], days: each["TransitionInDays"]} for each in rule[key]]
           for key, days in (("Transitions", "Days"), ("NoncurrentVersionTransitions", "NoncurrentDays")) if key in rule}}


def inventory_configuration(inventory):
    destination = inventory["Destination"]
    return {
        "Id": inventory["Id"], "IsEnabled": inventory["Enabled"], "IncludedObjectVersions": inventory["IncludedObjectVersions"],
        "Schedule": {"Frequency": inventory["ScheduleFrequency"]}, "OptionalFields": inventory.get("OptionalFields", []),
        "Destination": {"S3BucketDestination": {
            "Bucket": destination["BucketArn"], "Format": destination["Format"],
            **({"AccountId": destination["BucketAccountId"]} if "BucketAccountId" in destination else {}),
            **({"Prefix": destination["Prefix"]} if "Prefix" in destination else {})}}}


def bucket_policy(name, properties):
    client("s3").put_bucket_policy(Bucket=properties["Bucket"], Policy=as_text(properties["PolicyDocument"]))
    return properties["Bucket"], {}
