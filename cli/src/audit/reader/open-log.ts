import { createReadStream, readFileSync } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip, type Gunzip, gunzipSync } from 'node:zlib';
import type { LogFile } from './log-source';
import type { Tally } from './tally';
import { EXIT, Failure } from '../../runtime/failure';

/** Small files are read and decompressed in memory, which is much faster. */
const AT_ONCE_BYTES = 4 * 1024 * 1024;
const UNPACKED_AT_ONCE_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;
/** Tools that download a gzip file may compress it again. */
const MOST_LAYERS = 2;

function isGzip(head: Buffer): boolean {
  return head.length >= 2 && head[0] === 0x1f && head[1] === 0x8b;
}

/** The last four bytes of a gzip file: the uncompressed size of its last member, modulo 4 GiB. */
function unpackedSize(file: Buffer): number {
  return file.length < 18 ? 0 : file.readUInt32LE(file.length - 4);
}

/**
 * Opens a log and decompresses it if it is gzip, regardless of its name. Returns a small file as one piece, and a large
 * one in several. Records what cannot be read in the tally. Calls `done` with the number of bytes read.
 */
export async function *openLog(file: LogFile, tally: Tally, done: (bytes: number) => void): AsyncGenerator<Buffer> {
  try {
    if (file.fetch || file.size <= AT_ONCE_BYTES) {
      // Synchronously: for thousands of small files, asynchronous calls cost more time than the file system.
      const whole = file.fetch ? await file.fetch() : readFileSync(pathOf(file));
      const bytes = unpackedAtOnce(whole, file, tally);
      if (bytes) {
        yield bytes;
      } else {
        yield* unpacked(piecesOf(whole), file, tally);
      }
      return;
    }
    const bytes = createReadStream(pathOf(file), { highWaterMark: CHUNK_BYTES });
    yield* unpacked(counted(bytes, done), file, tally);
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

async function *piecesOf(whole: Buffer): AsyncGenerator<Buffer> {
  yield whole;
}

async function *counted(bytes: AsyncIterable<unknown>, done: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of bytes) {
    done((chunk as Buffer).length);
    yield chunk as Buffer;
  }
}

/** The content of a file, or undefined if it is damaged or too large to be decompressed in memory. */
function unpackedAtOnce(whole: Buffer, { name }: LogFile, tally: Tally): Buffer | undefined {
  let bytes = whole;
  let rest = 0;
  for (let layer = 0; layer < MOST_LAYERS && isGzip(bytes); layer++) {
    const size = unpackedSize(bytes);
    const packed = bytes;
    try {
      if (size > UNPACKED_AT_ONCE_BYTES) {
        return undefined;
      }
      const { buffer, engine } = gunzipSync(packed, {
        chunkSize: Math.max(64 * 1024, size + 1), maxOutputLength: 2 * UNPACKED_AT_ONCE_BYTES, info: true,
      }) as unknown as { readonly buffer: Buffer; readonly engine: Gunzip };
      bytes = buffer;
      rest += packed.length - engine.bytesWritten;
    } catch {
      return undefined;
    }
  }
  if (rest > 0) {
    tally.skip('after the end', name);
  }
  return bytes;
}

/** Decompresses a stream, as often as it is compressed. */
async function *unpacked(
  bytes: AsyncIterable<Buffer>, file: LogFile, tally: Tally, layers = MOST_LAYERS,
): AsyncGenerator<Buffer> {
  const pieces = bytes[Symbol.asyncIterator]();
  const first = await pieces.next();
  if (first.done) {
    return;
  }
  const whole = async function *() {
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => pieces };
  };
  yield* layers > 0 && isGzip(first.value)
    ? unpacked(gunzipped(whole(), file, tally), file, tally, layers - 1) : whole();
}

async function *gunzipped(packed: AsyncIterable<Buffer>, { name }: LogFile, tally: Tally): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  let read = 0;
  const source = Readable.from(counted(packed, (more) => { read += more; }), { highWaterMark: 1 });
  // The callback ignores the error, because the loop below throws it, too.
  pipeline(source, gunzip, () => {});
  try {
    for await (const chunk of gunzip) {
      yield chunk as Buffer;
    }
    if (read > gunzip.bytesWritten) {
      tally.skip('after the end', name);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code?.startsWith('Z_') !== true) {
      throw error;
    }
    tally.skip(code === 'Z_BUF_ERROR' ? 'truncated' : 'damaged', name);
  }
}
