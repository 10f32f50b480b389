import type { Stats } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { hashFile } from './hash-file';
import { toLocalPath } from './local-path';
import { Records } from './pull-record';
import type { ErrorDetail } from '../../../src/contract/errors';
import type { ManifestFile } from '../../../src/contract/manifest';
import { forEachInParallel } from '../runtime/concurrency';
import { describeFault } from '../runtime/describe-fault';
import { EXIT, Failure } from '../runtime/failure';
import { makeFolders } from '../runtime/make-folders';
import type { ProgressTask } from '../runtime/progress';

/** How a place in the destination compares with the file that belongs there. */
export type Standing = 'absent' | 'same' | 'different' | 'blocked';

const ABSENT = 'absent';

export interface Inspection {
  /** In the order of the files asked about. */
  readonly standings: readonly Standing[];
  /** By what it is told whether something else lies in the place by now. */
  readonly seen: readonly string[];
  /** Why each `different` and `blocked` one is. */
  readonly problems: readonly (ErrorDetail & { readonly blocked: boolean })[];
}

/**
 * The folder a version is to be pulled into, which need not be there yet. What the person named may be a symbolic link; nothing
 * below it may.
 */
export async function findDestination(folder: string): Promise<string> {
  const root = await realpath(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') {
      return resolve(folder);
    }
    throw cannotMake(folder, error);
  });
  if (await lstatIfAny(root).then((found) => found !== undefined && !found.isDirectory())) {
    throw new Failure(`${folder} is a file; give a folder`, { code: 'unwritable_folder', exitCode: EXIT.USAGE });
  }
  const records = new Records(root);
  for (const own of [records.folder, records.partialFolder]) {
    if (await lstatIfAny(own).then((found) => found !== undefined && !found.isDirectory())) {
      throw new Failure(`${own} is no folder; this command keeps its records there`, { code: 'unwritable_folder', exitCode: EXIT.CONFLICT });
    }
  }
  return root;
}

/** Every folder up to and with the destination. */
export async function makeDestination(folder: string): Promise<void> {
  await makeFolders(resolve(folder)).catch((error: NodeJS.ErrnoException) => { throw cannotMake(folder, error); });
}

function cannotMake(folder: string, error: NodeJS.ErrnoException): Failure {
  const { path = folder } = error;
  return new Failure(`cannot create the folder ${folder}`, {
    code: 'unwritable_folder',
    exitCode: EXIT.USAGE,
    cause: error,
    details: [{
      field: path,
      message: error.code === 'ENOENT' ? `${dirname(path)} takes no new folders` : describeFault(error),
    }],
    hint: 'Pull into another folder.',
  });
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
  await makeFolders(dirname(toLocalPath(root, path)));
}

export interface InspectOptions {
  readonly signal: AbortSignal;
  /** Called once, if there are bytes to compare at all. */
  readonly begin: (bytes: number) => ProgressTask;
  /** What a path of the manifest is called on this disk, if it is not the same. */
  readonly nameHere?: (path: string) => string;
}

type InspectedFile = Pick<ManifestFile, 'path' | 'size' | 'sha256'>;

interface Found {
  readonly standing: Standing;
  readonly seen: string;
  readonly message?: string;
}

/** Compares what is in the destination with what belongs there, by its bytes wherever the size agrees. */
export async function inspect(
  root: string, files: readonly InspectedFile[], { signal, begin, nameHere = (path) => path }: InspectOptions,
): Promise<Inspection> {
  const found: Found[] = new Array(files.length);
  await forEachInParallel(files.entries(), 8, signal, async ([index, file]) => { found[index] = await look(root, file, nameHere(file.path)); });

  const alike = [...files.entries()].filter(([index]) => found[index].standing === 'same');
  const bytes = alike.reduce((sum, [, { size }]) => sum + size, 0);
  const task = bytes > 0 ? begin(bytes) : undefined;
  await forEachInParallel(alike, 4, signal, async ([index, file], inner) => {
    const message = await contentProblem(file, toLocalPath(root, nameHere(file.path)), inner, (count) => task?.add(count));
    if (message !== undefined) {
      found[index] = { ...found[index], standing: 'different', message };
    }
  });
  task?.end();
  return {
    standings: found.map(({ standing }) => standing),
    seen: found.map(({ seen }) => seen),
    problems: found.flatMap(({ standing, message }, index) =>
      message === undefined ? [] : [{ field: files[index].path, message, blocked: standing === 'blocked' }]),
  };
}

