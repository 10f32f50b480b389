import { Duration } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import type { StoreFunctions } from './store-functions';
import { acknowledge } from '../common/acknowledgements';
import { capitalized } from '../common/capitalized';
import { PAGE_SIZE_PARAMETER, PAGE_TOKEN_PARAMETER, ROUTES, type Route } from '../contract/routes';

/** Adds one method to the API for each route of the contract. */
export function addRoutes(
  scope: Construct, restApi: apigateway.RestApi, functions: StoreFunctions, authorizer?: apigateway.IAuthorizer,
  authorizationScopes?: string[],
): apigateway.Method[] {
  const requestValidator = new apigateway.RequestValidator(scope, 'RequestValidator', {
    restApi, validateRequestBody: true, validateRequestParameters: true,
  });
  const integrations = {
    upload: integrationOf(functions.upload),
    download: integrationOf(functions.download),
    registry: integrationOf(functions.registry),
  };
  return Object.entries<Route>(ROUTES).map(([name, route]) => {
    const method = restApi.root.resourceForPath(route.path).addMethod(route.method, integrations[route.function], {
      operationName: name,
      authorizationType: authorizer ? apigateway.AuthorizationType.COGNITO : apigateway.AuthorizationType.IAM,
      authorizer,
      authorizationScopes,
      requestValidator,
      requestParameters: requestParameters(route),
      requestModels: route.body && { 'application/json': bodyModel(scope, restApi, name, route) },
    });
    if (!authorizer) {
      acknowledge(method, 'COG4', 'The method requires AWS credentials (IAM), which allow finer permissions than a '
        + 'token; Cognito is available through the authentication property.');
    }
    return method;
  });
}

/** Describes the methods, to detect whether they have to be deployed again. */
export function routesFingerprint(functions: StoreFunctions): object {
  return Object.entries<Route>(ROUTES).map(([name, route]) => ({
    name,
    method: route.method,
    path: route.path,
    body: route.body,
    parameters: requestParameters(route),
    function: functions[route.function].functionArn,
  }));
}

/** A `LambdaIntegration` would also add permissions to the function; see `allowOnlyApi`. */
function integrationOf(fn: StoreFunctions['upload']): apigateway.AwsIntegration {
  return new apigateway.AwsIntegration({
    proxy: true,
    service: 'lambda',
    path: `2015-03-31/functions/${fn.functionArn}/invocations`,
    options: { timeout: Duration.seconds(29) },
  });
}

function requestParameters(route: Route): { [parameter: string]: boolean } {
  const required = [...route.path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => [`method.request.path.${name}`, true]);
  const paging = route.paged ? [PAGE_SIZE_PARAMETER, PAGE_TOKEN_PARAMETER] : [];
  const optional = paging.map((name) => [`method.request.querystring.${name}`, false]);
  return Object.fromEntries([...required, ...optional]) as { [parameter: string]: boolean };
}

function bodyModel(scope: Construct, restApi: apigateway.RestApi, name: string, route: Route): apigateway.Model {
  const title = `${capitalized(name)}Request`;
  return new apigateway.Model(scope, title, {
    restApi,
    modelName: title,
    contentType: 'application/json',
    description: route.summary,
    schema: { schema: apigateway.JsonSchemaVersion.DRAFT4, title, ...route.body as apigateway.JsonSchema },
  });
}
