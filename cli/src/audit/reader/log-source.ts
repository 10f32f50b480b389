import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Days, dayAfter, dayOfKey } from './days';
import { describeFault } from '../../runtime/describe-fault';
import { EXIT, Failure } from '../../runtime/failure';

export interface LogFile {
  /** As a person knows it: a path below the folder, or a key. */
  readonly name: string;
  /** Where it lies, if it lies on this machine. */
  readonly path?: string;
  /** All of it, as it lies there, if it lies elsewhere; the next files are on their way meanwhile. */
  readonly fetch?: () => Promise<Buffer>;
  readonly size: number;
  /** YYYY-MM-DD, if its name says one. */
  readonly day?: string;
}

/** Why a file is not even opened: it is of another day, or it is none that holds records of requests. */
export type LeftOut = 'other days' | 'no records';

/** Where logs lie. Only files of the days asked for come out, and files whose names say no day. */
export interface LogSource {
  readonly name: string;
  files(days: Days, leaveOut?: (reason: LeftOut) => void): AsyncIterable<LogFile>;
}

/** Digest files and Insights are CloudTrail's too, but no record of a request. */
const NO_RECORDS = /(?:^|\/)CloudTrail-(?:Digest|Insight)(?:\/|$)/;

export class FolderSource implements LogSource {
  constructor(readonly name: string, private readonly laterDays = 0) {}

  async *files(days: Days, leaveOut: (reason: LeftOut) => void = () => {}): AsyncGenerator<LogFile> {
    const found = await stat(this.name).catch((error: NodeJS.ErrnoException) => {
      throw new Failure(`there are no logs at ${this.name}`, {
        code: 'no_logs', exitCode: EXIT.NOT_FOUND, details: [{ field: this.name, message: error.message }],
        hint: 'Give the folder that holds the log files, at any depth; it is read as it is.',
      });
    });
    if (!found.isDirectory()) {
      yield { name: this.name, path: this.name, size: found.size, day: dayOfKey(this.name) };
      return;
    }
    const last = dayAfter(days.to, this.laterDays);
    for await (const name of namesBelow(this.name, '')) {
      const day = dayOfKey(name);
      const reason = NO_RECORDS.test(name) ? 'no records' : day !== undefined && (day < days.from || day > last) ? 'other days' : undefined;
      if (reason) {
        leaveOut(reason);
        continue;
      }
      const path = join(this.name, name);
      // A file that went away meanwhile, or cannot be looked at, is told when it is opened.
      yield { name, path, size: (await stat(path).catch(() => undefined))?.size ?? 0, day };
    }
  }
}

/** Every file below, without a list of all of them at once. Hidden files are none of AWS's. */
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

/** Nobody should take the rest for all there is. */
function unreadable(folder: string, error: unknown): Failure {
  return new Failure(`cannot look into ${folder}: ${describeFault(error)}`, {
    code: 'unreadable_folder', exitCode: EXIT.USAGE, cause: error,
    hint: 'Logs may lie there that the answer would leave out. Let yourself read it, or move it elsewhere.',
  });
}
