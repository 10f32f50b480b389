import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Days, dayAfter, dayOfKey } from './days';
import { describeFault } from '../../runtime/describe-fault';
import { EXIT, Failure } from '../../runtime/failure';

export interface LogFile {
  /** The path in the folder, or the S3 address. */
  readonly name: string;
  /** The local path, if the file is on this machine. */
  readonly path?: string;
  /** Fetches a remote file as stored. The next files are fetched at the same time. */
  readonly fetch?: () => Promise<Buffer>;
  readonly size: number;
  /** YYYY-MM-DD, if its path contains a day. */
  readonly day?: string;
}

/** Why a file is not opened: it is for another day, or it contains no records of requests. */
export type LeftOutReason = 'other days' | 'no records';

/** A source of log files. It returns files for the requested days and files without a day in their path. */
export interface LogSource {
  readonly name: string;
  files(days: Days, leaveOut?: (reason: LeftOutReason) => void): AsyncIterable<LogFile>;
}

/** CloudTrail also delivers digest files and Insights, which contain no records of requests. */
const NO_RECORDS = /(?:^|\/)CloudTrail-(?:Digest|Insight)(?:\/|$)/;

export class FolderSource implements LogSource {
  constructor(readonly name: string, private readonly laterDays = 0) {}

  async *files(days: Days, leaveOut: (reason: LeftOutReason) => void = () => {}): AsyncGenerator<LogFile> {
    const found = await stat(this.name).catch((error: NodeJS.ErrnoException) => {
      throw new Failure(`no logs at ${this.name}`, {
        code: 'no_logs', exitCode: EXIT.NOT_FOUND, details: [{ field: this.name, message: error.message }],
        hint: 'Name the folder that contains the log files, at any depth.',
      });
    });
    if (!found.isDirectory()) {
      yield { name: this.name, path: this.name, size: found.size, day: dayOfKey(this.name) };
      return;
    }
    const last = dayAfter(days.to, this.laterDays);
    for await (const name of namesBelow(this.name, '')) {
      const day = dayOfKey(name);
      const isOtherDay = day !== undefined && (day < days.from || day > last);
      const reason = NO_RECORDS.test(name) ? 'no records' : isOtherDay ? 'other days' : undefined;
      if (reason) {
        leaveOut(reason);
        continue;
      }
      const path = join(this.name, name);
      // A file that disappeared or cannot be read is reported when it is opened.
      yield { name, path, size: (await stat(path).catch(() => undefined))?.size ?? 0, day };
    }
  }
}

/** All files below a folder, without loading the whole list. Skips hidden files, which AWS does not deliver. */
export async function *namesBelow(folder: string, prefix = ''): AsyncGenerator<string> {
  const folders: string[] = [];
  const here = join(folder, prefix);
  for await (const entry of await opendir(here).catch((error: unknown) => { throw unreadable(here, error); })) {
    if (entry.name.startsWith('.')) {
      continue;
    }
    if (entry.isDirectory()) {
      folders.push(`${prefix}${entry.name}/`);
    } else if (entry.isFile() || entry.isSymbolicLink()) {
      yield prefix + entry.name;
    }
  }
  for (const below of folders.sort()) {
    yield* namesBelow(folder, below);
  }
}

/** An unreadable folder is an error, because an incomplete reading must not look complete. */
function unreadable(folder: string, error: unknown): Failure {
  return new Failure(`cannot read the folder ${folder}: ${describeFault(error)}`, {
    code: 'unreadable_folder', exitCode: EXIT.USAGE, cause: error,
    hint: 'It may contain logs that the result would miss. Make it readable, or move it out of the way.',
  });
}
