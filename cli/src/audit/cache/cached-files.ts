import { resolve } from 'node:path';
import type { Days } from '../reader/days';
import type { FileTally } from '../reader/log-rows';
import type { LogFile } from '../reader/log-source';
import { moved, Tally, type TallyState } from '../reader/tally';

/** A log file whose rows are in the cache. */
export interface CachedFile {
  /** Its absolute path, or its S3 address. */
  readonly place: string;
  readonly size: number;
  readonly tag: string;
  /** The day of delivery, if AWS wrote the path. */
  readonly day?: string;
  /** What was counted in it. */
  readonly tally: TallyState;
}

/** The log files whose rows are in the cache. */
export class CachedFiles {
  private readonly files: ReadonlyMap<string, CachedFile>;

  constructor(files: readonly CachedFile[]) {
    this.files = new Map(files.map((file) => [file.place, file]));
  }

  has(given: Pick<LogFile, 'name' | 'path' | 'size' | 'tag'>): boolean {
    const file = this.files.get(placeOf(given));
    return file !== undefined && file.size === given.size && file.tag === given.tag;
  }

  /**
   * Whether the cache has rows of a file that has changed or is gone. They cannot be removed one by one. `listed` has
   * the files for these days.
   */
  isOutdated(listed: readonly LogFile[], { from, to }: Days): boolean {
    const places = new Set(listed.map(placeOf));
    const isListed = ({ day }: CachedFile) => day === undefined || (day >= from && day <= to);
    return listed.some((file) => this.files.has(placeOf(file)) && !this.has(file))
      || [...this.files.values()].some((file) => isListed(file) && !places.has(file.place));
  }

  /** What was counted in the listed files, when they were read. */
  tallyOf(listed: readonly LogFile[]): Tally {
    const tally = new Tally();
    listed.forEach((each, place) => {
      const file = this.files.get(placeOf(each));
      if (file) {
        tally.add(moved(file.tally, () => place));
      }
    });
    return tally;
  }
}

function placeOf({ name, path }: Pick<LogFile, 'name' | 'path'>): string {
  return path === undefined ? name : resolve(path);
}

/** The files to remember: an unreadable one is read again next time. */
export function filesToCache(files: readonly LogFile[], read: readonly FileTally[]): CachedFile[] {
  return read.flatMap(({ place, tally }) => {
    const { size, tag, day } = files[place];
    return tag === undefined || tally.skipped.some(({ reason }) => reason === 'unreadable') ? [] : [
      { place: placeOf(files[place]), size, tag, day, tally },
    ];
  });
}
