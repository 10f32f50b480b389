"""Resource types that moto's CloudFormation lacks, created through moto's own service APIs.

Each type is made by the calls that CloudFormation makes, with the properties that moto's CloudFormation hands on after it has
resolved every reference. boto3 checks each call against AWS's own service model before it is sent, and moto's service decides
whether to accept it. A type that neither CloudFormation nor the service of moto has is left out, and unsupported.ts says so.
"""

import os
import sys

import moto.cloudformation.parsing  # noqa: F401 -- loads moto's own types, which those below come after and take the place of
from moto.apigateway.models import Deployment
from moto.core.common_models import CloudFormationModel

import api_gateway_types
import s3_types
from service import as_text, client, lower, provider_name, shallow, tags


def trail(name, properties):
    creating = {key: value for key, value in properties.items() if key in (
        "S3BucketName", "S3KeyPrefix", "SnsTopicName", "IncludeGlobalServiceEvents", "IsMultiRegionTrail", "CloudWatchLogsLogGroupArn",
        "CloudWatchLogsRoleArn", "IsOrganizationTrail")}
    service = client("cloudtrail")
    answer = service.create_trail(
        Name=name, EnableLogFileValidation=properties["EnableLogFileValidation"], KmsKeyId=properties["KMSKeyId"], **creating)
    service.put_event_selectors(TrailName=name, AdvancedEventSelectors=properties["AdvancedEventSelectors"])
    if properties["IsLogging"]:
        service.start_logging(Name=name)
    return name, {"Arn": answer["TrailARN"]}


def named_query(name, properties):
    answer = client("athena").create_named_query(**{**properties, "Name": name})
    return answer["NamedQueryId"], {"NamedQueryId": answer["NamedQueryId"]}


def work_group(name, properties):
    client("athena").create_work_group(
        Name=name, Configuration=properties["WorkGroupConfiguration"], Description=properties["Description"], Tags=tags(properties))
    return name, {}


def alarm(name, properties):
    service = client("cloudwatch")
    service.put_metric_alarm(**{**properties, "AlarmName": name})
    return name, {"Arn": service.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["AlarmArn"]}


def insight_rule(name, properties):
    client("cloudwatch").put_insight_rule(RuleName=name, RuleState=properties["RuleState"], RuleDefinition=properties["RuleBody"])
    return name, {"RuleName": name}


def key(name, properties):
    """moto's own type keeps the policy of a key in a form that its service cannot read."""
    service = client("kms")
    about = service.create_key(
        Policy=as_text(properties["KeyPolicy"]), Description=properties.get("Description", ""),
        KeySpec=properties.get("KeySpec", "SYMMETRIC_DEFAULT"), KeyUsage=properties.get("KeyUsage", "ENCRYPT_DECRYPT"))["KeyMetadata"]
    if properties.get("EnableKeyRotation"):
        service.enable_key_rotation(KeyId=about["KeyId"])
    return about["KeyId"], {"Arn": about["Arn"], "KeyId": about["KeyId"]}


def role(name, properties):
    iam, name = client("iam"), properties.get("RoleName", name)
    arn = iam.create_role(
        RoleName=name, AssumeRolePolicyDocument=as_text(properties["AssumeRolePolicyDocument"]),
        **{key: properties[key] for key in ("Description", "MaxSessionDuration", "Path") if key in properties})["Role"]["Arn"]
    for policy in properties.get("ManagedPolicyArns", []):
        iam.attach_role_policy(RoleName=name, PolicyArn=policy)
    for policy in properties.get("Policies", []):
        iam.put_role_policy(RoleName=name, PolicyName=policy["PolicyName"], PolicyDocument=as_text(policy["PolicyDocument"]))
    return name, {"Arn": arn}


def glue_database(name, properties):
    client("glue").create_database(CatalogId=properties["CatalogId"], DatabaseInput=properties["DatabaseInput"])
    return properties["DatabaseInput"]["Name"], {}


def glue_table(name, properties):
    client("glue").create_table(
        CatalogId=properties["CatalogId"], DatabaseName=properties["DatabaseName"], TableInput=properties["TableInput"])
    return properties["TableInput"]["Name"], {}


