import { createHash } from 'node:crypto';
import type { StoreDouble } from './store-double';
import { partCountOf, partRange, s3ChecksumToDigest } from '../../../src/contract/digest';
import { blobKey } from '../../../src/contract/keys';
import type { FileEntry } from '../../../src/contract/manifest';

export const MIB = 1024 * 1024;

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A single-part file with this text. */
export function textFile(path: string, text: string = path): FileEntry {
  return { path, size: Buffer.byteLength(text), sha256: sha256(text), digest: sha256(text) };
}

export interface PartedFile extends FileEntry {
  /** base64. */
  readonly partChecksums: readonly string[];
}

/** A file with several parts. Its content does not matter to the functions. */
export function partedFile(path: string, size: number, seed: string = path): PartedFile {
  const partChecksums = Array.from({ length: partCountOf(size) }, (_value, index) => (
    createHash('sha256').update(`${seed}/${index}`).digest('base64')
  ));
  const composite = createHash('sha256');
  partChecksums.forEach((checksum) => composite.update(Buffer.from(checksum, 'base64')));
  return {
    path,
    size,
    sha256: sha256(seed),
    digest: s3ChecksumToDigest(`${composite.digest('base64')}-${partChecksums.length}`),
    partChecksums,
  };
}

export function entryOf({ path, size, sha256: flat, digest }: FileEntry): FileEntry {
  return { path, size, sha256: flat, digest };
}

/** Stores the file as if a client had uploaded it with its presigned URL. */
export function storeFile(store: StoreDouble, model: string, file: FileEntry): void {
  const [hex, parts] = file.digest.split('-');
  const base64 = Buffer.from(hex, 'hex').toString('base64');
  store.s3.putBlob(blobKey(model, file.digest), file.size, parts === undefined ? base64 : `${base64}-${parts}`);
}

/** Stores the parts as if a client had uploaded them; `wrong` uses a different content or size. */
export function storePart(
  store: StoreDouble, uploadId: string, file: PartedFile, partNumber: number,
  wrong: { size?: number; checksum?: string } = {},
): void {
  const { start, end } = partRange(file.size, partNumber);
  store.s3.uploads.get(uploadId)!.parts.set(partNumber, {
    size: wrong.size ?? end - start,
    checksum: wrong.checksum ?? file.partChecksums[partNumber - 1],
    etag: `"etag-${partNumber}"`,
  });
}
