import { createHash, verify } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { PublicKeys } from './public-keys';

/** What a digest file says. */
export interface Digest {
  readonly bucket: string;
  readonly key: string;
  readonly startTime: string;
  readonly endTime: string;
  readonly fingerprint: string;
  /** Absent in the first of a chain. */
  readonly previous?: PreviousDigest;
  readonly logs: readonly SignedLog[];
}

export interface PreviousDigest {
  readonly bucket: string;
  readonly key: string;
  readonly hash: string;
  readonly signature: string;
}

export interface SignedLog {
  readonly bucket: string;
  readonly key: string;
  readonly hash: string;
}

export interface ReadDigest {
  /** SHA-256 of the text, in hexadecimal digits. */
  readonly hash: string;
  readonly digest: Digest;
}

const MAX_TEXT_BYTES = 512 * 1024 * 1024;

export const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

export function isGzip(head: Buffer): boolean {
  return head.length >= 2 && head[0] === 0x1f && head[1] === 0x8b;
}

/** Some tools unpack what they download; the hashes are those of the text. */
async function textOf(bytes: Buffer): Promise<Buffer> {
  return isGzip(bytes) ? promisify(gunzip)(bytes, { maxOutputLength: MAX_TEXT_BYTES }) : bytes;
}

/** Throws an error that says what is wrong with it. */
export async function readDigest(bytes: Buffer): Promise<ReadDigest> {
  const text = await textOf(bytes);
  const value = JSON.parse(text.toString('utf8')) as { readonly [field: string]: unknown } | null;
  if (typeof value !== 'object' || value === null) {
    throw new Error('it is no JSON object');
  }
  const wrong: string[] = [];
  const wanted = (name: string, pattern = /./): string => {
    const field = value[name];
    if (typeof field !== 'string' || !pattern.test(field)) {
      wrong.push(name);
      return '';
    }
    return field;
  };
  const logs = Array.isArray(value.logFiles) ? value.logFiles.map(signedLogOf) : undefined;
  const isFirst = value.previousDigestS3Object === null && value.previousDigestSignature === null;
  const digest: Digest = {
    bucket: wanted('digestS3Bucket'),
    key: wanted('digestS3Object'),
    startTime: wanted('digestStartTime', TIME),
    endTime: wanted('digestEndTime', TIME),
    fingerprint: wanted('digestPublicKeyFingerprint'),
    ...(isFirst ? {} : {
      previous: {
        bucket: wanted('previousDigestS3Bucket'),
        key: wanted('previousDigestS3Object'),
        hash: wanted('previousDigestHashValue'),
        signature: wanted('previousDigestSignature', /^[0-9a-f]+$/i),
      },
    }),
    logs: (logs ?? []).filter((log) => log !== undefined),
  };
  if (logs === undefined || logs.includes(undefined)) {
    wrong.push('logFiles');
  }
  if (value.digestSignatureAlgorithm !== 'SHA256withRSA') {
    wrong.push('digestSignatureAlgorithm');
  }
  if (wrong.length > 0) {
    throw new Error(`it has no ${wrong.join(', no ')} of the kind that CloudTrail writes`);
  }
  return { hash: sha256(text), digest };
}

function signedLogOf(value: unknown): SignedLog | undefined {
  const { s3Bucket: bucket, s3Object: key, hashValue: hash, hashAlgorithm: algorithm } = (value ?? {}) as { readonly [field: string]: unknown };
  return typeof bucket === 'string' && typeof key === 'string' && typeof hash === 'string' && algorithm === 'SHA-256' ? { bucket, key, hash } : undefined;
}

export type SignatureFault = 'unknown key' | 'wrong';

/**
 * Undefined if the signature is CloudTrail's, by one of these keys.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-custom-validation.html
 */
export function signatureFault({ digest, hash }: ReadDigest, signature: string, keys: PublicKeys): SignatureFault | undefined {
  const key = keys.get(digest.fingerprint);
  if (!key) {
    return 'unknown key';
  }
  // The first of a chain signs the word "null" in the place of the signature before it.
  const signed = [digest.endTime, `${digest.bucket}/${digest.key}`, hash, digest.previous?.signature ?? 'null'].join('\n');
  return verify('sha256', Buffer.from(signed), key, Buffer.from(signature, 'hex')) ? undefined : 'wrong';
}
