import { S3_MAX_OBJECT_BYTES, S3_MAX_PARTS, SMALLEST_PART_BYTES } from './limits';

/**
 * Returns the part size for a file: 16 MiB, doubled until the file fits into 10,000 parts. It depends only on the file
 * size, so that every client computes the same digest for the same bytes.
 */
export function partSizeOf(sizeBytes: number): number {
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0 || sizeBytes > S3_MAX_OBJECT_BYTES) {
    throw new RangeError(`invalid file size ${sizeBytes}: must be from 0 to ${S3_MAX_OBJECT_BYTES} bytes`);
  }
  let partSize = SMALLEST_PART_BYTES;
  while (Math.ceil(sizeBytes / partSize) > S3_MAX_PARTS) {
    partSize *= 2;
  }
  return partSize;
}

/** Number of parts in which a file is uploaded. An empty file has one part of 0 bytes. */
export function partCountOf(sizeBytes: number): number {
  return Math.max(1, Math.ceil(sizeBytes / partSizeOf(sizeBytes)));
}

export interface ByteRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** Byte range of a part. Part numbers begin at 1, as in S3. */
export function partRange(sizeBytes: number, partNumber: number): ByteRange {
  const partSize = partSizeOf(sizeBytes);
  const start = (partNumber - 1) * partSize;
  return { start, end: Math.min(start + partSize, sizeBytes) };
}

export const DIGEST_PATTERN = '^[0-9a-f]{64}(-[1-9][0-9]{0,4})?$';
export const SHA256_HEX_PATTERN = '^[0-9a-f]{64}$';

export interface ParsedDigest {
  readonly sha256Hex: string;
  /** 1 for a single-part file. */
  readonly parts: number;
}

export function parseDigest(digest: string): ParsedDigest {
  if (!new RegExp(DIGEST_PATTERN).test(digest)) {
    throw new RangeError(
      `invalid digest "${digest}": must be 64 hexadecimal digits, followed by "-<parts>" for several parts`,
    );
  }
  const [sha256Hex, parts] = digest.split('-');
  return { sha256Hex, parts: parts === undefined ? 1 : Number(parts) };
}

/** Whether a file of this size can have the digest: the number of parts must match, and single parts have no suffix. */
export function digestFitsSize(digest: string, sizeBytes: number): boolean {
  const expectedParts = partCountOf(sizeBytes);
  return expectedParts === 1 ? !digest.includes('-') : digest.endsWith(`-${expectedParts}`);
}

/** Converts a digest to S3's format, as in `x-amz-checksum-sha256`: base64, plus `-<parts>` for COMPOSITE checksums. */
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
