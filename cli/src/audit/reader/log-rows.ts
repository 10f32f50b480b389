import type { FactBatch } from './fact-batch';
import { readWithDigest } from './file-digests';
import type { LogFile } from './log-source';
import { readLog } from './read-log';
import { LineFile, membersOf } from './row-files';
import type { Share } from './share';
import { Tally, type TallyState } from './tally';
import { TrailRows } from './trail-rows';
import { ACCESS_LOG_FIELDS, accessLogFields } from '../../../../src/contract/access-log-line';

/** What was counted in one file. */
export interface FileTally {
  /** The position of the file among all files. */
  readonly place: number;
  readonly tally: TallyState;
}

/** What was counted, in total and by file. */
export interface ReadLogs {
  readonly tally: Tally;
  readonly files: readonly FileTally[];
}

/** Writes the fields of access log lines for the engine, one row per line. */
export class AccessLogRows {
  private readonly lines: LineFile;

  constructor(folder: string, worker: number) {
    this.lines = new LineFile(folder, `access-log-${worker}.jsonl`);
  }

  /** Writes a row without fields for a line that cannot be parsed, so that queries count it, and returns false. */
  add(line: string, file: LogFile): boolean {
    const fields = accessLogFields(line);
    const named = (fields ?? []).map((value, index) => [ACCESS_LOG_FIELDS[index], value] as const);
    this.lines.write(`{${membersOf([...named, ['delivery_day', file.day]])}}\n`);
    return fields !== undefined;
  }

  close(): void {
    this.lines.close();
  }
}

/** The rows that one thread reads from logs, stored for the engine to load. */
export class LogRows {
  readonly tally = new Tally();
  readonly files: FileTally[] = [];
  private readonly trail: TrailRows;
  private readonly accessLogs: AccessLogRows;

  constructor(private readonly share: Share, give: (batch: FactBatch) => void) {
    this.trail = new TrailRows(share, this.tally, give);
    this.accessLogs = new AccessLogRows(share.folder, share.worker);
  }

  /** Reads one file. `place` is its position among all files. */
  async read(file: LogFile, place: number, done: (bytes: number) => void): Promise<void> {
    const tally = new Tally();
    tally.place = place;
    this.trail.tally = tally;
    const read = async (log: LogFile) => readLog(log, {
      record: (record, from) => this.trail.add(record, from),
      accessLogLine: (line, from) => this.accessLogs.add(line, from),
    }, tally, done);
    await (this.share.digests ? readWithDigest(file, tally, read) : read(file));
    this.files.push({ place, tally: tally.state() });
    this.tally.add(tally.state());
  }

  close(): void {
    this.trail.close();
    this.accessLogs.close();
  }
}
