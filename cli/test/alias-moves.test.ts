import { Person } from './person';
import type { AliasHistoryResponse } from '../../src/contract/wire';

let person: Person;
beforeEach(async () => {
  person = await new Person().arrive();
  for (const version of ['1', '2', '3']) {
    await person.run('push', person.write('model', { 'a.bin': version }), `fraud@${version}`);
  }
});
afterEach(async () => person.leave());

const promote = async (version: string, ...more: string[]) => person.run('promote', `fraud@${version}`, 'production', ...more);
const movesOf = async (alias = 'production') => (
  JSON.parse((await person.run('history', `fraud@${alias}`, '--json')).stdout) as AliasHistoryResponse).history;
const writes = () => person.store.seen.filter(({ method }) => method !== 'GET').map(({ route }) => route);

describe('promote --dry-run', () => {
  beforeEach(async () => {
    await promote('1');
    await person.run('promote', 'fraud@2', 'staging');
    person.store.forget();
  });
  afterEach(() => expect(writes()).toEqual([]));
  const NOT_CHECKED = 'Not checked: whether you are permitted to promote.';

  test('says from which version to which the alias would move, and sends nothing that writes', async () => {
    expect(await promote('2', '--dry-run', '--reason', 'r')).toEqual({
      exitCode: 0, stdout: `dry run: fraud@production would move from 1 to 2. ${NOT_CHECKED}\n`, stderr: '',
    });
    expect((await promote('staging', '--dry-run')).stdout).toContain('from 1 to 2, the version that staging points to.');
    expect((await promote('1', '--dry-run')).stdout).toContain('already points to 1, so nothing would change.');
    expect((await person.run('promote', 'fraud@2', 'canary', '--dry-run')).stdout).toContain('fraud@canary would be created and point to 2.');
    expect((await movesOf()).map(({ version }) => version)).toEqual(['1']);
  });

  test('has the outcome "dry-run" with --json', async () => {
    const planOf = async (...argv: string[]) => JSON.parse((await person.run('promote', ...argv, '--dry-run', '--json')).stdout) as object;
    const same = { outcome: 'dry-run', model: 'fraud', version: '2' };
    expect(await planOf('fraud@2', 'production')).toEqual({ ...same, alias: 'production', would: 'move', previousVersion: '1' });
    expect(await planOf('fraud@staging', 'canary')).toEqual({ ...same, alias: 'canary', would: 'create', from: 'staging' });
    expect(await planOf('fraud@2', 'staging')).toMatchObject({ would: 'nothing', previousVersion: '2' });
  });

  test.each([
    ['--if-current of another version', ['production', '--if-current', '3'], 4, 'fraud@production points to 1, not 3'],
    ['--if-current of an unknown alias', ['canary', '--if-current', '1'], 3, 'fraud has no alias "canary"'],
    ['--if-absent of an existing alias', ['production', '--if-absent'], 4, 'fraud@production exists and points to 1'],
    ['--if-revision of another revision', ['production', '--if-revision', 'old'], 4, 'not old'],
    ['--if-revision of an unknown alias', ['canary', '--if-revision', 'old'], 4, 'fraud has no alias "canary"'],
    ['the name of a version', ['3'], 4, '"3" is a version of fraud; a version and an alias cannot have the same name'],
  ])('is refused as the promotion would be: %s', async (_, argv, exitCode, message) => {
    expect(await person.run('promote', 'fraud@2', ...argv, '--dry-run')).toMatchObject({ exitCode, stdout: '', stderr: expect.stringContaining(message) });
  });

  test('is accepted with conditions that hold', async () => {
    const [{ revision }] = await movesOf();
    for (const condition of [['--if-current', '1'], ['--if-revision', revision]]) {
      expect(await promote('2', ...condition, '--dry-run')).toMatchObject({ exitCode: 0 });
    }
    expect(await person.run('promote', 'fraud@2', 'canary', '--if-absent', '--dry-run')).toMatchObject({ exitCode: 0 });
  });

  test('of a version that does not exist or cannot be read fails, instead of leaving it unchecked', async () => {
    expect(await promote('9', '--dry-run')).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('unknown_version') });
    person.store.intercept = ({ route }) => (
      route === 'showVersion' ? { status: 403, body: { code: 'forbidden', message: 'no', details: [], requestId: 'r' } } : undefined);
    expect(await promote('2', '--dry-run')).toMatchObject({ exitCode: 6, stdout: '' });
    person.store.intercept = ({ route }) => (
      route === 'showVersion' ? { status: 409, body: { code: 'damaged_object', message: 'damaged', details: [], requestId: 'r' } } : undefined);
    expect(await promote('2', '--dry-run')).toMatchObject({ exitCode: 5, stdout: '' });
  });
});
