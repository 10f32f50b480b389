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

/** State of a path in the destination, compared with the file of the version. */
export type Standing = 'absent' | 'same' | 'different' | 'blocked';

const ABSENT = 'absent';

export interface Inspection {
  /** In the order of the inspected files. */
  readonly standings: readonly Standing[];
  /** Identifies what was at each path, to detect later changes. */
  readonly seen: readonly string[];
  /** The reason for each `different` and `blocked`. */
  readonly problems: readonly (ErrorDetail & { readonly blocked: boolean })[];
}

/**
 * Resolves the folder to pull into, which need not exist yet. The folder itself may be a symbolic link; nothing below
 * it may.
 */
export async function findDestination(folder: string): Promise<string> {
  const root = await realpath(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') {
      return resolve(folder);
    }
    throw cannotMake(folder, error);
  });
  if (await lstatIfAny(root).then((found) => found !== undefined && !found.isDirectory())) {
    throw new Failure(`${folder} is a file, not a folder`, { code: 'unwritable_folder', exitCode: EXIT.USAGE });
  }
  const records = new Records(root);
  for (const own of [records.folder, records.partialFolder]) {
    if (await lstatIfAny(own).then((found) => found !== undefined && !found.isDirectory())) {
      throw new Failure(`${own} is not a folder; model-store keeps its records there`, {
        code: 'unwritable_folder', exitCode: EXIT.CONFLICT,
      });
    }
  }
  return root;
}

/** Creates the destination and its parent folders. */
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
      message: error.code === 'ENOENT' ? `no folder can be created in ${dirname(path)}` : describeFault(error),
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

/** The first parent of a file that is not a folder, or is a symbolic link; undefined if there is none. */
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

/** Creates the parent folders of a file. Fails if one of them is a symbolic link, which could point elsewhere. */
export async function makeWay(root: string, path: string): Promise<void> {
  const blocked = await obstacle(root, path);
  if (blocked !== undefined) {
    throw new Failure(`${JSON.stringify(blocked)} in the destination is no longer a folder`, {
      code: 'folder_changed', exitCode: EXIT.CONFLICT,
    });
  }
  await makeFolders(dirname(toLocalPath(root, path)));
}

export interface InspectOptions {
  readonly signal: AbortSignal;
  /** Called once, if there are bytes to compare. */
  readonly begin: (bytes: number) => ProgressTask;
  /** Maps a manifest path to its name on this disk. */
  readonly nameHere?: (path: string) => string;
}

type InspectedFile = Pick<ManifestFile, 'path' | 'size' | 'sha256'>;

interface Found {
  readonly standing: Standing;
  readonly seen: string;
  readonly message?: string;
}

/** Compares the destination with the files of a version. Reads the bytes of a file only if its size matches. */
export async function inspect(
  root: string, files: readonly InspectedFile[], { signal, begin, nameHere = (path) => path }: InspectOptions,
): Promise<Inspection> {
  const found: Found[] = new Array(files.length);
  await forEachInParallel(files.entries(), 8, signal, async ([index, file]) => {
    found[index] = await look(root, file, nameHere(file.path));
  });

  const alike = [...files.entries()].filter(([index]) => found[index].standing === 'same');
  const bytes = alike.reduce((sum, [, { size }]) => sum + size, 0);
  const task = bytes > 0 ? begin(bytes) : undefined;
  await forEachInParallel(alike, 4, signal, async ([index, file], inner) => {
    const localPath = toLocalPath(root, nameHere(file.path));
    const message = await contentProblem(file, localPath, inner, (count) => task?.add(count));
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
    return sha256 === file.sha256 ? undefined : 'has different content';
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Failure && error.code === 'folder_changed') {
      return 'is being changed';
    }
    const { syscall, code } = error as NodeJS.ErrnoException;
    if (syscall === undefined) {
      throw error;
    }
    return code === 'ELOOP' ? 'is a symbolic link' : `cannot be read: ${describeFault(error)}`;
  }
}

function whatIsSeen({ mode, dev, ino, size, mtimeMs }: Stats): string {
  return [mode, dev, ino, size, mtimeMs].join(' ');
}

/** The current value of `Inspection.seen`; undefined if nothing is there, or only behind a symbolic link. */
export async function seenAt(root: string, path: string): Promise<string | undefined> {
  const found = await obstacle(root, path) === undefined ? await lstatIfAny(toLocalPath(root, path)) : undefined;
  return found && whatIsSeen(found);
}

/** Does not read the content: `same` means that the size matches. */
async function look(root: string, file: InspectedFile, nameHere: string): Promise<Found> {
  const blocked = await obstacle(root, nameHere);
  if (blocked !== undefined) {
    return {
      standing: 'blocked',
      seen: 'blocked',
      message: `cannot be written: ${JSON.stringify(blocked)} is a file or a symbolic link`,
    };
  }
  const found = await lstatIfAny(toLocalPath(root, nameHere));
  if (found === undefined) {
    return { standing: 'absent', seen: ABSENT };
  }
  const seen = whatIsSeen(found);
  if (found.isDirectory()) {
    return { standing: 'blocked', seen, message: 'cannot be written: a folder has that name' };
  }
  if (!found.isFile()) {
    const message = found.isSymbolicLink() ? 'is a symbolic link' : 'is not a regular file';
    return { standing: 'different', seen, message };
  }
  return found.size === file.size
    ? { standing: 'same', seen }
    : { standing: 'different', seen, message: `has ${found.size} bytes, ${file.size} in the version` };
}

/**
 * Fails if the destination changed since it was inspected. Receiving can take hours, and other processes may write to
 * the folder: files that were not inspected must be neither replaced nor reported as part of the version.
 */
export async function requireAsInspected(
  root: string, folder: string, files: readonly ManifestFile[], { seen }: Inspection, signal: AbortSignal,
): Promise<void> {
  const problems: (ErrorDetail | undefined)[] = new Array(files.length);
  await forEachInParallel(files.entries(), 8, signal, async ([index, file]) => {
    const now = (await look(root, file, file.path)).seen;
    if (now !== seen[index]) {
      const message = seen[index] === ABSENT ? 'was added' : now === ABSENT ? 'was removed' : 'was changed';
      problems[index] = { field: file.path, message };
    }
  });
  const details = problems.filter((problem) => problem !== undefined);
  if (details.length > 0) {
    throw new Failure(`${folder} changed during the pull; no files were moved into it`, {
      code: 'folder_changed',
      exitCode: EXIT.CONFLICT,
      details,
      hint: 'Run the same pull again: it inspects the folder again and does not repeat finished downloads.',
    });
  }
}
