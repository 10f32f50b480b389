import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Auditor, NOVEMBER_DAYS } from './auditor';
import { recordedRead } from './recorded-read';
import { AUDIT_SETTING_COLUMNS } from '../../../src/contract/egress-events';
import { Engine } from '../../src/audit/database/engine';
import { networkOf } from '../../src/audit/database/networks';
import { SETTING_NAMES, settingsOf } from '../../src/audit/database/settings';
import { daysToRead as daysNeeded, QUERY_NEEDS } from '../../src/audit/queries/needs';
import { namedQueries } from '../../src/audit/queries/queries';
import type { Days } from '../../src/audit/reader/days';

let auditor: Auditor;
beforeEach(() => { auditor = new Auditor(); });
afterEach(async () => auditor.leave());

describe('the result', () => {
  test('is a table on stdout, with a summary of what was read on stderr', async () => {
    auditor.keep(recordedRead());
    const { exitCode, stdout, stderr } = await auditor.ask('egress-by-principal');
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^PRINCIPAL {3}BYTES OUT {2}READS {2}/),
      expect.stringMatching(/^ada {8}12,345,678 {6}1 .* 2026-11-03T09:30:00Z {2}2026-11-03T09:30:00Z$/), '',
    ]);
    expect(stderr.replace(/in [0-9.]+ s|[0-9.]+ (?:B|KiB)/g, '…')).toBe(
      'reading: … …\nread 1 file, …: 1 record, 0 access log lines; nothing skipped\n',
    );
  });

  test('is CSV with a header row, in which no text is a formula', async () => {
    auditor.keep(recordedRead({ person: '=cmd|"calc"' }), recordedRead({ person: '-1+1' }));
    const { stdout } = await auditor.ask('egress-by-principal', '--csv');
    const [head, ...rows] = stdout.split('\n');
    expect(head).toMatch(/^principal,bytes_out,reads,/);
    expect(rows.map((row) => row.replace(/,1,0,.*$/, ''))).toEqual([
      '\'-1+1,12345678', '"\'=cmd|""calc""",12345678', '',
    ]);
  });

  test('is one JSON document with the query and what was read', async () => {
    auditor.keep(recordedRead());
    const { stdout, stderr } = await auditor.ask('egress-by-principal', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      query: 'egress-by-principal', title: 'How many bytes of model files did each principal download?', from: '2026-11-01',
      to: '2026-11-30',
      rows: [{ principal: 'ada', bytes_out: 12_345_678, reads: 1, first_read: '2026-11-03T09:30:00Z' }],
      read: { files: 1, records: 1, accessLogLines: 0, skipped: [] },
    });
    expect(JSON.parse(stderr)).toEqual({ read: (JSON.parse(stdout) as { read: unknown }).read });
  });

  test('without rows says so and exits with 0 if the logs have what would show any', async () => {
    auditor.keep(recordedRead());
    expect(await auditor.ask('long-lived-presigned-urls')).toMatchObject({
      exitCode: 0, stdout: 'no rows\n', stderr: expect.not.stringContaining('not checked') as unknown,
    });
  });

  test('without rows is "not checked" if the logs lack what would show any', async () => {
    auditor.keep(recordedRead());
    const changes = await auditor.ask('protection-changes');
    expect(changes).toMatchObject({
      exitCode: 3, stdout: 'no rows\n',
      stderr: expect.stringContaining('not checked: The trail has no management events that change something for these days') as unknown,
    });
    const { exitCode, stdout } = await auditor.ask('protection-changes', '--json');
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([3, { status: 'not checked', reason: expect.any(String) as unknown, rows: [] }]);
  });

  test('without rows is "not checked" if the trail has only requests for settings of buckets, in records without a category', async () => {
    auditor.keep(...['ListBuckets', 'GetBucketAcl'].map((eventName) => ({
      ...recordedRead(), eventName, eventVersion: '1.05', eventCategory: undefined, managementEvent: undefined, readOnly: undefined,
      requestParameters: eventName === 'ListBuckets' ? null : { bucketName: 'models', acl: [''] }, resources: undefined,
    })));
    expect(await auditor.ask('egress-by-principal')).toMatchObject({
      exitCode: 3, stdout: 'no rows\n',
      stderr: expect.stringContaining('not checked: The trail has no object reads for these days') as unknown,
    });
  });

  test('about another bucket than that of the logs is "not checked"', async () => {
    auditor.keep(recordedRead());
    expect(await auditor.ask('egress-by-principal', '--settings', auditor.archive.file('settings.json', '{"artifact_bucket":"acme-modles"}'))).toMatchObject({
      exitCode: 3, stderr: expect.stringContaining('No record is about the artifact bucket "acme-modles"') as unknown,
    });
  });

  test('contains no terminal control characters, whatever name a caller uses', async () => {
    auditor.keep(recordedRead({ person: 'a\u001b[2Ja\u202eb' }));
    const { stdout } = await auditor.ask('egress-by-principal');
    // eslint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u001b\u202e]/);
  });
});

