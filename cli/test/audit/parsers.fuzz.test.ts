import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { accessLogFields } from '../../../src/contract/access-log-line';
import { cidrOf, networkOf } from '../../src/audit/database/networks';
import { settingsOf } from '../../src/audit/database/settings';
import { csv } from '../../src/audit/queries/render';
import { contentsOf } from '../../src/audit/reader/contents';
import { type JsonObject, JsonValues } from '../../src/audit/reader/json-values';
import { CsvRows, Lines } from '../../src/audit/reader/lines';
import type { LogFile } from '../../src/audit/reader/log-source';
import { readLog } from '../../src/audit/reader/read-log';
import { normalised } from '../../src/audit/reader/record-forms';
import { scopeOf } from '../../src/audit/reader/skip-reasons';
import { Tally } from '../../src/audit/reader/tally';
import { eventTimeOf } from '../../src/audit/reader/times';
import { TrailRows } from '../../src/audit/reader/trail-rows';
import { isVendedAccessLog, lineOfVended } from '../../src/audit/reader/vended-access-log';
import { readDigest } from '../../src/audit/trail-digests/digest-file';
import { digestNameOf, logNameOf, placeOf } from '../../src/audit/trail-digests/file-names';
import { Failure } from '../../src/runtime/failure';

fc.configureGlobal({ seed: 20261129, numRuns: 100 });

const json = fc.jsonValue({ stringUnit: 'binary', maxDepth: 4 });
const text = fc.string({ unit: 'binary' });
const time = fc.oneof(fc.constantFrom('2026-11-03T09:30:00Z', '2026-02-30T00:00:00Z', '9999-99-99T99:99:99Z'), text, json);

/** A record as CloudTrail writes it, with some of its values replaced. */
const record = fc.record({
  eventVersion: fc.oneof(fc.constant('1.10'), json), eventTime: time, eventID: fc.oneof(fc.uuid(), text, json), requestID: fc.oneof(fc.stringMatching(/^[A-Z0-9]{16}$/), json),
  eventSource: fc.oneof(fc.constant('s3.amazonaws.com'), json), eventName: fc.oneof(fc.constantFrom('GetObject', 'PutObject', 'AssumeRole'), json),
  userIdentity: json, sourceIPAddress: fc.oneof(fc.ipV4(), fc.ipV6(), json), userAgent: fc.oneof(text, json), errorCode: json, readOnly: json,
  requestParameters: fc.oneof(json, fc.dictionary(fc.constantFrom('bucketName', 'key', 'X-Amz-Date', 'X-Amz-Expires', 'x-asked-from', '__proto__'), fc.oneof(text, json))),
  responseElements: fc.oneof(fc.constant(null), json), additionalEventData: fc.oneof(json, fc.dictionary(fc.constantFrom('bytesTransferredOut', 'AuthenticationMethod', 'x-amz-id-2'), json)),
}, { requiredKeys: [] });

const logFile = (content: string | Buffer): LogFile => {
  const bytes = Buffer.from(content as string);
  return { name: 'a/2026/11/03/b.json.gz', day: '2026-11-03', size: bytes.length, fetch: async () => bytes };
};

async function readWith(content: string | Buffer): Promise<{ readonly records: object[]; readonly lines: string[]; readonly tally: Tally }> {
  const tally = new Tally();
  const records: object[] = [];
  const lines: string[] = [];
  await readLog(logFile(content), { record: (each) => records.push(each), accessLogLine: (line) => { lines.push(line); } }, tally);
  return { records, lines, tally };
}

