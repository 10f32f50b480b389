import { execFileSync, spawnSync } from 'node:child_process';
import {
  mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bundleAll } from '../../../scripts/bundle';
import { NOVEMBER } from '../../../test/support/audit/ordinary-month';
import { writeLogArchive } from '../../../test/support/audit/write-log-archive';

const ROOT = join(__dirname, '../../..');
let folder: string;
let logs: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'audit-bundle-'));
  logs = join(folder, 'logs');
  await bundleAll(folder);
  writeLogArchive(logs, { ...NOVEMBER, events: 300 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const script = () => join(folder, 'cli/dist/model-store.js');
const QUESTION = ['audit', 'query', 'egress-by-principal', '--to', '2026-11-30', '--csv', '--logs'];

test('the bundle includes the SQL of every query, byte for byte', () => {
  const files = readdirSync(join(ROOT, 'src/audit/queries')).map((name) => `queries/${name}`);
  expect(
    readdirSync(join(folder, 'cli/dist/sql/queries')).map((name) => `queries/${name}`).sort(),
  ).toEqual(files.sort());
  for (const file of [...files, 'views/duckdb.sql', 'views/shared.sql']) {
    expect([file, readFileSync(join(folder, 'cli/dist/sql', file), 'utf8')]).toEqual([
      file, readFileSync(join(ROOT, 'src/audit', file), 'utf8'),
    ]);
  }
});

test('without DuckDB, it lists the queries, and an audit names what to install', () => {
  expect(
    execFileSync(process.execPath, [script(), 'audit', 'list'], { encoding: 'utf8' }),
  ).toContain('egress-by-principal');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script(), ...QUESTION, logs], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain('an audit needs DuckDB, which is not installed');
  expect(stderr).toContain('npm install --include=optional');
});

test('with DuckDB where npm puts it, it runs a query', () => {
  const installed = join(folder, 'cli/node_modules/@duckdb');
  mkdirSync(dirname(installed), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules/@duckdb'), installed);
  const { status, stdout, stderr } = spawnSync(process.execPath, [script(), ...QUESTION, logs], { encoding: 'utf8' });
  expect({ status, reported: stderr.trim().split('\n').at(-1) }).toEqual({
    status: 0, reported: expect.stringContaining('nothing skipped') as unknown,
  });
  expect(stdout).toMatch(/^principal,bytes_out,reads,.*\n(?:[^,\n]+,\d+,\d+,.*\n){5,}$/);
});

test('the bundled worker reads on several threads with the same result as one thread', () => {
  const reader = join(folder, 'cli/dist/audit-reader.js');
  const large = join(folder, 'large');
  writeLogArchive(large, { ...NOVEMBER, events: 300 });
  writeFileSync(join(large, 'filler.json'), `{"Records":[]}${' '.repeat(9 * 1024 * 1024)}`);
  const ask = () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath, [script(), ...QUESTION, large], { encoding: 'utf8' },
    );
    return { status, stdout, failed: stderr.includes('reading the logs failed') };
  };
  const bySeveral = ask();
  expect(bySeveral).toMatchObject({
    status: 0, failed: false, stdout: expect.stringMatching(/^principal,bytes_out/) as unknown,
  });
  const content = readFileSync(reader, 'utf8');
  expect(content).not.toContain('@aws-sdk');
  writeFileSync(reader, 'throw new Error("was started")');
  try {
    expect(ask()).toEqual(availableParallelism() > 1 ? { status: 1, stdout: '', failed: true } : bySeveral);
    rmSync(reader);
    expect(ask()).toEqual(bySeveral);
  } finally {
    writeFileSync(reader, content);
  }
});

test('the AWS clients are a separate file that is loaded only to call AWS', () => {
  const clients = join(folder, 'cli/dist/aws-clients.js');
  expect(statSync(clients).size).toBeGreaterThan(1.5 * statSync(script()).size);
  const run = (...args: string[]) => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [script(), ...args],
      { encoding: 'utf8', env: { PATH: process.env.PATH, AWS_EC2_METADATA_DISABLED: 'true' } },
    );
    return { status, stderr: stderr.split('\n')[0] };
  };
  const needing = ['list', '--store', 'models', '--region', 'eu-central-1'];
  expect(run(...needing)).toEqual({ status: 6, stderr: expect.stringContaining('no AWS credentials') as unknown });
  renameSync(clients, `${clients}.away`);
  try {
    expect(run('--help')).toEqual({ status: 0, stderr: '' });
    expect(run('verify', folder)).toEqual({
      status: 5, stderr: expect.stringContaining('has no record of a pull') as unknown,
    });
    expect(run(...needing)).toEqual({ status: 1, stderr: expect.stringContaining('aws-clients.js') as unknown });
  } finally {
    renameSync(`${clients}.away`, clients);
  }
});

describe('the bundle that draws the report', () => {
  const dist = (file: string) => join(folder, 'cli/dist', file);
  const page = () => join(folder, 'report.html');

  test('is a separate file, without chart code in the command itself', () => {
    const draws = (file: string) => readFileSync(file, 'utf8').includes('Where the bytes went');
    expect({ command: draws(script()), report: draws(dist('audit-report.js')) }).toEqual({
      command: false, report: true,
    });
    expect(statSync(dist('audit-report.js')).size).toBeLessThan(100 * 1024);
  });

  test('is loaded only to write a page', () => {
    const away = `${dist('audit-report.js')}.away`;
    renameSync(dist('audit-report.js'), away);
    try {
      expect(
        execFileSync(process.execPath, [script(), 'audit', 'report', '--help'], { encoding: 'utf8' }),
      ).toContain('--html');
      expect(spawnSync(
        process.execPath, [script(), ...QUESTION, logs], { encoding: 'utf8' },
      )).toMatchObject({ status: 0 });
    } finally {
      renameSync(away, dist('audit-report.js'));
    }
  });

  test('writes the same page as from the sources', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [script(), 'audit', 'report', '--to', '2026-11-30', '--html', page(), '--logs', logs],
      { encoding: 'utf8' },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringContaining('wrote ') as unknown });
    const content = readFileSync(page(), 'utf8');
    expect(content.slice(0, 53)).toBe('<!doctype html>\n<!-- model-store audit report -->\n<ht');
    expect(content.match(/<svg /g)).toHaveLength(6);
  });

  test('ships with its licenses and notices', () => {
    const notice = readFileSync(dist('THIRD-PARTY-LICENSES.txt'), 'utf8');
    expect(notice).toMatch(/^commander \d+\.\d+\.\d+ \(MIT\)$/m);
    expect(notice).toMatch(/^openid-client \d+\.\d+\.\d+ \(MIT\)$/m);
    expect(notice).toContain('Permission is hereby granted, free of charge');
  });
});
