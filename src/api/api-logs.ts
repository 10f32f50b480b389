import type { RemovalPolicy } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { allowLogEncryption, logGroupsOfStack } from './log-encryption';

/**
 * One line of JSON for each request: who, from where, what, how it went. No query string, no header and no body, so that
 * neither a link nor a token can get in. Values are not escaped by API Gateway, so nothing that a caller words freely,
 * such as the user agent, is in it.
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
  path: '$context.path',
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
  /** API Gateway would make this one itself, unencrypted and for ever, if it were not there first. */
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
