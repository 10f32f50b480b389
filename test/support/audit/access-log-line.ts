import { identityOf, type ObjectRequest, type StoreOfRecord } from './trail-record';

const OWNER = '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be';
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const OPERATIONS: { readonly [action: string]: string } = {
  GetObject: 'REST.GET.OBJECT', HeadObject: 'REST.HEAD.OBJECT', PutObject: 'REST.PUT.OBJECT', UploadPart: 'REST.PUT.PART',
  CompleteMultipartUpload: 'REST.POST.UPLOAD', ListObjects: 'REST.GET.BUCKET', SelectObjectContent: 'REST.SELECT.OBJECT',
  GetObjectTorrent: 'REST.GET.OBJECT_TORRENT', DeleteObject: 'REST.DELETE.OBJECT', CopyObject: 'REST.COPY.OBJECT_GET',
  UploadPartCopy: 'REST.COPY.PART_GET',
};

export interface LoggedLine {
  readonly time: number;
  readonly line: string;
}

export function logTime(time: number): string {
  const [, year, month, day, clock] = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)/.exec(new Date(time).toISOString())!;
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${clock} +0000`;
}

/** What a line says that no request says. */
export interface LineFields {
  readonly time: number;
  readonly sourceIp: string;
  readonly requester: string;
  readonly requestId: string;
  readonly operation: string;
  readonly key: string;
  readonly status: number;
  readonly errorCode?: string;
  readonly bytesOut: number;
  readonly objectSize?: number;
  readonly userAgent: string;
}

/** A line of the S3 server access logs: https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html */
export function logLine(fields: LineFields, bucket: string): LoggedLine {
  const { time, key } = fields;
  const line = [
    OWNER, bucket, `[${logTime(time)}]`, fields.sourceIp, fields.requester, fields.requestId, fields.operation, key,
    `"GET /${key} HTTP/1.1"`, fields.status, fields.errorCode ?? '-', fields.bytesOut || '-', fields.objectSize ?? '-', 21, 12, '"-"', `"${fields.userAgent}"`, '-',
    'hostIdExample= SigV4 TLS_AES_128_GCM_SHA256 AuthHeader models.s3.eu-central-1.amazonaws.com TLSv1.3 - - eu-central-1',
  ].join(' ');
  return { time, line };
}

/** The line that S3 writes about a request that the trail records, too. */
export function accessLogLine(request: ObjectRequest & { readonly objectSize?: number }, store: StoreOfRecord): LoggedLine {
  return logLine({
    time: request.time,
    sourceIp: request.sourceIp,
    requester: String(request.identity === undefined ? identityOf(request.session).arn : request.identity.arn ?? request.identity.principalId ?? '-') || '-',
    requestId: request.requestId,
    operation: OPERATIONS[request.action] ?? `REST.OTHER.${request.action.toUpperCase()}`,
    key: request.key === undefined ? '-' : request.key.split('/').map(encodeURIComponent).join('/'),
    status: request.errorCode === undefined ? 200 : request.errorCode === 'NoSuchKey' ? 404 : 403,
    errorCode: request.errorCode,
    bytesOut: request.bytesOut,
    objectSize: request.objectSize,
    userAgent: request.userAgent,
  }, store.bucket);
}
