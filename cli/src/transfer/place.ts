import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { WrongBytes } from './receive-file';
import type { ManifestFile } from '../../../src/contract/manifest';
import { makeWay } from '../folder/destination';
import { toLocalPath } from '../folder/local-path';
import type { Records } from '../folder/pull-record';
import type { Environment } from '../runtime/environment';
import { moveFile } from '../runtime/move-file';

/** Moves the received and checked files to their destination. */
export async function place(
  root: string, files: readonly ManifestFile[], records: Records, environment: Environment,
): Promise<void> {
  const last = new Map(files.map((file) => [file.digest, file]));
  const folders = new Set<string>();
  for (const file of files) {
    environment.signal.throwIfAborted();
    await makeWay(root, file.path);
    const target = toLocalPath(root, file.path);
    const partial = records.partialFile(file.digest);
    if (last.get(file.digest) === file) {
      await moveFile(partial, target, environment);
    } else {
      const copy = join(records.partialFolder, `${basename(partial)}.copy`);
      await copyChecked(partial, copy, file);
      await moveFile(copy, target, environment);
    }
    folders.add(dirname(target));
  }
  for (const folder of folders) {
    await syncFolder(folder);
  }
}

async function copyChecked(source: string, copy: string, file: ManifestFile): Promise<void> {
  await rm(copy, { force: true });
  const handle = await open(copy, 'wx');
  try {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(source, { highWaterMark: 1024 * 1024 })) {
      hash.update(chunk as Buffer);
      await handle.appendFile(chunk as Buffer);
    }
    if (hash.digest('hex') !== file.sha256) {
      throw new WrongBytes(file.path, 'it changed on disk while it was moved into place');
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the renames durable. Windows neither needs nor supports this. */
async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, 'r');
    await handle.sync();
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EINVAL', 'EACCES', 'ENOTSUP'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      throw error;
    }
  } finally {
    await handle?.close();
  }
}
