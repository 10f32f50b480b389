import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NOVEMBER, OrdinaryMonth } from '../../../test/support/audit/ordinary-month';
import { Random } from '../../../test/support/audit/random';
import { dataEvent, STORE } from '../../../test/support/audit/trail-record';
import { AccessLogRows } from '../../src/audit/reader/access-log-rows';
import { LogRows } from '../../src/audit/reader/log-rows';
import { readLog } from '../../src/audit/reader/read-log';
import { Tally } from '../../src/audit/reader/tally';
import { TrailRows } from '../../src/audit/reader/trail-rows';

const DAYS = { from: '2026-11-01', to: '2026-11-30' };
const random = new Random(11);
const ORDINARY = [...new OrdinaryMonth({ ...NOVEMBER, events: 400 }).slots()].flatMap((slot) => slot.requests)
  .map((request) => JSON.stringify(dataEvent({ ...request, eventId: random.uuid(), requestId: 'RKH4TIUHCYOLKYYP' }, STORE, random)));

type Read = (folder: string, give: (batch: { readonly columns: ArrayBuffer }) => void) =>
{ readonly tally: Tally; read(name: string, content: Buffer, place: number): Promise<void>; close(): void };

const fileOf = (name: string, content: Buffer) => ({ name, size: content.length, fetch: async () => content });

const asBytes: Read = (folder, give) => {
  const rows = new LogRows({ folder, worker: 0, workers: 1, days: DAYS }, give);
  return { tally: rows.tally, read: async (name, content, place) => rows.read(fileOf(name, content), place, () => {}), close: () => rows.close() };
};

/** As the reader would do without what is tested here: with nothing but JSON.parse. */
const asJson: Read = (folder, give) => {
  const tally = new Tally();
  const rows = new TrailRows(folder, 0, 1, DAYS, tally, give);
  const lines = new AccessLogRows(folder, 0);
  return {
    tally,
    read: async (name, content, place) => {
      tally.place = place;
      await readLog(fileOf(name, content), { record: (record, from) => rows.add(record, from), accessLogLine: (line) => lines.add(line) }, tally);
    },
    close: () => {
      rows.close();
      lines.close();
    },
  };
};