def metric_filter(name, properties):
    transformations = [
        # CloudFormation has a list of dimensions, the API a map.
        {**lower({key: value for key, value in each.items() if key != "Dimensions"}),
         **({"dimensions": {one["Key"]: one["Value"] for one in each["Dimensions"]}} if "Dimensions" in each else {})}
        for each in properties["MetricTransformations"]]
    client("logs").put_metric_filter(
        filterName=name, logGroupName=properties["LogGroupName"], filterPattern=properties["FilterPattern"],
        metricTransformations=transformations)
    return name, {}


def log_group(name, properties):
    name = properties.get("LogGroupName", name)
    service = client("logs")
    service.create_log_group(logGroupName=name, **shallow(properties, "KmsKeyId"))
    if "RetentionInDays" in properties:
        service.put_retention_policy(logGroupName=name, retentionInDays=properties["RetentionInDays"])
    return name, {"Arn": f"arn:aws:logs:{os.environ['AWS_REGION']}:{os.environ['MOTO_ACCOUNT_ID']}:log-group:{name}:*"}


def function(name, properties):
    name = properties.get("FunctionName", name)
    service = client("lambda")
    creating = {key: value for key, value in properties.items() if key not in ("ReservedConcurrentExecutions", "FunctionName")}
    arn = service.create_function(FunctionName=name, **creating)["FunctionArn"]
    if "ReservedConcurrentExecutions" in properties:
        service.put_function_concurrency(
            FunctionName=name, ReservedConcurrentExecutions=properties["ReservedConcurrentExecutions"])
    return name, {"Arn": arn}


def topic_policy(name, properties):
    for topic in properties["Topics"]:
        client("sns").set_topic_attributes(
            TopicArn=topic, AttributeName="Policy", AttributeValue=as_text(properties["PolicyDocument"]))
    return name, {}


def function_version(name, properties):
    answer = client("lambda").publish_version(FunctionName=properties["FunctionName"])
    return answer["FunctionArn"], {"Version": answer["Version"]}


def function_alias(name, properties):
    answer = client("lambda").create_alias(
        FunctionName=properties["FunctionName"], FunctionVersion=properties["FunctionVersion"], Name=properties["Name"])
    return answer["AliasArn"], {"AliasArn": answer["AliasArn"]}


def scalable_target(name, properties):
    client("application-autoscaling").register_scalable_target(**properties)
    return "|".join(properties[key] for key in ("ResourceId", "ScalableDimension", "ServiceNamespace")), {}


def scaling_policy(name, properties):
    resource_id, dimension, namespace = properties["ScalingTargetId"].split("|")
    answer = client("application-autoscaling").put_scaling_policy(
        ResourceId=resource_id, ScalableDimension=dimension, ServiceNamespace=namespace,
        **{key: value for key, value in properties.items() if key != "ScalingTargetId"})
    return answer["PolicyARN"], {"Arn": answer["PolicyARN"]}


def subscription(name, properties):
    answer = client("sns").subscribe(**properties, ReturnSubscriptionArn=True)
    return answer["SubscriptionArn"], {"Arn": answer["SubscriptionArn"]}


def user_pool(name, properties):
    service = client("cognito-idp")
    creating = {key: value for key, value in properties.items() if key not in ("EnabledMfas", "MfaConfiguration")}
    pool = service.create_user_pool(PoolName=name, **creating)["UserPool"]
    if properties.get("EnabledMfas") == ["SOFTWARE_TOKEN_MFA"]:
        service.set_user_pool_mfa_config(
            UserPoolId=pool["Id"], MfaConfiguration=properties["MfaConfiguration"], SoftwareTokenMfaConfiguration={"Enabled": True})
    return pool["Id"], {"Arn": pool["Arn"], "UserPoolId": pool["Id"], "ProviderName": provider_name(pool)}


def user_pool_domain(name, properties):
    client("cognito-idp").create_user_pool_domain(**properties)
    return properties["Domain"], {}


def user_pool_client(name, properties):
    answer = client("cognito-idp").create_user_pool_client(ClientName=properties.get("ClientName", name), **properties)
    return answer["UserPoolClient"]["ClientId"], {"ClientId": answer["UserPoolClient"]["ClientId"]}


def user_pool_group(name, properties):
    client("cognito-idp").create_group(**properties)
    return properties["GroupName"], {}


def web_acl(name, properties):
    acl = client("wafv2").create_web_acl(**{**properties, "Name": properties.get("Name", name)})["Summary"]
    return f"{acl['Name']}|{acl['Id']}|{properties['Scope']}", {"Arn": acl["ARN"], "Id": acl["Id"]}


