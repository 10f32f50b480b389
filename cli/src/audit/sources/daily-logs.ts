import type { S3Entry, S3Objects } from './s3-objects';
import { forEachInParallel } from '../../runtime/concurrency';
import { type Days, dayAfter, dayOfKey } from '../reader/days';

/** A prefix in a bucket, followed by year, month and day. */
export interface DailyPrefix {
  readonly bucket: string;
  /** Everything before the year, ending with "/". */
  readonly prefix: string;
}

const LISTS_AT_ONCE = 8;

/** Up to this many days are listed one by one. More days, or an open start, are a single listing from the first day. */
const MOST_DAYS = 400;

/** Lists the objects for these days, by prefix and day. */
export async function entriesOfDays(
  objects: S3Objects, prefixes: readonly DailyPrefix[], days: Days, signal: AbortSignal,
): Promise<S3Entry[][]> {
  const found: S3Entry[][] = prefixes.map(() => []);
  const lists = prefixes.flatMap(({ bucket, prefix }, index) =>
    prefixesOf(prefix, days).map((list) => ({ bucket, ...list, index, entries: [] as S3Entry[] })));
  await forEachInParallel(lists, LISTS_AT_ONCE, signal, async ({ bucket, prefix, startAfter, entries }) => {
    for await (const entry of objects.list(bucket, prefix, startAfter)) {
      const day = dayOfKey(entry.key);
      if (day !== undefined && day > days.to) {
        break;
      }
      entries.push(entry);
    }
  });
  lists.forEach(({ index, entries }) => found[index].push(...entries));
  return found;
}

function prefixesOf(prefix: string, { from, to }: Days): { readonly prefix: string; readonly startAfter?: string }[] {
  const path = (day: string) => `${prefix}${day.replace(/-/g, '/')}/`;
  const list: { readonly prefix: string }[] = [];
  for (let day = from; day <= to && list.length <= MOST_DAYS && !day.startsWith('0000'); day = dayAfter(day)) {
    list.push({ prefix: path(day) });
  }
  return list.length > 0 && list.length <= MOST_DAYS ? list
    : [{ prefix, ...(!from.startsWith('0000') && { startAfter: path(from) }) }];
}

/** CloudTrail also delivers digest files and Insights, which contain no records of requests. */
const NO_RECORDS = /(?:^|\/)CloudTrail-(?:Digest|Insight)\/$/;
const YEAR = /\/\d{4}\/$|^\d{4}\/$/;
const DEEPEST = 12;

export interface Discovered {
  readonly daily: readonly DailyPrefix[];
  /** Objects above the year folders: exports, and access logs that are not partitioned by date. */
  readonly loose: readonly S3Entry[];
}

/** Finds the prefixes before the year folders, level by level. */
export async function discover(
  objects: S3Objects, bucket: string, prefix: string, signal: AbortSignal,
  isWanted: (folder: string) => boolean = (folder) => !NO_RECORDS.test(folder),
): Promise<Discovered> {
  const daily: DailyPrefix[] = [];
  const loose: S3Entry[] = [];
  let folders = [prefix];
  for (let depth = 0; folders.length > 0 && depth < DEEPEST; depth++) {
    const next: string[] = [];
    await forEachInParallel(folders, LISTS_AT_ONCE, signal, async (folder) => {
      const level = await objects.level(bucket, folder);
      loose.push(...level.entries);
      if (level.folders.some((below) => YEAR.test(below))) {
        daily.push({ bucket, prefix: folder });
      }
      next.push(...level.folders.filter((below) => !YEAR.test(below) && isWanted(below)));
    });
    folders = next.sort();
  }
  return { daily: daily.sort((one, other) => (one.prefix < other.prefix ? -1 : 1)), loose };
}
