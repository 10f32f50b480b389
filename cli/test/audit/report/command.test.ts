import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { STORE } from '../../../../test/support/audit/trail-record';
import type { ResultColumn } from '../../../src/audit/database/query-result';
import { settingsOf } from '../../../src/audit/database/settings';
import { namedQueries } from '../../../src/audit/queries/queries';
import { plainSentence, type Severity } from '../../../src/audit/report/check';
import { definitionOf } from '../../../src/audit/report/definitions';
import { failing } from '../../../src/audit/report/fail-on';
import type { Finding } from '../../../src/audit/report/finding';
import { CHECKS } from '../../../src/audit/report/report';
import { Auditor } from '../auditor';
import { recordedRead } from '../recorded-read';

let auditor: Auditor;
beforeEach(() => { auditor = new Auditor(); });
afterEach(async () => auditor.leave());

const page = () => auditor.person.path('report.html');

interface Reported {
  readonly findings: readonly { readonly query?: string; readonly state: string; readonly severity: string; readonly count: number }[];
  readonly totals: { readonly [name: string]: number };
  readonly answers: {
    readonly [query: string]: { readonly columns: readonly ResultColumn[]; readonly rows: readonly object[] };
  };
  readonly html?: { readonly file: string; readonly bytes: number; readonly sha256: string };
  readonly read: { readonly records: number };
}

