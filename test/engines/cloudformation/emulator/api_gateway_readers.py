"""How the resource types of API Gateway are read back; see read_back.py."""

from answers import document, upper
from service import client


def rest_api(api, _):
    found = upper(client("apigateway").get_rest_api(restApiId=api))
    policy = found.get("Policy")
    resources = client("apigateway").get_resources(restApiId=api, limit=500)["items"]
    root = [each["id"] for each in resources if each["path"] == "/"]
    return {"RootResourceId": root[0]}, {**found, "Policy": policy and document(policy.replace("\\\"", "\""))}


def of_api(read):
    def reader(physical_id, properties):
        return {}, {**read(client("apigateway"), properties["RestApiId"], physical_id, properties), "RestApiId": properties["RestApiId"]}
    return reader


def method(api, rest_api_id, _, properties):
    found = api.get_method(restApiId=rest_api_id, resourceId=properties["ResourceId"], httpMethod=properties["HttpMethod"])
    integration = found.get("methodIntegration", {})
    return {
        **upper({key: value for key, value in found.items() if key not in ("methodIntegration", "requestParameters", "requestModels")}),
        "RequestParameters": found.get("requestParameters"), "RequestModels": found.get("requestModels"),
        "ResourceId": properties["ResourceId"],
        "Integration": {**upper(integration), "IntegrationHttpMethod": integration.get("httpMethod")}}


def gateway_response(api, rest_api_id, _, properties):
    found = api.get_gateway_response(restApiId=rest_api_id, responseType=properties["ResponseType"])
    return {"ResponseType": found["responseType"], "StatusCode": found.get("statusCode"),
            "ResponseParameters": found.get("responseParameters"), "ResponseTemplates": found.get("responseTemplates")}


def model(api, rest_api_id, name, _):
    found = api.get_model(restApiId=rest_api_id, modelName=name)
    return {**upper({key: value for key, value in found.items() if key != "schema"}), "Schema": document(found["schema"])}


def stage(api, rest_api_id, name, _):
    found = api.get_stage(restApiId=rest_api_id, stageName=name)
    settings = [
        {"ResourcePath": "/" + path.rsplit("/", 1)[0].replace("~1", "/").strip("/"), "HttpMethod": path.rsplit("/", 1)[1],
         "LoggingLevel": each.get("loggingLevel"), "MetricsEnabled": each.get("metricsEnabled"),
         "DataTraceEnabled": each.get("dataTraceEnabled"), "ThrottlingRateLimit": each.get("throttlingRateLimit"),
         "ThrottlingBurstLimit": each.get("throttlingBurstLimit")} for path, each in found.get("methodSettings", {}).items()]
    return {"StageName": found["stageName"], "DeploymentId": found["deploymentId"], "TracingEnabled": found.get("tracingEnabled"),
            "AccessLogSetting": upper(found.get("accessLogSettings")), "MethodSettings": settings}


def whole(operation, **names):
    """An answer that has the template's names, but for their first letters."""
    def read(api, rest_api_id, physical_id, _):
        return upper(getattr(api, operation)(restApiId=rest_api_id, **{name: physical_id for name in names}))
    return read


READERS = {
    "AWS::ApiGateway::Authorizer": of_api(whole("get_authorizer", authorizerId=True)),
    "AWS::ApiGateway::Deployment": of_api(whole("get_deployment", deploymentId=True)),
    "AWS::ApiGateway::GatewayResponse": of_api(gateway_response),
    "AWS::ApiGateway::Method": of_api(method),
    "AWS::ApiGateway::Model": of_api(model),
    "AWS::ApiGateway::RequestValidator": of_api(whole("get_request_validator", requestValidatorId=True)),
    "AWS::ApiGateway::Resource": of_api(whole("get_resource", resourceId=True)),
    "AWS::ApiGateway::RestApi": rest_api,
    "AWS::ApiGateway::Stage": of_api(stage),
}
