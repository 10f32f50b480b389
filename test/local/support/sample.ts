import * as crypto from 'node:crypto';
import type { FileEntry } from '../../../src/contract/manifest';

const PART_BYTES = 16 * 2 ** 20;

const sha256 = (bytes: Uint8Array) => crypto.createHash('sha256').update(bytes).digest();

/** A file to push, with its description computed independently of the code under test. */
export interface Sample extends FileEntry {
  readonly bytes: Buffer;
  readonly parts: readonly SamplePart[];
}

export interface SamplePart {
  readonly partNumber: number;
  readonly bytes: Buffer;
  /** Base64, as S3 requires. */
  readonly checksumSha256: string;
}

/** A file with these bytes, or with this number of random ones. */
export function sample(path: string, content: number | string | Buffer): Sample {
  const bytes = typeof content === 'number' ? crypto.randomBytes(content) : Buffer.from(content);
  const parts = Array.from({ length: Math.max(1, Math.ceil(bytes.length / PART_BYTES)) }, (_, index) => {
    const part = bytes.subarray(index * PART_BYTES, (index + 1) * PART_BYTES);
    return { partNumber: index + 1, bytes: part, checksumSha256: sha256(part).toString('base64') };
  });
  const flat = sha256(bytes).toString('hex');
  const digest = parts.length === 1
    ? flat
    : `${sha256(Buffer.concat(parts.map((part) => Buffer.from(part.checksumSha256, 'base64')))).toString('hex')}-${parts.length}`;
  return { path, size: bytes.length, sha256: flat, digest, bytes, parts };
}

/** The description of a file for the store. */
export function entryOf({ path, size, sha256: flat, digest }: FileEntry): FileEntry {
  return { path, size, sha256: flat, digest };
}

export function sha256Hex(bytes: Uint8Array): string {
  return sha256(bytes).toString('hex');
}
