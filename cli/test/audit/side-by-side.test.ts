import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Archive } from './archive';
import { bundleAll } from '../../../scripts/bundle';
import { NOVEMBER } from '../../../test/support/audit/ordinary-month';
import { writeLogArchive } from '../../../test/support/audit/write-log-archive';
import { Engine } from '../../src/audit/database/engine';
import { settingsOf } from '../../src/audit/database/settings';
import { viewsSql } from '../../src/audit/queries/queries';
import { FolderSource, type LogFile } from '../../src/audit/reader/log-source';
import { readLogs, type Workers } from '../../src/audit/reader/read-logs';
import { EXIT, Failure } from '../../src/runtime/failure';

const DAYS = { from: '2026-11-01', to: '2026-11-30' };
/** More than what a single thread reads alone. */
const LARGE_BYTES = 9 * 1024 * 1024;

let bundles: string;
let script: string;
let archive: Archive;
let files: LogFile[];
beforeAll(async () => {
  bundles = mkdtempSync(join(tmpdir(), 'audit-workers-'));
  await bundleAll(bundles);
  script = join(bundles, 'cli/dist/audit-reader.js');
  archive = new Archive();
  writeLogArchive(archive.folder, { ...NOVEMBER, events: 3_000 });
  const [regular] = readdirSync(archive.folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.json.gz'),
  );
  const whole = readFileSync(join(archive.folder, regular));
  archive.file('notes.txt', 'nothing that an audit knows');
  archive.file('cut/2026/11/03/cut.json.gz', whole.subarray(0, whole.length - 40));
  archive.gzip(
    'AWSLogs/111122223333/CloudTrail/eu-central-1/2026/11/04/111122223333_CloudTrail_eu-central-1_20261104T0935Z_odd.json.gz', { Records: [{ eventID: 'no-time', eventName: 'GetObject' }, 'no record'] },
  );
  archive.file('access/2026-11-05-09-30-00-AAAA', 'owner bucket [05/Nov/2026:09:30:00 +0000] 10.0.0.1 - R REST.GET.OBJECT key "GET / HTTP/1.1" 200 - 1 1 1 1 "-" "-" -\n');
  // The size of this file makes the archive a large one.
  archive.file('filler/2026/11/06/filler.json', `{"Records":[]}${' '.repeat(LARGE_BYTES)}`);
  files = [];
  for await (const file of new FolderSource(archive.folder).files(DAYS)) {
    files.push(file);
  }
});
afterAll(() => {
  archive.leave();
  rmSync(bundles, { recursive: true });
});

const elsewhere = ({ path, ...file }: LogFile): LogFile => ({ ...file, fetch: async () => readFileSync(path!) });

/** All results of reading logs, with every number that a query can return. */
async function readBy(workers: Workers, given: readonly LogFile[] = files) {
  const folder = mkdtempSync(join(tmpdir(), 'audit-rows-'));
  const engine = await Engine.open({ folder, memoryMegabytes: 256, threads: 1 });
  try {
    let bytes = 0;
    const reading = {
      files: given, folder, days: DAYS, digests: true, signal: new AbortController().signal, give: engine.append.bind(engine),
      done: (more: number) => { bytes += more; },
    };
    const { tally } = await readLogs(reading, workers);
    const written = readdirSync(folder).filter((name) => name.startsWith('identities-')).length;
    await engine.finish();
    const dropped = await engine.dropRepetitions();
    await engine.load(viewsSql(), settingsOf({}));
    const { rows } = await engine.ask('SELECT * FROM egress_events ORDER BY ALL');
    const digests = given.map((_, place) => tally.digests.get(place));
    return { written, bytes, counts: tally.counts(), dropped, rows, digests };
  } finally {
    engine.close();
    rmSync(folder, { recursive: true });
  }
}

