import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Archive } from './archive';
import { logLine } from '../../../test/audit/support/records';
import { Random } from '../../../test/support/audit/random';
import { dataEvent, type ObjectRequest, STORE } from '../../../test/support/audit/trail-record';
import { Engine } from '../../src/audit/database/engine';
import type { QueryResult } from '../../src/audit/database/query-result';
import { settingsOf } from '../../src/audit/database/settings';
import { namedQueries, viewsSql } from '../../src/audit/queries/queries';
import type { JsonObject } from '../../src/audit/reader/json-values';
import { Lines } from '../../src/audit/reader/lines';
import { AccessLogRows, LogRows } from '../../src/audit/reader/log-rows';
import { FolderSource } from '../../src/audit/reader/log-source';
import { readLog } from '../../src/audit/reader/read-log';
import { Tally } from '../../src/audit/reader/tally';
import { TrailRows } from '../../src/audit/reader/trail-rows';

const DAYS = { from: '2026-11-01', to: '2026-11-30' };
const random = new Random(3);

let archive: Archive;
beforeEach(() => { archive = new Archive(); });
afterEach(() => archive.leave());

const request: ObjectRequest = {
  time: Date.UTC(2026, 10, 3, 9, 30), action: 'GetObject', key: `models/fraud/blobs/sha256/${'a'.repeat(64)}`,
  bytesOut: 42, sourceIp: '10.0.0.1',
  userAgent: 'agent', requestId: 'R', eventId: 'E',
  session: {
    roleName: 'role', roleId: 'AROA', sessionName: 'ada', sourceIdentity: 'ada', accessKeyId: 'ASIA',
    account: STORE.account, createdAt: 0,
  },
};

/** A record with the given changes. */
function record(changes: JsonObject = {}, data: JsonObject = {}, parameters: JsonObject = {}): JsonObject {
  const event = dataEvent(request, STORE, random);
  return {
    ...event,
    eventID: random.uuid(),
    additionalEventData: { ...event.additionalEventData as object, ...data },
    requestParameters: { ...event.requestParameters as object, ...parameters },
    ...changes,
  };
}

interface Seen {
  readonly skipped: { readonly [reason: string]: number };
  ask(sql: string, ...values: string[]): Promise<QueryResult['rows']>;
}

/** Reads logs, loads the rows and runs the work on the engine. */
async function over(
  files: { readonly [name: string]: readonly JsonObject[] }, work: (seen: Seen) => Promise<void>,
): Promise<void> {
  Object.entries(files).forEach(([name, records]) => archive.gzip(`logs/${name}`, { Records: records }));
  const tally = new Tally();
  const engine = await Engine.open({ folder: archive.folder, memoryMegabytes: 256, threads: 1 });
  const rows = new TrailRows({ folder: archive.folder, worker: 0, workers: 1, days: DAYS }, tally, (batch) => engine.append(batch));
  const accessLogs = new AccessLogRows(archive.folder, 0);
  for await (const file of new FolderSource(`${archive.folder}/logs`).files(DAYS)) {
    await readLog(
      file, { record: (each, from) => rows.add(each, from), accessLogLine: (line, from) => accessLogs.add(line, from) }, tally,
    );
  }
  rows.close();
  accessLogs.close();
  await engine.finish();
  for (const { reason, count } of await engine.dropRepetitions()) {
    tally.skip(reason, '', count);
  }
  try {
    await engine.load(viewsSql(), settingsOf({}));
    const skipped = Object.fromEntries(tally.skipped.map(({ reason, count }) => [reason, count]));
    await work({ skipped, ask: async (sql, ...values) => (await engine.ask(sql, values)).rows });
  } finally {
    engine.close();
  }
}

const BYTES = 'SELECT bytes_out, bytes_source FROM egress_events';

describe('byte counts', () => {
  test.each([
    [42, 42], [42.0, 42], ['42', 42], ['42.0', 42], [1.5e10, 15_000_000_000], ['1.5E10', 15_000_000_000], [0, 0],
  ])('%j is %d bytes', async (given, bytes) => {
    await over({ 'a.json.gz': [record({}, { bytesTransferredOut: given })] }, async ({ skipped, ask }) => {
      expect({ rows: await ask(BYTES), skipped }).toEqual({ rows: [[bytes, 'trail']], skipped: {} });
    });
  });

  test.each([
    'many', 'Infinity', 1e300, -5, true, '', [1], { a: 1 },
  ])('%j is not a valid byte count: it is reported, and the bytes are unknown', async (given) => {
    const frequent = record({ eventID: 'one' }, { bytesTransferredOut: given });
    const rare = record({ eventID: 'two' }, { bytesTransferredOut: given, SomethingNew: 'x' });
    await over({ 'a.json.gz': [frequent, rare] }, async ({ skipped, ask }) => {
      expect({ rows: await ask(BYTES), skipped }).toEqual({
        rows: [[null, 'unknown'], [null, 'unknown']], skipped: { 'odd byte count': 2 },
      });
    });
  });

  test('a record without any is a read of unknown size', async () => {
    await over({ 'a.json.gz': [record({ additionalEventData: null })] }, async ({ skipped, ask }) => {
      expect({ rows: await ask(BYTES), skipped }).toEqual({ rows: [[null, 'unknown']], skipped: {} });
    });
  });
});

