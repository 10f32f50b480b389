import { chmodSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Archive } from './archive';
import { Random } from '../../../test/support/audit/random';
import { dataEvent, STORE } from '../../../test/support/audit/trail-record';
import { readSummary } from '../../src/audit/queries/render';
import { FolderSource } from '../../src/audit/reader/log-source';
import { readLog } from '../../src/audit/reader/read-log';
import { Tally } from '../../src/audit/reader/tally';

let archive: Archive;
beforeEach(() => { archive = new Archive(); });
afterEach(() => archive.leave());

const random = new Random(7);
const record = (eventID: string) => dataEvent({
  time: Date.UTC(2026, 10, 3, 9, 30), action: 'GetObject', key: 'models/fraud/blobs/sha256/{"}],[\\"ü', bytesOut: 42,
  sourceIp: '10.0.0.1',
  userAgent: 'a "quoted\\" agent', requestId: 'R', eventId: eventID,
  session: {
    roleName: 'role', roleId: 'AROA', sessionName: 'ada', accessKeyId: 'ASIA', account: STORE.account, createdAt: 0,
  },
}, STORE, random);
const recordAt = (eventID: string, eventTime: string) => ({ ...record(eventID), eventTime });
/** The name of a file that CloudTrail delivers on a day. */
const trailFile = (day: string, kind = 'CloudTrail') =>
  `111122223333_${kind}_eu-central-1_${day.replace(/-/g, '')}T0935Z_AbCdEfGhIjKlMnOp.json.gz`;
const records = [record('one'), record('two'), record('three')];
const ids = ['one', 'two', 'three'];
const csvText = (text: string) => `"${text.replace(/"/g, '""')}"`;
const accessLogLine = '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be bucket [06/Nov/2026:00:00:38 +0000] 192.0.2.3 - 3E57427F3EXAMPLE '
  + 'REST.GET.VERSIONING - "GET /bucket?versioning HTTP/1.1" 200 - 113 - 7 - "-" "S3Console/0.4" -';

describe('the reader', () => {
  test('reads records of a file that does not fit into memory one by one, however it is split', async () => {
    const text = JSON.stringify({ Records: records });
    const many = `{"Records":[${Array.from({ length: 4_000 }, () => text.slice(12, -2)).join(',')}]}`;
    archive.file('large.json', many);
    const { ids: found, skipped } = await archive.read();
    expect(many.length).toBeGreaterThan(16 * 1024 * 1024);
    expect(found).toHaveLength(12_000);
    expect(found.slice(-3)).toEqual(ids);
    expect(skipped).toEqual({});
  });

  test('reads S3 access logs, old short lines and new long ones', async () => {
    const long = `${accessLogLine} s9lzHYrFp76ZVxRcpX9+5cjAnEH2ROuNkd2BHfIa6UkFVdtjf5mKR3/eTPFvsiP/XV/VLi31234= SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader host TLSv1.2 - -`;
    archive.file('2026-11-06-00-12-30-ABCDEF', `${accessLogLine}\n${long}\nsomething else\n`);
    const { lines, skipped } = await archive.read();
    expect(lines).toEqual([accessLogLine, long]);
    expect(skipped).toEqual({ 'no access log': 1 });
  });
});

describe('only the requested days are read', () => {
  test('according to the folders of CloudTrail, also of an organization, and the names of access logs', async () => {
    const days = ['2026-10-31', '2026-11-01', '2026-11-30', '2026-12-01'];
    for (const day of days) {
      const [year, month, date] = day.split('-');
      archive.gzip(
        `AWSLogs/111122223333/CloudTrail/eu-central-1/${year}/${month}/${date}/${trailFile(day)}`,
        { Records: [recordAt(`a ${day}`, `${day}T09:30:00Z`)] },
      );
      archive.gzip(
        `AWSLogs/o-exampleorgid/111122223333/CloudTrail/eu-central-1/${year}/${month}/${date}/${trailFile(day)}`,
        { Records: [recordAt(`b ${day}`, `${day}T09:30:00Z`)] },
      );
      archive.file(`access/${day}-00-12-30-0123456789ABCDEF`, accessLogLine);
    }
    archive.gzip('a-copy.json.gz', { Records: [record('of unknown day')] });
    const { ids: found, lines } = await archive.read();
    expect([...found].sort()).toEqual([
      'a 2026-11-01', 'a 2026-11-30', 'b 2026-11-01', 'b 2026-11-30', 'of unknown day',
    ]);
    expect(lines).toHaveLength(2);
  });

  test('digest files, Insights and hidden files are skipped', async () => {
    for (const kind of ['Digest', 'Insight', 'Aggregated']) {
      archive.gzip(
        `AWSLogs/111122223333/CloudTrail-${kind}/eu-central-1/2026/11/03/111122223333_CloudTrail-${kind}_x.json.gz`,
        { Records: records },
      );
    }
    archive.file('.DS_Store', 'x');
    expect(await archive.read()).toMatchObject({ files: [], skipped: {} });
  });

  test('a single file may be given in place of a folder', async () => {
    expect((await archive.read(undefined, archive.gzip('a.json.gz', { Records: records }))).ids).toEqual(ids);
  });

  test('a missing folder is an error', async () => {
    await expect(archive.read(undefined, '/nowhere/at/all')).rejects.toMatchObject({
      exitCode: 3, message: 'no logs at /nowhere/at/all',
    });
  });
});

