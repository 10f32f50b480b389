import type { Days } from './days';
import type { FactBatch } from './fact-batch';
import { readWithDigest } from './file-digests';
import type { LogFile } from './log-source';
import { readLog } from './read-log';
import { LineFile, withoutControls } from './row-files';
import { Tally } from './tally';
import { TrailRows } from './trail-rows';

/** One worker's share of a reading: which worker of how many, for which days, and where it stores its rows. */
export interface Share {
  /** The folder that all workers write to. */
  readonly folder: string;
  /** The number of the worker, starting from 0. */
  readonly worker: number;
  readonly workers: number;
  readonly days: Days;
  /** Whether to compute the SHA-256 of each file. */
  readonly digests?: boolean;
}

/** Writes access log lines for the engine, one row per line. */
export class AccessLogRows {
  private readonly lines: LineFile;

  constructor(folder: string, worker: number) {
    this.lines = new LineFile(folder, `access-log-${worker}.jsonl`);
  }

  add(line: string): void {
    this.lines.write(`{"line":${JSON.stringify(withoutControls(line))}}\n`);
  }

  close(): void {
    this.lines.close();
  }
}

/** The rows that one thread reads from logs, stored for the engine to load. */
export class LogRows {
  readonly tally = new Tally();
  private readonly trail: TrailRows;
  private readonly accessLogs: AccessLogRows;

  constructor(private readonly share: Share, give: (batch: FactBatch) => void) {
    const { folder, worker, workers, days } = share;
    this.trail = new TrailRows(folder, worker, workers, days, this.tally, give);
    this.accessLogs = new AccessLogRows(folder, worker);
  }

  /** Reads one file. `place` is its position among all files. */
  async read(file: LogFile, place: number, done: (bytes: number) => void): Promise<void> {
    this.tally.place = place;
    const read = async (log: LogFile) => readLog(log, {
      record: (record, from) => this.trail.add(record, from),
      accessLogLine: (line) => this.accessLogs.add(line),
    }, this.tally, done);
    await (this.share.digests ? readWithDigest(file, this.tally, read) : read(file));
  }

  close(): void {
    this.trail.close();
    this.accessLogs.close();
  }
}
