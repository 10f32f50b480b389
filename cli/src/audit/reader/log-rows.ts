import { AccessLogRows } from './access-log-rows';
import type { Days } from './days';
import type { FactBatch } from './fact-batch';
import type { LogFile } from './log-source';
import { readLog } from './read-log';
import { Tally } from './tally';
import { TrailRows } from './trail-rows';

/** Who of how many reads, what for, and where what is read is written down. */
export interface Share {
  /** A folder of its own, for all workers. */
  readonly folder: string;
  /** From 0. */
  readonly worker: number;
  readonly workers: number;
  readonly days: Days;
}

/** All that one thread reads of logs, written down for the engine to load. */
export class LogRows {
  readonly tally = new Tally();
  private readonly trail: TrailRows;
  private readonly accessLogs: AccessLogRows;

  constructor({ folder, worker, workers, days }: Share, give: (batch: FactBatch) => void) {
    this.trail = new TrailRows(folder, worker, workers, days, this.tally, give);
    this.accessLogs = new AccessLogRows(folder, worker);
  }

  /** `place` is the file's among all files. */
  async read(file: LogFile, place: number, done: (bytes: number) => void): Promise<void> {
    this.tally.place = place;
    await readLog(file, {
      record: (record, from) => this.trail.add(record, from),
      accessLogLine: (line) => this.accessLogs.add(line),
    }, this.tally, done);
  }

  close(): void {
    this.trail.close();
    this.accessLogs.close();
  }
}