def web_acl_association(name, properties):
    client("wafv2").associate_web_acl(WebACLArn=properties["WebACLArn"], ResourceArn=properties["ResourceArn"])
    return f"{properties['WebACLArn']}|{properties['ResourceArn']}", {}


def web_acl_logging(name, properties):
    client("wafv2").put_logging_configuration(LoggingConfiguration=properties)
    return properties["ResourceArn"], {}


def taught(type_name, create, name_property=None):
    """A model of moto's CloudFormation for one type."""

    class Taught(CloudFormationModel):
        # moto keeps count of its models by the second word of their module.
        __module__ = "emulator.resource_types"

        def __init__(self, physical_id, attributes):
            self.physical_id = physical_id
            self.attributes = attributes

        @property
        def physical_resource_id(self):
            return self.physical_id

        @staticmethod
        def cloudformation_name_type():
            return name_property

        @staticmethod
        def cloudformation_type():
            return type_name

        @classmethod
        def has_cfn_attr(cls, attr):
            return True

        def get_cfn_attribute(self, attribute_name):
            return self.attributes[attribute_name]

        @classmethod
        def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
            try:
                return cls(*create(resource_name, cloudformation_json["Properties"]))
            except Exception as error:
                print(f"{kwargs['LogicalId']} ({type_name}) was not created: {error}", file=sys.stderr, flush=True)
                raise

    return Taught


# moto's own deployments of an API have no physical id, so that nothing could refer to them.
Deployment.physical_resource_id = property(lambda self: self.id)

# CloudFormationModel finds its subclasses by itself; they must only live.
TAUGHT = [
    taught("AWS::ApiGateway::Authorizer", api_gateway_types.api_authorizer),
    taught("AWS::ApiGateway::GatewayResponse", api_gateway_types.gateway_response),
    taught("AWS::ApiGateway::Method", api_gateway_types.api_method),
    taught("AWS::ApiGateway::Model", api_gateway_types.api_model, "Name"),
    taught("AWS::ApiGateway::RequestValidator", api_gateway_types.rest_api_part("create_request_validator", "id")),
    taught("AWS::ApiGateway::RestApi", api_gateway_types.rest_api),
    taught("AWS::ApiGateway::Stage", api_gateway_types.stage),
    taught("AWS::ApplicationAutoScaling::ScalableTarget", scalable_target),
    taught("AWS::ApplicationAutoScaling::ScalingPolicy", scaling_policy),
    taught("AWS::Athena::NamedQuery", named_query, "Name"),
    taught("AWS::Athena::WorkGroup", work_group, "Name"),
    taught("AWS::CloudTrail::Trail", trail, "TrailName"),
    taught("AWS::CloudWatch::Alarm", alarm, "AlarmName"),
    taught("AWS::CloudWatch::InsightRule", insight_rule, "RuleName"),
    taught("AWS::Cognito::UserPool", user_pool),
    taught("AWS::Cognito::UserPoolClient", user_pool_client),
    taught("AWS::Cognito::UserPoolDomain", user_pool_domain, "Domain"),
    taught("AWS::Cognito::UserPoolGroup", user_pool_group),
    taught("AWS::Glue::Database", glue_database),
    taught("AWS::Glue::Table", glue_table),
    taught("AWS::IAM::Role", role, "RoleName"),
    taught("AWS::KMS::Key", key),
    taught("AWS::Lambda::Alias", function_alias),
    taught("AWS::Lambda::Function", function, "FunctionName"),
    taught("AWS::Lambda::Version", function_version),
    taught("AWS::Logs::LogGroup", log_group, "LogGroupName"),
    taught("AWS::Logs::MetricFilter", metric_filter, "FilterName"),
    taught("AWS::S3::Bucket", s3_types.bucket, "BucketName"),
    taught("AWS::S3::BucketPolicy", s3_types.bucket_policy),
    taught("AWS::SNS::Subscription", subscription),
    taught("AWS::SNS::TopicPolicy", topic_policy),
    taught("AWS::WAFv2::LoggingConfiguration", web_acl_logging),
    taught("AWS::WAFv2::WebACL", web_acl, "Name"),
    taught("AWS::WAFv2::WebACLAssociation", web_acl_association),
]