describe('a record without eventTime', () => {
  const DAY_FILE = 'AWSLogs/111122223333/CloudTrail/eu-central-1/2026/11/07/111122223333_CloudTrail_eu-central-1_20261107T0935Z_AbCdEfGhIjKlMnOp.json.gz';
  test.each([
    undefined, null, '', 'yesterday', 17, '2026-13-45T99:99:99Z',
  ])('or with %j instead is reported and counted under the day of its file', async (eventTime) => {
    await over({ [DAY_FILE]: [record({ eventTime })] }, async ({ skipped, ask }) => {
      expect(await ask('SELECT event_time, event_day, bytes_out FROM egress_events')).toEqual([
        [null, '2026-11-07', 42],
      ]);
      expect(skipped).toEqual({ 'no event time': 1 });
    });
  });

  test('is reported and not counted if the path of its file has no day either', async () => {
    await over({ 'a.json.gz': [record({ eventTime: undefined }), record()] }, async ({ skipped, ask }) => {
      expect(await ask('SELECT event_day, bytes_out FROM egress_events')).toEqual([['2026-11-03', 42]]);
      expect(skipped).toEqual({ 'no day': 1 });
    });
  });
});

describe('events with bytes that are not reads of objects', () => {
  test.each([
    ['management events', { eventCategory: 'Management', managementEvent: true }],
    [
      'NetworkActivity events, which duplicate requests',
      { eventCategory: 'NetworkActivity', eventType: 'AwsVpceEvent', managementEvent: false },
    ],
    ['events of other services', { eventSource: 'athena.amazonaws.com' }],
  ])('%s are kept, and their bytes are not counted as egress', async (_, changes) => {
    await over({ 'a.json.gz': [
      record({ eventID: 'read' }), record({ ...changes, eventID: 'other' }, { bytesTransferredOut: 1_000 }),
    ] }, async ({ skipped, ask }) => {
      expect(await ask('SELECT sum(bytes_out), count(*) FROM egress_events')).toEqual([[42, 1]]);
      expect(await ask('SELECT event_id FROM trail_events ORDER BY event_id')).toEqual([['other'], ['read']]);
      expect(skipped).toEqual({});
    });
  });
});

describe('a record that was delivered more than once', () => {
  test.each([
    ['in one file', '00000000-0000-4000-8000-000000000001', 'a.json.gz', 'a.json.gz'],
    ['in two files', '00000000-0000-4000-8000-000000000001', 'a.json.gz', 'b.json.gz'],
    ['with an ID that is not a UUID', 'one', 'a.json.gz', 'b.json.gz'],
  ])('%s, is counted once and reported', async (_, eventID, one, other) => {
    const files: { [name: string]: JsonObject[] } = {};
    for (const file of [one, other]) {
      (files[file] ??= []).push(record({ eventID }));
    }
    files[one].push(
      record(), record({ eventID: 'two' }), record({ eventID: undefined }), record({ eventID: undefined }),
    );
    await over(files, async ({ skipped, ask }) => {
      expect(await ask('SELECT sum(bytes_out), count(*) FROM egress_events')).toEqual([[5 * 42, 5]]);
      expect(skipped).toEqual({ 'delivered again': 1 });
    });
  });
});

describe('text that a caller chooses does not break an audit', () => {
  const reads = namedQueries().filter(({ name }) => [
    'copies-to-other-buckets', 'egress-by-model', 'egress-by-network', 'presigned-url-from-other-address',
  ].includes(name));
  const NASTY = ['\u0000', '\\u0000', '\ud800', '\\\ud800', 'x\ny', '","', '\u2028', '%ff'];
  test.each(NASTY.map(
    (text) => [JSON.stringify(text), text],
  ))('%s in any field does not remove a record from the result', async (_, text) => {
    const ordinary = record({ eventID: 'ordinary' });
    const records = [
      record({ userAgent: text }), record({ sourceIPAddress: text }),
      record({ userIdentity: { type: 'AssumedRole', arn: text } }),
      record({ requestID: text }), record({ errorCode: text, errorMessage: text }), record({}, { [text]: text }),
      record({}, {}, { key: text }),
      record({}, {}, { [text]: text }), record({}, {}, { 'X-Amz-Date': text, 'X-Amz-Expires': text }),
      record({ eventName: 'CopyObject' }, {}, { 'x-amz-copy-source': text, 'x-amz-copy-source-range': text }), ordinary,
    ];
    await over({ 'a.json.gz': records }, async ({ ask }) => {
      for (const { sql } of reads) {
        await expect(ask(sql, DAYS.from, DAYS.to)).resolves.toBeDefined();
      }
      expect(await ask('SELECT count(*) FROM egress_events')).toEqual([[records.length]]);
      expect(await ask(
        "SELECT principal, bytes_out FROM egress_events WHERE event_id = 'ordinary'",
      )).toEqual([['ada', 42]]);
    });
  });

  test.each([
    'bytes=0-9223372036854775807', 'bytes=0-99999999999999999999', 'bytes=-5', 'all',
  ])('the range %s of a copy is unknown', async (range) => {
    const copy = record(
      { eventName: 'UploadPartCopy' },
      {},
      { bucketName: 'elsewhere', 'x-amz-copy-source': `/${STORE.bucket}/models/a/b`, 'x-amz-copy-source-range': range },
    );
    await over({ 'a.json.gz': [copy] }, async ({ ask }) => {
      expect(await ask(BYTES)).toEqual([[null, 'unknown']]);
    });
  });
});

