import { randomBytes } from 'node:crypto';
import { lstat, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { PAGE_FILE, PUBLIC_KEY_FILE, SIGNATURE_FILE, SUMS_FILE } from './verify-text';
import { describeFault } from '../../runtime/describe-fault';
import type { Environment } from '../../runtime/environment';
import { EXIT, Failure, usageFailure } from '../../runtime/failure';
import { makeFolders } from '../../runtime/make-folders';
import { moveFile } from '../../runtime/move-file';
import { beginsAsReport } from '../report/page-file';

/** Checks that the folder can be written, so that a problem is reported before an hour of reading, not after it. */
export async function requirePlaceForExport(given: string): Promise<void> {
  await requireReplaceable(folderOf(given));
  await rm(await makeBeside(folderOf(given)), { recursive: true });
}

function folderOf(given: string): string {
  if (given === '') {
    throw usageFailure('--export "" is not a folder name', [], 'Use a folder name such as report-2026-11.');
  }
  return resolve(given);
}

async function requireReplaceable(folder: string): Promise<void> {
  const there = await lstat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  });
  if (there === undefined) {
    return;
  }
  if (!there.isDirectory()) {
    throw conflict(folder, there.isSymbolicLink() ? 'is a symbolic link' : 'is not a folder');
  }
  const stranger = await strangerIn(folder);
  if (stranger !== undefined) {
    throw conflict(folder, stranger);
  }
}

function conflict(folder: string, problem: string): Failure {
  return new Failure('the export would overwrite something that is not an earlier export', {
    code: 'in_the_way', exitCode: EXIT.CONFLICT, details: [{ field: folder, message: problem }],
    hint: 'Use another folder with --export, or remove it.',
  });
}

/** Why a folder is not an earlier export, whose list of checksums names everything in it. Undefined if it is one. */
async function strangerIn(folder: string): Promise<string | undefined> {
  if ((await readdir(folder)).length === 0) {
    return undefined;
  }
  const sums = await readFile(join(folder, SUMS_FILE), 'utf8').catch(() => '');
  const listed = [...sums.matchAll(/^[0-9a-f]{64} {2}(.+)$/gm)].map(([, file]) => file);
  if (!listed.includes(PAGE_FILE) || !await beginsAsReport(join(folder, PAGE_FILE)).catch(() => false)) {
    return 'is not empty and was not written by this command';
  }
  const own = new Set([
    ...listed, ...listed.flatMap((file) => (file.includes('/') ? [dirname(file)] : [])),
    SUMS_FILE, SIGNATURE_FILE, PUBLIC_KEY_FILE,
  ]);
  const other = (await readdir(folder, { recursive: true })).find((name) => !own.has(name.split(sep).join('/')));
  return other === undefined ? undefined : `also contains ${other}, which is not part of the earlier export`;
}

/** Makes a temporary folder next to the export, which only its owner can open. */
async function makeBeside(folder: string): Promise<string> {
  try {
    return await mkdtemp(join(dirname(folder), `.${basename(folder)}.`));
  } catch (error) {
    throw new Failure(`cannot write an export to ${dirname(folder)}: ${describeFault(error)}`, {
      code: 'unwritable_folder', exitCode: EXIT.USAGE, cause: error,
      hint: 'Name a folder in a folder that exists and that you can write to.',
    });
  }
}

/** Writes all files into the folder, or none: an earlier export is replaced as a whole. */
export async function writeExport(
  given: string, files: ReadonlyMap<string, string | Buffer>,
  environment: Pick<Environment, 'platform' | 'sleep' | 'signal'>,
): Promise<string> {
  const folder = folderOf(given);
  await requireReplaceable(folder);
  const temporary = await makeBeside(folder);
  try {
    for (const [name, content] of files) {
      environment.signal.throwIfAborted();
      const file = join(temporary, ...name.split('/'));
      await makeFolders(dirname(file), 0o700);
      await writeFile(file, content, { mode: 0o600, flag: 'wx', flush: true });
    }
    await replace(folder, temporary, environment);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return folder;
}

async function replace(
  folder: string, temporary: string, environment: Pick<Environment, 'platform' | 'sleep' | 'signal'>,
): Promise<void> {
  const earlier = join(dirname(folder), `.${basename(folder)}.${randomBytes(6).toString('hex')}.earlier`);
  const isThere = await lstat(folder).then(() => true, () => false);
  if (isThere) {
    await moveFile(folder, earlier, environment);
  }
  try {
    await moveFile(temporary, folder, environment);
  } catch (error) {
    if (isThere) {
      await moveFile(earlier, folder, environment);
    }
    throw error;
  }
  await rm(earlier, { recursive: true, force: true });
}
