import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { insertion, splitLine, typedLine } from '../../src/completion/shell-line';
import { Person } from '../person';

let person: Person;
beforeEach(async () => { person = await new Person().arrive(); });
afterEach(async () => person.leave());

/** The completions offered after these words. */
async function complete(...words: string[]): Promise<{ values: string[]; directive: number }> {
  return answerOf(await person.run('complete', '--', ...words));
}

function answerOf({ exitCode, stdout, stderr }: { exitCode: number; stdout: string; stderr: string }) {
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  return { values: lines.slice(0, -1).map((line) => line.split('\t')[0]), directive: Number(lines.at(-1)!.slice(1)) };
}

const SPACE_AND_NO_FILES = 4;
const NO_SPACE_NO_FILES = 6;
const FOLDERS = 16;
const FILES = 0;

describe('completion without a store offers', () => {
  test('commands, at every depth', async () => {
    expect((await complete('')).values).toEqual(
      ['push', 'pull', 'import', 'list', 'show', 'diff', 'promote', 'rollback', 'unalias', 'history', 'verify', 'trust', 'login', 'logout', 'audit', 'completion', 'help'].sort((a, b) => order(a) - order(b)));
    expect(await complete('p')).toEqual({ values: ['push', 'pull', 'promote'], directive: SPACE_AND_NO_FILES });
    expect((await complete('help', 'ver')).values).toEqual(['verify']);
    expect((await complete('audit', 'ver')).values).toEqual(['verify-trail']);
    expect((await complete('--json', '--store', 'models', 'sh')).values).toEqual(['show']);
  });
  const order = (name: string) => ['push', 'pull', 'import', 'list', 'show', 'diff', 'promote', 'rollback', 'unalias', 'history', 'verify', 'trust', 'login', 'logout', 'audit', 'completion', 'help'].indexOf(name);

  test('command and global options, without those already given unless they are repeatable', async () => {
    const { values } = await complete('push', './model', 'fraud@1', '--dry-run', '-m', 'a=b', '--');
    expect(values).toEqual(expect.arrayContaining(['--base', '--metadata', '--follow-links', '--store', '--json', '--help']));
    expect(values).not.toEqual(expect.arrayContaining(['--dry-run']));
    expect(values).not.toContain('--version');
    expect((await complete('push', '--fol')).values).toEqual(['--follow-links']);
    expect((await complete('audit', 'query', '--pri')).values).toEqual(['--price-per-terabyte']);
  });

  test('commands, queries and engines of an audit', async () => {
    expect((await complete('audit', 'query', 'eg')).values)
      .toEqual(['egress-by-day', 'egress-by-model', 'egress-by-network', 'egress-by-principal', 'egress-by-requester', 'egress-outside-perimeter']);
    expect((await complete('audit', 'query', '--on', 'athena', 'recon')).values).toEqual(['reconciliation']);
    expect((await complete('audit', 'query', '--on', '')).values).toEqual(['duckdb', 'athena']);
    expect((await complete('audit', 'query', '--on=a')).values).toEqual(['athena']);
    expect((await complete('audit', '')).values).toEqual(['query', 'list', 'report', 'person', 'address', 'file', 'verify-trail', 'cache', 'help']);
  });

  test('columns of a list, also after a comma and for descending order', async () => {
    expect(await complete('list', '--columns', 'f')).toEqual({ values: ['files'], directive: SPACE_AND_NO_FILES });
    expect((await complete('list', '--columns=version,si')).values).toEqual(['version,size']);
    expect((await complete('list', 'fraud', '--sort', '-pub')).values).toEqual(['-published']);
    expect((await complete('list', '--sort', 'model', '--so')).values).toEqual(['--sort']);
  });

  test('shells, and whether a value is a folder, a file or neither', async () => {
    expect((await complete('completion', '')).values).toEqual(['bash', 'zsh', 'fish', 'powershell']);
    expect(await complete('push', './mo')).toEqual({ values: [], directive: FILES });
    expect(await complete('pull', 'fraud@1', '')).toEqual({ values: [], directive: FOLDERS });
    expect(await complete('audit', 'query', 'custody', '--logs', '')).toEqual({ values: [], directive: FOLDERS });
    expect(await complete('audit', 'report', '--settings', '')).toEqual({ values: [], directive: FILES });
    expect(await complete('push', '--token-file=')).toEqual({ values: [], directive: FILES });
    expect(await complete('promote', 'fraud@1', 'production', '--reason', 'b')).toEqual({ values: [], directive: SPACE_AND_NO_FILES });
  });

  test('nothing after an unknown command, without a request to a store', async () => {
    expect(await complete('frobnicate', 'p')).toEqual({ values: [], directive: SPACE_AND_NO_FILES });
    expect(person.store.seen).toEqual([]);
  });
});

