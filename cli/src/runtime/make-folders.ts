import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it. Unlike `mkdir` with `recursive`, which may ask the system again and again
 * (https://github.com/nodejs/node/issues/28599), it ends where nothing can be made, such as in /proc or on a mount that
 * is gone. The error has the code of the system, and the path of the first folder that cannot be made. `mode` is that of
 * each folder that it makes; by default, what the umask of the process leaves.
 */
export async function makeFolders(path: string, mode?: number): Promise<void> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      await requireFolder(path, error);
    } else if (code === 'ENOENT' && dirname(path) !== path && !await isFolder(dirname(path))) {
      await makeFolders(dirname(path), mode);
      await makeOne(path, mode);
    } else if (!await isFolder(path)) {
      // Of a folder that is there, some systems say that they are read-only, or that it may not be made.
      throw error;
    }
  }
}

/** Somebody else may make the same folder at this moment. */
async function makeOne(path: string, mode?: number): Promise<void> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw error;
    }
    await requireFolder(path, error);
  }
}

async function requireFolder(path: string, error: unknown): Promise<void> {
  if (!await isFolder(path)) {
    throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then((found) => found.isDirectory(), () => false);
}
