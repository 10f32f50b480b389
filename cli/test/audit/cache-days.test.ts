import { copyFileSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Auditor, NOVEMBER_DAYS } from './auditor';
import { SETTINGS_FILE } from '../../../test/support/audit/month-of-evidence';
import { plantedMonth } from '../../../test/support/audit/planted-month';
import { writeEvidence } from '../../../test/support/audit/write-evidence';

let auditor: Auditor;
let delivered: string;
let later: string;
let argv: readonly string[];

beforeAll(() => {
  auditor = new Auditor();
  auditor.person.variables = { HOME: auditor.person.home };
  const settings = auditor.archive.file('store.json', JSON.stringify(SETTINGS_FILE));
  const { logs, accessLogs } = writeEvidence(join(auditor.archive.folder, 'delivered'), plantedMonth());
  delivered = join(auditor.archive.folder, 'delivered');
  later = join(auditor.archive.folder, 'later');
  argv = ['report', '--json', '--logs', logs, '--access-logs', accessLogs, '--settings', settings, ...NOVEMBER_DAYS];
});
afterAll(async () => auditor.leave());

function move(from: string, to: string, isMoved: (path: string) => boolean): void {
  for (const entry of readdirSync(from, { recursive: true, encoding: 'utf8' }).filter(isMoved)) {
    if (statSync(join(from, entry)).isFile()) {
      mkdirSync(dirname(join(to, entry)), { recursive: true });
      renameSync(join(from, entry), join(to, entry));
    }
  }
}

const dayOf = (path: string) => Number(/2026[/-]11[/-]([0-9]{2})/.exec(path)?.[1] ?? 0);

/** The rows of all queries, and how many files were read. */
async function report(...options: string[]) {
  const { stdout, exitCode } = await auditor.audit(...argv, ...options);
  expect(exitCode).toBe(0);
  const { answers, read } = JSON.parse(stdout) as {
    answers: { readonly [query: string]: { readonly rows: readonly object[] } }; read: { files: number; cachedFiles?: number };
  };
  expect(answers['egress-by-day'].rows.length).toBeGreaterThan(100);
  return { answers, files: read.files, cached: read.cachedFiles ?? 0 };
}

/** The files of views, with when they were written. */
function files(): Record<string, number> {
  const folder = join(auditor.person.home, '.cache', 'model-store', 'audit');
  return Object.fromEntries(readdirSync(folder).filter((name) => name.includes('views')).map((name) => (
    [name.replace(/^[0-9a-f]{32}-/, ''), statSync(join(folder, name)).mtimeMs])));
}

test('when days are added to a cache, only they are computed again, and all queries have the rows of an audit without it', async () => {
  move(delivered, later, (path) => dayOf(path) > 24);
  await report('--cache');
  const first = files();
  expect(Object.keys(first)).toEqual(['views.duckdb']);

  for (const last of [25, 26, 28]) {
    move(later, delivered, (path) => dayOf(path) <= last);
    const added = await report('--cache');
    expect(added.cached).toBeLessThan(added.files);
    expect(files()).toMatchObject({ ...first, 'recent-views.duckdb': expect.any(Number) });
    expect(added.answers).toEqual((await report()).answers);
    const written = files();
    expect(await report('--cache')).toEqual({ ...added, cached: added.files });
    expect(files()).toEqual(written);
  }
});

test('a late file of an earlier day, and records that are delivered again, change no other rows than without a cache', async () => {
  const ofDay = (day: number) => readdirSync(delivered, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.gz') && dayOf(path) === day).sort();
  const [late] = ofDay(5);
  move(delivered, later, (path) => path === late);
  await report('--cache');
  const before = (await report('--cache')).answers;

  move(later, delivered, (path) => path === late || dayOf(path) === 29);
  const [again] = ofDay(10);
  copyFileSync(join(delivered, again), join(delivered, dirname(ofDay(29)[0]), 'delivered-again.json.gz'));
  const added = await report('--cache');

  expect(Object.keys(files())).toContain('recent-views.duckdb');
  expect(added.answers).not.toEqual(before);
  expect(added.answers).toEqual((await report()).answers);
});
