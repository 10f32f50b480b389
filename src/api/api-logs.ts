import type { RemovalPolicy } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { allowLogEncryption, logGroupsOfStack } from './log-encryption';

/**
 * One line of JSON per request: the caller, the source address, the route and the result. It contains no query string,
 * headers or body, so that no presigned URL or token is logged. API Gateway does not escape values, so a value that a
 * caller can word freely, such as the path or the user agent, could forge fields of the line. `route` is the path with
 * the names of its parameters; the functions' logs have the model.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
 */
const ACCESS_LOG_FIELDS = {
  requestId: '$context.requestId',
  extendedRequestId: '$context.extendedRequestId',
  requestTime: '$context.requestTime',
  callerArn: '$context.identity.userArn',
  callerAccount: '$context.identity.accountId',
  cognitoSubject: '$context.authorizer.claims.sub',
  sourceIp: '$context.identity.sourceIp',
  vpcEndpointId: '$context.identity.vpceId',
  method: '$context.httpMethod',
  route: '$context.resourcePath',
  status: '$context.status',
  errorType: '$context.error.responseType',
  responseBytes: '$context.responseLength',
  responseMilliseconds: '$context.responseLatency',
  functionStatus: '$context.integration.status',
  functionMilliseconds: '$context.integration.latency',
  firewallStatus: '$context.waf.status',
  tlsVersion: '$context.tlsVersion',
  traceId: '$context.xrayTraceId',
} as const;

export function accessLogFormat(): apigateway.AccessLogFormat {
  return apigateway.AccessLogFormat.custom(JSON.stringify(ACCESS_LOG_FIELDS));
}

export interface ApiLogsOptions {
  readonly restApi: apigateway.RestApi;
  readonly stageName: string;
  readonly encryptionKey: kms.IKey;
  readonly retention: logs.RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

export interface ApiLogs {
  readonly accessLogs: logs.LogGroup;
  /** Created here, because API Gateway would otherwise create it unencrypted and without expiration. */
  readonly executionLogs: logs.LogGroup;
}

export function createApiLogs(scope: Construct, options: ApiLogsOptions): ApiLogs {
  const { encryptionKey, retention, removalPolicy } = options;
  allowLogEncryption(scope, encryptionKey, logGroupsOfStack(scope));
  allowLogEncryption(scope, encryptionKey, 'API-Gateway-Execution-Logs_*');
  return {
    accessLogs: new logs.LogGroup(scope, 'AccessLogs', { encryptionKey, retention, removalPolicy }),
    executionLogs: new logs.LogGroup(scope, 'ExecutionLogs', {
      logGroupName: `API-Gateway-Execution-Logs_${options.restApi.restApiId}/${options.stageName}`,
      encryptionKey,
      retention,
      removalPolicy,
    }),
  };
}
