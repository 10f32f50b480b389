import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type MonthOptions, OrdinaryMonth } from './ordinary-month';
import { Random } from './random';
import { dataEvent, STORE } from './trail-record';

export interface WrittenArchive {
  readonly folder: string;
  readonly files: number;
  readonly events: number;
  readonly jsonBytes: number;
  readonly gzipBytes: number;
}

/** Writes a month of ordinary work as CloudTrail delivers it: a gzip file for every five minutes, below year, month and day. */
export function writeLogArchive(folder: string, options: MonthOptions): WrittenArchive {
  const month = new OrdinaryMonth(options);
  const random = new Random(options.seed + 1);
  const written = { files: 0, events: 0, jsonBytes: 0, gzipBytes: 0 };
  for (const { time, requests } of month.slots()) {
    if (requests.length === 0) {
      continue;
    }
    const json = Buffer.from(JSON.stringify({ Records: requests.map((request) => dataEvent(request, STORE, random)) }));
    const gzip = gzipSync(json);
    const path = join(folder, trailKey(time, random.id(16)));
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, gzip);
    written.files++;
    written.events += requests.length;
    written.jsonBytes += json.length;
    written.gzipBytes += gzip.length;
  }
  return { folder, ...written };
}

export function trailKey(time: number, suffix: string): string {
  const iso = new Date(time).toISOString();
  const [year, month, day] = iso.slice(0, 10).split('-');
  const stamp = `${year}${month}${day}T${iso.slice(11, 16).replace(':', '')}Z`;
  return `AWSLogs/${STORE.account}/CloudTrail/${STORE.region}/${year}/${month}/${day}/${STORE.account}_CloudTrail_${STORE.region}_${stamp}_${suffix}.json.gz`;
}
