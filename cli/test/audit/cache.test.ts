import { readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Auditor } from './auditor';
import { recordedRead } from './recorded-read';
import { Engine } from '../../src/audit/database/engine';
import { namedQueries } from '../../src/audit/queries/queries';

let auditor: Auditor;
beforeEach(() => {
  auditor = new Auditor();
  auditor.person.variables = { HOME: auditor.person.home };
});
afterEach(async () => auditor.leave());

const folderOf = (day: number) => `logs/AWSLogs/111122223333/CloudTrail/eu-central-1/2026/11/0${day}`;
const nameOf = (day: number, part = 1) =>
  `${folderOf(day)}/111122223333_CloudTrail_eu-central-1_2026110${day}T1000Z_PART${part}.json.gz`;

/** Delivers a file with a read by this person. */
function deliver(day: number, person: string, part = 1): string {
  return auditor.archive.gzip(nameOf(day, part), { Records: [
    recordedRead({ person, eventId: `${person}-${day}-${part}`, requestId: `${person}${day}`, time: Date.UTC(2026, 10, day, 9, 30) }),
  ] });
}

/** Who downloaded, and how many files were read and taken from the cache. */
async function ask(...argv: string[]) {
  const { stdout, stderr, exitCode } = await auditor.ask('egress-by-principal', '--json', ...argv);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const { rows, read } = JSON.parse(stdout) as {
    rows: { principal: string; reads: number }[]; read: { files: number; cachedFiles?: number; records: number };
  };
  return {
    reads: rows.map(({ principal, reads }) => `${principal}: ${reads}`).sort(), files: read.files,
    cached: read.cachedFiles ?? 0, records: read.records,
  };
}

const cacheFolder = () => join(auditor.person.home, '.cache', 'model-store', 'audit');