test('a log with any bytes is read or counted as skipped', async () => {
  const wrapped = fc.oneof(json, record, fc.array(fc.oneof(record, json)), fc.record({ Records: fc.oneof(json, fc.array(fc.oneof(record, json))) }),
    fc.record({ logEvents: fc.array(fc.oneof(json, fc.record({ message: fc.oneof(text, record.map((each) => JSON.stringify(each))) }))) }),
    fc.record({
      QueryResultRows: fc.array(fc.array(fc.oneof(json, fc.record({ eventJson: fc.oneof(json, record.map((each) => JSON.stringify(each))) })))),
    }));
  const held = record.map((each) => JSON.stringify(each));
  const enveloped = fc.oneof(
    fc.record({ Events: fc.array(fc.record({ CloudTrailEvent: fc.oneof(json, held) })) }),
    fc.record({ results: fc.array(fc.array(fc.record({ field: fc.constantFrom('@message', 'x'), value: fc.oneof(json, held) }))) }),
    fc.record({ 'detail-type': json, detail: fc.oneof(json, record) }),
    fc.record({ _source: fc.oneof(json, fc.record({ event: fc.record({ original: fc.oneof(json, held) }) })) }),
    fc.record({ result: fc.record({ _raw: fc.oneof(json, held) }) }),
    fc.record({ eventname: json, useridentity: json, requestparameters: json, eventtime: time }),
  );
  const content = fc.oneof(
    enveloped.map((value) => JSON.stringify(value)),
    fc.array(enveloped).map((values) => Buffer.from(values.map((value) => JSON.stringify(value)).join('\n'), 'utf16le')),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)), text, wrapped.map((value) => JSON.stringify(value)), fc.array(wrapped).map((values) => values.map((value) => JSON.stringify(value)).join('\n')),
    fc.tuple(wrapped, fc.nat({ max: 400 })).map(([value, length]) => JSON.stringify(value).slice(0, length)),
    wrapped.map((value) => `eventTime,eventJson\n2026,"${JSON.stringify(value).replace(/"/g, '""')}"\n`),
    wrapped.map((value) => gzipSync(JSON.stringify(value))),
    fc.tuple(wrapped, fc.nat({ max: 60 })).map(([value, length]) => gzipSync(JSON.stringify(value)).subarray(0, length)),
  );
  await fc.assert(fc.asyncProperty(content, async (each) => {
    const { records, tally } = await readWith(each);
    expect(records).toHaveLength(tally.records);
  }), { numRuns: 250 });
});

test('each line of JSON is a record, or is counted as skipped', async () => {
  const value = fc.oneof(record, text, fc.integer(), fc.boolean(), fc.constant(null));
  await fc.assert(fc.asyncProperty(record, fc.array(value), async (first, rest) => {
    const values = [{ ...first, eventName: 'x' }, ...rest];
    const { records, tally } = await readWith(values.map((each) => `${JSON.stringify(each)}\n`).join(''));
    const skipped = tally.skipped.filter(({ reason }) => scopeOf(reason) === 'record').reduce((sum, { count }) => sum + count, 0);
    expect(records.length + skipped).toBe(values.length);
  }));
});

test('a record whose objects are JSON text is the same record', () => {
  const objects = fc.dictionary(text, json);
  const whole = fc.record({
    eventName: text, requestParameters: objects, responseElements: fc.option(objects), additionalEventData: objects, userIdentity: objects,
    resources: fc.array(objects),
  });
  fc.assert(fc.property(whole, (each) => {
    const texts = Object.fromEntries(Object.entries(each).map(([name, value]) => [name, name === 'eventName' ? value : JSON.stringify(value)]));
    const parsed = JSON.parse(JSON.stringify(each)) as JsonObject;
    expect(normalised(texts)).toEqual({ record: parsed, note: undefined });
    expect(normalised(parsed)).toEqual({ record: parsed, note: undefined });
  }));
});

test('a time in any form is a time of CloudTrail, or is not changed', () => {
  const date = fc.date({ min: new Date('2001-09-10'), max: new Date('2286-01-01'), noInvalidDate: true });
  const zone = fc.record({ sign: fc.constantFrom('+', '-'), hours: fc.nat({ max: 14 }), minutes: fc.constantFrom(0, 30, 45) });
  fc.assert(fc.property(date, zone, fc.constantFrom(' ', 'T'), (at, { sign, hours, minutes }, separator) => {
    const offset = (hours * 60 + minutes) * 60_000;
    const local = new Date(at.getTime() + (sign === '+' ? offset : -offset)).toISOString().replace('T', separator).replace('Z', '');
    const two = (number: number) => String(number).padStart(2, '0');
    expect(Date.parse(eventTimeOf(`${local}${sign}${two(hours)}:${two(minutes)}`)!)).toBe(at.getTime());
    expect(Date.parse(eventTimeOf(at.getTime())!)).toBe(at.getTime());
  }));
  fc.assert(fc.property(fc.oneof(text, json, time), (any) => {
    expect(eventTimeOf(any) ?? '2026-11-03T09:30:00Z').toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/);
  }));
});

test('an access log record of CloudWatch Logs with any values is a line with all fields, or is refused', () => {
  const fields = ['bucket_owner_id', 'bucket_name', 'remote_ip', 'requester', 'request_id', 'operation', 'key_name', 'request_uri', 'http_status', 'error_code', 'bytes_sent_size',
    'user_agent', 'version_id'];
  const value = fc.oneof(text, fc.integer(), fc.constant(null));
  const number = fc.option(fc.integer({ min: 100, max: 599 }));
  const object = fc.record({
    ...Object.fromEntries(fields.map((name) => [name, value])), http_status: number, bytes_sent_size: number, request_time: time,
  }, { requiredKeys: [] });
  fc.assert(fc.property(object, (each) => {
    const line = lineOfVended(each);
    expect(isVendedAccessLog(each) || line === undefined).toBe(true);
    if (line !== undefined) {
      const found = accessLogFields(line)!;
      expect([found.length, found[9], found[11]]).toEqual([28, String(each.http_status ?? '-'), String(each.bytes_sent_size ?? '-')]);
    }
  }));
});