describe('records and lines larger than any that AWS writes', () => {
  const LARGE = 'x'.repeat(5 * 1024 * 1024);

  test.each([
    ['userAgent', record({ userAgent: LARGE })],
    ['userIdentity', record({ userIdentity: { type: 'AssumedRole', arn: LARGE } })],
    ['requestParameters', record({}, {}, { key: LARGE })], ['eventID', record({ eventID: LARGE })],
    ['umlauts', record({ userAgent: 'ü'.repeat(LARGE.length / 2) })],
  ])('%s is reported, and only that record is skipped', async (_, large) => {
    await over({ 'a.json.gz': [record(), large, record(), record()] }, async ({ skipped, ask }) => {
      expect({ rows: await ask('SELECT count(*), sum(bytes_out) FROM egress_events'), skipped }).toEqual({
        rows: [[3, 3 * 42]], skipped: { 'too large': 1 },
      });
    });
  });

  test('are also skipped in the format of the records before them', async () => {
    const rows = new LogRows(
      { folder: archive.folder, worker: 0, workers: 1, days: DAYS }, (batch) => { written += batch.rows; },
    );
    let written = 0;
    archive.gzip('logs/a.json.gz', { Records: [record(), record(), record({}, {}, { key: LARGE }), record()] });
    for await (const file of new FolderSource(`${archive.folder}/logs`).files(DAYS)) {
      await rows.read(file, 0, () => {});
    }
    rows.close();
    expect({ written, records: rows.tally.records, skipped: rows.tally.skipped }).toEqual({
      written: 3, records: 3, skipped: [expect.objectContaining({ reason: 'too large', count: 1 })],
    });
  });

  test('are also skipped in access logs', async () => {
    const tally = new Tally();
    const rows = new AccessLogRows(archive.folder, 0);
    const line = (key: string) => logLine({ key });
    archive.file('logs/access.log', [line('a'), line(LARGE), line('b')].join('\n'));
    for await (const file of new FolderSource(`${archive.folder}/logs`).files(DAYS)) {
      await readLog(file, { record: () => {}, accessLogLine: (each, from) => rows.add(each, from) }, tally);
    }
    rows.close();
    expect(tally.skipped).toEqual([
      expect.objectContaining({ reason: 'too large', count: 1, examples: ['access.log'] }),
    ]);
    expect(readFileSync(join(archive.folder, 'access-log-0.jsonl'), 'utf8').split('\n')).toHaveLength(3);
  });

  test('an endless line is not kept in memory', () => {
    const given: string[] = [];
    let tooLong = 0;
    const lines = new Lines((line) => given.push(line), 10, () => { tooLong++; });
    ['one\nnever', ' ends', ' and goes on', ' and on\ntwo\n', 'three'].forEach((piece) => lines.push(piece));
    lines.end();
    expect({ given, tooLong }).toEqual({ given: ['one', 'two', 'three'], tooLong: 1 });
  });
});

test('several threads load the rows of the reader within the memory limit', async () => {
  const workers = 4;
  const engine = await Engine.open({ folder: archive.folder, memoryMegabytes: 200, threads: workers });
  try {
    Array.from({ length: workers }, (_, worker) => {
      const rows = new TrailRows(
        { folder: archive.folder, worker, workers, days: DAYS }, new Tally(), (batch) => engine.append(batch),
      );
      Array.from(
        { length: 500 },
        () => rows.add(
          record({ userAgent: random.hex(64) }, {}, { key: random.hex(64) }), { name: 'a.json.gz', size: 1 },
        ),
      );
      rows.close();
      new AccessLogRows(archive.folder, worker).close();
    });
    await engine.finish();
    await engine.dropRepetitions();
    await engine.load(viewsSql(), settingsOf({}), namedQueries().map(({ needs }) => needs.reads));
    expect((await engine.ask('SELECT count(*) FROM egress_events')).rows).toEqual([[workers * 500]]);
  } finally {
    engine.close();
  }
});
