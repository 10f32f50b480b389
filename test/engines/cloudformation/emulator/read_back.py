"""Reads every resource of a stack back through the API of its service, in the words that the template has for it.

Prints a JSON object: for each logical id its type, physical id, ARN where it has one, and the properties as the service tells them.
"""

import json
import sys

import api_gateway_readers
import s3_readers
from answers import document, upper, without_none
from service import client, provider_name


def pages(service, operation, key, **arguments):
    paginator = client(service).get_paginator(operation)
    return [item for page in paginator.paginate(**arguments) for item in page.get(key, [])]


def key(key_id, _):
    kms = client("kms")
    about = kms.describe_key(KeyId=key_id)["KeyMetadata"]
    rotation = about["KeySpec"] == "SYMMETRIC_DEFAULT" and kms.get_key_rotation_status(KeyId=key_id)["KeyRotationEnabled"]
    policy = document(kms.get_key_policy(KeyId=key_id, PolicyName="default")["Policy"])
    return {"Arn": about["Arn"]}, {
        "Description": about["Description"], "KeySpec": about["KeySpec"], "KeyUsage": about["KeyUsage"],
        "EnableKeyRotation": rotation or None, "KeyPolicy": policy}


def role(name, _):
    iam = client("iam")
    found = iam.get_role(RoleName=name)["Role"]
    attached = [each["PolicyArn"] for each in pages("iam", "list_attached_role_policies", "AttachedPolicies", RoleName=name)]
    return {"Arn": found["Arn"]}, {
        "AssumeRolePolicyDocument": found["AssumeRolePolicyDocument"], "Description": found.get("Description"),
        "MaxSessionDuration": found["MaxSessionDuration"], "ManagedPolicyArns": attached, "RoleName": name}


def managed_policy(arn, _):
    iam = client("iam")
    policy = iam.get_policy(PolicyArn=arn)["Policy"]
    version = iam.get_policy_version(PolicyArn=arn, VersionId=policy["DefaultVersionId"])["PolicyVersion"]
    roles = pages("iam", "list_entities_for_policy", "PolicyRoles", PolicyArn=arn)
    return {"Arn": arn}, {
        "PolicyDocument": version["Document"], "Description": policy.get("Description"), "Path": policy["Path"],
        "Roles": [each["RoleName"] for each in roles]}


def trail(name, _):
    service = client("cloudtrail")
    found = service.get_trail(Name=name)["Trail"]
    selectors = service.get_event_selectors(TrailName=name)["AdvancedEventSelectors"]
    return {"Arn": found["TrailARN"]}, {
        "TrailName": found["Name"], "S3BucketName": found["S3BucketName"], "S3KeyPrefix": found.get("S3KeyPrefix"),
        "IncludeGlobalServiceEvents": found["IncludeGlobalServiceEvents"], "IsMultiRegionTrail": found["IsMultiRegionTrail"],
        "EnableLogFileValidation": found["LogFileValidationEnabled"], "KMSKeyId": found.get("KmsKeyId"),
        "CloudWatchLogsLogGroupArn": found.get("CloudWatchLogsLogGroupArn"), "CloudWatchLogsRoleArn": found.get("CloudWatchLogsRoleArn"),
        "IsLogging": service.get_trail_status(Name=name)["IsLogging"], "AdvancedEventSelectors": selectors}


def named_query(query_id, _):
    return {"NamedQueryId": query_id}, client("athena").get_named_query(NamedQueryId=query_id)["NamedQuery"]


def work_group(name, _):
    found = client("athena").get_work_group(WorkGroup=name)["WorkGroup"]
    return {}, {"Name": found["Name"], "Description": found.get("Description"), "WorkGroupConfiguration": found["Configuration"]}


def alarm(name, _):
    [found] = client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return {"Arn": found["AlarmArn"]}, found


def dashboard(name, _):
    return {}, {"DashboardBody": document(client("cloudwatch").get_dashboard(DashboardName=name)["DashboardBody"])}


def insight_rule(name, _):
    [found] = [each for each in client("cloudwatch").describe_insight_rules()["InsightRules"] if each["Name"] == name]
    return {"RuleName": name}, {"RuleName": found["Name"], "RuleState": found["State"], "RuleBody": document(found["Definition"])}


def rule(name, properties):
    service = client("events")
    found = service.describe_rule(Name=name.split("/")[-1])
    targets = service.list_targets_by_rule(Rule=found["Name"])["Targets"]
    return {"Arn": found["Arn"]}, {
        "Name": found["Name"], "Description": found.get("Description"), "State": found["State"],
        "EventPattern": document(found["EventPattern"]), "Targets": targets}


