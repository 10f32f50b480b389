import type { LeftOut } from './log-source';

/** Why something of the logs is not in the answer. Each is told to the person who asked. */
export const SKIPPED = {
  unreadable: 'files could not be read',
  truncated: 'files end too early (a gzip stream that was cut off); what came before is counted',
  damaged: 'files are damaged in the middle; what came before is counted',
  'unknown format': 'files hold no logs that this command knows',
  'no json': 'records are no JSON',
  'cut off': 'records are cut off at the end of their file',
  'too large': 'records or lines are larger than 4 MiB, which nothing that AWS logs is; they are in no answer',
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

interface Example {
  readonly file: string;
  readonly place: number;
}

interface Skipped {
  readonly reason: SkipReason;
  count: number;
  /** Those of the first files, in their order. */
  examples: readonly Example[];
}

/** A tally as one thread tells it to another. */
export interface TallyState {
  readonly files: number;
  readonly bytes: number;
  readonly records: number;
  readonly accessLogLines: number;
  readonly skipped: readonly Skipped[];
}

/** What was read, and what was not. It says the same whoever read which file. */
export class Tally {
  /** Of the file that is being read, among all files. */
  place = 0;
  files = 0;
  /** As they lie there, compressed or not. */
  bytes = 0;
  records = 0;
  accessLogLines = 0;
  /** Files that were not even opened. */
  readonly leftOut: { [reason in LeftOut]: number } = { 'other days': 0, 'no records': 0 };
  private readonly reasons = new Map<SkipReason, Skipped>();

  skip(reason: SkipReason, file: string, count = 1): void {
    this.merge({ reason, count, examples: [{ file, place: this.place }] });
  }

  get skipped(): SkippedEntry[] {
    return [...this.reasons.values()].sort((one, other) => one.examples[0].place - other.examples[0].place)
      .map(({ reason, count, examples }) => ({ reason, message: SKIPPED[reason], count, examples: examples.map(({ file }) => file) }));
  }

  counts(): TallyCounts {
    const { files, bytes, records, accessLogLines, skipped, leftOut } = this;
    return { files, bytes, records, accessLogLines, skipped, leftOut: { otherDays: leftOut['other days'], noRecords: leftOut['no records'] } };
  }

  state(): TallyState {
    const { files, bytes, records, accessLogLines, reasons } = this;
    return { files, bytes, records, accessLogLines, skipped: [...reasons.values()] };
  }

  add({ files, bytes, records, accessLogLines, skipped }: TallyState): void {
    this.files += files;
    this.bytes += bytes;
    this.records += records;
    this.accessLogLines += accessLogLines;
    skipped.forEach((each) => this.merge(each));
  }

  private merge({ reason, count, examples }: Skipped): void {
    const entry = this.reasons.get(reason) ?? { reason, count: 0, examples: [] };
    this.reasons.set(reason, entry);
    entry.count += count;
    const last = entry.examples.at(EXAMPLES - 1);
    if (last && examples.every(({ place }) => place >= last.place)) {
      return;
    }
    const all = [...entry.examples, ...examples];
    entry.examples = all.filter(({ file }, index) => all.findIndex((other) => other.file === file) === index)
      .sort((one, other) => one.place - other.place).slice(0, EXAMPLES);
  }
}
