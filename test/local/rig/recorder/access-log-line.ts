import * as crypto from 'node:crypto';
import { errorOf, headerOf, unescaped, type Exchange, type RequestSignature } from './exchange';
import type { UserIdentity } from './identities';
import type { S3Operation } from './s3-operation';

export interface LineCircumstances {
  readonly identity: UserIdentity;
  readonly signature?: RequestSignature;
  readonly requestId: string;
  readonly bucketOwner: string;
  /** Size of a copy's source, in bytes. */
  readonly copiedSize?: number;
}

const SECRETS = /([?&]X-Amz-(?:Signature|Security-Token|Credential)=)[^&]*/gi;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The canonical user ID of the account: 64 hexadecimal digits, here derived from the account ID. */
export function canonicalUserId(account: string): string {
  return crypto.createHash('sha256').update(account).digest('hex');
}

/**
 * Every line that S3 writes for a request to one bucket. Fields and their order:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
 */
export function accessLogLines(exchange: Exchange, operation: S3Operation, bucket: string, circumstances: LineCircumstances): string[] {
  const lines: string[] = [];
  if (operation.bucket === bucket) {
    lines.push(line(exchange, bucket, operation.logOperation, operation.key, objectSize(exchange, operation), circumstances));
  }
  if (operation.copySource?.bucket === bucket) {
    // The record of the read: https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html#AdditionalLoggingforCopyOperations
    lines.push(line({ ...exchange, bytesOut: 0 }, bucket, `${operation.logOperation}_GET`, operation.copySource.key, circumstances.copiedSize, circumstances));
  }
  if (operation.bucket === bucket && operation.eventName === 'DeleteObjects' && exchange.status < 300) {
    for (const key of deletedKeys(exchange)) {
      lines.push(line({ ...exchange, bytesOut: 0, status: 204 }, bucket, 'BATCH.DELETE.OBJECT', key, undefined, circumstances));
    }
  }
  return lines;
}

/** The objects that a DeleteObjects request deleted: those requested, except those with an error. */
function deletedKeys({ requestText, responseText }: Exchange): string[] {
  const keysIn = (text: string) => [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => unescaped(key));
  const failed = new Set([...responseText.matchAll(/<Error>.*?<\/Error>/gs)].flatMap(([error]) => keysIn(error)));
  return keysIn(requestText).filter((key) => !failed.has(key));
}

function line(
  exchange: Exchange, bucket: string, logOperation: string, key: string | undefined, size: number | undefined,
  { identity, signature, requestId, bucketOwner }: LineCircumstances,
): string {
  const { requestHeaders, responseHeaders } = exchange;
  return [
    bucketOwner,
    bucket,
    `[${logTime(exchange.startedAt)}]`,
    exchange.remoteAddress,
    signature === undefined ? '-' : identity.arn ?? signature.accessKeyId,
    requestId,
    logOperation,
    key === undefined ? '-' : key.split('/').map(encodeURIComponent).join('/'),
    quoted(`${exchange.method} ${pathStyle(exchange, bucket).replace(SECRETS, '$1XXXXX')} HTTP/${exchange.httpVersion}`),
    String(exchange.status),
    errorOf(exchange)?.code ?? '-',
    exchange.bytesOut === 0 ? '-' : String(exchange.bytesOut),
    size === undefined ? '-' : String(size),
    String(exchange.totalMs),
    key === undefined ? '-' : String(exchange.turnAroundMs),
    quoted(headerOf(requestHeaders, 'referer') ?? '-'),
    quoted(headerOf(requestHeaders, 'user-agent') ?? '-'),
    headerOf(responseHeaders, 'x-amz-version-id') ?? '-',
    headerOf(responseHeaders, 'x-amz-id-2') ?? '-',
    signature === undefined ? '-' : 'SigV4',
    exchange.cipherSuite,
    signature?.authenticationMethod ?? '-',
    headerOf(requestHeaders, 'host') ?? '-',
    exchange.tlsVersion,
    '-', // access point ARN
    '-', // whether an access control list was needed
    '-', // the Region that the request came from
  ].join(' ');
}

/** Size of the object that was read or written. */
function objectSize({ status, bytesIn, requestHeaders, responseHeaders }: Exchange, { eventName }: S3Operation): number | undefined {
  if (status >= 300) {
    return undefined;
  }
  switch (eventName) {
    case 'GetObject':
    case 'HeadObject': {
      const whole = /\/(\d+)$/.exec(headerOf(responseHeaders, 'content-range') ?? '')?.[1] ?? headerOf(responseHeaders, 'content-length');
      return whole === undefined ? undefined : Number(whole);
    }
    case 'PutObject':
    case 'UploadPart':
      return Number(headerOf(requestHeaders, 'x-amz-decoded-content-length') ?? bytesIn);
    default:
      return undefined;
  }
}

/** S3 logs every request as if it named the bucket in its path. */
function pathStyle({ url, requestHeaders }: Exchange, bucket: string): string {
  const byHost = headerOf(requestHeaders, 'host')?.startsWith(`${bucket}.s3`) ?? false;
  return byHost ? `/${bucket}${url.replace(/^\/(?=\?|$)/, '')}` : url;
}

/** `06/Feb/2019:00:00:38 +0000` */
function logTime(time: Date): string {
  const [, year, month, day, clock] = /^(\d+)-(\d+)-(\d+)T([\d:]+)/.exec(time.toISOString())!;
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${clock} +0000`;
}

function quoted(text: string): string {
  return `"${text.replace(/"/g, '%22')}"`;
}
