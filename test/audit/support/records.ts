import type { Row } from './evidence';

/** CloudTrail records and access log lines in the format of AWS, with defaults for fields that a test does not set. */

export const ACCOUNT = '111122223333';
export const DIGEST = 'a'.repeat(64);

let count = 0;

function next(prefix: string): string {
  count += 1;
  return `${prefix}${String(count).padStart(12, '0')}`;
}

/** A session of a role, with a source identity if the store opened it. */
export function session(role: string, name: string, sourceIdentity?: string, account: string = ACCOUNT): Row {
  return {
    type: 'AssumedRole',
    principalId: `AROAEXAMPLE:${name}`,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${name}`,
    accountId: account,
    accessKeyId: `ASIA${role.toUpperCase()}`,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: 'AROAEXAMPLE',
        arn: `arn:aws:iam::${account}:role/${role}`,
        accountId: account,
        userName: role,
      },
      attributes: { creationDate: '2026-03-02T09:00:00Z', mfaAuthenticated: 'false' },
      ...sourceIdentity === undefined ? {} : { sourceIdentity },
    },
  };
}

/** A session that the store opened for a caller. */
export function storeSession(caller: string, role = 'DownloadSession'): Row {
  return session(role, caller, caller);
}

export interface ObjectRequest {
  readonly time?: string;
  readonly who?: Row;
  readonly action?: string;
  readonly bucket?: string;
  readonly key?: string;
  readonly bytes?: number;
  readonly from?: string;
  readonly error?: string;
  readonly requestId?: string;
  /** Presigned URL: signing time, lifetime in seconds, and address of the requester. */
  readonly link?: { readonly signedAt: string; readonly seconds?: number; readonly askedFrom?: string };
  readonly parameters?: Row;
  readonly record?: Row;
}

/** A data event of S3. */
export function objectEvent(request: ObjectRequest = {}): Row {
  const { link } = request;
  const requestID = request.requestId ?? next('REQUEST');
  return {
    eventVersion: '1.11',
    userIdentity: request.who ?? storeSession('DataScientist=alice'),
    eventTime: request.time ?? '2026-03-02T10:00:00Z',
    eventSource: 's3.amazonaws.com',
    eventName: request.action ?? 'GetObject',
    awsRegion: 'eu-central-1',
    sourceIPAddress: request.from ?? '198.51.100.7',
    userAgent: '[model-store/1.0]',
    ...request.error === undefined ? {} : { errorCode: request.error, errorMessage: 'refused' },
    requestParameters: {
      bucketName: request.bucket ?? 'artifacts',
      Host: 'artifacts.s3.eu-central-1.amazonaws.com',
      key: request.key ?? `models/fraud/blobs/sha256/${DIGEST}`,
      ...link === undefined ? {} : {
        'X-Amz-Date': link.signedAt,
        'X-Amz-Expires': String(link.seconds ?? 900),
        'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
        'X-Amz-SignedHeaders': 'host',
        ...link.askedFrom === undefined ? {} : { 'x-asked-from': link.askedFrom },
      },
      ...request.parameters,
    },
    responseElements: null,
    additionalEventData: {
      SignatureVersion: 'SigV4',
      AuthenticationMethod: link === undefined ? 'AuthHeader' : 'QueryString',
      bytesTransferredIn: 0,
      bytesTransferredOut: request.bytes ?? 100,
    },
    requestID,
    eventID: next('event-'),
    readOnly: true,
    eventType: 'AwsApiCall',
    managementEvent: false,
    recipientAccountId: ACCOUNT,
    eventCategory: 'Data',
    ...request.record,
  };
}

/** A management event, such as a changed setting of a bucket. */
export function managementEvent(action: string, parameters: Row, more: Row = {}): Row {
  return objectEvent({
    action,
    record: {
      requestParameters: parameters,
      additionalEventData: { bytesTransferredOut: 512 },
      eventCategory: 'Management',
      managementEvent: true,
      readOnly: false,
      ...more,
    },
  });
}

export interface LoggedRequest {
  /** As in `02/Mar/2026:10:00:00`. */
  readonly time?: string;
  readonly operation?: string;
  readonly bucket?: string;
  readonly key?: string;
  readonly status?: number;
  readonly error?: string;
  readonly requestId?: string;
  readonly bytes?: number | '-';
  readonly size?: number | '-';
  readonly trailing?: string;
}

/** A line of the S3 server access logs. */
export function logLine(request: LoggedRequest = {}): string {
  const { operation = 'REST.GET.OBJECT', bucket = 'artifacts', key = `models/fraud/blobs/sha256/${DIGEST}` } = request;
  return [
    '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be', bucket,
    `[${request.time ?? '02/Mar/2026:10:00:00'} +0000]`,
    '198.51.100.7', `arn:aws:sts::${ACCOUNT}:assumed-role/DownloadSession/DataScientist=alice`,
    request.requestId ?? next('REQUEST'), operation, key,
    `"GET /${key} HTTP/1.1"`, request.status ?? 200, request.error ?? '-', request.bytes ?? 100, request.size ?? 100,
    21, 12, '"-"',
    '"model-store/1.0"', '-',
    request.trailing ?? 'hostIdExample= SigV4 TLS_AES_128_GCM_SHA256 AuthHeader artifacts.s3.eu-central-1.amazonaws.com TLSv1.3 - - eu-central-1',
  ].join(' ').trimEnd();
}
