import { createReadStream, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip, gunzipSync } from 'node:zlib';
import type { LogFile } from './log-source';
import type { Tally } from './tally';
import { EXIT, Failure } from '../../runtime/failure';

/** Small files are read and decompressed in memory, which is much faster. */
const AT_ONCE_BYTES = 4 * 1024 * 1024;
const UNPACKED_AT_ONCE_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

function isGzip(head: Buffer): boolean {
  return head.length >= 2 && head[0] === 0x1f && head[1] === 0x8b;
}

/** The last four bytes of a gzip file: the uncompressed size of its last member, modulo 4 GiB. */
function unpackedSize(file: Buffer): number {
  return file.length < 18 ? 0 : file.readUInt32LE(file.length - 4);
}

/**
 * Opens a log and decompresses it if it is gzip, regardless of its name. Returns a small file as bytes, and the text of
 * a large one in pieces. Records what cannot be read in the tally. Calls `done` with the number of bytes read.
 */
export async function *openLog(
  file: LogFile, tally: Tally, done: (bytes: number) => void,
): AsyncGenerator<Buffer | string> {
  try {
    if (file.fetch || file.size <= AT_ONCE_BYTES) {
      // Synchronously: for thousands of small files, asynchronous calls cost more time than the file system.
      const whole = file.fetch ? await file.fetch() : readFileSync(pathOf(file));
      if (!isGzip(whole)) {
        yield whole;
        return;
      }
      const size = unpackedSize(whole);
      const bytes = size <= UNPACKED_AT_ONCE_BYTES ? unpack(whole, size) : undefined;
      if (bytes !== undefined) {
        yield bytes;
        return;
      }
      if (file.fetch) {
        yield* unpacked(Readable.from([whole]), true, file, tally, () => {});
        return;
      }
    }
    yield* streamed(file, tally, done);
  } catch (error) {
    // A single unreadable file is counted. An error that affects all files ends the audit.
    if (error instanceof Failure && (error.exitCode === EXIT.FORBIDDEN || error.exitCode === EXIT.UNAVAILABLE)) {
      throw error;
    }
    tally.skip('unreadable', `${file.name} (${(error as Error).message})`);
  }
}

function pathOf({ name, path }: LogFile): string {
  if (path === undefined) {
    throw new Error(`${name} has no path`);
  }
  return path;
}

/** Decompresses a file. Returns undefined if that fails. */
function unpack(file: Buffer, size: number): Buffer | undefined {
  try {
    return gunzipSync(file, { chunkSize: Math.max(64 * 1024, size + 1), maxOutputLength: 2 * UNPACKED_AT_ONCE_BYTES });
  } catch {
    return undefined;
  }
}

async function *streamed(file: LogFile, tally: Tally, done: (bytes: number) => void): AsyncGenerator<string> {
  const path = pathOf(file);
  const handle = await open(path);
  const head = Buffer.alloc(2);
  try {
    await handle.read(head, 0, 2, 0);
  } finally {
    await handle.close();
  }
  const bytes = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  let reported = 0;
  yield* unpacked(bytes, isGzip(head), file, tally, () => {
    done(bytes.bytesRead - reported);
    reported = bytes.bytesRead;
  });
}

async function *unpacked(
  bytes: Readable, isPacked: boolean, file: LogFile, tally: Tally, went: () => void,
): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  // The callback ignores the error, because the loop below throws it, too.
  const stream = isPacked ? pipeline(bytes, createGunzip({ chunkSize: CHUNK_BYTES }), () => {}) : bytes;
  try {
    for await (const chunk of stream) {
      yield decoder.write(chunk as Buffer);
      went();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code?.startsWith('Z_') !== true) {
      throw error;
    }
    tally.skip(code === 'Z_BUF_ERROR' ? 'truncated' : 'damaged', file.name);
  }
  yield decoder.end();
}
