import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, lstat, open, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describeFault } from '../../runtime/describe-fault';
import type { Environment } from '../../runtime/environment';
import { EXIT, Failure, usageFailure } from '../../runtime/failure';
import { moveFile } from '../../runtime/move-file';

/** Every report begins so; nothing else is ever replaced by one. */
export const REPORT_MARK = '<!doctype html>\n<!-- model-store audit report -->\n';

export interface WrittenPage {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Whether a report may be written there; better known before an hour of reading than after it. */
export async function requirePlaceForReport(file: string): Promise<void> {
  await requireReplaceable(file);
  const { temporary, handle } = await openBeside(file);
  await handle.close();
  await rm(temporary);
}

async function requireReplaceable(file: string): Promise<void> {
  if (file === '' || file.endsWith('/')) {
    throw usageFailure(`--html ${JSON.stringify(file)} is no name of a file`, [], 'Give the name of the page to write, such as report.html.');
  }
  const folder = await stat(dirname(file)).catch(() => undefined);
  if (!folder?.isDirectory()) {
    throw new Failure(`there is no folder ${dirname(file)} to write the report to`, { code: 'no_folder', exitCode: EXIT.NOT_FOUND });
  }
  const there = await lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  });
  if (there !== undefined && !there.isFile()) {
    throw conflict(file, there.isDirectory() ? 'is a folder' : there.isSymbolicLink() ? 'is a symbolic link' : 'is no file');
  }
  if (there !== undefined && there.size > 0 && !await beginsAsReport(file)) {
    throw conflict(file, 'is there already and is no report of this command');
  }
}

/** Rights, quotas and read-only disks are many; whether a file can be made there, only making one tells. */
async function openBeside(file: string): Promise<{ readonly temporary: string; readonly handle: FileHandle }> {
  const temporary = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    return { temporary, handle: await open(temporary, 'wx', 0o600) };
  } catch (error) {
    throw new Failure(`cannot write a report to ${dirname(file)}: ${describeFault(error)}`, {
      code: 'unwritable_folder', exitCode: EXIT.USAGE, cause: error, hint: 'Give the name of a page in a folder that you may write to.',
    });
  }
}

function conflict(file: string, problem: string): Failure {
  return new Failure('the report would replace what is not a report', {
    code: 'in_the_way', exitCode: EXIT.CONFLICT, details: [{ field: file, message: problem }], hint: 'Give another name with --html, or remove it yourself.',
  });
}

async function beginsAsReport(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const start = Buffer.alloc(REPORT_MARK.length);
    const { bytesRead } = await handle.read(start, 0, start.length, 0);
    return start.toString('latin1', 0, bytesRead) === REPORT_MARK;
  } finally {
    await handle.close();
  }
}

/** All of the page or nothing of it, readable by its owner alone. */
export async function writePage(file: string, page: string, environment: Pick<Environment, 'platform' | 'sleep' | 'signal'>): Promise<WrittenPage> {
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