def glue_database(name, properties):
    found = client("glue").get_database(Name=name)["Database"]
    return {}, {"CatalogId": found["CatalogId"], "DatabaseInput": found}


def glue_table(name, properties):
    found = client("glue").get_table(DatabaseName=properties["DatabaseName"], Name=name)["Table"]
    return {}, {"CatalogId": found["CatalogId"], "DatabaseName": found["DatabaseName"], "TableInput": found}


def log_group(name, _):
    [found] = [each for each in client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"] if each["logGroupName"] == name]
    return {"Arn": found["arn"]}, {
        "LogGroupName": name, "RetentionInDays": found.get("retentionInDays"), "KmsKeyId": found.get("kmsKeyId")}


def metric_filter(name, properties):
    group = properties["LogGroupName"]
    [found] = client("logs").describe_metric_filters(logGroupName=group, filterNamePrefix=name)["metricFilters"]
    transformations = [
        {**upper({key: value for key, value in each.items() if key != "dimensions"}),
         **({"Dimensions": [{"Key": key, "Value": value} for key, value in each["dimensions"].items()]} if each.get("dimensions") else {})}
        for each in found["metricTransformations"]]
    return {}, {"LogGroupName": group, "FilterPattern": found["filterPattern"], "MetricTransformations": transformations}


def resource_policy(name, _):
    [found] = [each for each in client("logs").describe_resource_policies()["resourcePolicies"] if each["policyName"] == name]
    return {}, {"PolicyName": name, "PolicyDocument": document(found["policyDocument"])}


def function(name, _):
    service = client("lambda")
    found = service.get_function(FunctionName=name)
    configuration = found["Configuration"]
    return {"Arn": configuration["FunctionArn"]}, {
        **configuration, "ReservedConcurrentExecutions": found.get("Concurrency", {}).get("ReservedConcurrentExecutions")}


def permission(_, properties):
    name, asked = properties["FunctionName"], properties.get("SourceArn")
    statements = document(client("lambda").get_policy(FunctionName=name)["Policy"])["Statement"]
    [found] = [each for each in statements if each.get("Condition", {}).get("ArnLike", {}).get("AWS:SourceArn") == asked]
    return {}, {"Action": found["Action"], "FunctionName": name, "Principal": found["Principal"]["Service"], "SourceArn": asked}


def function_version(arn, _):
    found = client("lambda").get_function_configuration(FunctionName=":".join(arn.split(":")[:7]), Qualifier=arn.split(":")[-1])
    return {"Version": found["Version"]}, {"FunctionName": found["FunctionName"]}


def function_alias(arn, _):
    found = client("lambda").get_alias(FunctionName=":".join(arn.split(":")[:7]), Name=arn.split(":")[-1])
    return {}, {**found, "FunctionName": arn.split(":")[6]}


def topic(arn, _):
    found = client("sns").get_topic_attributes(TopicArn=arn)["Attributes"]
    return {"Arn": arn}, found


def topic_policy(_, properties):
    return {}, {"Topics": properties["Topics"], "PolicyDocument": document(
        client("sns").get_topic_attributes(TopicArn=properties["Topics"][0])["Attributes"]["Policy"])}


def subscription(arn, _):
    [found] = [each for each in pages("sns", "list_subscriptions", "Subscriptions") if each["SubscriptionArn"] == arn]
    return {}, found


def parameter(name, _):
    found = client("ssm").get_parameter(Name=name)["Parameter"]
    [about] = client("ssm").describe_parameters(ParameterFilters=[{"Key": "Name", "Values": [name]}])["Parameters"]
    return {}, {**about, **found}


def scalable_target(physical_id, properties):
    found = client("application-autoscaling").describe_scalable_targets(
        ServiceNamespace="lambda", ResourceIds=[physical_id.split("|")[0]])["ScalableTargets"]
    return {}, found[0]


def scaling_policy(arn, _):
    found = client("application-autoscaling").describe_scaling_policies(ServiceNamespace="lambda")["ScalingPolicies"]
    [policy] = [each for each in found if each["PolicyARN"] == arn]
    return {}, {**policy, "ScalingTargetId": "|".join(policy[name] for name in ("ResourceId", "ScalableDimension", "ServiceNamespace"))}


def user_pool(pool, _):
    found = client("cognito-idp").describe_user_pool(UserPoolId=pool)["UserPool"]
    mfa = client("cognito-idp").get_user_pool_mfa_config(UserPoolId=pool)
    tokens = mfa.get("SoftwareTokenMfaConfiguration", {}).get("Enabled")
    return {"Arn": found["Arn"], "ProviderName": provider_name(found)}, {
        **found, "EnabledMfas": ["SOFTWARE_TOKEN_MFA"] if tokens else [], "MfaConfiguration": mfa.get("MfaConfiguration")}


def user_pool_client(client_id, properties):
    found = client("cognito-idp").describe_user_pool_client(UserPoolId=properties["UserPoolId"], ClientId=client_id)["UserPoolClient"]
    return {}, {**found, "GenerateSecret": "ClientSecret" in found}


def user_pool_domain(name, _):
    return {}, client("cognito-idp").describe_user_pool_domain(Domain=name)["DomainDescription"]


def user_pool_group(name, properties):
    return {}, client("cognito-idp").get_group(UserPoolId=properties["UserPoolId"], GroupName=name)["Group"]


def web_acl(physical_id, _):
    name, acl_id, scope = physical_id.split("|")
    found = client("wafv2").get_web_acl(Name=name, Id=acl_id, Scope=scope)["WebACL"]
    return {"Arn": found["ARN"]}, {**found, "Scope": scope}


def web_acl_logging(arn, _):
    return {}, client("wafv2").get_logging_configuration(ResourceArn=arn)["LoggingConfiguration"]


def web_acl_association(_, properties):
    resource = properties["ResourceArn"]
    return {}, {"ResourceArn": resource, "WebACLArn": client("wafv2").get_web_acl_for_resource(ResourceArn=resource)["WebACL"]["ARN"]}


def security_group(group_id, _):
    [found] = client("ec2").describe_security_groups(GroupIds=[group_id])["SecurityGroups"]
    outgoing = [{"IpProtocol": each["IpProtocol"], "CidrIp": ip["CidrIp"],
                 **{name: each[name] for name in ("FromPort", "ToPort") if name in each},
                 **({"Description": ip["Description"]} if "Description" in ip else {})}
                for each in found["IpPermissionsEgress"] for ip in each["IpRanges"]]
    return {"GroupId": group_id}, {
        "GroupDescription": found["Description"], "GroupName": found["GroupName"], "VpcId": found["VpcId"], "SecurityGroupEgress": outgoing}


READERS = {
    **api_gateway_readers.READERS,
    "AWS::ApplicationAutoScaling::ScalableTarget": scalable_target,
    "AWS::ApplicationAutoScaling::ScalingPolicy": scaling_policy,
    "AWS::Athena::NamedQuery": named_query,
    "AWS::Athena::WorkGroup": work_group,
    "AWS::CloudTrail::Trail": trail,
    "AWS::CloudWatch::Alarm": alarm,
    "AWS::CloudWatch::Dashboard": dashboard,
    "AWS::CloudWatch::InsightRule": insight_rule,
    "AWS::Cognito::UserPool": user_pool,
    "AWS::Cognito::UserPoolClient": user_pool_client,
    "AWS::Cognito::UserPoolDomain": user_pool_domain,
    "AWS::Cognito::UserPoolGroup": user_pool_group,
    "AWS::EC2::SecurityGroup": security_group,
    "AWS::Events::Rule": rule,
    "AWS::Glue::Database": glue_database,
    "AWS::Glue::Table": glue_table,
    "AWS::IAM::ManagedPolicy": managed_policy,
    "AWS::IAM::Role": role,
    "AWS::KMS::Key": key,
    "AWS::Lambda::Alias": function_alias,
    "AWS::Lambda::Function": function,
    "AWS::Lambda::Permission": permission,
    "AWS::Lambda::Version": function_version,
    "AWS::Logs::LogGroup": log_group,
    "AWS::Logs::MetricFilter": metric_filter,
    "AWS::Logs::ResourcePolicy": resource_policy,
    "AWS::S3::Bucket": s3_readers.bucket,
    "AWS::S3::BucketPolicy": s3_readers.bucket_policy,
    "AWS::SNS::Subscription": subscription,
    "AWS::SNS::Topic": topic,
    "AWS::SNS::TopicPolicy": topic_policy,
    "AWS::SSM::Parameter": parameter,
    "AWS::WAFv2::LoggingConfiguration": web_acl_logging,
    "AWS::WAFv2::WebACL": web_acl,
    "AWS::WAFv2::WebACLAssociation": web_acl_association,
}

# On standard input, by logical id: type, physical id, and those properties that name a resource besides, references resolved.
REQUEST = json.load(sys.stdin)
ANSWER = {}
for logical_id, resource in REQUEST.items():
    attributes, properties = READERS[resource["Type"]](resource["PhysicalId"], resource["Keys"])
    ANSWER[logical_id] = {"Attributes": attributes, "Properties": without_none(properties)}
print(json.dumps(ANSWER, default=str))
