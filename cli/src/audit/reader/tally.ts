import type { LeftOutReason } from './log-source';
import { type SkipReason, skippedText } from './skip-reasons';

const EXAMPLES = 3;

export interface SkippedEntry {
  readonly reason: SkipReason;
  readonly message: string;
  readonly count: number;
  /** The first few files in which it occurred. */
  readonly examples: readonly string[];
}

interface LeftOutCounts {
  readonly otherDays: number;
  /** Digest and Insights files. */
  readonly noRecords: number;
  readonly aggregated: number;
  readonly hidden: number;
}

export interface TallyCounts {
  readonly files: number;
  /** How many of them were not read again, because their rows are in the cache. */
  readonly cachedFiles?: number;
  readonly bytes: number;
  readonly records: number;
  readonly accessLogLines: number;
  /** Files that were found and not opened, by reason. */
  readonly leftOut?: LeftOutCounts;
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

/** The same, with other positions of its files. */
export function moved(state: TallyState, placeOf: (place: number) => number): TallyState {
  return {
    ...state,
    skipped: state.skipped.map((each) => ({
      ...each, examples: each.examples.map(({ file, place }) => ({ file, place: placeOf(place) })),
    })),
    digests: state.digests.map(([place, sha256]) => [placeOf(place), sha256] as const),
  };
}

/** Counts what was read and what was skipped. The result does not depend on which thread read which file. */
export class Tally {
  /** The position of the current file among all files. */
  place = 0;
  files = 0;
  /** How many of them were not read again, because their rows are in the cache. */
  cachedFiles = 0;
  /** The size of the files as stored, compressed or not. */
  bytes = 0;
  records = 0;
  accessLogLines = 0;
  /** Files that were not opened. */
  readonly leftOut: { [reason in LeftOutReason]: number } = {
    'other days': 0, 'digest or Insights': 0, aggregated: 0, hidden: 0,
  };
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
    const { files, cachedFiles, bytes, records, accessLogLines, skipped, leftOut } = this;
    return {
      files, ...(cachedFiles > 0 && { cachedFiles }), bytes, records, accessLogLines, skipped,
      leftOut: {
        otherDays: leftOut['other days'], noRecords: leftOut['digest or Insights'],
        aggregated: leftOut.aggregated, hidden: leftOut.hidden,
      },
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
