import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, lstat, open, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describeFault } from '../../runtime/describe-fault';
import type { Environment } from '../../runtime/environment';
import { EXIT, Failure, usageFailure } from '../../runtime/failure';
import { moveFile } from '../../runtime/move-file';

/** The first lines of every report. Only files that start with them are ever overwritten. */
export const REPORT_MARK = '<!doctype html>\n<!-- model-store audit report -->\n';

export interface WrittenPage {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Checks that the report can be written, so that a problem is reported before an hour of reading, not after it. */
export async function requirePlaceForReport(file: string): Promise<void> {
  await requireReplaceable(file);
  const { temporary, handle } = await openBeside(file);
  await handle.close();
  await rm(temporary);
}

async function requireReplaceable(file: string): Promise<void> {
  if (file === '' || file.endsWith('/')) {
    throw usageFailure(`--html ${JSON.stringify(file)} is not a file name`, [], 'Use a file name such as report.html.');
  }
  const folder = await stat(dirname(file)).catch(() => undefined);
  if (!folder?.isDirectory()) {
    throw new Failure(`cannot write the report: the folder ${dirname(file)} does not exist`, {
      code: 'no_folder', exitCode: EXIT.NOT_FOUND,
    });
  }
  const there = await lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  });
  if (there !== undefined && !there.isFile()) {
    throw conflict(file, there.isDirectory() ? 'is a folder'
      : there.isSymbolicLink() ? 'is a symbolic link' : 'is not a regular file');
  }
  if (there !== undefined && there.size > 0 && !await beginsAsReport(file)) {
    throw conflict(file, 'already exists and was not written by this command');
  }
}

/** Creates a temporary file next to the report: the only reliable test of permissions, quotas and read-only disks. */
async function openBeside(file: string): Promise<{ readonly temporary: string; readonly handle: FileHandle }> {
  const temporary = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    return { temporary, handle: await open(temporary, 'wx', 0o600) };
  } catch (error) {
    throw new Failure(`cannot write a report to ${dirname(file)}: ${describeFault(error)}`, {
      code: 'unwritable_folder', exitCode: EXIT.USAGE, cause: error,
      hint: 'Name a file in a folder that you can write to.',
    });
  }
}

function conflict(file: string, problem: string): Failure {
  return new Failure('the report would overwrite something that is not a report', {
    code: 'in_the_way', exitCode: EXIT.CONFLICT, details: [{ field: file, message: problem }],
    hint: 'Use another file name with --html, or remove it.',
  });
}

export async function beginsAsReport(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const start = Buffer.alloc(REPORT_MARK.length);
    const { bytesRead } = await handle.read(start, 0, start.length, 0);
    return start.toString('latin1', 0, bytesRead) === REPORT_MARK;
  } finally {
    await handle.close();
  }
}

/** Writes the page atomically, readable only by its owner. */
export async function writePage(
  file: string, page: string, environment: Pick<Environment, 'platform' | 'sleep' | 'signal'>,
): Promise<WrittenPage> {
  await requireReplaceable(file);
  const content = Buffer.from(page, 'utf8');
  const { temporary, handle } = await openBeside(file);
  try {
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await moveFile(temporary, file, environment);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return { file, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
}
