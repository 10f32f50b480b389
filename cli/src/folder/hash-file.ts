import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { type Digests, DigestStream } from './digest-stream';
import { EXIT, Failure } from '../runtime/failure';

const CHUNK_BYTES = 1024 * 1024;

export interface HashOptions {
  readonly signal: AbortSignal;
  readonly onBytes?: (bytes: number) => void;
  /** Whether to refuse to read through a symbolic link. */
  readonly noFollow?: boolean;
}

/** Reads a file once and computes its digests. Fails if the size is not `sizeBytes`. */
export async function hashFile(localPath: string, sizeBytes: number, options: HashOptions): Promise<Digests> {
  const digests = new DigestStream(sizeBytes);
  // eslint-disable-next-line no-bitwise
  const flags = constants.O_RDONLY | (options.noFollow ? constants.O_NOFOLLOW ?? 0 : 0);
  const handle = await open(localPath, flags);
  try {
    // A small buffer for a small file: a version can have thousands.
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, sizeBytes + 1));
    let position = 0;
    for (;;) {
      options.signal.throwIfAborted();
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
      if (bytesRead === 0) {
        break;
      }
      position += bytesRead;
      if (position > sizeBytes) {
        throw fileChanged([localPath]);
      }
      digests.update(buffer.subarray(0, bytesRead));
      options.onBytes?.(bytesRead);
    }
    if (position !== sizeBytes) {
      throw fileChanged([localPath]);
    }
    return digests.finish();
  } finally {
    await handle.close();
  }
}

export function fileChanged(paths: readonly string[], how = 'changed while it was being read'): Failure {
  return new Failure('the folder changed during the push; nothing was published', {
    code: 'folder_changed',
    exitCode: EXIT.FAILURE,
    details: paths.map((path) => ({ field: path, message: how })),
    hint: 'Wait until nothing writes to the folder, then push again. What was already sent is not sent again.',
  });
}
