import { GetObjectCommand, PutObjectCommand, UploadPartCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { Call } from './call';
import type { Session } from './sessions';
import { ASKED_FROM_PARAMETER } from '../../contract/environment';
import type { DownloadLink, UploadLink } from '../../contract/wire';
import { StoreError } from '../common/errors';

/** Signing date, lifetime and requester address, shared by all presigned URLs of a page. */
export interface LinkTerms {
  readonly signingDate: Date;
  readonly expiresIn: number;
  readonly expiresAt: string;
  /** Absent if the request did not come through the API. */
  readonly askedFrom?: string;
}

const SHORTEST_USEFUL_SECONDS = 5;

/** A presigned URL expires with the session that signed it, so its lifetime is capped by that of the session. */
export function linkTerms(
  session: Session, { settings, callerAddress }: Pick<Call, 'settings' | 'callerAddress'>, now: Date = new Date(),
): LinkTerms {
  // Signatures have a resolution of one second.
  const signedAt = Math.floor(now.getTime() / 1_000) * 1_000;
  const sessionSeconds = Math.floor((session.expiration.getTime() - signedAt) / 1_000);
  const expiresIn = Math.min(settings.linkSeconds, sessionSeconds);
  if (expiresIn < SHORTEST_USEFUL_SECONDS) {
    throw new StoreError('unavailable', 'the session for these presigned URLs is about to expire; try again');
  }
  return {
    signingDate: new Date(signedAt),
    expiresIn,
    expiresAt: new Date(signedAt + expiresIn * 1_000).toISOString(),
    askedFrom: callerAddress,
  };
}

/**
 * The SDK would move this header into the query string, where S3 does not compare it with the bytes. As a signed
 * header, the client must send it, and S3 rejects other bytes.
 */
const CHECKSUM_HEADER = 'x-amz-checksum-sha256';

/**
 * Adds the address that requested the presigned URL to its signed query string, so that the logs show when the URL is
 * used from another address. S3 ignores and logs parameters that begin with `x-`.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html#LogFormatCustom
 */
function addRequesterAddress(command: LinkCommand, address: string): void {
  (command as GetObjectCommand).middlewareStack.add((next) => async (call) => {
    (call.request as { query: { [name: string]: string } }).query[ASKED_FROM_PARAMETER] = address;
    return next(call);
  }, { step: 'build', name: 'addRequesterAddress' });
}

type LinkCommand = PutObjectCommand | UploadPartCommand | GetObjectCommand;

async function sign(
  s3: S3Client, command: LinkCommand, { signingDate, expiresIn, askedFrom }: LinkTerms,
): Promise<string> {
  if (askedFrom !== undefined) {
    addRequesterAddress(command, askedFrom);
  }
  return getSignedUrl(
    s3, command as GetObjectCommand, { signingDate, expiresIn, unhoistableHeaders: new Set([CHECKSUM_HEADER]) },
  );
}

export interface ObjectToSend {
  readonly bucketName: string;
  readonly key: string;
  /** In bytes. */
  readonly size: number;
  /** base64. */
  readonly checksumSha256: string;
}

/** Presigns the upload of a single-part file. The URL can only create the object, with exactly these bytes. */
export async function objectLink(session: Session, terms: LinkTerms, object: ObjectToSend): Promise<UploadLink> {
  const { bucketName, key, size, checksumSha256 } = object;
  const url = await sign(session.s3, new PutObjectCommand({
    Bucket: bucketName, Key: key, ContentLength: size, ChecksumSHA256: checksumSha256, IfNoneMatch: '*',
  }), terms);
  return {
    method: 'PUT',
    url,
    headers: { 'content-length': String(size), 'if-none-match': '*', [CHECKSUM_HEADER]: checksumSha256 },
    expiresAt: terms.expiresAt,
  };
}

export interface PartToSend extends ObjectToSend {
  readonly uploadId: string;
  readonly partNumber: number;
}

export async function partLink(session: Session, terms: LinkTerms, part: PartToSend): Promise<UploadLink> {
  const { bucketName, key, size, checksumSha256, uploadId, partNumber } = part;
  const url = await sign(session.s3, new UploadPartCommand({
    Bucket: bucketName, Key: key, UploadId: uploadId, PartNumber: partNumber, ContentLength: size,
    ChecksumSHA256: checksumSha256,
  }), terms);
  return {
    method: 'PUT',
    url,
    headers: { 'content-length': String(size), [CHECKSUM_HEADER]: checksumSha256 },
    expiresAt: terms.expiresAt,
  };
}

export async function readLink(
  session: Session, terms: LinkTerms, bucketName: string, key: string, path: string,
): Promise<DownloadLink> {
  const url = await sign(session.s3, new GetObjectCommand({ Bucket: bucketName, Key: key }), terms);
  return { path, method: 'GET', url, headers: {}, expiresAt: terms.expiresAt };
}
