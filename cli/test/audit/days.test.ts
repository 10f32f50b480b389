import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Auditor } from './auditor';
import { recordedRead } from './recorded-read';
import { deliveryDayOf, isDailyFolder, withoutRecords } from '../../src/audit/reader/delivery-paths';

const OF_ACCOUNT = 'AWSLogs/111122223333';
const NAME = '111122223333_CloudTrail_eu-central-1_20261110T1005Z_AbCdEfGhIjKlMnOp.json.gz';
const DELIVERED = `${OF_ACCOUNT}/CloudTrail/eu-central-1/2026/11/10/${NAME}`;
const ACCESS_LOG = '2026-11-10-00-12-30-0123456789ABCDEF';

describe('a day of delivery is in the path of', () => {
  test.each([
    DELIVERED, `prefix/${DELIVERED}`, `AWSLogs/o-a1b2c3d4e5/${DELIVERED.slice('AWSLogs/'.length)}`,
    DELIVERED.slice(0, -'.gz'.length), ACCESS_LOG, `logs/${ACCESS_LOG}`,
    `logs/111122223333/eu-central-1/my.models/2026/11/10/${ACCESS_LOG}`,
  ])('%s', (path) => {
    expect(deliveryDayOf(path)).toBe('2026-11-10');
  });
});

describe('no day of delivery is in the path of', () => {
  test.each([
    ['a result of CloudTrail Lake', `${OF_ACCOUNT}/CloudTrail-Lake/Query/2026/11/28/0a1b2c3d/result_1.csv.gz`],
    ['a folder of collected evidence', 'collected/2026/11/28/more.json'],
    ['an export', 'export-2026-11-28-09-15-00-full.json'],
    ['another file in a folder of CloudTrail', `${OF_ACCOUNT}/CloudTrail/eu-central-1/2026/11/10/a.json.gz`],
    ['a file in the folder of another day', DELIVERED.replace('/10/', '/11/')],
    ['a file in the folder of another account', DELIVERED.replace('/111122223333/', '/444455556666/')],
    ['a file in the folder of another Region', DELIVERED.replace('/eu-central-1/', '/us-east-1/')],
    ['a file of CloudTrail elsewhere', `case-17/${NAME}`],
    ['an access log in the folder of another day', `111122223333/eu-central-1/models/2026/11/28/${ACCESS_LOG}`],
    ['a date that does not exist', DELIVERED.replace('/11/10/', '/02/30/').replace('1110T', '0230T')],
  ])('%s', (_, path) => {
    expect(deliveryDayOf(path)).toBeUndefined();
  });
});

test('only the folders that AWS delivers to are listed by day', () => {
  expect([
    `${OF_ACCOUNT}/CloudTrail/eu-central-1/`, 'logs/111122223333/eu-central-1/models/',
    `${OF_ACCOUNT}/CloudTrail-Lake/Query/`, 'collected/', `${OF_ACCOUNT}/Config/eu-central-1/`,
  ].map(isDailyFolder)).toEqual([true, true, false, false, false]);
});

test('files of CloudTrail without records are known by folder and name', () => {
  const of = (kind: string) => `${OF_ACCOUNT}/CloudTrail-${kind}/eu-central-1/2026/11/10/111122223333_CloudTrail-${kind}_x.json.gz`;
  expect(['Digest', 'Insight', 'Aggregated'].map((kind) => withoutRecords(of(kind)))).toEqual([
    'digest or Insights', 'digest or Insights', 'aggregated',
  ]);
  expect(withoutRecords(`${OF_ACCOUNT}/CloudTrail-Digest/eu-central-1/2026/11/10/more.json.gz`)).toBeUndefined();
});

