import { join } from 'node:path';
import { Archive } from './archive';
import { Person, type Ran } from '../person';

export const NOVEMBER_DAYS = ['--from', '2026-11-01', '--to', '2026-11-30'] as const;

/** An auditor with a folder of logs and the command line, without a store. */
export class Auditor {
  readonly person = new Person();
  readonly archive = new Archive();

  /** Adds a file of records to the logs. */
  keep(...records: object[]): void {
    this.archive.gzip('logs/a.json.gz', { Records: records });
  }

  async audit(...argv: string[]): Promise<Ran> {
    return this.person.runAt(undefined, 'audit', ...argv);
  }

  /** Runs a query on the logs for all of November. */
  async ask(question: string, ...argv: string[]): Promise<Ran> {
    return this.audit('query', question, '--logs', join(this.archive.folder, 'logs'), ...NOVEMBER_DAYS, ...argv);
  }

  /** Runs all queries on the same logs. */
  async report(...argv: string[]): Promise<Ran> {
    return this.audit('report', '--logs', join(this.archive.folder, 'logs'), ...NOVEMBER_DAYS, ...argv);
  }

  async leave(): Promise<void> {
    await this.person.leave();
    this.archive.leave();
  }
}
