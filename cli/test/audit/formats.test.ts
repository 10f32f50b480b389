import { gzipSync } from 'node:zlib';
import { Archive } from './archive';
import { ACCESS_LOG_FORMS, TRAIL_FORMS, type TrailRecord, VENDED_ACCESS_LOG } from '../../../test/support/audit/log-forms';
import { Random } from '../../../test/support/audit/random';
import { dataEvent, STORE } from '../../../test/support/audit/trail-record';
import { refusals, scopeOf, SKIP_REASONS, type SkipReason } from '../../src/audit/reader/skip-reasons';
import type { Tally } from '../../src/audit/reader/tally';

let archive: Archive;
beforeEach(() => { archive = new Archive(); });
afterEach(() => archive.leave());

const random = new Random(11);
const records = ['one', 'two', 'three'].map((eventId, index) => dataEvent({
  time: Date.UTC(2026, 10, 3, 9, 30 + index), action: 'GetObject', key: `models/fraud/blobs/sha256/{"}],[\\"ü${eventId}`,
  bytesOut: 42, sourceIp: '10.0.0.1', userAgent: 'a "quoted\\" agent, with a comma', requestId: `R${index}`, eventId,
  session: {
    roleName: 'role', roleId: 'AROA', sessionName: 'ada', sourceIdentity: 'ada', accessKeyId: 'ASIA',
    account: STORE.account, createdAt: 0,
  },
}, STORE, random) as unknown as TrailRecord);
const [record] = records;
const line = '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be bucket [06/Nov/2026:00:00:38 +0000] 192.0.2.3 - 3E57427F3EXAMPLE '
  + 'REST.GET.VERSIONING - "GET /bucket?versioning HTTP/1.1" 200 - 113 - 7 - "-" "S3Console/0.4, and more than two hundred characters" -';
const json = JSON.stringify;

/** What was read and what was not, by scope: it must add up to what the files have. */
async function readAll() {
  const read = await archive.read();
  const values = read.records.length + read.lines.length + skippedBy(read.tally, 'record');
  return { ...read, values, refusedFiles: skippedBy(read.tally, 'file') };
}

function skippedBy(tally: Tally, scope: string): number {
  return tally.skipped.filter(({ reason }) => scopeOf(reason) === scope).reduce((sum, { count }) => sum + count, 0);
}

describe('CloudTrail records are read from', () => {
  test.each(TRAIL_FORMS)('$form, plain and compressed', async ({ write, keeps = (each) => each }) => {
    const content = write(records);
    archive.file('plain', content);
    archive.file('compressed', gzipSync(content));
    archive.file('compressed twice', gzipSync(gzipSync(content)));

    const { records: found, values, skipped, tally } = await readAll();

    expect(skipped).toEqual({});
    expect({ values, counted: tally.records, files: tally.files }).toEqual({ values: 9, counted: 9, files: 3 });
    const kept = [...records, ...records, ...records].map((each) => keeps(each as never));
    found.forEach((each, index) => expect(each).toMatchObject(kept[index]));
  });

  test('one record in a file', async () => {
    archive.file('one.json', json(record, undefined, 2));

    expect(await readAll()).toMatchObject({ records: [record], values: 1, skipped: {} });
  });
});

describe('S3 access logs are read from', () => {
  test.each(ACCESS_LOG_FORMS)('$form', async ({ write, gives }) => {
    archive.file('collected/2020/01/01/some name', write(line));
    archive.file('compressed', gzipSync(write(line)));

    const { lines, tally } = await readAll();

    expect(lines).toEqual([gives(line), gives(line)]);
    expect(tally.accessLogLines).toBe(2);
  });
});

const lake = (row: object) => json({ QueryResultRows: [Object.entries(row).map(([name, value]) => ({ [name]: value }))] });
const refused: { readonly [reason in SkipReason]?: string | Buffer } = {
  zip: Buffer.from('504b0304140000000800', 'hex'),
  tar: Buffer.concat([Buffer.alloc(257, 'a'), Buffer.from('ustar\x0000'), Buffer.alloc(248)]),
  bzip2: Buffer.from('BZh91AY&SY'),
  xz: Buffer.from('fd377a585a000004', 'hex'),
  zstd: Buffer.from('28b52ffd2400', 'hex'),
  '7z': Buffer.from('377abcaf271c0004', 'hex'),
  parquet: Buffer.from('PAR1\x15\x04PAR1'),
  orc: Buffer.from('ORC\x08\x03'),
  avro: Buffer.from('Obj\x01\x04'),
  'event history': 'Event name,Event time,User name,Event source\nGetObject,"November 03, 2026, 09:30:00 (UTC)",ada,s3.amazonaws.com\n',
  'csv columns': 'eventname,eventtime,sourceipaddress\nGetObject,2026-11-03 09:30:00,10.0.0.1\n',
  'no message': json({ results: [[{ field: '@timestamp', value: 'x' }, { field: 'eventName', value: 'GetObject' }]] }),
  'field by field': json({ result: { eventName: 'GetObject', 'userIdentity.arn': 'arn:aws:iam::111122223333:user/ada' } }),
  'struct text': lake({ eventTime: '2026-11-03 09:30:00.000', eventName: 'GetObject', userIdentity: '{type=AssumedRole, principalid=AROA:ada}' }),
  'lower case': json({ eventname: 'GetObject', eventtime: '2026-11-03 09:30:00', useridentity: { type: 'IAMUser' }, requestparameters: { bucketname: 'models' } }),
  'vended fields': json({ ...VENDED_ACCESS_LOG, bytes_sent_size: undefined }),
};