/** All that is written down, to the last byte, and all that is told. */
async function writtenBy(read: Read, files: readonly Buffer[]) {
  const folder = mkdtempSync(join(tmpdir(), 'audit-regular-'));
  try {
    const facts: string[] = [];
    const reader = read(folder, ({ columns }) => facts.push(Buffer.from(columns).toString('base64')));
    for (const [place, content] of files.entries()) {
      await reader.read(`${place}.json`, content, place);
    }
    reader.close();
    const written = Object.fromEntries(readdirSync(folder).sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
    return { facts, written, counts: reader.tally.counts() };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function expectTheSame(files: readonly (string | Buffer)[]) {
  const contents = files.map((file) => Buffer.from(file as string));
  const json = await writtenBy(asJson, contents);
  expect(await writtenBy(asBytes, contents)).toEqual(json);
  return json;
}

const document = (records: readonly string[]) => `{"Records":[${records.join(',')}]}`;
const pick = <T>(from: readonly T[]): T => from[Math.floor(random.next() * from.length)];

/** Undefined for what is no JSON any more. */
function parsed(record: string): object | undefined {
  try {
    return JSON.parse(record) as object;
  } catch {
    return undefined;
  }
}

/** What somebody may do to a record: what S3 writes in other cases, what other tools make of it, and what only an attacker would. */
const CHANGES: readonly ((record: string) => string)[] = [
  (record) => record.replace(/"key":"/, '"key":"caf\\u00e9 \\"}],{\\"Records\\":['),
  (record) => record.replace(/"key":"/, '"key":"模型/ü '),
  (record) => record.replace(/"key":"/, '"key":"}],[{'),
  (record) => record.replace(/"userAgent":"/, '"userAgent":"a\\\\'),
  (record) => record.replace(/"userAgent":"/, '"userAgent":"\\ud800\\u0000'),
  (record) => record.replace(/"userAgent":"/, '"userAgent":"\u0001'),
  (record) => record.replace(/"eventName":"[^"]+"/, '"eventName":"DeleteObject"'),
  (record) => record.replace(/"eventTime":"[^"]+"/, `"eventTime":"${pick(['2026-11-31T00:00:00Z', '2026-11-03T09:30:60Z', '2026-11-03T09:30:00.5Z', '', '2026-11-03T24:00:00Z', '2026-10-31T23:59:59Z'])}"`),
  (record) => record.replace(/"eventTime":"[^"]+",/, ''),
  (record) => record.replace(/"eventID":"[^"]+"/, `"eventID":${pick(['null', '""', '7', '"E"', '"EB1EA7F9-BA4A-4266-AFF1-25212165F45C"'])}`),
  (record) => record.replace(/"requestID":"[^"]+"/, '"requestID":"lower"'),
  (record) => record.replace(/"bytesTransferredOut":\d+/, `"bytesTransferredOut":${pick(['42.0', '42.5', '-1', '1e3', '"42"', 'null', '007', '0', '999999999999999', '9999999999999999', '-0', '4.0e1'])}`),
  (record) => record.replace(/"bytesTransferredOut":\d+/, '"bytesTransferredOut":1,"bytesTransferredOut":2'),
  (record) => record.replace(/"X-Amz-Expires":"\d+"/, `"X-Amz-Expires":${pick(['"0900"', '900', '"x"', '""'])}`),
  (record) => record.replace(/"X-Amz-Date":"[^"]+"/, `"X-Amz-Date":${pick(['"20261131T000000Z"', '["20261103T000000Z"]', '"x"', '20261103'])}`),
  (record) => record.replace(/"x-asked-from":"[^"]+"/, `"x-asked-from":${pick(['"\\n"', '7', '"10.0.0.9"'])}`),
  (record) => record.replace(/"accountId":"\d+"/, `"accountId":${pick(['"999988887777"', '42', '42.0', '{"a":"b"}'])}`),
  (record) => record.replace(/^\{/, '{"requestParameters.X-Amz-Date":"20261103T000000Z","additionalEventData.bytesTransferredOut":7,'),
  (record) => record.replace(/^\{/, '{"__proto__":{"eventName":"x"},"7":"y",'),
  (record) => record.replace(/^\{/, `{"${pick(['message', 'eventJson', 'Records', 'events'])}":${pick(['"{}"', '[]', '[{"eventID":"inner"}]', '7'])},`),
  (record) => record.replace(/\}$/, ',"eventName":"GetObject"}'),
  (record) => record.replace(/\}$/, ',"errorCode":"AccessDenied","vpcEndpointId":"vpce-1"}'),
  (record) => JSON.stringify(Object.fromEntries(Object.entries(parsed(record) ?? {}).reverse())),
  (record) => JSON.stringify(parsed(record), null, 1) ?? '',
  (record) => record.replace(/"responseElements":null/, '"responseElements":{"x":"y"}'),
  (record) => record.replace(/,"[A-Za-z-]+":"[^"]*"/, ''),
  (record) => record.slice(0, Math.floor(random.next() * record.length)),
  (record) => `${record} `,
  (record) => `${record}${pick([',', 'x', ']', '}', '\n'])}`,
  () => pick(['null', '7', '"text"', '[]', '{}', '', '{"eventID":"only"}']),
];

describe('records that are read as bytes', () => {
  test('make the same rows as when they are read as JSON, to the last byte', async () => {
    const { counts } = await expectTheSame([document(ORDINARY.slice(0, 200)), document(ORDINARY.slice(200))]);
    expect(counts).toMatchObject({ records: ORDINARY.length, skipped: [] });
  });

  test('are most of those that CloudTrail writes: hardly any is parsed', async () => {
    const parse = jest.spyOn(JSON, 'parse');
    const content = Buffer.from(document(ORDINARY));
    const parses = async (read: Read) => {
      parse.mockClear();
      await writtenBy(read, [content, content]);
      return parse.mock.calls.filter(([text]) => text.includes('"eventVersion"')).reduce((sum, [text]) => sum + text.length, 0);
    };
    const [byBytes, byJson] = [await parses(asBytes), await parses(asJson)];
    parse.mockRestore();
    expect(byBytes).toBeLessThan(0.6 * byJson);
  });

  test.each(CHANGES.map((change, index) => [index, change] as const))('are read the same whatever was done to them: %#', async (_, change) => {
    const records = ORDINARY.slice(0, 60).map((record, index) => (index % 3 === 2 ? change(record) : record));
    await expectTheSame([document(ORDINARY.slice(60, 120)), document(records), document(records.slice(2, 3)), document(ORDINARY.slice(120, 140))]);
  });

  test('are read the same in files where several things were done at once', async () => {
    for (let round = 0; round < 60; round++) {
      const files = Array.from({ length: 4 }, () => {
        const changed = (record: string) => pick(CHANGES)(random.next() < 0.3 ? pick(CHANGES)(record) : record);
        const records = ORDINARY.slice(0, 80).map((record) => (random.next() < 0.2 ? changed(record) : record));
        const whole = Buffer.from(document(records));
        return random.next() < 0.2 ? whole.subarray(0, Math.floor(random.next() * whole.length)) : whole;
      });
      await expectTheSame(files);
    }
  });

  test('are read the same whatever stands around them, and where a file was cut off', async () => {
    const [one, other] = ORDINARY;
    const whole = document([one, other]);
    await expectTheSame([
      document(ORDINARY), whole, `${whole}\n`, `\ufeff${whole}`, ` ${whole}`, `${whole}${whole}`, `${whole}\n${whole}`, `${whole}\n{"Records":[${one}`, whole.slice(0, -1),
      whole.slice(0, -2), `{"Records":[${one},]}`, `{"Records":[${one},,${other}]}`, `{"Records":[${one} ${other}]}`, `{"Records":[${one}],"x":[${other}]}`,
      `{"Records":[${one}],"logEvents":[${other}]}`, '{"Records":[', '{"Records":[]}', '{"Records":[{', `{"Records":[${one}}`, `{"Records":[${one}]]`,
      Buffer.concat([Buffer.from(whole.slice(0, 300)), Buffer.of(0xff, 0xe2, 0x82), Buffer.from(whole.slice(300))]),
    ]);
  });
});
