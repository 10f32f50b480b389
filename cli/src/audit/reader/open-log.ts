import { createReadStream, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip, gunzipSync } from 'node:zlib';
import type { LogFile } from './log-source';
import type { Tally } from './tally';
import { EXIT, Failure } from '../../runtime/failure';

/** What a file this small unpacks to fits into memory at once, and is much faster read so. */
const AT_ONCE_BYTES = 4 * 1024 * 1024;
const UNPACKED_AT_ONCE_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

function isGzip(head: Buffer): boolean {
  return head.length >= 2 && head[0] === 0x1f && head[1] === 0x8b;
}

/** The last four bytes of a gzip file are its unpacked size, modulo 4 GiB; of the last member, if there are several. */
function unpackedSize(file: Buffer): number {
  return file.length < 18 ? 0 : file.readUInt32LE(file.length - 4);
}

/**
 * A log, unpacked if it is gzip whatever its name: all of it as bytes, or its text in pieces. What cannot be read is told to the tally, and how many
 * more bytes of the file were read, as they are.
 */
export async function *openLog(file: LogFile, tally: Tally, done: (bytes: number) => void): AsyncGenerator<Buffer | string> {
  try {
    if (file.fetch || file.size <= AT_ONCE_BYTES) {
      // At once: asking for thousands of small files one by one costs more time on the way than in the file system.
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
    // One file that cannot be read is told; what holds for all files ends the audit.
    if (error instanceof Failure && (error.exitCode === EXIT.FORBIDDEN || error.exitCode === EXIT.UNAVAILABLE)) {
      throw error;
    }
    tally.skip('unreadable', `${file.name} (${(error as Error).message})`);
  }
}

function pathOf({ name, path }: LogFile): string {
  if (path === undefined) {
    throw new Error(`${name} lies nowhere`);
  }
  return path;
}

/** Undefined if it cannot be unpacked whole. */
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
  let told = 0;
  yield* unpacked(bytes, isGzip(head), file, tally, () => {
    done(bytes.bytesRead - told);
    told = bytes.bytesRead;
  });
}

async function *unpacked(bytes: Readable, isPacked: boolean, file: LogFile, tally: Tally, went: () => void): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  // The callback takes the error, which the loop below is told too.
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
