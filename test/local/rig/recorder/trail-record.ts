import * as crypto from 'node:crypto';
import { errorOf, fieldOf, headerOf, queryOf, type Exchange, type RequestSignature } from './exchange';
import { withoutMilliseconds, type UserIdentity } from './identities';
import type { S3Operation } from './s3-operation';

/** A CloudTrail record: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
export interface TrailRecord {
  readonly eventVersion: string;
  readonly userIdentity: UserIdentity;
  readonly eventTime: string;
  readonly eventSource: string;
  readonly eventName: string;
  readonly awsRegion: string;
  readonly sourceIPAddress: string;
  readonly userAgent: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly requestParameters: Readonly<Record<string, unknown>> | null;
  readonly responseElements: Readonly<Record<string, unknown>> | null;
  readonly additionalEventData?: Readonly<Record<string, unknown>>;
  readonly requestID: string;
  readonly eventID: string;
  readonly readOnly: boolean;
  readonly resources?: readonly Readonly<Record<string, string>>[];
  readonly eventType: 'AwsApiCall';
  readonly managementEvent: boolean;
  readonly recipientAccountId: string;
  readonly sharedEventID?: string;
  readonly eventCategory: 'Data' | 'Management';
  readonly tlsDetails: { readonly tlsVersion: string; readonly cipherSuite: string; readonly clientProvidedHostHeader: string };
}

/** The fields of a record that the exchange itself does not contain. */
export interface Circumstances {
  readonly identity: UserIdentity;
  readonly signature?: RequestSignature;
  readonly requestId: string;
  readonly account: string;
  readonly region: string;
}

/**
 * CloudTrail records of presigned calls contain the other `X-Amz-…` values and omit these, so that a presigned URL in a
 * log cannot be used:
 * https://docs.aws.amazon.com/prescriptive-guidance/latest/presigned-url-best-practices/logging-interactions.html
 */
const NEVER_RECORDED = ['X-Amz-Credential', 'X-Amz-Signature', 'X-Amz-Security-Token'];

/** Headers of an S3 request that CloudTrail lists as parameters. */
const PARAMETER_HEADERS = [
  'x-amz-acl', 'x-amz-copy-source', 'x-amz-copy-source-range', 'x-amz-storage-class', 'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id', 'x-amz-bypass-governance-retention', 'x-amz-object-lock-mode',
];

const RESPONSE_HEADERS = ['x-amz-server-side-encryption', 'x-amz-server-side-encryption-aws-kms-key-id', 'x-amz-version-id'];