describe('what was skipped is reported with its reason', () => {
  test('also with --quiet', async () => {
    auditor.keep(recordedRead(), { eventVersion: '1', eventName: 'x' });
    auditor.archive.file('logs/notes.txt', 'bought milk');
    auditor.archive.file('logs/cut.json', '{"Records": [');
    const { exitCode, stderr } = await auditor.ask('egress-by-principal', '--quiet');
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^read 3 files, .*: 2 records, 0 access log lines; 3 problems:\n/);
    expect(stderr).toContain('  1 file is in a format that this command does not read (notes.txt)\n');
    expect(stderr).toContain('  1 record is cut off at the end of its file (cut.json)\n');
    expect(stderr).toContain(
      '  1 record has no usable eventTime and no day in its file path, and was not counted (a.json.gz)\n',
    );
  });

  test('and without any logs the command fails with exit code 3', async () => {
    auditor.archive.file('logs/notes.txt', 'bought milk');
    const { exitCode, stdout, stderr } = await auditor.ask('egress-by-principal');
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(stderr).toContain('(notes.txt)\n');
    expect(stderr).toContain('no logs found for 2026-11-01 to 2026-11-30, so nothing can be said about these days');
  });

  test.each([
    'query egress-by-principal', 'query reconciliation', 'report',
  ])('and so it does if all logs are for other days: "%s"', async (command) => {
    auditor.keep(recordedRead());
    const of = async (day: string) =>
      auditor.audit(...command.split(' '), '--logs', join(auditor.archive.folder, 'logs'), '--from', day, '--to', day);
    // Without access logs, nothing can be reconciled.
    expect(await of('2026-11-03')).toMatchObject({ exitCode: command.endsWith('reconciliation') ? 3 : 0 });
    const { exitCode, stdout, stderr } = await of('2026-11-04');
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(stderr).toContain('no logs found for 2026-11-04 to 2026-11-04');
  });
});

describe('--since', () => {
  test.each<[string, string, string]>([
    ['24h', '2026-11-09', '2026-11-10'], ['1h', '2026-11-10', '2026-11-10'], ['10h', '2026-11-09', '2026-11-10'],
    ['7d', '2026-11-03', '2026-11-10'], ['30d', '2026-10-11', '2026-11-10'],
  ])('%s at nine in the morning is whole days (UTC), from %s to %s', async (since, from, to) => {
    auditor.person.clockShift = Date.UTC(2026, 10, 10, 9) - Date.now();
    auditor.keep(recordedRead({ time: Date.UTC(2026, 10, 10, 8) }));
    const { exitCode, stdout } = await auditor.audit('query', 'egress-by-principal', '--logs', join(auditor.archive.folder, 'logs'), '--since', since, '--json');
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([0, { from, to }]);
  });

  test.each([
    [['--since', '24h', '--from', '2026-11-01'], '--from: cannot be combined with --since'],
    [['--since', '24h', '--to', '2026-11-01'], '--to: cannot be combined with --since'],
    [['--since', '24'], 'Enter hours or days, such as 24h, 7d or 30d'],
    [['--since', '0d'], 'Enter hours or days'], [['--since', '-7d'], 'Enter hours or days'], [['--since', '99999d'], 'at most ten years'],
    [['--since', '1w'], 'Enter hours or days'],
  ])('%j is reported before anything is read', async (argv, reported) => {
    for (const command of [['query', 'custody'], ['report']]) {
      const { exitCode, stdout, stderr } = await auditor.audit(...command, '--logs', '.', ...argv);
      expect([exitCode, stdout, stderr]).toEqual([2, '', expect.stringContaining(reported)]);
    }
  });
});

