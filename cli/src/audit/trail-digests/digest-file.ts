import { createHash, verify } from 'node:crypto';
import { type Gunzip, gunzip, type ZlibOptions } from 'node:zlib';
import { AFTER_THE_END, endsWithContent } from './gzip-end';
import type { PublicKeys } from './public-keys';

/** The contents of a digest file. */
export interface Digest {
  readonly bucket: string;
  readonly key: string;
  readonly startTime: string;
  readonly endTime: string;
  readonly fingerprint: string;
  /** Undefined in the first digest file of a chain. */
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
  /** SHA-256 of the uncompressed file, in hexadecimal digits. */
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
  if (!isGzip(bytes)) {
    return bytes;
  }
  const { buffer: text, engine } = await gunzipped(bytes, { maxOutputLength: MAX_TEXT_BYTES, info: true });
  const ending = bytes.subarray(-4);
  if (!endsWithContent({ stored: bytes.length, used: engine.bytesWritten, ending, length: text.length })) {
    throw new Error(AFTER_THE_END);
  }
  return text;
}

/** With `info`, the result also has the stream that decompressed. */
async function gunzipped(bytes: Buffer, options: ZlibOptions): Promise<{ buffer: Buffer; engine: Gunzip }> {
  return new Promise((resolve, reject) => gunzip(bytes, options, (error, result) => {
    if (error) {
      reject(error);
    } else {
      resolve(result as unknown as { buffer: Buffer; engine: Gunzip });
    }
  }));
}

/** Parses a digest file. Throws an error that describes what is wrong with it. */
export async function readDigest(bytes: Buffer): Promise<ReadDigest> {
  const text = await textOf(bytes);
  const value = JSON.parse(text.toString('utf8')) as { readonly [field: string]: unknown } | null;
  if (typeof value !== 'object' || value === null) {
    throw new Error('not a JSON object');
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
    throw new Error(`missing or invalid fields: ${wrong.join(', ')}`);
  }
  return { hash: sha256(text), digest };
}

function signedLogOf(value: unknown): SignedLog | undefined {
  const { s3Bucket: bucket, s3Object: key, hashValue: hash, hashAlgorithm: algorithm } =
    (value ?? {}) as { readonly [field: string]: unknown };
  return typeof bucket === 'string' && typeof key === 'string' && typeof hash === 'string' && algorithm === 'SHA-256'
    ? { bucket, key, hash } : undefined;
}

export type SignatureFault = 'unknown key' | 'wrong';

/**
 * Verifies the signature of a digest file with these keys. Returns undefined if it is valid.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-custom-validation.html
 */
export function signatureFault(
  { digest, hash }: ReadDigest, signature: string, keys: PublicKeys,
): SignatureFault | undefined {
  const key = keys.get(digest.fingerprint);
  if (!key) {
    return 'unknown key';
  }
  // In the first digest file of a chain, "null" takes the place of the previous signature.
  const { bucket, endTime, key: object, previous } = digest;
  const signed = [endTime, `${bucket}/${object}`, hash, previous?.signature ?? 'null'].join('\n');
  return verify('sha256', Buffer.from(signed), key, Buffer.from(signature, 'hex')) ? undefined : 'wrong';
}
