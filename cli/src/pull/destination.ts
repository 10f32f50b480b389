import { lstat, mkdir, realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { ErrorDetail } from '../../../src/contract/errors';
import type { ManifestFile } from '../../../src/contract/manifest';
import { forEachInParallel } from '../concurrency';
import { EXIT, Failure } from '../failure';
import { hashFile } from '../hash-file';
import type { ProgressTask } from '../progress';
import { toLocalPath } from './local-path';
import { Records } from './record';

/** How a place in the destination compares with the file that belongs there. */
export type Standing = 'absent' | 'same' | 'different' | 'blocked';

export interface Inspection {
  /** In the order of the files asked about. */
  readonly standings: readonly Standing[];
  /** Why each `different` and `blocked` one is. */
  readonly problems: readonly (ErrorDetail & { readonly blocked: boolean })[];
}

/** The folder a version is pulled into. What the person named may be a symbolic link; nothing below it may. */
export async function openDestination(folder: string): Promise<string> {
  await mkdir(resolve(folder), { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new Failure(error.code === 'EEXIST' ? `${folder} is a file; give a folder` : `cannot make ${folder}: ${error.message}`, {
      code: 'unwritable_folder', exitCode: EXIT.USAGE, cause: error,
    });
  });
  const root = await realpath(folder);
  const records = new Records(root);
  for (const own of [records.folder, records.partialFolder]) {
    if (await lstatIfAny(own).then((found) => found !== undefined && !found.isDirectory())) {
      throw new Failure(`${own} is no folder; this command keeps its records there`, { code: 'unwritable_folder', exitCode: EXIT.CONFLICT });
    }
  }
  return root;
}

export async function lstatIfAny(path: string) {
  try {
    return await lstat(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      return undefined;
    }
    throw error;
  }
}

/** The first folder on the way to a file that is none, or is only a link to one; undefined if the way is clear. */
export async function obstacle(root: string, path: string): Promise<string | undefined> {
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
    const folder = path.slice(0, slash);
    const found = await lstatIfAny(toLocalPath(root, folder));
    if (found === undefined) {
      return undefined;
    }
    if (!found.isDirectory()) {
      return folder;
    }
  }
  return undefined;
}

/** Makes the folders on the way to a file, one by one, so that none of them is a link that leads elsewhere. */
export async function makeWay(root: string, path: string): Promise<void> {
  const blocked = await obstacle(root, path);
  if (blocked !== undefined) {
    throw new Failure(`${JSON.stringify(blocked)} in the destination is no folder any more`, { code: 'folder_changed', exitCode: EXIT.CONFLICT });
  }
  await mkdir(dirname(toLocalPath(root, path)), { recursive: true });
}

export interface InspectOptions {
  readonly signal: AbortSignal;
  readonly task: ProgressTask;
}

/** Compares what is in the destination with what belongs there, by its bytes wherever the size agrees. */
export async function inspect(root: string, files: readonly ManifestFile[], options: InspectOptions): Promise<Inspection> {
  const standings: Standing[] = new Array(files.length);
  const problems: (ErrorDetail & { blocked: boolean })[] = [];
  await forEachInParallel(files.entries(), 4, options.signal, async ([index, file], signal) => {
    const found = await compare(root, file, { ...options, signal });
    standings[index] = found.standing;
    if (found.message !== undefined) {
      problems.push({ field: file.path, message: found.message, blocked: found.standing === 'blocked' });
    }
  });
  return { standings, problems: problems.sort((a, b) => (a.field < b.field ? -1 : 1)) };
}

async function compare(root: string, file: ManifestFile, options: InspectOptions): Promise<{ standing: Standing; message?: string }> {
  const blocked = await obstacle(root, file.path);
  if (blocked !== undefined) {
    return { standing: 'blocked', message: `cannot be written: ${JSON.stringify(blocked)} is no folder here (or a symbolic link to one)` };
  }
  const localPath = toLocalPath(root, file.path);
  const found = await lstatIfAny(localPath);
  if (found === undefined) {
    return { standing: 'absent' };
  }
  if (found.isDirectory()) {
    return { standing: 'blocked', message: 'cannot be written: there is a folder of that name' };
  }
  if (!found.isFile()) {
    return { standing: 'different', message: found.isSymbolicLink() ? 'is a symbolic link here' : 'is no regular file here' };
  }
  if (found.size !== file.size) {
    return { standing: 'different', message: `has ${found.size} bytes here, ${file.size} in the version` };
  }
  const { sha256 } = await hashFile(localPath, file.size, { signal: options.signal, noFollow: true, onBytes: (bytes) => options.task.add(bytes) });
  return sha256 === file.sha256 ? { standing: 'same' } : { standing: 'different', message: 'has other bytes here' };
}