test('an event in the form of OCSF with any values is a record, or is skipped', () => {
  const event = fc.record({
    class_uid: fc.integer(), metadata: fc.oneof(json, fc.constant({ product: { name: 'CloudTrail' } })), api: fc.oneof(json, fc.constant({ operation: 'GetObject' })),
    actor: json, resources: json, time: json,
    unmapped: fc.oneof(json, fc.dictionary(fc.constantFrom('a.b', 'a', 'a.b.c', '__proto__.x', 'constructor.prototype', 'userIdentity.sessionContext'), json)),
  });
  fc.assert(fc.property(event, (each) => {
    expect(['record', 'skip', 'text', 'values', 'nothing']).toContain(contentsOf(each).kind);
    expect(({} as { readonly x?: unknown }).x).toBeUndefined();
  }));
});

test.each([
  ['a list', '[', ']'], ['records in records', '{"Records":[', ']}'], ['an object', '{"eventName":', '}'], ['a record as text', '{"eventJson":"[[', '"}'],
])('a log with %s that is nested a hundred thousand times is read or skipped', async (_, open, close) => {
  for (const content of [open.repeat(100_000), `${open.repeat(100_000)}1${close.repeat(100_000)}`, `[{"eventName":"x","a":${'['.repeat(100_000)}${']'.repeat(100_000)}}]`]) {
    await readWith(content);
  }
});

test('a row of a query result with unexpected values does not throw', async () => {
  expect((await readWith('[{"eventJson":"{\\"eventName\\":\\"x\\"}"},null,7]')).records.length).toBeGreaterThan(0);
});

