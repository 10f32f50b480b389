import { Duration, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as cognito from 'aws-cdk-lib/aws-cognito';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ApiAuthentication } from './api-authentication';
import { addGatewayResponses, gatewayResponseOptions } from './api-gateway-responses';
import { ApiLogging } from './api-logging';
import { ApiLoggingRole } from './api-logging-role';
import { accessLogFormat, createApiLogs, type ApiLogs } from './api-logs';
import { apiResourcePolicy } from './api-resource-policy';
import { addRoutes, routesFingerprint } from './api-routes';
import { apiUserPool, issuerOf } from './api-user-pool';
import { requireEndpointActions } from './api-vpc-endpoints';
import { checkArtifactApi } from './artifact-api-checks';
import type { ArtifactApiProps } from './artifact-api-props';
import { allowOnlyApi } from './invocation-policy';
import { acknowledge } from '../common/acknowledgements';
import { Problems } from '../common/problems';
import type { TokenRules } from '../contract/environment';

/** With the default of 5 minutes, API Gateway could accept a token after it expired. */
const TOKEN_CACHE = Duration.seconds(0);

/**
 * The store's REST API. It has one method for each route, and each method requires IAM credentials or a Cognito token.
 *
 * Requests that do not match their JSON schema are rejected before a function runs, and API Gateway's own errors have
 * the same format as those of the functions.
 */
export class ArtifactApi extends Construct {
  /** The REST API. */
  public readonly restApi: apigateway.RestApi;
  /** The only stage of the API. */
  public readonly stage: apigateway.Stage;
  /** The name of the stage. */
  public readonly stageName: string;
  /** The URL of the API, without a trailing slash. */
  public readonly url: string;
  /** How the API authenticates callers. */
  public readonly authentication: ApiAuthentication;
  /** The user pool; undefined with IAM. */
  public readonly userPool?: cognito.IUserPool;
  /** The client that people sign in with; undefined with IAM, and for an existing pool whose client is not set. */
  public readonly userPoolClient?: cognito.IUserPoolClient;
  /** The log group with one line of JSON per request; undefined if the API does not log. */
  public readonly accessLogs?: logs.ILogGroup;

  /**
   * Sets the account's logging role if it has none; undefined unless `logging` is SET_ROLE_IF_NONE.
   *
   * @internal
   */
  public readonly _loggingRole?: ApiLoggingRole;

  /**
   * @param scope the scope to create the construct in
   * @param id the ID of the construct, unique within the scope
   * @param props the properties of the API
   */
  constructor(scope: Construct, id: string, props: ArtifactApiProps) {
    super(scope, id);
    this.authentication = props.authentication ?? ApiAuthentication.iam();
    this.stageName = props.stageName ?? 'v1';
    const problems = Problems.of(this);
    checkArtifactApi(problems, this, this.authentication, props);
    problems.throwIfAny('ArtifactApi');
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    if (this.authentication.mode === 'cognito') {
      const { userPool, userPoolClient } = apiUserPool(this, this.authentication, removalPolicy);
      this.userPool = userPool;
      this.userPoolClient = userPoolClient;
    }
    props.functions._authenticateBy(this.authentication, this.tokenRules());

    this.restApi = this.createRestApi(props);
    const methods = addRoutes(
      this, this.restApi, props.functions, this.authorizer(), this.authentication.cognitoOptions?.oauthScopes);
    allowOnlyApi(this, props.functions, this.restApi, this.stageName);
    const responses = addGatewayResponses(this, this.restApi);
    const deployment = this.createDeployment(props);
    deployment.node.addDependency(...methods, ...responses);

    const logging = {
      encryptionKey: props.logEncryptionKey ?? props.functions.logEncryptionKey,
      retention: props.logRetention ?? logs.RetentionDays.THIRTEEN_MONTHS,
      removalPolicy,
    };
    const apiLogging = props.logging ?? ApiLogging.SET_ROLE_IF_NONE;
    const apiLogs = apiLogging === ApiLogging.OFF ? undefined
      : createApiLogs(this, { restApi: this.restApi, stageName: this.stageName, ...logging });
    this.accessLogs = apiLogs?.accessLogs;
    this.stage = this.createStage(deployment, apiLogs, props);
    if (apiLogging === ApiLogging.SET_ROLE_IF_NONE) {
      this._loggingRole = new ApiLoggingRole(this, 'LoggingRole', logging);
      this.stage.node.addDependency(this._loggingRole.setting);
    }
    props.webApplicationFirewall?._protect(this, this.stage, logging);

    this.restApi.deploymentStage = this.stage;
    if (props.domainName) {
      this.restApi.addDomainName('DomainName', props.domainName);
    }
    this.url = this.clientUrl(props);
    requireEndpointActions(this, this.restApi, props);
  }

  /** Existing pools may have further clients, of services for example, and all of them are accepted. */
  private tokenRules(): TokenRules | undefined {
    const { userPool, oauthScopes: scopes } = this.authentication.cognitoOptions ?? {};
    return this.userPool && {
      issuer: issuerOf(this.userPool),
      use: scopes ? 'access' : 'id',
      clientId: userPool ? undefined : this.userPoolClient?.userPoolClientId,
      scopes,
    };
  }

