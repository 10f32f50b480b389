import { type Stats, statSync } from 'node:fs';
import { opendir, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { type Days, dayAfter } from './days';
import { deliveryDayOf, type WithoutRecords, withoutRecords } from './delivery-paths';
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
  /** Changes with the content: the time of the last change, or the ETag. */
  readonly tag?: string;
  /** The day of delivery (YYYY-MM-DD), if AWS wrote the path. */
  readonly day?: string;
}

/** Why a file is not opened. */
export type LeftOutReason = 'other days' | 'hidden' | WithoutRecords;

/** Called for each file that is found and not opened. */
export type LeaveOut = (reason: LeftOutReason) => void;

/** Whether a file was read before, so that it does not have to be fetched. */
export type IsKnown = (file: Pick<LogFile, 'name' | 'path' | 'size' | 'tag'>) => boolean;

/** A source of log files. It returns files delivered on the requested days, and files without a day of delivery. */
export interface LogSource {
  readonly name: string;
  files(days: Days, leaveOut?: LeaveOut, isKnown?: IsKnown): AsyncIterable<LogFile>;
}

/** Why a file with this path is not opened for these days; undefined if it is. */
export function leftOut(path: string, { from, to }: Days): LeftOutReason | undefined {
  const day = deliveryDayOf(path);
  return withoutRecords(path) ?? (day !== undefined && (day < from || day > to) ? 'other days' : undefined);
}

export class FolderSource implements LogSource {
  constructor(readonly name: string, private readonly laterDays = 0) {}

  async *files(days: Days, leaveOut: LeaveOut = () => {}): AsyncGenerator<LogFile> {
    const found = await stat(this.name).catch((error: NodeJS.ErrnoException) => {
      throw new Failure(`no logs at ${this.name}`, {
        code: 'no_logs', exitCode: EXIT.NOT_FOUND, details: [{ field: this.name, message: error.message }],
        hint: 'Name the folder that contains the log files, at any depth.',
      });
    });
    // The folder may be a part of an archive, so that only its own path has the account and the date.
    const above = resolve(this.name).split(sep).join('/');
    if (!found.isDirectory()) {
      yield { name: this.name, path: this.name, size: found.size, tag: `${found.mtimeMs}`, day: deliveryDayOf(above) };
      return;
    }
    const until = { from: days.from, to: dayAfter(days.to, this.laterDays) };
    for await (const name of namesBelow(this.name, '', () => leaveOut('hidden'))) {
      const reason = leftOut(`${above}/${name}`, until);
      if (reason) {
        leaveOut(reason);
        continue;
      }
      const path = join(this.name, name);
      const state = stateOf(path);
      yield {
        name, path, size: state?.size ?? 0, tag: state && `${state.mtimeMs}`, day: deliveryDayOf(`${above}/${name}`),
      };
    }
  }
}

/**
 * Undefined for a file that disappeared or cannot be read, which is reported when it is opened. Synchronously, because
 * asynchronous calls take several times as long for thousands of files.
 */
function stateOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/**
 * All files below a folder, without loading the whole list. Calls `skip` for each hidden file or folder, which AWS does
 * not deliver, and for each special file, such as a socket.
 */
export async function *namesBelow(folder: string, prefix = '', skip = () => {}): AsyncGenerator<string> {
  const folders: string[] = [];
  const here = join(folder, prefix);
  for await (const entry of await opendir(here).catch((error: unknown) => { throw unreadable(here, error); })) {
    if (entry.name.startsWith('.')) {
      skip();
    } else if (entry.isDirectory()) {
      folders.push(`${prefix}${entry.name}/`);
    } else if (entry.isFile() || entry.isSymbolicLink()) {
      yield prefix + entry.name;
    } else {
      skip();
    }
  }
  for (const below of folders.sort()) {
    yield* namesBelow(folder, below, skip);
  }
}

/** An unreadable folder is an error, because an incomplete reading must not look complete. */
function unreadable(folder: string, error: unknown): Failure {
  return new Failure(`cannot read the folder ${folder}: ${describeFault(error)}`, {
    code: 'unreadable_folder', exitCode: EXIT.USAGE, cause: error,
    hint: 'It may contain logs that the result would miss. Make it readable, or move it out of the way.',
  });
}
