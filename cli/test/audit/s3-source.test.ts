import type { S3Level, S3Objects } from '../../src/audit/sources/s3-objects';
import { S3Source } from '../../src/audit/sources/s3-source';
import { createInterruption } from '../../src/runtime/interruption';

const OF_ACCOUNT = 'central/AWSLogs/111122223333';
const trailFile = (day: string, region = 'eu-central-1') =>
  `${OF_ACCOUNT}/CloudTrail/${region}/${day.replace(/-/g, '/')}/111122223333_CloudTrail_${region}_${day.replace(/-/g, '')}T1005Z_AbCdEfGhIjKlMnOp.json.gz`;
const accessLog = (day: string) => `access/111122223333/eu-central-1/models/${day.replace(/-/g, '/')}/${day}-00-00-00-0123456789ABCDEF`;

/** A bucket with these keys, which counts how it is listed. */
class Bucket {
  readonly lists: string[] = [];

  constructor(private readonly keys: readonly string[]) {}

  async *list(_bucket: string, prefix: string, startAfter = '') {
    this.lists.push(prefix);
    yield* this.keys.filter((key) => key.startsWith(prefix) && key > startAfter).sort().map((key) => ({ key, size: 1, etag: 'x' }));
  }

  async level(_bucket: string, prefix: string): Promise<S3Level> {
    const below = this.keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
    const folders = below.filter((rest) => rest.includes('/')).map((rest) => `${prefix}${rest.slice(0, rest.indexOf('/') + 1)}`);
    return { entries: below.filter((rest) => !rest.includes('/')).map((rest) => ({ key: prefix + rest, size: 1, etag: 'x' })), folders: [...new Set(folders)] };
  }
}

async function found(keys: readonly string[], days = { from: '2026-11-10', to: '2026-11-11' }) {
  const bucket = new Bucket(keys);
  const leftOut: string[] = [];
  const files: string[] = [];
  const source = S3Source.at(bucket as unknown as S3Objects, { bucket: 'logs', prefix: '' }, createInterruption().signal);
  for await (const { name, day } of source.files(days, (reason) => leftOut.push(reason))) {
    files.push(`${name.slice('s3://logs/'.length)} ${day ?? '-'}`);
  }
  return { files: files.sort(), leftOut, lists: bucket.lists };
}

test('what AWS delivers by day is listed only for the requested days', async () => {
  const { files, lists, leftOut } = await found([
    trailFile('2026-11-09'), trailFile('2026-11-10'), trailFile('2026-11-11', 'us-east-1'), accessLog('2026-11-10'), accessLog('2026-11-12'),
    `${OF_ACCOUNT}/CloudTrail-Digest/eu-central-1/2026/11/10/x.json.gz`,
  ]);

  expect(files).toEqual([
    `${accessLog('2026-11-10')} 2026-11-10`, `${trailFile('2026-11-10')} 2026-11-10`, `${trailFile('2026-11-11', 'us-east-1')} 2026-11-11`,
  ].sort());
  expect(lists.every((prefix) => /\/2026\/11\/1[01]\/$/.test(prefix))).toBe(true);
  expect(leftOut).toEqual([]);
});

test('everything else is listed completely, whatever day is in its path', async () => {
  const others = [
    `${OF_ACCOUNT}/CloudTrail-Lake/Query/2026/11/28/0a1b2c3d/result_1.csv.gz`, 'collected/2026/11/28/more.json', 'firehose/2026/11/28/09/stream-1',
    'export-2026-11-28-09-15-00-full.json', `${Array.from({ length: 20 }, (_, depth) => `level-${depth}`).join('/')}/deep.json`,
  ];
  const { files, lists } = await found([...others, trailFile('2026-11-10')]);

  expect(files).toEqual([...others.map((key) => `${key} -`), `${trailFile('2026-11-10')} 2026-11-10`].sort());
  // One list for a folder by hour, not one for each hour.
  expect(lists.filter((prefix) => prefix.startsWith('firehose/'))).toEqual(['firehose/2026/']);
});

test('access logs without folders are left out by the day in their name, and counted', async () => {
  const flat = (day: string) => `flat/${day}-09-15-00-0123456789ABCDEF`;
  const { files, leftOut } = await found([flat('2026-11-09'), flat('2026-11-10'), flat('2026-11-12')]);

  expect({ files, leftOut }).toEqual({ files: [`${flat('2026-11-10')} 2026-11-10`], leftOut: ['other days', 'other days'] });
});

test('a file of another name in a folder of a day is opened, without a day of delivery', async () => {
  const other = trailFile('2026-11-10').replace(/[^/]+$/, 'more.json');

  expect((await found([other])).files).toEqual([`${other} -`]);
});

test('an open start is one list, up to the last day', async () => {
  const { files, lists } = await found([trailFile('2020-01-01'), trailFile('2026-11-10'), trailFile('2026-11-12')], { from: '0000-00-00', to: '2026-11-11' });

  expect(files).toEqual([`${trailFile('2020-01-01')} 2020-01-01`, `${trailFile('2026-11-10')} 2026-11-10`]);
  expect(lists).toEqual([`${OF_ACCOUNT}/CloudTrail/eu-central-1/`]);
});