async function contentProblem(
  file: InspectedFile, localPath: string, signal: AbortSignal, onBytes: (bytes: number) => void,
): Promise<string | undefined> {
  try {
    const { sha256 } = await hashFile(localPath, file.size, { signal, noFollow: true, onBytes });
    return sha256 === file.sha256 ? undefined : 'has other bytes here';
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Failure && error.code === 'folder_changed') {
      return 'changes here while it is read';
    }
    const { syscall, code } = error as NodeJS.ErrnoException;
    if (syscall === undefined) {
      throw error;
    }
    return code === 'ELOOP' ? 'is a symbolic link here' : `cannot be read here: ${describeFault(error)}`;
  }
}

function whatIsSeen({ mode, dev, ino, size, mtimeMs }: Stats): string {
  return [mode, dev, ino, size, mtimeMs].join(' ');
}

/** As in `Inspection.seen`, for what is there now; undefined if there is nothing, or only through a link. */
export async function seenAt(root: string, path: string): Promise<string | undefined> {
  const found = await obstacle(root, path) === undefined ? await lstatIfAny(toLocalPath(root, path)) : undefined;
  return found && whatIsSeen(found);
}

/** Without reading a byte: `same` means that the size is right. */
async function look(root: string, file: InspectedFile, nameHere: string): Promise<Found> {
  const blocked = await obstacle(root, nameHere);
  if (blocked !== undefined) {
    return {
      standing: 'blocked', seen: 'blocked', message: `cannot be written: ${JSON.stringify(blocked)} is no folder here (or a symbolic link to one)`,
    };
  }
  const found = await lstatIfAny(toLocalPath(root, nameHere));
  if (found === undefined) {
    return { standing: 'absent', seen: ABSENT };
  }
  const seen = whatIsSeen(found);
  if (found.isDirectory()) {
    return { standing: 'blocked', seen, message: 'cannot be written: there is a folder of that name' };
  }
  if (!found.isFile()) {
    return { standing: 'different', seen, message: found.isSymbolicLink() ? 'is a symbolic link here' : 'is no regular file here' };
  }
  return found.size === file.size
    ? { standing: 'same', seen } : { standing: 'different', seen, message: `has ${found.size} bytes here, ${file.size} in the version` };
}

/**
 * Receiving takes long, and the folder is not ours alone: what came there or changed since it was inspected was never judged, and
 * must be neither replaced nor called what was pushed.
 */
export async function requireAsInspected(
  root: string, folder: string, files: readonly ManifestFile[], { seen }: Inspection, signal: AbortSignal,
): Promise<void> {
  const problems: (ErrorDetail | undefined)[] = new Array(files.length);
  await forEachInParallel(files.entries(), 8, signal, async ([index, file]) => {
    const now = (await look(root, file, file.path)).seen;
    if (now !== seen[index]) {
      const message = seen[index] === ABSENT ? 'came there meanwhile' : now === ABSENT ? 'is gone meanwhile' : 'changed meanwhile';
      problems[index] = { field: file.path, message };
    }
  });
  const details = problems.filter((problem) => problem !== undefined);
  if (details.length > 0) {
    throw new Failure(`${folder} changed while the pull went on; nothing was put in place`, {
      code: 'folder_changed', exitCode: EXIT.CONFLICT, details,
      hint: 'Run the same pull again: it judges the folder anew, and fetches nothing twice.',
    });
  }
}
