"""How the resource types of S3 are read back; see read_back.py."""

from answers import document, optional, without_none
from service import client


def bucket(name, _):
    s3 = client("s3")

    def listed(operation, key):
        return optional(lambda: getattr(s3, operation)(Bucket=name), key)

    encryption = listed("get_bucket_encryption", "ServerSideEncryptionConfiguration")
    logging = listed("get_bucket_logging", "LoggingEnabled")
    ownership = listed("get_bucket_ownership_controls", "OwnershipControls")
    lock = listed("get_object_lock_configuration", "ObjectLockConfiguration")
    lifecycle = optional(lambda: s3.get_bucket_lifecycle_configuration(Bucket=name))
    rules = [lifecycle_rule(rule) for rule in lifecycle["Rules"]] if lifecycle else None
    notifications = optional(lambda: s3.get_bucket_notification_configuration(Bucket=name)) or {}
    return {"Arn": f"arn:aws:s3:::{name}"}, {
        "BucketName": name,
        "VersioningConfiguration": {"Status": s3.get_bucket_versioning(Bucket=name).get("Status")},
        "BucketEncryption": encryption and {"ServerSideEncryptionConfiguration": [
            {**({"BucketKeyEnabled": rule["BucketKeyEnabled"]} if "BucketKeyEnabled" in rule else {}),
             **({"BlockedEncryptionTypes": rule["BlockedEncryptionTypes"]} if "BlockedEncryptionTypes" in rule else {}),
             "ServerSideEncryptionByDefault": rule["ApplyServerSideEncryptionByDefault"]} for rule in encryption["Rules"]]},
        "PublicAccessBlockConfiguration": listed("get_public_access_block", "PublicAccessBlockConfiguration"),
        "OwnershipControls": ownership,
        "LoggingConfiguration": logging and without_none({
            "DestinationBucketName": logging["TargetBucket"], "LogFilePrefix": logging.get("TargetPrefix"),
            "TargetObjectKeyFormat": logging.get("TargetObjectKeyFormat")}),
        "LifecycleConfiguration": rules and {
            "Rules": rules, "TransitionDefaultMinimumObjectSize": lifecycle.get("TransitionDefaultMinimumObjectSize")},
        "ObjectLockEnabled": (lock or {}).get("ObjectLockEnabled") == "Enabled" or None,
        "ObjectLockConfiguration": lock,
        "NotificationConfiguration": {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
        if "EventBridgeConfiguration" in notifications else None,
        "InventoryConfigurations": [inventory(each) for each in optional(
            lambda: s3.list_bucket_inventory_configurations(Bucket=name), "InventoryConfigurationList") or []],
    }


def inventory(found):
    destination = found["Destination"]["S3BucketDestination"]
    return {
        "Id": found["Id"], "Enabled": found["IsEnabled"], "IncludedObjectVersions": found["IncludedObjectVersions"],
        "ScheduleFrequency": found["Schedule"]["Frequency"], "OptionalFields": found.get("OptionalFields"),
        "Destination": {"BucketArn": destination["Bucket"], "BucketAccountId": destination.get("AccountId"),
                        "Format": destination["Format"], "Prefix": destination.get("Prefix")}}


def lifecycle_rule(rule):
    expiration = rule.get("Expiration", {})
    older = rule.get("NoncurrentVersionTransitions")
    chosen = rule.get("Filter", {})
    return without_none({
        "Id": rule.get("ID"), "Status": rule["Status"], "Prefix": chosen.get("Prefix") or rule.get("Prefix"),
        "ExpirationInDays": expiration.get("Days"), "ExpiredObjectDeleteMarker": expiration.get("ExpiredObjectDeleteMarker"),
        "AbortIncompleteMultipartUpload": rule.get("AbortIncompleteMultipartUpload"),
        "NoncurrentVersionExpiration": rule.get("NoncurrentVersionExpiration"),
        "NoncurrentVersionTransitions": older and [
            {"StorageClass": each["StorageClass"], "TransitionInDays": each["NoncurrentDays"]} for each in older],
        "Transitions": [{"StorageClass": each["StorageClass"], "TransitionInDays": each["Days"]} for each in rule["Transitions"]]
        if "Transitions" in rule else None,
    })


def bucket_policy(_, properties):
    name = properties["Bucket"]
    return {}, {"Bucket": name, "PolicyDocument": document(client("s3").get_bucket_policy(Bucket=name)["Policy"])}
