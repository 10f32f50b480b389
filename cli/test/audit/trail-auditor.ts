import { type DeliveredHour, TrailArchive } from './trail-archive';
import type { TrailVerification } from '../../src/audit/trail-digests/verify-trail';
import { Person, type Ran } from '../person';

/** A time on the day of the archive. */
export const at = (hour: number) => `2026-11-10T${String(hour).padStart(2, '0')}:00:00Z`;

/** The path of a log file on the day of the archive. */
export const placeOfLog = (name: string) => `AWSLogs/111122223333/CloudTrail/eu-central-1/2026/11/10/${name}`;

/** A download loses the signature of the newest digest file, which covers the hour until 14:00. */
export const SIGNED_UNTIL = at(13);

/** An auditor with a copy of an archive, from 08:00 to 14:00, and the command that verifies it. */
export class TrailAuditor {
  readonly archive = new TrailArchive();
  readonly hours: DeliveredHour[] = this.archive.hours(6);
  private readonly person = new Person();

  async verifyTrail(...argv: string[]): Promise<Ran> {
    return this.person.runAt(undefined, 'audit', 'verify-trail', '--logs', this.archive.folder, ...argv);
  }

  async run(...argv: string[]): Promise<Ran> {
    return this.verifyTrail('--public-keys', this.archive.publicKeys(), ...argv);
  }

  async verified(...argv: string[]): Promise<TrailVerification & { readonly exitCode: number }> {
    const { exitCode, stdout, stderr } = await this.run('--json', ...argv);
    expect(stderr).toBe('');
    return { ...JSON.parse(stdout) as TrailVerification, exitCode };
  }

  async leave(): Promise<void> {
    await this.person.leave();
    this.archive.leave();
  }
}
