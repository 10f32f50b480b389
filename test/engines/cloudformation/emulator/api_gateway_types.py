"""How the resource types of API Gateway are created; see resource_types.py."""

from service import as_text, client, lower, shallow


def rest_api_part(operation, id_name):
    def create(name, properties):
        answer = getattr(client("apigateway"), operation)(**lower(properties))
        return answer[id_name], {}
    return create


def gateway_response(name, properties):
    client("apigateway").put_gateway_response(
        restApiId=properties["RestApiId"], responseType=properties["ResponseType"],
        **shallow(properties, "StatusCode", "ResponseParameters", "ResponseTemplates"))
    return name, {}


def api_model(name, properties):
    client("apigateway").create_model(
        restApiId=properties["RestApiId"], name=properties.get("Name", name), contentType=properties["ContentType"],
        description=properties.get("Description", ""), schema=as_text(properties["Schema"]))
    return properties.get("Name", name), {}


def stage(name, properties):
    service = client("apigateway")
    named = {"restApiId": properties["RestApiId"], "stageName": properties["StageName"]}
    service.create_stage(
        deploymentId=properties["DeploymentId"], tracingEnabled=properties.get("TracingEnabled", False),
        description=properties.get("Description", ""), **named)
    settings = properties.get("AccessLogSetting", {})
    operations = [
        {"op": "replace", "path": f"/accessLogSettings/{key[:1].lower()}{key[1:]}", "value": value} for key, value in settings.items()]
    paths = {"LoggingLevel": "logging/loglevel", "MetricsEnabled": "metrics/enabled", "DataTraceEnabled": "logging/dataTrace",
             "ThrottlingRateLimit": "throttling/rateLimit", "ThrottlingBurstLimit": "throttling/burstLimit"}
    for setting in properties.get("MethodSettings", []):
        resource = setting["ResourcePath"].strip("/").replace("/", "~1") or "~1"
        method = f"/{resource if resource != '~1' or setting['HttpMethod'] != '*' else '*'}/{setting['HttpMethod']}"
        operations += [
            {"op": "replace", "path": f"{method}/{paths[key]}", "value": str(value).lower() if isinstance(value, bool) else str(value)}
            for key, value in setting.items() if key in paths]
    for operation in operations:
        service.update_stage(patchOperations=[operation], **named)
    return properties["StageName"], {}


def api_authorizer(name, properties):
    answer = client("apigateway").create_authorizer(
        restApiId=properties["RestApiId"], name=properties["Name"], type=properties["Type"], providerARNs=properties["ProviderARNs"],
        identitySource=properties["IdentitySource"])
    return answer["id"], {"AuthorizerId": answer["id"]}


def rest_api(name, properties):
    service = client("apigateway")
    api = service.create_rest_api(
        **{**shallow(properties, "Name", "Description", "DisableExecuteApiEndpoint", "SecurityPolicy", "EndpointAccessMode"),
           "endpointConfiguration": lower(properties["EndpointConfiguration"])},
        policy=as_text(properties["Policy"]))
    return api["id"], {"RootResourceId": service.get_resources(restApiId=api["id"])["items"][0]["id"]}


def api_method(name, properties):
    service = client("apigateway")
    where = {"restApiId": properties["RestApiId"], "resourceId": properties["ResourceId"], "httpMethod": properties["HttpMethod"]}
    service.put_method(**where, **shallow(
        properties, "AuthorizationType", "AuthorizerId", "AuthorizationScopes", "OperationName", "RequestModels", "RequestParameters",
        "RequestValidatorId", "ApiKeyRequired"))
    integration = properties["Integration"]
    service.put_integration(**where, **shallow(
        integration, "Type", "IntegrationHttpMethod", "Uri", "TimeoutInMillis", "RequestParameters", "RequestTemplates"))
    return name, {}
