import { join } from 'node:path';
import { Archive } from './archive';
import { Person, type Ran } from '../person';

export const NOVEMBER_DAYS = ['--from', '2026-11-01', '--to', '2026-11-30'] as const;

/** Somebody with a folder of logs and a command line, who needs no store. */
export class Auditor {
  readonly person = new Person();
  readonly archive = new Archive();

  /** Keeps a file of records among the logs. */
  keep(...records: object[]): void {
    this.archive.gzip('logs/a.json.gz', { Records: records });
  }

  async audit(...argv: string[]): Promise<Ran> {
    return this.person.runAt(undefined, 'audit', ...argv);
  }

  /** Asks the logs that are kept, about all of November. */
  async ask(question: string, ...argv: string[]): Promise<Ran> {
    return this.audit(question, '--logs', join(this.archive.folder, 'logs'), ...NOVEMBER_DAYS, ...argv);
  }

  async leave(): Promise<void> {
    await this.person.leave();
    this.archive.leave();
  }
}