describe('what is refused is named, with what to do instead', () => {
  test.each(Object.entries(refused))('%s', async (reason, content) => {
    archive.file('refused', content);
    archive.file('refused.gz', gzipSync(content));

    const { values, refusedFiles, skipped, records: found } = await readAll();

    expect({ skipped, found, total: values + refusedFiles }).toEqual({ skipped: { [reason]: 2 }, found: [], total: 2 });
  });

  test('all of them are tried here', () => {
    const all = Object.entries(SKIP_REASONS).flatMap(([reason, [, , , refusal]]) => (refusal ? [reason] : []));

    expect(Object.keys(refused).sort()).toEqual(all.sort());
    expect(refusals()).toHaveLength(all.length);
  });

  test.each([
    ['aggregated', { eventVersion: '1.0', eventCategory: 'Aggregated', eventType: 'AwsAggregatedEvent', summary: {} }],
    ['insight', { eventVersion: '1.08', eventName: 'GetObject', eventCategory: 'Insight', eventType: 'AwsCloudTrailInsight' }],
    ['digest', { digestS3Object: 'AWSLogs/x', logFiles: [{ s3Object: 'y' }] }],
    ['other event', { 'detail-type': 'Object Created', source: 'aws.s3', detail: { bucket: { name: 'models' } } }],
    ['other event', { eventVersion: '2.1', eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', userIdentity: { principalId: 'x' } }],
    ['other source', { class_uid: 4001, metadata: { product: { name: 'Amazon VPC' } }, api: {} }],
    ['field by field', { _source: { event: { action: 'GetObject' }, aws: { cloudtrail: { event_version: '1.08' } } } }],
  ])('%s: what is not the record of a request is not counted as one', async (reason, value) => {
    archive.file('values.json', json([record, value]));

    expect(await readAll()).toMatchObject({ records: [record], values: 2, skipped: { [reason]: 1 } });
  });
});

describe('a time is read in the form of', () => {
  test.each([
    ['Athena', '2026-11-10 10:00:00', '2026-11-10T10:00:00Z'],
    ['a timestamp of Athena', '2026-11-10 10:00:00.123 UTC', '2026-11-10T10:00:00.123Z'],
    ['ISO 8601 without an offset', '2026-11-10T10:00:00', '2026-11-10T10:00:00Z'],
    ['an offset', '2026-11-10T10:00:00+02:00', '2026-11-10T08:00:00Z'],
    ['an offset across midnight', '2026-11-10 23:30:00.5 -0130', '2026-11-11T01:00:00.5Z'],
    ['an offset of zero', '2026-11-10T10:00:00+00:00', '2026-11-10T10:00:00Z'],
    ['seconds since 1970', 1_794_304_800, '2026-11-10T10:00:00Z'],
    ['seconds with a fraction', 1_794_304_800.25, '2026-11-10T10:00:00.25Z'],
    ['milliseconds', 1_794_304_800_123, '2026-11-10T10:00:00.123Z'],
    ['milliseconds as text', '1794304800123', '2026-11-10T10:00:00.123Z'],
    ['CloudTrail', '2026-11-10T10:00:00Z', '2026-11-10T10:00:00Z'],
  ])('%s', async (_, eventTime, expected) => {
    archive.file('a.json', json([{ ...record, eventTime }, { ...record, eventTime: undefined, '@timestamp': eventTime }]));

    expect((await readAll()).records.map((each) => each.eventTime)).toEqual([expected, expected]);
  });

  test.each(['yesterday', '2026-02-30 10:00:00+01:00', '11/10/2026 10:00', '', null, 17, {}])('%j is not one', async (eventTime) => {
    archive.file('a.json', json({ ...record, eventTime }));

    expect((await readAll()).records.map((each) => each.eventTime)).toEqual([eventTime]);
  });
});

describe('a field as text', () => {
  test('that is not JSON is reported, and the record is counted', async () => {
    archive.file('a.json', json({ ...record, requestParameters: '{"bucketName":"mod' }));

    expect(await readAll()).toMatchObject({ values: 1, skipped: { 'field text': 1 } });
  });

  test('may be empty or null', async () => {
    archive.file('a.json', json([{ ...record, responseElements: 'null', additionalEventData: '' }]));

    expect(await readAll()).toMatchObject({ records: [{ responseElements: null, additionalEventData: null }], skipped: {} });
  });
});

test('a struct without the names of its fields is refused', async () => {
  archive.file('a.json', json({ eventname: 'GetObject', eventtime: '2026-11-03 09:30:00', useridentity: '["AssumedRole","AROA:ada"]' }));

  expect(await readAll()).toMatchObject({ records: [], skipped: { 'struct text': 1 } });
});

test('a torn line hides only itself, whichever line it is', async () => {
  const torn = json(record).slice(0, 300);
  const whole = records.map((each) => json(each));
  archive.file('first.json', [torn, ...whole].join('\n'));
  archive.file('middle.json', [whole[0], torn, whole[1], whole[2]].join('\n'));
  archive.file('last.json', [...whole, torn].join('\n'));

  const { ids, values } = await readAll();

  expect(ids).toEqual(['one', 'two', 'three', 'one', 'two', 'three', 'one', 'two', 'three']);
  expect(values).toBe(12);
});

test('documents in one line are all read, with a torn one between them', async () => {
  const [one, two, three] = records.map((each) => json(each));
  archive.file('a.json', `${one}\n${two}${three}\n${one}, garbage ${two}\n`);

  expect(await readAll()).toMatchObject({ ids: ['one', 'two', 'three', 'one', 'two'], values: 6, skipped: { 'no json': 1 } });
});

test('bytes after the end of a gzip file are reported', async () => {
  const packed = gzipSync(json(record));
  archive.file('padded.gz', Buffer.concat([packed, Buffer.alloc(1), gzipSync(json(record))]));
  archive.file('whole.gz', packed);

  expect(await readAll()).toMatchObject({ ids: ['one', 'one'], skipped: { 'after the end': 1 } });
});

test('files and values add up: each is counted, refused, or not opened', async () => {
  const trailFile = (kind: string, day: string) =>
    `AWSLogs/111122223333/${kind}/eu-central-1/2026/11/${day}/111122223333_${kind}_eu-central-1_202611${day}T0935Z_AbCdEfGhIjKlMnOp.json`;
  const others: { readonly [name: string]: string } = {
    'notes.txt': 'bought milk',
    'empty.json': '',
    'values.json': json([5, 'text', null, { a: 1 }, record]),
    'access.log': `${line}\nnot a line\n${line}\n`,
    'no-time.json': json([{ ...record, eventTime: 'yesterday' }, record]),
    [trailFile('CloudTrail', '03')]: json({ Records: records }),
    [trailFile('CloudTrail', '01')]: json({ Records: [record] }),
    [trailFile('CloudTrail-Digest', '03')]: json({ digestS3Object: 'x' }),
    [trailFile('CloudTrail-Aggregated', '03')]: json({ Records: [] }),
    '.hidden/a.json': json(record),
    'collected/2020/01/01/a.json': json(record),
  };
  TRAIL_FORMS.forEach(({ write }, index) => archive.file(`forms/${index}`, write(records)));
  ACCESS_LOG_FORMS.forEach(({ write }, index) => archive.file(`access/${index}`, write(line)));
  Object.entries(refused).forEach(([reason, content]) => archive.file(`refused/${reason}`, content!));
  Object.entries(others).forEach(([name, content]) => archive.file(name, content));
  const days = { from: '2026-11-02', to: '2026-11-04' };

  const read = await archive.read(days);

  const { tally } = read;
  const listed = TRAIL_FORMS.length + ACCESS_LOG_FORMS.length + Object.keys(refused).length + Object.keys(others).length;
  expect(tally.leftOut).toEqual({ 'other days': 1, 'digest or Insights': 1, aggregated: 1, hidden: 1 });
  expect(tally.files + 4).toBe(listed);
  const refusedRecords = Object.keys(refused).filter((reason) => scopeOf(reason as SkipReason) === 'record').length;
  const inOthers = { 'values.json': 5, 'access.log': 3, 'no-time.json': 2, inFolder: 3, collected: 1 };
  // The first line of one access log is cut off, and so is not a line of one.
  const values = TRAIL_FORMS.length * records.length + ACCESS_LOG_FORMS.length + 1 + refusedRecords
    + Object.values(inOthers).reduce((sum, count) => sum + count);
  expect(read.records.length + read.lines.length + skippedBy(tally, 'record')).toBe(values);
  expect([tally.records, tally.accessLogLines]).toEqual([read.records.length, read.lines.length]);
  const refusedFiles = Object.keys(refused).length - refusedRecords;
  // The notes are in an unknown format.
  expect(skippedBy(tally, 'file')).toBe(refusedFiles + 1);
});
