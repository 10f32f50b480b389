import type { Random } from './random';
import { identityOf, isoSeconds, type Session, STORE, type TrailRecord } from './trail-record';

export interface ManagementCall {
  readonly time: number;
  /** Without `.amazonaws.com`. */
  readonly service: string;
  readonly action: string;
  readonly session?: Session;
  readonly identity?: { readonly [name: string]: unknown };
  /** An AWS service that called in the session's name. */
  readonly invokedBy?: string;
  readonly sourceIp?: string;
  readonly parameters: { readonly [name: string]: unknown };
  readonly response?: { readonly [name: string]: unknown };
  readonly readOnly?: boolean;
  readonly errorCode?: string;
}

export interface TimedRecord {
  readonly time: number;
  readonly record: TrailRecord;
}

export interface Invocation {
  readonly time: number;
  readonly functionName: string;
  /** Who invoked it; the API by default. */
  readonly by?: { readonly identity: { readonly [name: string]: unknown }; readonly sourceIp: string };
  /** What the function itself knows as its request ID. */
  readonly requestId: string;
  readonly errorCode?: string;
}

const THE_API = { identity: { type: 'AWSService', invokedBy: 'apigateway.amazonaws.com' }, sourceIp: 'apigateway.amazonaws.com' };

/** The data event that Lambda has CloudTrail write for an invocation. */
export function invocationRecord({ time, functionName, by = THE_API, requestId, errorCode }: Invocation, random: Random): TimedRecord {
  const arn = `arn:aws:lambda:${STORE.region}:${STORE.account}:function:${functionName}`;
  return {
    time,
    record: {
      eventVersion: '1.11',
      userIdentity: by.identity,
      eventTime: isoSeconds(time),
      eventSource: 'lambda.amazonaws.com',
      eventName: 'Invoke',
      awsRegion: STORE.region,
      sourceIPAddress: by.sourceIp,
      userAgent: by.sourceIp,
      ...(errorCode !== undefined && { errorCode }),
      requestParameters: { functionName: arn, invocationType: 'RequestResponse' },
      responseElements: null,
      additionalEventData: { functionVersion: `${arn}:$LATEST` },
      requestID: requestId,
      eventID: random.uuid(),
      readOnly: false,
      resources: [{ accountId: STORE.account, type: 'AWS::Lambda::Function', ARN: arn }],
      eventType: 'AwsApiCall',
      managementEvent: false,
      recipientAccountId: STORE.account,
      eventCategory: 'Data',
    },
  };
}

/** The management event that CloudTrail writes for a call. */
export function managementRecord(call: ManagementCall, random: Random): TimedRecord {
  const { time, session, invokedBy } = call;
  const identity = call.identity ?? identityOf(session!);
  return {
    time,
    record: {
      eventVersion: '1.11',
      userIdentity: invokedBy === undefined ? identity : { ...identity, invokedBy },
      eventTime: isoSeconds(time),
      eventSource: `${call.service}.amazonaws.com`,
      eventName: call.action,
      awsRegion: STORE.region,
      sourceIPAddress: invokedBy ?? call.sourceIp ?? '10.20.0.9',
      userAgent: invokedBy ?? 'aws-cli/2.31.0 Python/3.13.4',
      ...(call.errorCode !== undefined && { errorCode: call.errorCode }),
      requestParameters: call.parameters,
      responseElements: call.response ?? null,
      requestID: random.uuid(),
      eventID: random.uuid(),
      readOnly: call.readOnly ?? false,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: STORE.account,
      eventCategory: 'Management',
    },
  };
}