describe('with --cache', () => {
  test('a second audit reads no file again and has the same result', async () => {
    deliver(3, 'ada');
    deliver(4, 'bob');
    const first = await ask('--cache');
    expect(first).toEqual({ reads: ['ada: 1', 'bob: 1'], files: 2, cached: 0, records: 2 });
    expect(await ask('--cache')).toEqual({ ...first, cached: 2 });
    expect(await ask()).toEqual(first);
  });

  test('only new files are read', async () => {
    deliver(3, 'ada');
    await ask('--cache');
    deliver(4, 'bob');
    deliver(3, 'ann', 2);
    expect(await ask('--cache')).toEqual({ reads: ['ada: 1', 'ann: 1', 'bob: 1'], files: 3, cached: 1, records: 3 });
  });

  test('other days are taken from the same cache, and only their files count', async () => {
    deliver(3, 'ada');
    deliver(8, 'bob');
    await ask('--cache');
    expect(await ask('--cache', '--from', '2026-11-07', '--to', '2026-11-09')).toEqual({
      reads: ['bob: 1'], files: 1, cached: 1, records: 1,
    });
  });

  test('a file that has changed is read again, and its former records do not count', async () => {
    deliver(3, 'ada');
    deliver(4, 'bob');
    await ask('--cache');
    utimesSync(deliver(3, 'eve'), 1, 1);
    expect(await ask('--cache')).toEqual({ reads: ['bob: 1', 'eve: 1'], files: 2, cached: 0, records: 2 });
  });

  test('records of a file that is gone do not count', async () => {
    const file = deliver(3, 'ada');
    deliver(4, 'bob');
    await ask('--cache');
    rmSync(file);
    expect(await ask('--cache')).toEqual({ reads: ['bob: 1'], files: 1, cached: 0, records: 1 });
  });

  test('a record that was delivered again in a new file counts once', async () => {
    deliver(3, 'ada');
    await ask('--cache');
    auditor.archive.gzip(nameOf(3, 2), { Records: [
      recordedRead({ person: 'ada', eventId: 'ada-3-1', requestId: 'ada3', time: Date.UTC(2026, 10, 3, 9, 30) }),
    ] });
    expect(await ask('--cache')).toMatchObject({ reads: ['ada: 1'], files: 2, cached: 1 });
    const { stderr } = await auditor.ask('egress-by-principal', '--cache');
    expect(stderr).toMatch(/read 2 files \(2 files from the cache\).*\n {2}1 duplicate record/);
  });

  test('what was skipped in a file is reported again', async () => {
    deliver(3, 'ada');
    auditor.archive.file(`${folderOf(3)}/notes.txt`, 'not a log');
    const { stderr } = await auditor.ask('egress-by-principal', '--cache');
    const again = await auditor.ask('egress-by-principal', '--cache');
    const problems = (text: string) => text.split('\n').filter((line) => line.startsWith('  '));
    expect(problems(stderr)).toHaveLength(1);
    expect(problems(again.stderr)).toEqual(problems(stderr));
  });

  test('a second audit with other settings has the result for these settings', async () => {
    deliver(3, 'ada');
    const byHour = async (hour: number) => {
      const settings = auditor.archive.file(`from-${hour}.json`, JSON.stringify({ business_start_hour: hour, bulk_egress_bytes: 1 }));
      const { stdout } = await auditor.ask('off-hours-bulk-egress', '--json', '--cache', '--settings', settings);
      return (JSON.parse(stdout) as { rows: unknown[] }).rows.length;
    };
    expect([await byHour(8), await byHour(10), await byHour(8)]).toEqual([0, 1, 0]);
  });

  test('every query has the same result from the cache', async () => {
    deliver(3, 'ada');
    deliver(4, 'bob');
    await ask('--cache');
    for (const { name } of namedQueries()) {
      const answer = async (...argv: string[]) => {
        const { stdout, exitCode } = await auditor.ask(name, '--json', ...argv);
        return { exitCode, ...JSON.parse(stdout || '{}') as object, read: undefined };
      };
      expect(await answer('--cache')).toEqual(await answer());
    }
  });

  test('a file is not read twice if another audit adds it to the cache in the meantime', async () => {
    deliver(3, 'ada');
    await ask('--cache');
    deliver(4, 'bob');
    const cachedFiles = jest.spyOn(Engine.prototype, 'cachedFiles').mockImplementationOnce(async function other(this: Engine) {
      const known = await this.cachedFiles();
      await ask('--cache');
      return known;
    });
    const { stdout } = await auditor.ask('egress-by-principal', '--json', '--cache');
    cachedFiles.mockRestore();
    expect(JSON.parse(stdout)).toMatchObject({ read: { files: 2, cachedFiles: 2, records: 2, skipped: [] }, rows: [{ reads: 1 }, { reads: 1 }] });
  });

  test('a damaged file of views is made again, and a damaged file of rows is reported with what to do', async () => {
    deliver(3, 'ada');
    const first = await ask('--cache');
    const [views, rows] = readdirSync(cacheFolder()).sort().map((file) => join(cacheFolder(), file));
    writeFileSync(views, 'damaged');
    expect(await ask('--cache')).toEqual({ ...first, cached: 1 });
    writeFileSync(rows, 'damaged');
    expect(await auditor.ask('egress-by-principal', '--cache')).toMatchObject({
      exitCode: 1, stderr: expect.stringMatching(/cannot open the audit cache .*\n[^]*audit cache clear/),
    });
  });

  test('an audit that fails while reading keeps nothing', async () => {
    deliver(3, 'ada');
    const finish = jest.spyOn(Engine.prototype, 'finish').mockRejectedValueOnce(new Error('disk full'));
    expect((await auditor.ask('egress-by-principal', '--cache')).exitCode).not.toBe(0);
    finish.mockRestore();
    expect(await ask('--cache')).toEqual({ reads: ['ada: 1'], files: 1, cached: 0, records: 1 });
  });

  test('only the owner can open the folder, and "audit cache clear" deletes it', async () => {
    deliver(3, 'ada');
    await ask('--cache');
    expect(statSync(cacheFolder()).mode % 0o1000).toBe(0o700);
    const files = readdirSync(cacheFolder()).sort();
    expect(files).toEqual([expect.stringMatching(/^[0-9a-f]{32}-views\.duckdb$/), expect.stringMatching(/^[0-9a-f]{32}\.duckdb$/)]);
    expect(files.map((file) => statSync(join(cacheFolder(), file)).mode % 0o1000)).toEqual([0o600, 0o600]);
    expect(await auditor.audit('cache', 'clear')).toMatchObject({ exitCode: 0, stdout: `deleted ${cacheFolder()}\n` });
    expect(await ask('--cache')).toMatchObject({ cached: 0 });
  });
});

test('without --cache, nothing is kept', async () => {
  deliver(3, 'ada');
  await ask();
  expect(() => statSync(cacheFolder())).toThrow(/ENOENT/);
});