test('paths may start with ~ where the shell does not expand it', async () => {
  auditor.person.variables = { HOME: auditor.archive.folder };
  auditor.keep(recordedRead());
  auditor.archive.file('settings.json', '{}');
  const { exitCode } = await auditor.audit(
    'report', '--logs=~/logs', '--settings=~/settings.json', '--html=~/report.html', ...NOVEMBER_DAYS,
  );
  expect(exitCode).toBe(0);
  expect(readFileSync(join(auditor.archive.folder, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/);
  expect(await auditor.audit('verify-trail', '--logs=~/logs', '--public-keys=~/no-keys.json')).toMatchObject({
    stderr: expect.stringContaining(join(auditor.archive.folder, 'no-keys.json')) as unknown,
  });
});

describe('wrong usage is reported before anything is read', () => {
  test.each<[string[], number, string]>([
    [
      ['query', 'frobnicate', '--logs', '.'],
      2,
      'unknown query "frobnicate"\nRun "model-store audit list" to list the queries.',
    ],
    [['query', 'egress-by-pincipal', '--logs', '.'], 2, 'Did you mean "egress-by-principal"?'],
    [['query', 'custody', '--logs', '.', '--on', 'athna'], 2, 'Must be one of duckdb, athena. Did you mean "athena"?'],
    [
      ['query', 'custody', '--logs', '.', '--price-per-terabyte', '6'],
      2,
      '--price-per-terabyte: applies only to "--on athena"',
    ],
    [
      ['egress-by-principal', '--logs', '.'],
      2,
      "unknown command 'egress-by-principal'\nDid you mean \"model-store audit query egress-by-principal\"?",
    ],
    [['run', 'custody', '--store', 'models'], 2, 'Did you mean "model-store audit query custody --on athena"?'],
    [['reprot', '--logs', '.'], 2, 'Did you mean "report"?'],
    [['query', 'custody'], 2, 'Name the store with --store NAME, its logs with --logs DIR'],
    [
      ['query', 'custody', '--logs', '.', '--from', '2026-02-30', '--to', 'today'],
      2,
      '--from: "2026-02-30" is not a valid date',
    ],
    [['query', 'custody', '--logs', '.', '--from', '2026-11-02', '--to', '2026-11-01'], 2, 'is after --to'],
    [['query', 'custody', '--logs', '.', '--from', '9998-12-31'], 2, 'which defaults to today (UTC)'],
    [
      ['query', 'custody', '--logs', '.', '--from', '2026-11-01', '--to', '9999-12-31'],
      2,
      '--to: 9999-12-31 is too far in the future',
    ],
    [['query', 'custody', '--logs', '.', '--csv', '--json'], 2, 'invalid options'],
    [['query', 'custody', '--logs', '.', '--of', 'Fraud@1'], 2, 'is not a valid model name'],
    [['query', 'deletions', '--logs', '.', '--of', 'fraud'], 2, '--of: applies only to "custody"'],
    [['query', 'custody', '--logs', '/nowhere/at/all'], 3, 'no logs at /nowhere/at/all'],
    [
      ['query', 'custody', '--logs', '.', '--settings', '/nowhere.json'],
      3,
      'cannot read the settings file /nowhere.json',
    ],
    [['query', 'custody', '--logs', __dirname, '--access-logs', `${__dirname}/../audit`], 2, 'would be counted twice'],
  ])('%j', async (argv, code, reported) => {
    const { exitCode, stdout, stderr } = await auditor.audit(...argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' });
    expect(
      argv.includes('--json') ? (JSON.parse(stderr) as { error: { message: string } }).error.message : stderr,
    ).toContain(reported);
  });
});

describe('settings', () => {
  test('a perimeter shows who read from outside it', async () => {
    auditor.keep(recordedRead({ sourceIp: '10.1.2.3' }), recordedRead({ sourceIp: '203.0.113.9', person: 'eve' }),
      recordedRead({ sourceIp: '2001:db8::7', person: 'ida' }));
    const settings = auditor.archive.file(
      'settings.json', JSON.stringify({ perimeter_networks: ['10.0.0.0/8', '2001:db8::/32'] }),
    );
    const { stdout } = await auditor.ask('egress-outside-perimeter', '--json', '--settings', settings);
    expect((JSON.parse(stdout) as { rows: unknown[] }).rows).toEqual([
      expect.objectContaining({ principal: 'eve', source_ip: '203.0.113.9' }),
    ]);
  });

  test('--of limits the chain of custody to one model', async () => {
    auditor.keep(recordedRead(), recordedRead({ key: `models/churn/blobs/sha256/${'b'.repeat(64)}` }));
    const models = async (...argv: string[]) =>
      (JSON.parse((await auditor.ask('custody', '--json', ...argv)).stdout) as { rows: { model: string }[] }).rows
        .map(({ model }) => model)
        .sort();
    expect(await models()).toEqual(['churn', 'fraud']);
    expect(await models('--of', 'churn')).toEqual(['churn']);
  });

  test('all problems are reported at once', () => {
    expect(() => settingsOf({
      bulk_egress_bytes: '5', log_buckets: 'one', perimeter_networks: ['10.0.0.0/33'], business_start_hour: 20,
      business_end_hour: 8, bulk: 1,
    })).toThrow(expect.objectContaining({
      exitCode: 2,
      details: ['bulk_egress_bytes', 'log_buckets', 'perimeter_networks', 'bulk', 'business_start_hour'].map(
        (field) => expect.objectContaining({ field }) as unknown,
      ),
    }));
  });

  test('that are unknown are answered with the closest one', () => {
    expect(() => settingsOf({ repeated_denial: 5 })).toThrow(expect.objectContaining({
      details: [{ field: 'repeated_denial', message: 'unknown setting. Did you mean "repeated_denials"?' }],
    }));
  });

  test('match the contract and the README, with their defaults', () => {
    const contract = AUDIT_SETTING_COLUMNS.map(({ name }) => name).filter((name) => !/^(?:custody|activity)_/.test(name));
    expect([...SETTING_NAMES].sort()).toEqual([...contract, 'perimeter_networks'].sort());
    const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');
    for (const name of SETTING_NAMES) {
      expect(readme).toContain(`\`${name}\``);
    }
    expect(settingsOf({}).row).toMatchObject({
      bulk_egress_bytes: 10 * 1024 ** 3, median_factor: 5, median_floor_bytes: 10 * 1024 ** 3, repeated_denials: 5,
    });
  });
});

test.each([
  ['10.0.0.0/8', '00000000000000000000ffff0a000000', '00000000000000000000ffff0affffff'],
  ['10.1.2.3/8', '00000000000000000000ffff0a000000', '00000000000000000000ffff0affffff'],
  ['192.0.2.7', '00000000000000000000ffffc0000207', '00000000000000000000ffffc0000207'],
  ['0.0.0.0/0', '00000000000000000000ffff00000000', '00000000000000000000ffffffffffff'],
  ['2001:db8::/32', '20010db8000000000000000000000000', '20010db8ffffffffffffffffffffffff'],
  ['::/0', '00000000000000000000000000000000', 'ffffffffffffffffffffffffffffffff'],
  ['::ffff:192.0.2.0/120', '00000000000000000000ffffc0000200', '00000000000000000000ffffc00002ff'],
])('the network %s is from %s to %s', (cidr, first_key, last_key) => {
  expect(networkOf(cidr)).toEqual({ first_key, last_key });
});

test.each([
  '10.0.0.0/33', '10.0.0/8', '10.0.0.0/', '10.0.0.0/8/8', '::/129', 'office', '', '/8',
])('%j is not a network', (cidr) => {
  expect(networkOf(cidr)).toBeUndefined();
});

describe('the queries', () => {
  test('are listed by the command and by the README, each with its first line', async () => {
    const { exitCode, stdout } = await auditor.audit('list');
    const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');
    expect(exitCode).toBe(0);
    expect(namedQueries().length).toBeGreaterThan(10);
    for (const { name, title } of namedQueries()) {
      expect(stdout).toMatch(new RegExp(`^${name} +${title.replace(/[?.]/g, '\\$&')}$`, 'm'));
      expect(readme).toContain(`| \`${name}\` | ${title} |\n`);
    }
  });

  test('are listed as JSON', async () => {
    const { stdout } = await auditor.audit('list', '--json');
    expect(JSON.parse(stdout)).toEqual({ queries: namedQueries().map(({ name, title }) => ({ name, title })) });
  });

  test('that compare with other days have these days read', () => {
    const daysToRead = (names: readonly string[], days: Days) => daysNeeded(
      names.map((name) => QUERY_NEEDS[name]), days,
    );
    // This looks up who opened a session, which the day before may show. It is read for every query.
    const others = /CAST\(\? AS date\) [-+] INTERVAL|least\('', \?\)/;
    const ofTheDayBefore = ['unnamed-sessions'];
    const withOtherDays = Object.entries(QUERY_NEEDS)
      .filter(([, { earlierDays, laterDays }]) => earlierDays !== undefined || laterDays !== undefined)
      .map(([name]) => name);
    expect(namedQueries().filter(({ sql }) => others.test(sql)).map(({ name }) => name)).toEqual(
      [...withOtherDays, ...ofTheDayBefore].sort(),
    );
    const asked = { from: '2026-11-01', to: '2026-11-30' };
    expect(daysToRead(['egress-by-principal'], asked)).toEqual({ from: '2026-10-31', to: '2026-12-01' });
    expect(daysToRead(['volume-anomalies'], asked)).toEqual({ from: '2026-10-03', to: '2026-12-01' });
    expect(daysToRead(['reconciliation'], asked)).toEqual({ from: '2026-10-30', to: '2026-12-02' });
    expect(daysToRead(['first-time-readers'], asked).from < '1970-01-01').toBe(true);
    expect(daysToRead(['egress-by-principal', 'volume-anomalies', 'reconciliation'], asked)).toEqual({
      from: '2026-10-03', to: '2026-12-02',
    });
  });
});

describe('the engine', () => {
  test('fails with installation instructions if it is not installed', async () => {
    const missing = async () => Promise.reject(
      Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' }),
    );
    await expect(
      Engine.open({ folder: auditor.archive.folder, memoryMegabytes: 64, threads: 1 }, missing),
    ).rejects.toMatchObject({
      exitCode: 1, code: 'no_duckdb', hint: expect.stringContaining('npm install --include=optional') as unknown,
    });
  });
});