describe('audit report', () => {
  test('summarizes findings, checks that were not possible and checks without findings', async () => {
    auditor.keep(recordedRead(), recordedRead({ action: 'DeleteObject', bytesOut: 0 }));
    const { exitCode, stdout } = await auditor.report();
    expect(exitCode).toBe(0);
    const [found, unknown, nothing] = ['FINDINGS\n', 'NOT CHECKED\n', 'CHECKED, NOTHING FOUND\n'].map(
      (head) => stdout.indexOf(`\n${head}`),
    );
    expect(found).toBeGreaterThan(0);
    expect(unknown).toBeGreaterThan(found);
    expect(nothing).toBeGreaterThan(unknown);
    expect(stdout.slice(found, unknown)).toMatch(/high +deletions +1 {2}ada deleted models or evidence/);
    expect(stdout.slice(unknown, nothing)).toMatch(/high +reconciliation +- {2}No S3 access logs were read/);
    expect(stdout.slice(unknown, nothing)).toMatch(/egress-outside-perimeter +- {2}The settings define no perimeter/);
    expect(stdout.slice(unknown, nothing)).toMatch(/to check: Pass the S3 access logs of the artifact bucket: model-store audit query reconciliation .* --access-logs PLACE\n/);
    expect(stdout.slice(unknown, nothing)).toContain('with your values: {"perimeter_networks":["10.0.0.0/8"]');
    expect(stdout.slice(nothing)).toContain('No model was copied');
    expect(stdout).toContain('11.8 MiB in 1 read of 1 model, by 1 principal (a person, job, service or account)\n');
  });

  test('has the results of every query in one JSON document, except of those that are too long', async () => {
    auditor.keep(recordedRead());
    const { stdout } = await auditor.report('--json');
    const reported = JSON.parse(stdout) as Reported;
    expect(Object.keys(reported.answers)).toEqual(namedQueries().map(({ name }) => name).filter((name) => name !== 'activity'));
    expect(reported.answers['egress-by-principal'].rows).toEqual([
      expect.objectContaining({ principal: 'ada', bytes_out: 12_345_678 }),
    ]);
    expect(reported.totals).toMatchObject({ bytes_out: 12_345_678, reads: 1, principals: 1, models: 1, addresses: 1 });
    expect(reported.findings.find(({ query }) => query === 'reconciliation')).toMatchObject({
      state: 'unknown', severity: 'high', count: 0,
    });
    expect(reported).not.toHaveProperty('html');
    const columns = Object.values(reported.answers).flatMap((answer) => answer.columns.map(({ name }) => name));
    expect([...new Set(columns)].filter((name) => definitionOf(name) === undefined)).toEqual([]);
  });

  test('has a sentence for any result of a query', async () => {
    auditor.keep(recordedRead());
    const { answers } = JSON.parse((await auditor.report('--json')).stdout) as Reported;
    for (const { query, sentence = plainSentence, rows } of CHECKS) {
      const { columns } = answers[query];
      const filled: { readonly [column: string]: string | null } = { note: null, missing_in: 'trail' };
      const cells = columns.map(({ name, type }) => (
        type === 'number' ? 7 : type === 'boolean' ? true : filled[name] === undefined ? name : filled[name]
      ));
      const all = { columns, rows: [cells, columns.map(() => null)] };
      const found = rows?.(all) ?? all;
      const known = { settings: settingsOf({}), trailRecords: 1, accessLogLines: 1, firstDay: '2026-11-01' };
      expect([query, sentence(found, known)]).toEqual([
        query, expect.stringMatching(/^[^{}]*\b\d[^{}]*$/) as unknown,
      ]);
      expect(sentence(found, known)).not.toMatch(/undefined|NaN|null|\[object/);
    }
  });

  test('writes a page and reports its name, size and SHA-256', async () => {
    auditor.keep(recordedRead());
    const { exitCode, stderr } = await auditor.report('--html', page());
    expect(exitCode).toBe(0);
    const content = readFileSync(page());
    expect(stderr).toContain(`sha256 ${createHash('sha256').update(content).digest('hex')}`);
    const reported = JSON.parse((await auditor.report('--json', '--html', page())).stdout) as Reported;
    const again = readFileSync(page());
    expect(reported.html).toEqual({
      file: page(), bytes: again.length, sha256: createHash('sha256').update(again).digest('hex'),
    });
  });

  test('has the title, the case and the name of who prepared it, as text', async () => {
    auditor.keep(recordedRead());
    const about = ['--title', 'Quarterly review', '--case', '<b>2026-117</b>', '--prepared-by', 'Vera Rubin'];
    const { stdout } = await auditor.report('--html', page(), '--json', ...about);
    const content = readFileSync(page(), 'utf8');
    expect(content).toContain('<h1>Quarterly review</h1>');
    expect(content).toContain('Case <b>&lt;b&gt;2026-117&lt;/b&gt;</b> · Prepared by <b>Vera Rubin</b>');
    expect(content).toContain('<dt>Name</dt><dd>Vera Rubin</dd><dt>Signature</dt>');
    expect(JSON.parse(stdout)).toMatchObject({ case: '<b>2026-117</b>', preparedBy: 'Vera Rubin' });
  });

  test('lists the files that were read with their SHA-256', async () => {
    auditor.keep(recordedRead());
    await auditor.report('--html', page());
    const log = readFileSync(`${auditor.archive.folder}/logs/a.json.gz`);
    expect(readFileSync(page(), 'utf8')).toContain(`<code>${createHash('sha256').update(log).digest('hex')}</code>`);
  });

  test('prints the findings as events for a SIEM with --ocsf', async () => {
    auditor.keep(recordedRead({ action: 'DeleteObject', bytesOut: 0 }));
    const { exitCode, stdout } = await auditor.report('--ocsf');
    const events = stdout.trim().split('\n').map((line) => JSON.parse(line) as { class_uid: number; metadata: { event_code: string } });
    expect(exitCode).toBe(0);
    expect(events.map(({ metadata }) => metadata.event_code)).toContain('deletions');
    expect(await auditor.report('--ocsf', '--json')).toMatchObject({ exitCode: 2, stdout: '' });
  });

  test.each([
    [['--title', ' ']], [['--case', 'a\nb']], [['--prepared-by', 'x'.repeat(201)]],
  ])('takes one line of text: %j', async (argv) => {
    expect(await auditor.report(...argv)).toMatchObject({
      exitCode: 2, stderr: expect.stringContaining('Enter one line of at most 200 characters.') as unknown,
    });
  });

  test.each([
    ['--csv'], ['--of', 'fraud'], ['--on', 'athena'],
  ])('has no option %s, which is for a single query', async (...option) => {
    expect(await auditor.report(...option)).toMatchObject({
      exitCode: 2, stderr: expect.stringContaining(`unknown option '${option[0]}'`) as unknown,
    });
  });
});

describe('--fail-on, for a scheduled job', () => {
  const settings = () => ['--settings', auditor.archive.file('settings.json', JSON.stringify({
    perimeter_networks: ['0.0.0.0/0', '::/0'], auditor_role_arns: ['arn:aws:iam::111122223333:role/Auditor'],
    caller_role_arns: ['arn:aws:iam::111122223333:role/Caller'], direct_role_arns: [`arn:aws:iam::${STORE.account}:role/Job`],
  }))];

  test('exits with 9 if there is a finding of this severity or a higher one, and names it', async () => {
    auditor.keep(recordedRead(), recordedRead({ action: 'DeleteObject', bytesOut: 0 }));
    for (const severity of ['high', 'medium', 'notice']) {
      const { exitCode, stdout, stderr } = await auditor.report('--fail-on', severity);
      expect([exitCode, stderr]).toEqual([9, expect.stringMatching(new RegExp(`\n--fail-on ${severity}: .*\\bdeletions\\b`))]);
      expect(stdout).toContain('FINDINGS');
    }
    expect(await auditor.report()).toMatchObject({ exitCode: 0 });
  });

  test('exits with 3 if there is none, but such a check was not possible', async () => {
    auditor.keep(recordedRead({ session: {
      roleName: 'Job', roleId: 'AROA', sessionName: 'training-7', accessKeyId: 'ASIA', account: STORE.account, createdAt: 0,
    } }));
    const { exitCode, stderr } = await auditor.report('--fail-on', 'high', ...settings());
    expect([exitCode, stderr]).toEqual([3, expect.stringMatching(/\n--fail-on high: not checked: .*\breconciliation\b/)]);
    expect(stderr).not.toContain('unverified-logs');
  });

  test('takes a severity', async () => {
    expect(await auditor.report('--fail-on', 'hihg')).toMatchObject({
      exitCode: 2, stderr: expect.stringContaining('Did you mean "high"?') as unknown,
    });
  });
});

test.each<[Partial<Finding>[], Severity, { found: string[]; unknown: string[] }]>([
  [[{ id: 'a', state: 'found', severity: 'medium' }], 'high', { found: [], unknown: [] }],
  [[{ id: 'a', state: 'found', severity: 'medium' }, { id: 'b', state: 'unknown', severity: 'high' }], 'medium', { found: ['a'], unknown: ['b'] }],
  [[{ id: 'a', state: 'nothing', severity: 'high' }, { id: 'b', state: 'unknown', severity: 'medium' }], 'high', { found: [], unknown: [] }],
  [[{ id: 'unverified-logs', state: 'unknown', severity: 'notice' }, { id: 'n', state: 'found', severity: 'notice' }], 'notice', { found: ['n'], unknown: [] }],
])('%j fails a job that asks for %s as it should', (findings, severity, expected) => {
  const { found, unknown } = failing(findings as Finding[], severity);
  expect({ found: found.map(({ id }) => id), unknown: unknown.map(({ id }) => id) }).toEqual(expected);
});

test('--html writes a page for a single query, and the result is still printed', async () => {
  auditor.keep(recordedRead());
  const { exitCode, stdout } = await auditor.ask('egress-by-principal', '--html', page());
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^PRINCIPAL .*\nada /);
  const content = readFileSync(page(), 'utf8');
  expect(content).toContain('<h1>How many bytes of model files did each principal download?</h1>');
  expect(content).not.toContain('id="egress-outside-perimeter"');
  expect(await auditor.ask('long-lived-presigned-urls', '--html', page())).toMatchObject({
    exitCode: 0, stdout: 'no rows\n',
  });
  expect(readFileSync(page(), 'utf8')).toContain('<p>No rows.</p>');
});

