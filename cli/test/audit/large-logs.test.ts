import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundleAll } from '../../../scripts/bundle';
import { Random } from '../../../test/support/audit/random';
import { dataEvent, STORE } from '../../../test/support/audit/trail-record';

const MIB = 2 ** 20;
/** V8's heap limit, which excludes buffers and DuckDB. */
const HEAP_MIB = 128;
const random = new Random(11);
const EVENT_ID = '00000000-0000-4000-8000-000000000000';
const RECORD = JSON.stringify(dataEvent({
  time: Date.UTC(2026, 10, 3, 9, 30), action: 'GetObject', key: `models/fraud/blobs/sha256/${'a'.repeat(64)}`,
  bytesOut: 42, sourceIp: '10.0.0.1',
  userAgent: 'agent', requestId: '0123456789ABCDEF', eventId: EVENT_ID,
  session: {
    roleName: 'role', roleId: 'AROA', sessionName: 'ada', sourceIdentity: 'ada', accessKeyId: 'ASIA',
    account: STORE.account, createdAt: 0,
  },
}, STORE, random));
const record = (index: number) => RECORD.replace(
  EVENT_ID, `00000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`,
);

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'audit-large-'));
  await bundleAll(folder);
  mkdirSync(join(folder, 'cli/node_modules'), { recursive: true });
  symlinkSync(join(__dirname, '../../../node_modules/@duckdb'), join(folder, 'cli/node_modules/@duckdb'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Said {
  readonly row: readonly unknown[];
  readonly read: { readonly files: number; readonly records: number; readonly skipped: readonly unknown[] };
}

/** Runs the bundled command on a folder of logs with little memory. */
function audit(logs: string): Said {
  const { status, stdout, stderr } = spawnSync(process.execPath, [
    `--max-old-space-size=${HEAP_MIB}`, join(folder, 'cli/dist/model-store.js'), 'audit', 'query',
    'egress-by-principal', '--from', '2026-11-03',
    '--to', '2026-11-03', '--json', '--logs', logs,
  ], { encoding: 'utf8' });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  const { rows: [first], read } = JSON.parse(stdout) as Said & {
    rows: [{ principal: string; bytes_out: number; reads: number }];
  };
  return { row: [first.principal, first.bytes_out, first.reads], read };
}

test('one file of 200 MB is read in pieces, to the last record', () => {
  const logs = join(folder, 'file');
  mkdirSync(logs);
  const count = Math.ceil(200 * MIB / RECORD.length);
  writeFileSync(join(logs, 'trail.json'), '');
  const lines: string[] = [];
  for (let index = 0; index < count; index++) {
    lines.push(record(index));
    if (lines.length === 5_000 || index === count - 1) {
      writeFileSync(
        join(logs, 'trail.json'), `${index < 5_000 ? '{"Records":[' : ','}${lines.join(',')}`, { flag: 'a' },
      );
      lines.length = 0;
    }
  }
  writeFileSync(join(logs, 'trail.json'), ']}', { flag: 'a' });
  expect(statSync(join(logs, 'trail.json')).size).toBeGreaterThan(200 * MIB);
  expect(audit(logs)).toEqual({
    row: ['ada', 42 * count, count],
    read: expect.objectContaining({ files: 1, records: count, skipped: [] }) as unknown,
  });
});

test('a day of 10,000 files is read completely', () => {
  const count = 10_000;
  const logs = join(folder, 'day');
  const day = join(logs, `AWSLogs/${STORE.account}/CloudTrail/eu-central-1/2026/11/03`);
  mkdirSync(day, { recursive: true });
  for (let index = 0; index < count; index++) {
    const name = `${STORE.account}_CloudTrail_eu-central-1_20261103T0930Z_${index.toString().padStart(16, '0')}.json.gz`;
    writeFileSync(join(day, name), gzipSync(`{"Records":[${record(index)}]}`, { level: 1 }));
  }
  expect(audit(logs)).toEqual({
    row: ['ada', 42 * count, count],
    read: expect.objectContaining({ files: count, records: count, skipped: [] }) as unknown,
  });
});