describe('nothing makes it crash, and everything that is skipped is counted', () => {
  test('a truncated gzip file is read up to its end', async () => {
    const text = JSON.stringify({ Records: Array.from({ length: 500 }, (_, index) => record(`${index}`)) });
    const path = archive.gzip('cut.json.gz', text);
    truncateSync(path, Math.floor(readFileSync(path).length * 0.6));
    const { ids: found, skipped, tally } = await archive.read();
    expect(found.length).toBeGreaterThan(200);
    expect(found).toEqual(Array.from({ length: found.length }, (_, index) => `${index}`));
    expect(skipped).toEqual({ truncated: 1, 'cut off': 1 });
    expect(tally.skipped[0].examples).toEqual(['cut.json.gz']);
  });

  test('a damaged gzip file is read up to the damage', async () => {
    const bytes = gzipSync(
      JSON.stringify({ Records: Array.from({ length: 3_000 }, (_, index) => record(`${index} ${random.hex(200)}`)) }),
    );
    bytes.fill(0xff, bytes.length - 2_000, bytes.length - 1_900);
    archive.file('damaged.json.gz', bytes);
    const { ids: found, skipped } = await archive.read();
    expect(found.length).toBeGreaterThan(1_000);
    expect(skipped).toMatchObject({ damaged: 1 });
  });

  test('a file of several gzip members is one log', async () => {
    archive.file('members.gz', Buffer.concat(records.map((each) => gzipSync(`${JSON.stringify(each)}\n`))));
    expect((await archive.read()).ids).toEqual(ids);
  });

  test('an invalid line does not affect other lines', async () => {
    const lines = records.map((each) => JSON.stringify(each));
    archive.file('lines.json', [lines[0], lines[1].slice(0, 300), lines[1], 'garbage', '', lines[2]].join('\n'));
    expect(await archive.read()).toMatchObject({ ids, skipped: { 'no json': 2 } });
  });

  test('JSON values that are not records are counted', async () => {
    archive.file('a.json', JSON.stringify({ Records: [records[0], null, 5, 'text', {}, [], { eventVersion: '1.0' }] }));
    expect(await archive.read()).toMatchObject({
      records: [records[0], { eventVersion: '1.0' }], skipped: { 'no record': 4 },
    });
  });

  test('files in other formats are counted with examples', async () => {
    archive.file('notes.txt', 'bought milk');
    archive.file('picture.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]));
    archive.file('empty.json', '');
    archive.file('broken.json', '{"Records": [');
    archive.file('worse.json', ']}]{"a"');
    const { skipped, tally } = await archive.read();
    expect(skipped).toMatchObject({ 'unknown format': 3, 'cut off': 1 });
    expect(tally.files).toBe(5);
  });

  test('a CSV file that ends inside a record is counted', async () => {
    archive.file('lake.csv',
      `eventJson\n${csvText(JSON.stringify(records[0]))}\n${csvText(JSON.stringify(records[1])).slice(0, -200)}`);
    expect(await archive.read()).toMatchObject({ ids: ['one'], skipped: { 'cut off': 1 } });
  });

  (process.getuid?.() === 0 ? test.skip : test)('an unreadable file is named', async () => {
    chmodSync(archive.file('secret.json', '{}'), 0);
    expect((await archive.read()).skipped).toEqual({ unreadable: 1 });
  });
});

test('reading a large file reports progress that adds up to its size', async () => {
  const line = `${JSON.stringify(record('one'))}\n`;
  const path = archive.file('large.json', line.repeat(Math.ceil(6 * 1024 * 1024 / line.length)));
  const reported: number[] = [];
  const { size } = statSync(path);
  await readLog(
    { name: 'large.json', path, size },
    { record: () => {}, accessLogLine: () => {} },
    new Tally(),
    (bytes) => reported.push(bytes),
  );
  expect(reported.filter((bytes) => bytes > 0).length).toBeGreaterThan(4);
  expect(reported.reduce((sum, bytes) => sum + bytes, 0)).toBe(size);
});

test('files that are not opened are counted by reason', async () => {
  const trail = (kind: string, day: string) =>
    `AWSLogs/111122223333/${kind}/eu-central-1/2026/11/${day}/${trailFile(`2026-11-${day}`, kind)}`;
  for (const name of [
    trail('CloudTrail', '02'),
    trail('CloudTrail', '05'),
    trail('CloudTrail', '06'),
    trail('CloudTrail-Digest', '02'),
    trail('CloudTrail-Insight', '09'),
    trail('CloudTrail-Aggregated', '02'),
    '.hidden',
  ]) {
    archive.gzip(name, { Records: [] });
  }
  const leftOut: string[] = [];
  const files: string[] = [];
  for await (const { name } of new FolderSource(archive.folder).files(
    { from: '2026-11-01', to: '2026-11-03' }, (reason) => leftOut.push(reason),
  )) {
    files.push(name);
  }
  expect(files).toEqual([trail('CloudTrail', '02')]);
  expect(leftOut.sort()).toEqual([
    'aggregated', 'digest or Insights', 'digest or Insights', 'hidden', 'other days', 'other days',
  ]);
  const tally = new Tally();
  Object.assign(tally.leftOut, { 'other days': 2, 'digest or Insights': 2, aggregated: 1, hidden: 1 });
  expect(readSummary(tally).at(-1)).toBe('not opened: 2 files for other days, 2 digest or Insights files, '
    + '1 file of aggregated events, which are not records of requests, 1 hidden or special file');
});

test('an unreadable folder is an error, because it may contain logs', async () => {
  archive.gzip('first.json.gz', { Records: [] });
  const lost = dirname(archive.gzip('below/second.json.gz', { Records: [] }));
  const read = async () => {
    for await (const { name } of new FolderSource(archive.folder).files({ from: '2026-11-01', to: '2026-11-03' })) {
      expect(name).toBe('first.json.gz');
      rmSync(lost, { recursive: true });
    }
  };
  await expect(read()).rejects.toMatchObject({
    code: 'unreadable_folder', message: `cannot read the folder ${lost}/: it does not exist`,
  });
});