describe('the file of a page', () => {
  test('is readable only by its owner, and no temporary file remains', async () => {
    auditor.keep(recordedRead());
    writeFileSync(page(), '', { mode: 0o666 });
    for (let time = 0; time < 2; time++) {
      expect(await auditor.report('--html', page())).toMatchObject({ exitCode: 0 });
      expect((lstatSync(page()).mode % 0o1000).toString(8)).toBe('600');
    }
    expect(readdirSync(auditor.person.home)).toEqual(['report.html']);
  });

  test.each<[string, () => void, number, string]>([
    ['a folder', () => mkdirSync(page()), 4, 'is a folder'],
    [
      'a file that is not a report',
      () => writeFileSync(page(), 'my thesis'),
      4,
      'already exists and was not written by this command',
    ],
    ['a symbolic link', () => symlinkSync(auditor.person.path('elsewhere'), page()), 4, 'is a symbolic link'],
  ])('never replaces %s, and fails before anything is read', async (_, lay, code, reported) => {
    auditor.keep(recordedRead());
    lay();
    const { exitCode, stdout, stderr } = await auditor.report('--html', page());
    expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' });
    expect(stderr).toContain(reported);
    expect(stderr).not.toContain('read 1 file');
  });

  test.each<[string, number, string]>([
    ['', 2, 'is not a file name'], ['reports/', 2, 'is not a file name'],
    ['/nowhere/report.html', 3, 'the folder /nowhere does not exist'],
  ])('needs a valid file name: %j', async (name, code, reported) => {
    auditor.keep(recordedRead());
    expect(await auditor.report('--html', name)).toMatchObject({
      exitCode: code, stderr: expect.stringContaining(reported) as unknown,
    });
  });

  // A folder of the kernel, in which not even an administrator makes files.
  (
    existsSync('/proc/self') ? test : test.skip
  )('needs a place that can be written to, and says so before anything is read', async () => {
    auditor.keep(recordedRead());
    const { exitCode, stdout, stderr } = await auditor.report('--html', '/proc/report.html');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^model-store: cannot write a report to \/proc: /);
  });
});
