import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Creates a folder and its parents. Unlike `mkdir` with `recursive`, which may loop forever
 * (https://github.com/nodejs/node/issues/28599), this ends where nothing can be created, such as in /proc or on a stale
 * mount. The error has the system's code and the path of the first folder that cannot be created. `mode` applies to
 * each folder created; the default depends on the umask.
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
      // For an existing folder, some systems report a read-only file system or missing permission.
      throw error;
    }
  }
}

/** Another process may be creating the same folder. */
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
