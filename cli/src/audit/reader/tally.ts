import type { LeftOutReason } from './log-source';

export type SkipReason = 'unreadable' | 'truncated' | 'damaged' | 'unknown format' | 'no json' | 'cut off' | 'too large'
| 'no record' | 'no event time' | 'no day' | 'odd byte count' | 'delivered again' | 'no access log';

/** Why part of the logs is missing from the results or counted differently: for one item, and for several. */
const SKIPPED: { readonly [reason in SkipReason]: readonly [one: string, several: string] } = {
  unreadable: ['file could not be read', 'files could not be read'],
  truncated: [
    'file is truncated (its gzip stream ends early); records before the end were counted',
    'files are truncated (their gzip streams end early); records before the end were counted',
  ],
  damaged: [
    'file is damaged; records before the damage were counted',
    'files are damaged; records before the damage were counted',
  ],
  'unknown format': [
    'file is in a format that this command does not read', 'files are in formats that this command does not read',
  ],
  'no json': ['record is not valid JSON', 'records are not valid JSON'],
  'cut off': ['record is cut off at the end of its file', 'records are cut off at the end of their files'],
  'too large': [
    'record or line is larger than 4 MiB, more than AWS writes, and was not counted',
    'records or lines are larger than 4 MiB, more than AWS writes, and were not counted',
  ],
  'no record': ['JSON value is not a CloudTrail record', 'JSON values are not CloudTrail records'],
  'no event time': [
    'record has no usable eventTime and was counted under the day in its file path',
    'records have no usable eventTime and were counted under the day in their file path',
  ],
  'no day': [
    'record has no usable eventTime and no day in its file path, and was not counted',
    'records have no usable eventTime and no day in their file path, and were not counted',
  ],
  'odd byte count': [
    'record has an invalid byte count; its bytes are counted as unknown',
    'records have an invalid byte count; their bytes are counted as unknown',
  ],
  'delivered again': [
    'duplicate record (same eventID) was ignored; each record is counted once',
    'duplicate records (same eventID) were ignored; each record is counted once',
  ],
  'no access log': ['line is not an S3 access log line', 'lines are not S3 access log lines'],
};

/** The reason in words that follow the count. */
export function skippedText(reason: SkipReason, count: number): string {
  return SKIPPED[reason][count === 1 ? 0 : 1];
}

const EXAMPLES = 3;

export interface SkippedEntry {
  readonly reason: SkipReason;
  readonly message: string;
  readonly count: number;
  /** The first few files in which it occurred. */
  readonly examples: readonly string[];
}

export interface TallyCounts {
  readonly files: number;
  readonly bytes: number;
  readonly records: number;
  readonly accessLogLines: number;
  /** Files that were not opened: files for other days, and digest and Insights files. */
  readonly leftOut?: { readonly otherDays: number; readonly noRecords: number };
  readonly skipped: readonly Pick<SkippedEntry, 'reason' | 'count' | 'examples'>[];
}

interface Example {
  readonly file: string;
  readonly place: number;
}

interface Skipped {
  readonly reason: SkipReason;
  count: number;
  /** From the first files, in file order. */
  examples: readonly Example[];
}

/** A tally in the form in which threads exchange it. */
export interface TallyState {
  readonly files: number;
  readonly bytes: number;
  readonly records: number;
  readonly accessLogLines: number;
  readonly skipped: readonly Skipped[];
  readonly digests: readonly (readonly [place: number, sha256: string])[];
}

/** Counts what was read and what was skipped. The result does not depend on which thread read which file. */
export class Tally {
  /** The position of the current file among all files. */
  place = 0;
  files = 0;
  /** The size of the files as stored, compressed or not. */
  bytes = 0;
  records = 0;
  accessLogLines = 0;
  /** Files that were not opened. */
  readonly leftOut: { [reason in LeftOutReason]: number } = { 'other days': 0, 'no records': 0 };
  /** The SHA-256 of each file by its position among all files, if these were requested. */
  readonly digests = new Map<number, string>();
  private readonly reasons = new Map<SkipReason, Skipped>();

  skip(reason: SkipReason, file: string, count = 1): void {
    this.merge({ reason, count, examples: [{ file, place: this.place }] });
  }

  get skipped(): SkippedEntry[] {
    const reasons = [...this.reasons.values()].sort((one, other) => one.examples[0].place - other.examples[0].place);
    return reasons.map(({ reason, count, examples }) =>
      ({ reason, message: skippedText(reason, count), count, examples: examples.map(({ file }) => file) }));
  }

  counts(): TallyCounts {
    const { files, bytes, records, accessLogLines, skipped, leftOut } = this;
    return {
      files, bytes, records, accessLogLines, skipped,
      leftOut: { otherDays: leftOut['other days'], noRecords: leftOut['no records'] },
    };
  }

  state(): TallyState {
    const { files, bytes, records, accessLogLines, reasons, digests } = this;
    return { files, bytes, records, accessLogLines, skipped: [...reasons.values()], digests: [...digests] };
  }

  add({ files, bytes, records, accessLogLines, skipped, digests }: TallyState): void {
    this.files += files;
    this.bytes += bytes;
    this.records += records;
    this.accessLogLines += accessLogLines;
    skipped.forEach((each) => this.merge(each));
    digests.forEach(([place, digest]) => this.digests.set(place, digest));
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
