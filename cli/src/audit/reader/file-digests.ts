import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { LogFile } from './log-source';
import type { Tally } from './tally';

/** A file that was read as evidence. */
export interface EvidenceFile {
  /** The path as given, or the S3 address. */
  readonly file: string;
  /** YYYY-MM-DD, if its path contains a day. */
  readonly day?: string;
  /** As stored. */
  readonly bytes: number;
  /** Of the file as stored, in hex; undefined if it could not be read. */
  readonly sha256?: string;
}

/** Larger files are not held in memory. */
const IN_MEMORY_BYTES = 4 * 1024 * 1024;

/** Reads a file, and adds the SHA-256 of exactly the bytes that were read to the tally. */
export async function readWithDigest(
  file: LogFile, tally: Tally, read: (file: LogFile) => Promise<void>,
): Promise<void> {
  const { fetch, path, size } = file;
  const { place } = tally;
  if (fetch || path === undefined || size <= IN_MEMORY_BYTES) {
    const content = async () => (fetch ? fetch() : readFileSync(path!));
    return read({
      ...file,
      fetch: async () => {
        const bytes = await content();
        tally.digests.set(place, createHash('sha256').update(bytes).digest('hex'));
        return bytes;
      },
    });
  }
  // Read twice, so it has a digest only if it did not change in between.
  const [before, digest] = [await stateOf(path), await digestOf(path)];
  await read(file);
  if (digest !== undefined && before !== undefined && before === await stateOf(path)) {
    tally.digests.set(place, digest);
  }
}

async function stateOf(path: string): Promise<string | undefined> {
  const state = await stat(path, { bigint: true }).catch(() => undefined);
  return state && [state.ino, state.size, state.mtimeNs, state.ctimeNs].join(' ');
}

/** Undefined for a file that cannot be read, which the reader reports. */
async function digestOf(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
      hash.update(chunk as Buffer);
    }
    return hash.digest('hex');
  } catch {
    return undefined;
  }
}
