import { S3_MAX_OBJECT_BYTES, S3_MAX_PARTS, SMALLEST_PART_BYTES } from './limits';

/**
 * The part size of a file is a pure function of its size, so that everyone who holds the same bytes computes the same
 * digest: 16 MiB, doubled until the file fits into 10,000 parts.
 */
export function partSizeOf(sizeBytes: number): number {
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0 || sizeBytes > S3_MAX_OBJECT_BYTES) {
    throw new RangeError(`a file has between 0 and ${S3_MAX_OBJECT_BYTES} bytes, not ${sizeBytes}`);
  }
  let partSize = SMALLEST_PART_BYTES;
  while (Math.ceil(sizeBytes / partSize) > S3_MAX_PARTS) {
    partSize *= 2;
  }
  return partSize;
}

/** How many parts a file is sent in. An empty file is one part of no bytes. */
export function partCountOf(sizeBytes: number): number {
  return Math.max(1, Math.ceil(sizeBytes / partSizeOf(sizeBytes)));
}

export interface ByteRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** The bytes of a part; parts are numbered from 1, as S3 does. */
export function partRange(sizeBytes: number, partNumber: number): ByteRange {
  const partSize = partSizeOf(sizeBytes);
  const start = (partNumber - 1) * partSize;
  return { start, end: Math.min(start + partSize, sizeBytes) };
}

export const DIGEST_PATTERN = '^[0-9a-f]{64}(-[1-9][0-9]{0,4})?$';
export const SHA256_HEX_PATTERN = '^[0-9a-f]{64}$';

export interface ParsedDigest {
  readonly sha256Hex: string;
  /** 1 for a file that is one part. */
  readonly parts: number;
}

export function parseDigest(digest: string): ParsedDigest {
  if (!new RegExp(DIGEST_PATTERN).test(digest)) {
    throw new RangeError(`"${digest}" is not a digest: 64 hexadecimal digits, and "-<parts>" for a file of several parts`);
  }
  const [sha256Hex, parts] = digest.split('-');
  return { sha256Hex, parts: parts === undefined ? 1 : Number(parts) };
}

/** A digest with `-1` behind it, or with a number of parts the size does not have, is nobody's digest. */
export function digestFitsSize(digest: string, sizeBytes: number): boolean {
  const expectedParts = partCountOf(sizeBytes);
  return expectedParts === 1 ? !digest.includes('-') : digest.endsWith(`-${expectedParts}`);
}

/** S3's own form of a digest, as in `x-amz-checksum-sha256`: base64, with `-<parts>` for a COMPOSITE checksum. */
export function digestToS3Checksum(digest: string): string {
  const { sha256Hex, parts } = parseDigest(digest);
  const base64 = Buffer.from(sha256Hex, 'hex').toString('base64');
  return parts === 1 ? base64 : `${base64}-${parts}`;
}

export function s3ChecksumToDigest(checksum: string): string {
  const match = /^([A-Za-z0-9+/]{43}=)(?:-([0-9]+))?$/.exec(checksum);
  if (!match) {
    throw new RangeError(`"${checksum}" is not a SHA-256 checksum in S3's format`);
  }
  const hex = Buffer.from(match[1], 'base64').toString('hex');
  return match[2] === undefined ? hex : `${hex}-${match[2]}`;
}
