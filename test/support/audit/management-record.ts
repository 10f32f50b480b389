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
