import type { Random } from './random';

/** A store as its trail shows it. */
export interface StoreOfRecord {
  readonly account: string;
  readonly region: string;
  readonly bucket: string;
  readonly encryptionKeyArn: string;
  readonly vpcEndpoint: string;
}

export const STORE: StoreOfRecord = {
  account: '111122223333',
  region: 'eu-central-1',
  bucket: 'models-111122223333-eu-central-1',
  encryptionKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-1111-4222-8333-444455556666',
  vpcEndpoint: 'vpce-0a1b2c3d4e5f60718',
};

/** Who made a request: one STS session. */
export interface Session {
  readonly roleName: string;
  readonly roleId: string;
  readonly sessionName: string;
  readonly sourceIdentity?: string;
  readonly accessKeyId: string;
  readonly account: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

export interface Link {
  /** Milliseconds since 1970. */
  readonly signedAt: number;
  readonly lifetimeSeconds: number;
  /** The address that asked for it, which the store writes into its links. */
  readonly askedFrom?: string;
}

/** One request to S3, as far as a trail tells of it. */
export interface ObjectRequest {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly action: string;
  readonly session: Session;
  /** Instead of the session's, for who is none: a user, another account, nobody. */
  readonly identity?: { readonly [name: string]: unknown };
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly key?: string;
  readonly bucket?: string;
  readonly bytesIn?: number;
  readonly bytesOut: number;
  /** Absent: signed by headers. */
  readonly link?: Link;
  readonly vpcEndpoint?: string;
  readonly errorCode?: string;
  readonly requestParameters?: { readonly [name: string]: unknown };
  readonly requestId: string;
  readonly eventId: string;
}

export type TrailRecord = { readonly [field: string]: unknown };

export function isoSeconds(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

const basicIso = (time: number) => isoSeconds(time).replace(/[-:]/g, '');

const READ_ONLY = /^(Get|Head|List)/;

export function identityOf({ roleName, roleId, sessionName, sourceIdentity, accessKeyId, account, createdAt }: Session) {
  return {
    type: 'AssumedRole',
    principalId: `${roleId}:${sessionName}`,
    arn: `arn:aws:sts::${account}:assumed-role/${roleName}/${sessionName}`,
    accountId: account,
    accessKeyId,
    sessionContext: {
      sessionIssuer: {
        type: 'Role', principalId: roleId, arn: `arn:aws:iam::${account}:role/${roleName}`, accountId: account, userName: roleName,
      },
      attributes: { creationDate: isoSeconds(createdAt), mfaAuthenticated: 'false' },
      ...(sourceIdentity !== undefined && { sourceIdentity }),
    },
  };
}

/** The data event that S3 has CloudTrail write for a request, with the fields and their order as AWS writes them. */
export function dataEvent(request: ObjectRequest, store: StoreOfRecord, random: Random): TrailRecord {
  const bucket = request.bucket ?? store.bucket;
  const host = `${bucket}.s3.${store.region}.amazonaws.com`;
  const { link, key, session } = request;
  return {
    eventVersion: '1.11',
    userIdentity: request.identity ?? identityOf(session),
    eventTime: isoSeconds(request.time),
    eventSource: 's3.amazonaws.com',
    eventName: request.action,
    awsRegion: store.region,
    sourceIPAddress: request.sourceIp,
    userAgent: `[${request.userAgent}]`,
    ...(request.errorCode !== undefined && { errorCode: request.errorCode, errorMessage: `User: ${identityOf(session).arn} is not authorized to perform: s3:${request.action}` }),
    requestParameters: {
      ...(link && { 'X-Amz-Date': basicIso(link.signedAt) }),
      bucketName: bucket,
      ...(link && {
        'X-Amz-Algorithm': 'AWS4-HMAC-SHA256', 'x-amz-checksum-mode': 'ENABLED', 'X-Amz-SignedHeaders': 'host',
      }),
      Host: host,
      ...(link && { 'X-Amz-Expires': `${link.lifetimeSeconds}`, ...(link.askedFrom !== undefined && { 'x-asked-from': link.askedFrom }) }),
      ...(key !== undefined && { key }),
      'x-id': request.action,
      ...request.requestParameters,
    },
    responseElements: null,
    additionalEventData: {
      SignatureVersion: 'SigV4',
      CipherSuite: 'TLS_AES_128_GCM_SHA256',
      bytesTransferredIn: request.bytesIn ?? 0,
      ...(request.errorCode === undefined && { SSEApplied: 'SSE_KMS' }),
      AuthenticationMethod: link ? 'QueryString' : 'AuthHeader',
      'x-amz-id-2': `${random.hex(38)}/${random.hex(36)}=`,
      bytesTransferredOut: request.bytesOut,
    },
    requestID: request.requestId,
    eventID: request.eventId,
    readOnly: READ_ONLY.test(request.action),
    resources: [
      ...(key === undefined ? [] : [{ type: 'AWS::S3::Object', ARN: `arn:aws:s3:::${bucket}/${key}` }]),
      { accountId: store.account, type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${bucket}` },
    ],
    eventType: 'AwsApiCall',
    managementEvent: false,
    recipientAccountId: store.account,
    ...(request.vpcEndpoint !== undefined && { vpcEndpointId: request.vpcEndpoint, vpcEndpointAccountId: store.account }),
    eventCategory: 'Data',
    tlsDetails: { tlsVersion: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256', clientProvidedHostHeader: host },
  };
}