describe('completion with a store offers', () => {
  beforeEach(async () => {
    for (const name of ['fraud@1.0.0', 'fraud@1.1.0', 'churn@7']) {
      await person.run('push', person.write('model', { 'a.bin': name }), name);
    }
    await person.run('promote', 'fraud@1.0.0', 'production');
    person.store.forget();
  });

  test('models, and then, after the "@", versions and aliases', async () => {
    expect(await complete('pull', '')).toEqual({ values: ['churn@', 'fraud@'], directive: NO_SPACE_NO_FILES });
    expect(await complete('list', 'f')).toEqual({ values: ['fraud'], directive: SPACE_AND_NO_FILES });
    expect(await complete('pull', 'fraud@')).toEqual({ values: ['fraud@production', 'fraud@1.0.0', 'fraud@1.1.0'], directive: SPACE_AND_NO_FILES });
    expect((await complete('promote', 'fraud@')).values).toEqual(['fraud@production', 'fraud@1.0.0', 'fraud@1.1.0']);
    expect((await complete('promote', 'fraud@1.1.0', '')).values).toEqual(['production']);
    expect((await complete('promote', 'fraud@1.1.0', 'production', '--if-current', '')).values).toEqual(['1.0.0', '1.1.0']);
    expect((await complete('history', 'fraud', '')).values).toEqual(['production']);
    expect((await complete('unalias', 'fraud@')).values).toEqual(['fraud@production']);
    expect((await complete('rollback', 'fraud', '')).values).toEqual(['production']);
    expect((await complete('rollback', 'fraud', 'production', '--to', '')).values).toEqual(['1.0.0', '1.1.0']);
    expect((await complete('rollback', 'fraud@production', '--to', '1.1')).values).toEqual(['1.1.0']);
    expect((await complete('verify', './x', '--model', 'fraud@pro')).values).toEqual(['fraud@production']);
  });

  test('names from the store in the command line', async () => {
    const { url } = person.store;
    expect(answerOf(await person.runAt(undefined, 'complete', '--', '--url', url, 'list', '')).values).toEqual(['churn', 'fraud']);
    expect(answerOf(await person.runAt(undefined, 'complete', '--', 'list', '')).values).toEqual([]);
  });

  test.each([
    ['rejects the request', 403, { code: 'forbidden', message: 'no', details: [], requestId: 'r' }],
    ['fails', 500, { code: 'internal_error', message: 'no', details: [], requestId: 'r' }],
    ['returns HTML', 200, '<html>'],
    ['returns names with a meaning in a shell', 200, { models: ['$(reboot)', 'a b', '-rf', '../x'] }],
  ])('nothing when the store %s, without a message', async (_how, status, body) => {
    person.store.intercept = () => ({ status, body });
    expect((await complete('list', '')).values).toEqual([]);
  });

  test('nothing when the store does not respond quickly', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await new Promise((resolve) => { silent.once('listening', resolve); });
    const answer = await person.runAt(`http://127.0.0.1:${(silent.address() as AddressInfo).port}/`, 'complete', '--', 'list', '');
    silent.close();
    expect(answerOf(answer).values).toEqual([]);
  });

  test('completion does not read standard input', async () => {
    let read = false;
    Object.defineProperty(person, 'standardInput', { get: () => { read = true; return ''; } });
    expect((await complete('--token-file', '-', 'list', '')).values).toEqual([]);
    expect(read).toBe(false);
  });
});

describe('a line of bash', () => {
  test('is split as a shell splits it, and nothing in it is evaluated', () => {
    expect(splitLine('a "b c" d\\ e \'f "g\' "\\"h\\""')).toEqual({ words: ['a', 'b c', 'd e', 'f "g', '"h"'], ended: false });
    expect(typedLine('AWS_PROFILE=dev ./bin/model-store push $(touch x) fr', 'model-store')).toEqual({ words: ['push', '$(touch', 'x)'], typed: 'fr' });
    expect(typedLine('model-store ', 'model-store')).toEqual({ words: [], typed: '' });
    expect(typedLine('model-store push "./my mo', 'model-store')).toEqual({ words: ['push'], typed: './my mo' });
  });

  test.each([
    ['an "@" that starts a word and is part of it', 'fraud@1.0.0', 'fraud@1', '@1', '@1.0.0'],
    ['an "@" that only ends a word', 'fraud@1.0.0', 'fraud@1', '1', '1.0.0'],
    ['an "@" like any other character', 'fraud@1.0.0', 'fraud@1', 'fraud@1', 'fraud@1.0.0'],
    ['nothing typed after a word break', 'fraud@1.0.0', 'fraud@', '', '1.0.0'],
    ['an option whose "=" breaks no word', 'fraud@1.0.0', 'fraud@1', '--model=fraud@1', '--model=fraud@1.0.0'],
  ])('keeps the whole reference with %s', (_, value, typed, replaced, inserted) => {
    expect(insertion(value, typed, replaced)).toBe(inserted);
  });
});

test('an unsupported shell is a usage error, which lists the supported ones', async () => {
  expect(await person.run('completion', 'tcsh')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Must be one of bash, zsh, fish, powershell.\n') });
  expect(await person.run('completion', 'bsh')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Did you mean "bash"?') });
});