  private authorizer(): apigateway.IAuthorizer | undefined {
    return this.userPool && new apigateway.CognitoUserPoolsAuthorizer(this, 'Authorizer', {
      cognitoUserPools: [this.userPool],
      resultsCacheTtl: TOKEN_CACHE,
    });
  }

  private createRestApi(props: ArtifactApiProps): apigateway.RestApi {
    const vpcEndpoints = props.apiVpcEndpoints;
    const restApi = new apigateway.RestApi(this, 'RestApi', {
      restApiName: Names.uniqueResourceName(this, { maxLength: 128, separator: '-' }),
      description: 'The API of the model artifact store',
      // The stage is created here, because RestApi would add a separate stack output for the URL.
      deploy: false,
      // This would replace the account's role; see ApiLoggingRole.
      cloudWatchRole: false,
      endpointConfiguration: {
        types: [vpcEndpoints ? apigateway.EndpointType.PRIVATE : apigateway.EndpointType.REGIONAL],
        vpcEndpoints,
      },
      disableExecuteApiEndpoint: props.domainName !== undefined,
      policy: apiResourcePolicy(this.authentication, props),
    });
    const resource = restApi.node.defaultChild as apigateway.CfnRestApi;
    resource.securityPolicy = props.securityPolicy ?? apigateway.SecurityPolicy.TLS13_1_2_PFS_PQ_2025_09;
    // Rejects requests whose TLS server name differs from the host (domain fronting). Required by policies of this
    // family:
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html
    resource.endpointAccessMode = apigateway.EndpointAccessMode.STRICT;
    return restApi;
  }

  /** A deployment is a snapshot of the API, so every change of the API needs a new deployment. */
  private createDeployment(props: ArtifactApiProps): apigateway.Deployment {
    const deployment = new apigateway.Deployment(this, 'Deployment', { api: this.restApi });
    deployment.addToLogicalId({
      routes: routesFingerprint(props.functions),
      responses: gatewayResponseOptions()
        .map(({ type, statusCode, templates }) => [type.responseType, statusCode, templates]),
      authentication: this.authentication.mode,
      userPool: this.userPool?.userPoolArn,
      tokenCacheSeconds: this.userPool && TOKEN_CACHE.toSeconds(),
      oauthScopes: this.authentication.cognitoOptions?.oauthScopes,
    });
    return deployment;
  }

  private createStage(
    deployment: apigateway.Deployment, apiLogs: ApiLogs | undefined, props: ArtifactApiProps,
  ): apigateway.Stage {
    const stage = new apigateway.Stage(this, 'Stage', {
      deployment,
      stageName: this.stageName,
      accessLogDestination: apiLogs && new apigateway.LogGroupLogDestination(apiLogs.accessLogs),
      accessLogFormat: apiLogs && accessLogFormat(),
      loggingLevel: apiLogs ? apigateway.MethodLoggingLevel.ERROR : apigateway.MethodLoggingLevel.OFF,
      // This would log bodies, and with them presigned URLs.
      dataTraceEnabled: false,
      metricsEnabled: true,
      tracingEnabled: props.tracing ?? true,
      throttlingRateLimit: props.throttlingRateLimit ?? 100,
      throttlingBurstLimit: props.throttlingBurstLimit ?? 200,
    });
    if (apiLogs) {
      stage.node.addDependency(apiLogs.executionLogs);
    } else {
      acknowledgeNoLogs(stage);
    }
    acknowledge(stage, 'APIGWCacheEnabledAndEncrypted',
      'Responses contain presigned URLs that were signed for one caller; a cache would return them to other callers.');
    acknowledge(stage, 'APIGWSSLEnabled',
      'A client certificate identifies API Gateway to an HTTP backend; this API has only Lambda functions as '
      + 'backends.');
    if (!props.webApplicationFirewall) {
      const reason = 'Every request is authenticated by IAM or Cognito before it is processed, and validated against a '
        + 'schema; a firewall is available through the webApplicationFirewall property.';
      acknowledge(stage, 'APIGWAssociatedWithWAF', reason);
      acknowledge(stage, 'APIG3', reason);
    }
    return stage;
  }

  private clientUrl(props: ArtifactApiProps): string {
    if (props.domainName) {
      const basePath = props.domainName.basePath;
      return `https://${props.domainName.domainName}${basePath ? `/${basePath}` : ''}`;
    }
    const { region, urlSuffix } = Stack.of(this);
    const endpoint = props.apiVpcEndpoints?.[0];
    // This name resolves to the VPC endpoint with and without private DNS:
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html
    const host = endpoint ? `${this.restApi.restApiId}-${endpoint.vpcEndpointId}` : this.restApi.restApiId;
    return `https://${host}.execute-api.${region}.${urlSuffix}/${this.stageName}`;
  }
}

function acknowledgeNoLogs(stage: apigateway.Stage): void {
  const reason = 'The logging property turns off the logs of the API, so that the account needs no logging role; the '
    + 'store\'s functions log every request that reaches them, with its caller.';
  const rules = [
    'APIG1', 'APIG6', 'APIGWExecutionLoggingEnabled', 'APIGWAccessLogging', 'APIGWStructuredLogging',
  ] as const;
  for (const rule of rules) {
    acknowledge(stage, rule, reason);
  }
}
