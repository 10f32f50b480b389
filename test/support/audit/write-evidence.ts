import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { MonthOfEvidence } from './month-of-evidence';
import { STORE } from './trail-record';
import { trailKey } from './write-log-archive';

/** CloudTrail delivers after some minutes: what happened before midnight may be filed under the next day. */
const DELIVERY = 6 * 60_000;
const TRAIL_FILE = 6 * 3_600_000;
const DAY = 24 * 3_600_000;

/** Writes both kinds of logs as AWS files them, but with more in each file, into two folders. */
export function writeEvidence(folder: string, month: MonthOfEvidence): { readonly logs: string; readonly accessLogs: string } {
  const write = (path: string, content: Buffer | string) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  };
  const [logs, accessLogs] = [join(folder, 'trail'), join(folder, 'access')];
  for (const [slot, items] of grouped(month.trail, TRAIL_FILE, DELIVERY)) {
    const records = items.sort((a, b) => a.time - b.time).map(({ record }) => record);
    write(join(logs, trailKey(slot * TRAIL_FILE, month.random.id(16))), gzipSync(JSON.stringify({ Records: records })));
  }
  for (const [slot, items] of grouped(month.accessLog, DAY, 0)) {
    const [year, monthOfYear, day] = new Date(slot * DAY).toISOString().slice(0, 10).split('-');
    const name = `${year}-${monthOfYear}-${day}-23-59-59-${month.random.id(16)}`;
    write(
      join(accessLogs, 'artifact-bucket', STORE.account, STORE.region, STORE.bucket, year, monthOfYear, day, name),
      `${items.sort((a, b) => a.time - b.time).map(({ line }) => line).join('\n')}\n`,
    );
  }
  return { logs, accessLogs };
}

function grouped<Item extends { readonly time: number }>(items: readonly Item[], width: number, delay: number): Map<number, Item[]> {
  const groups = new Map<number, Item[]>();
  for (const item of items) {
    const slot = Math.floor((item.time + delay) / width);
    const group = groups.get(slot);
    if (group) {
      group.push(item);
    } else {
      groups.set(slot, [item]);
    }
  }
  return groups;
}
