import type { LeftOut } from './log-source';

/** Why something of the logs is not in the answer. Each is told to the person who asked. */
export const SKIPPED = {
  unreadable: 'files could not be read',
  truncated: 'files end too early (a gzip stream that was cut off); what came before is counted',
  damaged: 'files are damaged in the middle; what came before is counted',
  'unknown format': 'files hold no logs that this command knows',
  'no json': 'records are no JSON',
  'cut off': 'records are cut off at the end of their file',
  'no record': 'JSON values are no CloudTrail records',
  'no event time': 'records have no eventTime; they are counted in the answer, under the day of their file',
  'no day': 'records have neither an eventTime nor a day in the name of their file; they are in no answer',
  'odd byte count': 'records have a byte count that is no number; their bytes are counted as unknown',
  'delivered again': 'records were delivered more than once, with the same eventID; each is counted once',
  'no access log': 'lines are no S3 access log lines',
} as const;

export type SkipReason = keyof typeof SKIPPED;

const EXAMPLES = 3;

export interface SkippedEntry {
  readonly reason: SkipReason;
  readonly message: string;
  readonly count: number;
  /** The first few files it was seen in. */
  readonly examples: readonly string[];
}

export interface TallyCounts {
  readonly files: number;
  readonly bytes: number;
  readonly records: number;
  readonly accessLogLines: number;
  /** Files that were not opened: of other days, and digest or Insights files. */
  readonly leftOut?: { readonly otherDays: number; readonly noRecords: number };
  readonly skipped: readonly { readonly reason: SkipReason; readonly count: number; readonly examples: readonly string[] }[];
}

/** What was read, and what was not. */
export class Tally {
  files = 0;
  /** As they lie there, compressed or not. */
  bytes = 0;
  records = 0;
  accessLogLines = 0;
  /** Files that were not even opened. */
  readonly leftOut: { [reason in LeftOut]: number } = { 'other days': 0, 'no records': 0 };
  private readonly reasons = new Map<SkipReason, { count: number; readonly examples: string[] }>();

  skip(reason: SkipReason, file: string, count = 1): void {
    let entry = this.reasons.get(reason);
    if (!entry) {
      entry = { count: 0, examples: [] };
      this.reasons.set(reason, entry);
    }
    entry.count += count;
    if (entry.examples.length < EXAMPLES && !entry.examples.includes(file)) {
      entry.examples.push(file);
    }
  }

  get skipped(): SkippedEntry[] {
    return [...this.reasons].map(([reason, { count, examples }]) => ({ reason, message: SKIPPED[reason], count, examples: [...examples] }));
  }

  counts(): TallyCounts {
    const { files, bytes, records, accessLogLines, skipped, leftOut } = this;
    return { files, bytes, records, accessLogLines, skipped, leftOut: { otherDays: leftOut['other days'], noRecords: leftOut['no records'] } };
  }

  add(other: TallyCounts): void {
    this.files += other.files;
    this.bytes += other.bytes;
    this.records += other.records;
    this.accessLogLines += other.accessLogLines;
    for (const { reason, count, examples } of other.skipped) {
      examples.forEach((file, index) => this.skip(reason, file, index === 0 ? count : 0));
    }
  }
}