describe('logs read by several threads', () => {
  test('are read the same as by one, to the last record, count and example', async () => {
    const { written: byOne, ...one } = await readBy({ most: 1 });
    const { written: byTwo, ...two } = await readBy({ most: 2, script });
    expect({ byOne, byTwo }).toEqual({ byOne: 1, byTwo: 2 });
    expect(one.counts.skipped.map(({ reason }) => reason).sort()).toEqual([
      'cut off', 'no event time', 'no record', 'truncated', 'unknown format',
    ]);
    expect(one.rows.length).toBeGreaterThan(2_000);
    expect(one.digests).toEqual(files.map(({ path }) => createHash('sha256').update(readFileSync(path!)).digest('hex')));
    expect(one.bytes).toBe(files.reduce((sum, { size }) => sum + size, 0));
    expect(two).toEqual(one);
  });

  test('are read the same if they are remote, and a file that cannot be fetched is counted', async () => {
    const away: LogFile = {
      name: 's3://logs/away.json.gz', size: 7, fetch: async () => { throw new Error('it went away'); },
    };
    const given = [...files.map(elsewhere), away];
    const { written: byOne, ...one } = await readBy({ most: 1 }, given);
    const { written: byThree, ...three } = await readBy({ most: 3, script }, given);
    expect({ byOne, byThree }).toEqual({ byOne: 1, byThree: 3 });
    expect(three.counts.skipped).toContainEqual({
      reason: 'unreadable', message: 'file could not be read', count: 1,
      examples: ['s3://logs/away.json.gz (it went away)'],
    });
    expect(three).toEqual(one);
  });

  test('are read by one thread if they are few or small, or without a bundle', async () => {
    const few = files.filter(({ name }) => name.startsWith('filler') || name.startsWith('odd'));
    const small = files.filter(({ name }) => !name.startsWith('filler'));
    for (const [workers, given] of [
      [{ most: 2, script }, few], [{ most: 2, script }, small], [{ most: 2 }, files],
    ] as const) {
      expect((await readBy(workers, given)).written).toBe(1);
    }
  });
});

describe('a reading on several threads that fails', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'audit-rows-')); });
  afterEach(() => rmSync(folder, { recursive: true }));

  const reading = (
    given: readonly LogFile[], signal = new AbortController().signal, done: (bytes: number) => void = () => {},
  ) =>
    ({ files: given, folder, days: DAYS, signal, give: () => {}, done });

  test('ends when the user interrupts, and nothing writes into its folder afterwards', async () => {
    const interruption = new AbortController();
    const many = Array.from(
      { length: 400 }, (_, round) => files.map((file) => ({ ...file, name: `${round}/${file.name}` })),
    ).flat();
    let taken = 0;
    await expect(readLogs(reading(many, interruption.signal, () => {
      taken++;
      interruption.abort(new Error('interrupted'));
    }), { most: 2, script }))
      .rejects.toThrow('interrupted');
    expect(taken).toBeLessThan(many.length / 10);
    rmSync(folder, { recursive: true });
    await new Promise((resolve) => { setTimeout(resolve, 200); });
    expect(existsSync(folder)).toBe(false);
    mkdirSync(folder);
  });

  test('ends when access to a file is denied, as for all files', async () => {
    const refused = new Failure('s3:GetObject was refused', { code: 'forbidden', exitCode: EXIT.FORBIDDEN });
    const given = [
      ...files.map(elsewhere), { name: 's3://logs/closed', size: 7, fetch: async () => { throw refused; } },
    ];
    await expect(readLogs(reading(given), { most: 2, script })).rejects.toBe(refused);
  });

  test('names the file at which a thread failed', async () => {
    // A worker fails if its file already exists.
    writeFileSync(join(folder, 'identities-1.jsonl'), '');
    await expect(readLogs(reading(files), { most: 2, script })).rejects.toMatchObject({
      message: 'reading the logs failed',
      details: [{ field: 'before the first file', message: expect.stringContaining('EEXIST') as unknown }],
    });
    const failing = join(folder, 'failing.js');
    writeFileSync(failing, `const { parentPort, workerData } = require('node:worker_threads');
      parentPort.on('message', ([file]) => { Atomics.store(workerData.reading, workerData.worker, file.place); throw new Error('no space left'); });`);
    await expect(readLogs(reading(files), { most: 2, script: failing })).rejects.toMatchObject({
      details: [{ field: expect.stringMatching(/^[^ ]+$/) as unknown, message: 'no space left' }],
    });
  });

  test('does not pass the environment, which may contain credentials, to a thread', async () => {
    const telling = join(folder, 'telling.js');
    writeFileSync(telling, 'const { parentPort } = require(\'node:worker_threads\'); parentPort.on(\'message\', () => { throw new Error(JSON.stringify(process.env)); });');
    await expect(readLogs(reading(files), { most: 2, script: telling })).rejects.toMatchObject({
      details: [{ message: '{}' }],
    });
  });
});

test('a damaged gzip file in a worker is counted like any other', async () => {
  const whole = gzipSync(
    JSON.stringify({ Records: [{ eventID: 'x', eventName: 'GetObject', eventTime: '2026-11-03T00:00:00Z' }] }),
  );
  whole.fill(0xff, whole.length - 14, whole.length - 10);
  const broken = new Archive();
  try {
    const path = broken.file('2026/11/03/broken.json.gz', whole);
    const { counts, written } = await readBy(
      { most: 2, script }, [{ name: 'broken', path, size: whole.length, day: '2026-11-03' }, ...files],
    );
    expect(written).toBe(2);
    expect(counts.skipped.filter(({ examples }) => examples.includes('broken'))).toMatchObject([
      { reason: 'damaged', count: 1 },
    ]);
  } finally {
    broken.leave();
  }
});