/** The record of a request to S3. */
export function s3Record(exchange: Exchange, operation: S3Operation, circumstances: Circumstances): TrailRecord {
  const { bucket, key, copySource } = operation;
  const { account, signature } = circumstances;
  const encryption = headerOf(exchange.responseHeaders, 'x-amz-server-side-encryption');
  return {
    ...common(exchange, circumstances, 's3.amazonaws.com', operation.eventName, operation.readOnly, operation.isDataEvent),
    requestParameters: {
      ...Object.fromEntries([...queryOf(exchange.url)].filter(([name]) => !NEVER_RECORDED.includes(name))),
      ...picked(exchange.requestHeaders, PARAMETER_HEADERS),
      bucketName: bucket,
      Host: headerOf(exchange.requestHeaders, 'host') ?? '',
      ...(key === undefined ? {} : { key }),
    },
    responseElements: operation.readOnly || errorOf(exchange) !== undefined ? null : orNull(picked(exchange.responseHeaders, RESPONSE_HEADERS)),
    additionalEventData: {
      ...(signature === undefined ? {} : { SignatureVersion: 'SigV4', AuthenticationMethod: signature.authenticationMethod }),
      CipherSuite: exchange.cipherSuite,
      bytesTransferredIn: exchange.bytesIn,
      bytesTransferredOut: exchange.bytesOut,
      ...(encryption === 'aws:kms' && !operation.readOnly ? { SSEApplied: 'SSE_KMS' } : {}),
      'x-amz-id-2': headerOf(exchange.responseHeaders, 'x-amz-id-2') ?? '',
    },
    resources: [
      ...(operation.isDataEvent ? [objectResource(bucket, key)] : []),
      ...(copySource === undefined ? [] : [{ type: 'AWS::S3::Object', ARN: `arn:aws:s3:::${copySource.bucket}/${copySource.key}` }]),
      { accountId: account, type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${bucket}` },
    ],
  };
}

/** A request for all objects of a bucket has the prefix of their ARNs. */
function objectResource(bucket: string, key: string | undefined): Readonly<Record<string, string>> {
  return key === undefined
    ? { type: 'AWS::S3::Object', ARNPrefix: `arn:aws:s3:::${bucket}/` }
    : { type: 'AWS::S3::Object', ARN: `arn:aws:s3:::${bucket}/${key}` };
}

/** The record of an AssumeRole, which links a session's access key to its caller. */
export function assumeRoleRecord(exchange: Exchange, circumstances: Circumstances): TrailRecord {
  const asked = new URLSearchParams(exchange.requestText);
  const { responseText } = exchange;
  const tags = membersOf(asked, 'Tags').map((index) => ({
    key: asked.get(`Tags.member.${index}.Key`) ?? '', value: asked.get(`Tags.member.${index}.Value`) ?? '',
  }));
  const transitive = membersOf(asked, 'TransitiveTagKeys').map((index) => asked.get(`TransitiveTagKeys.member.${index}`) ?? '');
  const duration = asked.get('DurationSeconds');
  const sourceIdentity = asked.get('SourceIdentity');
  const policy = asked.get('Policy');
  const roleArn = asked.get('RoleArn') ?? '';
  return {
    ...common(exchange, circumstances, 'sts.amazonaws.com', 'AssumeRole', true, false),
    requestParameters: {
      roleArn,
      roleSessionName: asked.get('RoleSessionName') ?? '',
      ...(duration === null ? {} : { durationSeconds: Number(duration) }),
      ...(sourceIdentity === null ? {} : { sourceIdentity }),
      ...(policy === null ? {} : { policy }),
      ...(tags.length === 0 ? {} : { tags }),
      ...(transitive.length === 0 ? {} : { transitiveTagKeys: transitive }),
    },
    responseElements: errorOf(exchange) !== undefined ? null : {
      // CloudTrail also records the session token, which local logs should not contain.
      credentials: { accessKeyId: fieldOf(responseText, 'AccessKeyId'), expiration: fieldOf(responseText, 'Expiration') },
      assumedRoleUser: { assumedRoleId: fieldOf(responseText, 'AssumedRoleId'), arn: fieldOf(responseText, 'Arn') },
      ...(sourceIdentity === null ? {} : { sourceIdentity }),
    },
    resources: [{ accountId: circumstances.account, type: 'AWS::IAM::Role', ARN: roleArn }],
    sharedEventID: crypto.randomUUID(),
  };
}

/** The record of a function that was invoked through the Lambda API. */
export function invokeRecord(exchange: Exchange, functionArn: string, circumstances: Circumstances): TrailRecord {
  return {
    ...common(exchange, circumstances, 'lambda.amazonaws.com', 'Invoke', false, true),
    requestParameters: {
      functionName: functionArn,
      invocationType: headerOf(exchange.requestHeaders, 'x-amz-invocation-type') ?? 'RequestResponse',
    },
    responseElements: null,
    additionalEventData: { functionVersion: `${functionArn}:${headerOf(exchange.responseHeaders, 'x-amz-executed-version') ?? '$LATEST'}` },
    resources: [{ accountId: circumstances.account, type: 'AWS::Lambda::Function', ARN: functionArn }],
  };
}

/** The fields that records of all services have. */
export function common(
  exchange: Exchange, { identity, requestId, account, region }: Circumstances,
  eventSource: string, eventName: string, readOnly: boolean, isDataEvent: boolean,
) {
  const error = errorOf(exchange);
  return {
    eventVersion: '1.11',
    userIdentity: identity,
    eventTime: withoutMilliseconds(exchange.startedAt),
    eventSource,
    eventName,
    awsRegion: region,
    sourceIPAddress: exchange.remoteAddress,
    // CloudTrail puts the user agents of S3 requests in brackets, and no others.
    userAgent: eventSource === 's3.amazonaws.com' ? `[${headerOf(exchange.requestHeaders, 'user-agent') ?? ''}]`
      : headerOf(exchange.requestHeaders, 'user-agent') ?? '',
    ...(error === undefined ? {} : { errorCode: error.code, errorMessage: error.message }),
    requestID: requestId,
    eventID: crypto.randomUUID(),
    readOnly,
    eventType: 'AwsApiCall' as const,
    managementEvent: !isDataEvent,
    recipientAccountId: account,
    eventCategory: isDataEvent ? 'Data' as const : 'Management' as const,
    tlsDetails: {
      tlsVersion: exchange.tlsVersion,
      cipherSuite: exchange.cipherSuite,
      clientProvidedHostHeader: headerOf(exchange.requestHeaders, 'host') ?? '',
    },
  };
}

function picked(headers: Exchange['requestHeaders'], names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => {
    const value = headerOf(headers, name);
    return value === undefined ? [] : [[name, value]];
  }));
}

function orNull<T extends object>(value: T): T | null {
  return Object.keys(value).length === 0 ? null : value;
}

/** The indices of a list in the query protocol: `Tags.member.1.Key`. */
function membersOf(asked: URLSearchParams, list: string): string[] {
  return [...new Set([...asked.keys()].flatMap((name) => new RegExp(`^${list}\\.member\\.(\\d+)`).exec(name)?.[1] ?? []))];
}