test('any record becomes rows that are valid JSON', () => {
  const folder = mkdtempSync(join(tmpdir(), 'model-store-fuzz-'));
  try {
    let run = 0;
    fc.assert(fc.property(fc.array(record, { maxLength: 5 }), (records) => {
      const rows = new TrailRows({ folder, worker: ++run, workers: 1, days: { from: '2026-11-01', to: '2026-11-30' } }, new Tally(), () => {});
      records.forEach((each) => rows.add(each, { name: 'x', size: 1, day: '2026-11-03' }));
      rows.close();
    }));
    for (const name of readdirSync(folder)) {
      readFileSync(join(folder, name), 'utf8').split('\n').filter((line) => line !== '').forEach((line) => JSON.parse(line));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('an access log line is passed on or counted, with or without line ends', async () => {
  const line = fc.tuple(fc.stringMatching(/^[0-9a-f]{8}$/), fc.stringMatching(/^[a-z-]{3,9}$/), text)
    .map(([owner, bucket, rest]) => `${owner} ${bucket} [06/Nov/2026:00:00:38 +0000] ${rest}`);
  const mostlyLines = fc.array(fc.oneof({ arbitrary: line, weight: 5 }, { arbitrary: text, weight: 1 }), { minLength: 1 });
  await fc.assert(fc.asyncProperty(mostlyLines, async (lines) => {
    const { lines: found, tally } = await readWith(lines.join('\n'));
    expect(found).toHaveLength(tally.accessLogLines);
  }));
});

test('text that arrives in pieces is split as if it arrived at once', () => {
  const cut = (whole: string, at: readonly number[]) => {
    const places = [0, ...at.map((each) => each % (whole.length + 1)).sort((a, b) => a - b), whole.length];
    return places.slice(1).map((end, index) => whole.slice(places[index], end));
  };
  const content = fc.oneof(text, json.map((value) => JSON.stringify(value)), fc.array(fc.oneof(text, fc.constantFrom('"', ',', '\n', '\r\n', '""', '{', '}', '[', ']', '{"Records":[', ':', '\\'))).map((parts) => parts.join('')));
  fc.assert(fc.property(content, fc.array(fc.nat(), { maxLength: 5 }), (whole, at) => {
    const values = (pieces: readonly string[]) => {
      const splitter = new JsonValues();
      return pieces.flatMap((piece) => [...splitter.push(piece)]);
    };
    expect(values(cut(whole, at))).toEqual(values([whole]));
    const rows = (pieces: readonly string[]) => {
      const found: object[] = [];
      const reader = new CsvRows((row) => found.push([...row]), () => {});
      pieces.forEach((piece) => reader.push(piece));
      reader.end();
      return found;
    };
    expect(rows(cut(whole, at))).toEqual(rows([whole]));
    const lines = (pieces: readonly string[]) => {
      const found: string[] = [];
      const reader = new Lines((line) => found.push(line), 1_000_000, () => {});
      pieces.forEach((piece) => reader.push(piece));
      reader.end();
      return found;
    };
    expect(lines(cut(whole, at))).toEqual(lines([whole]));
  }), { numRuns: 500 });
});

test('CSV that is written is read again, with an apostrophe before each formula', () => {
  fc.assert(fc.property(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 4 }), (rows) => {
    const written = csv({ columns: [{ name: 'one', type: 'text' }, { name: 'two', type: 'text' }], rows });
    const found: string[][] = [];
    const reader = new CsvRows((row) => found.push([...row.values()]), () => {});
    reader.push(written);
    reader.end();
    const plain = (cell: string) => cell.replace(/'/g, '').replace(/\r$/, '');
    expect(found.map((row) => row.map(plain))).toEqual(rows.filter(([one, two]) => one !== '' || two !== '').map((row) => row.map(plain)));
  }));
});

test('a digest file with any bytes is read, or an error describes it', async () => {
  const field = fc.oneof(text, json, fc.constantFrom('2026-11-30T10:00:00Z', 'SHA256withRSA', null));
  const digest = fc.record({
    digestS3Bucket: field, digestS3Object: field, digestStartTime: field, digestEndTime: field, digestPublicKeyFingerprint: field,
    digestSignatureAlgorithm: field,
    previousDigestS3Bucket: field, previousDigestS3Object: field, previousDigestHashValue: field, previousDigestSignature: field,
    logFiles: fc.oneof(json, fc.array(fc.oneof(json, fc.record({ s3Bucket: text, s3Object: text, hashValue: text, hashAlgorithm: fc.constantFrom('SHA-256', 'MD5') })))),
  }, { requiredKeys: [] });
  const content = fc.oneof(fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    digest.map((value) => Buffer.from(JSON.stringify(value))), digest.map((value) => gzipSync(JSON.stringify(value))),
    json.map((value) => Buffer.from(JSON.stringify(value))));
  await fc.assert(fc.asyncProperty(content, async (bytes) => {
    const problem = await readDigest(bytes).then(({ digest: { logs, endTime } }) => {
      expect(logs.every(({ key, hash }) => typeof key === 'string' && typeof hash === 'string')).toBe(true);
      expect(endTime).toMatch(/^\d{4}-/);
    }, (error: unknown) => error);
    expect(problem === undefined || (problem instanceof Error && !(problem instanceof TypeError) && problem.message !== '')).toBe(true);
  }));
});

test('a key of any text is the name of a digest file, of a log file, or of neither', () => {
  const key = fc.oneof(text, fc.array(fc.constantFrom('AWSLogs', '111122223333', 'CloudTrail', 'CloudTrail-Digest', 'eu-central-1', '2026', '11', '03', '_', '/', '20261103T0930Z', '.json.gz'), { maxLength: 14 }).map((parts) => parts.join('')));
  fc.assert(fc.property(key, (each) => { [digestNameOf(each), logNameOf(each), placeOf(each)]; }));
});

test('audit settings of any values are accepted, or all problems are listed', () => {
  const name = fc.oneof(fc.constantFrom('log_buckets', 'business_start_hour', 'business_end_hour', 'median_factor', 'perimeter_networks', '__proto__', 'custody_model'), text);
  fc.assert(fc.property(fc.dictionary(name, fc.oneof(json, fc.integer({ min: 0, max: 24 }), fc.array(fc.ipV4()))), (given) => {
    try {
      settingsOf(given);
    } catch (error) {
      expect(error).toBeInstanceOf(Failure);
      expect((error as Failure).details.length).toBeGreaterThan(0);
    }
  }));
});

test('a network is written as it was read, and other text is not a network', () => {
  fc.assert(fc.property(fc.oneof(fc.tuple(fc.ipV4(), fc.nat({ max: 32 })), fc.tuple(fc.ipV6(), fc.nat({ max: 128 }))), ([address, length]) => {
    const network = networkOf(`${address}/${length}`)!;
    expect(networkOf(cidrOf(network.first_key, network.last_key))).toEqual(network);
  }));
  fc.assert(fc.property(text, (each) => { networkOf(each); }));
});