describe('a query counts a record', () => {
  let auditor: Auditor;
  beforeEach(() => { auditor = new Auditor(); });
  afterEach(async () => auditor.leave());

  const of = (day: string, person = 'ada') => recordedRead({ time: Date.parse(`${day}T10:00:00Z`), person });
  const put = (path: string, content: unknown) => auditor.archive.gzip(`logs/${path}`, content);

  async function asked(from: string, to = from) {
    const { exitCode, stdout, stderr } = await auditor.audit(
      'query', 'egress-by-day', '--logs', join(auditor.archive.folder, 'logs'), '--from', from, '--to', to, '--json',
    );
    const { rows = [] } = (stdout === '' ? {} : JSON.parse(stdout)) as { rows?: { event_day: string; principal: string }[] };
    return { exitCode, stderr, days: rows.map(({ event_day: day, principal }) => `${day} ${principal}`).sort() };
  }

  test.each([
    ['a result of CloudTrail Lake', `${OF_ACCOUNT}/CloudTrail-Lake/Query/2026/11/28/0a1b2c3d/result_1.csv.gz`],
    ['collected evidence', 'collected/2026/11/28/more.json.gz'],
    ['an export', 'export-2026-11-28-09-15-00-full.json.gz'],
  ])('under its own day, whichever day is in the path of %s', async (_, path) => {
    put(path, { Records: [of('2026-11-10')] });

    expect(await asked('2026-11-10')).toMatchObject({ exitCode: 0, days: ['2026-11-10 ada'] });
    expect(await asked('2026-11-28')).toMatchObject({ exitCode: 3, days: [] });
  });

  test('under its day of delivery, up to two days later', async () => {
    put(DELIVERED, { Records: [of('2026-11-10'), of('2026-11-09', 'eve'), of('2026-11-08', 'bob')] });

    const { days, stderr } = await asked('2026-11-10');

    expect(days).toEqual(['2026-11-10 ada', '2026-11-10 bob', '2026-11-10 eve']);
    expect(JSON.parse(stderr)).toMatchObject({ read: { skipped: [] } });
  });

  test('under its own day if it is in a file delivered before it, or much later, and reports that', async () => {
    put(DELIVERED, { Records: [of('2026-11-10'), of('2026-11-11', 'eve'), of('2026-11-07', 'bob')] });

    const { days, stderr } = await asked('2026-11-07', '2026-11-11');

    expect(days).toEqual(['2026-11-07 bob', '2026-11-10 ada', '2026-11-11 eve']);
    expect(JSON.parse(stderr)).toMatchObject({
      read: { records: 3, skipped: [{ reason: 'other delivery day', count: 2 }] },
    });
  });

  test('in a part of an archive, whose own path has the account and the Region', async () => {
    put(DELIVERED, { Records: [of('2026-11-10')] });
    put(DELIVERED.replace('/10/', '/04/').replace('1110T', '1104T'), { Records: [of('2026-11-04')] });

    const { stderr } = await auditor.audit(
      'query', 'egress-by-day', '--logs', join(auditor.archive.folder, 'logs', OF_ACCOUNT, 'CloudTrail/eu-central-1/2026'),
      '--from', '2026-11-10', '--to', '2026-11-10',
    );

    expect(stderr).toMatch(/\nread 1 file, .*: 1 record, 0 access log lines; nothing skipped\nnot opened: 1 file for other days\n$/);
  });

  test('once, and not the aggregated events next to it', async () => {
    put(DELIVERED, { Records: [of('2026-11-10')] });
    const aggregated = { Records: [{ eventVersion: '1.0', eventCategory: 'Aggregated', eventType: 'AwsAggregatedEvent' }] };
    put(DELIVERED.replace(/CloudTrail(?=[/_])/g, 'CloudTrail-Aggregated'), aggregated);
    put('copied.json.gz', aggregated);

    const { days, stderr } = await asked('2026-11-10');

    expect(days).toEqual(['2026-11-10 ada']);
    expect(JSON.parse(stderr)).toMatchObject({
      read: { files: 2, records: 1, leftOut: { aggregated: 1 }, skipped: [{ reason: 'aggregated', count: 1 }] },
    });
  });

  test('of S3 access logs alone, and says that the trail was not checked', async () => {
    const line = '79a59df9 models [10/Nov/2026:00:00:38 +0000] 192.0.2.3 arn:aws:sts::111122223333:assumed-role/r/ada R REST.GET.OBJECT '
      + 'models/fraud/blobs/sha256/a "GET /a HTTP/1.1" 200 - 113 113 7 7 "-" "agent" -\n';
    auditor.archive.file('access/copied', line);
    appendFileSync(join(auditor.archive.folder, 'access/copied'), line);
    const alone = (name: string) => auditor.audit(
      'query', name, '--access-logs', join(auditor.archive.folder, 'access'), '--from', '2026-11-10', '--to', '2026-11-10',
    );

    expect(await alone('log-coverage')).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/\nread 1 file, .*: 0 records, 2 access log lines; nothing skipped\n$/) });
    expect(await alone('egress-by-principal')).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('not checked: Only S3 access logs were read, which name sessions but not people, and no trail records') });
  });

  test('of a large file with bytes after its gzip stream, and reports them', async () => {
    const records = Array.from({ length: 4_000 }, () => of('2026-11-10'));
    const large = gzipSync(JSON.stringify({ Records: records }), { level: 0 });
    auditor.archive.file('logs/large.gz', Buffer.concat([large, Buffer.alloc(100)]));

    const { stderr } = await asked('2026-11-10');

    expect(JSON.parse(stderr)).toMatchObject({ read: { records: 4_000, skipped: [{ reason: 'after the end', count: 1 }] } });
  });
});
