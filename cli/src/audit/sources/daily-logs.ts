import type { S3Entry, S3Objects } from './s3-objects';
import { forEachInParallel } from '../../runtime/concurrency';
import { type Days, dayAfter } from '../reader/days';
import { isDailyFolder, isFolderWithoutRecords } from '../reader/delivery-paths';

/** A prefix in a bucket, followed by year, month and day. */
export interface DailyPrefix {
  readonly bucket: string;
  /** Everything before the year, ending with "/". */
  readonly prefix: string;
}

const LISTS_AT_ONCE = 8;

/** Up to this many days are listed one by one. More days, or an open start, are a single listing from the first day. */
const MOST_DAYS = 400;
/** `2026/11/30` */
const DATE_CHARACTERS = 10;

/** Lists the objects for these days, by prefix and day. */
export async function entriesOfDays(
  objects: S3Objects, prefixes: readonly DailyPrefix[], days: Days, signal: AbortSignal,
): Promise<S3Entry[][]> {
  const found: S3Entry[][] = prefixes.map(() => []);
  const lists = prefixes.flatMap(({ bucket, prefix }, index) =>
    prefixesOf(prefix, days).map((list) => ({ bucket, ...list, before: prefix, index, entries: [] as S3Entry[] })));
  await forEachInParallel(lists, LISTS_AT_ONCE, signal, async ({ bucket, prefix, before, startAfter, entries }) => {
    for await (const entry of objects.list(bucket, prefix, startAfter)) {
      // Keys are in order, and the date follows the prefix.
      if (entry.key.slice(before.length, before.length + DATE_CHARACTERS) > days.to.replace(/-/g, '/')) {
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

const YEAR = /\/\d{4}\/$|^\d{4}\/$/;
const DEEPEST = 12;

export interface Discovered {
  readonly daily: readonly DailyPrefix[];
  /** All other objects: exports, and access logs that are not partitioned by date. */
  readonly loose: readonly S3Entry[];
}

/** Which folders in a bucket are listed, and how. The path of a folder ends with "/". */
export interface Listing {
  readonly isWanted: (folder: string) => boolean;
  /** Whether the years, months and days below a folder are days of delivery. */
  readonly isDaily: (folder: string) => boolean;
}

const LOGS: Listing = { isWanted: (folder) => !isFolderWithoutRecords(folder), isDaily: isDailyFolder };

/** Finds the folders that AWS delivers to by day, level by level, and all objects elsewhere. */
export async function discover(
  objects: S3Objects, bucket: string, prefix: string, signal: AbortSignal, { isWanted, isDaily }: Listing = LOGS,
): Promise<Discovered> {
  const daily: DailyPrefix[] = [];
  const loose: S3Entry[] = [];
  // Other tools write a folder for every hour, for example, so these are not listed level by level.
  const others: string[] = [];
  let folders = [prefix];
  for (let depth = 0; folders.length > 0; depth++) {
    const next: string[] = [];
    await forEachInParallel(folders, LISTS_AT_ONCE, signal, async (folder) => {
      const level = await objects.level(bucket, folder);
      loose.push(...level.entries);
      const years = level.folders.filter((below) => YEAR.test(below));
      if (years.length > 0 && isDaily(folder)) {
        daily.push({ bucket, prefix: folder });
      } else {
        others.push(...years);
      }
      next.push(...level.folders.filter((below) => !YEAR.test(below) && isWanted(below)));
    });
    folders = depth < DEEPEST ? next.sort() : [];
    others.push(...depth < DEEPEST ? [] : next);
  }
  await forEachInParallel(others, LISTS_AT_ONCE, signal, async (folder) => {
    for await (const entry of objects.list(bucket, folder)) {
      loose.push(entry);
    }
  });
  const byName = (one: string, other: string) => (one < other ? -1 : 1);
  return {
    daily: daily.sort((one, other) => byName(one.prefix, other.prefix)),
    loose: loose.sort((one, other) => byName(one.key, other.key)),
  };
}
