import { Person } from './person';
import type { AliasHistoryResponse, AliasResponse } from '../../src/contract/wire';

const BY = 'at \\S+Z by arn:aws:iam::111122223333:user/ada';
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
  JSON.parse((await person.run('history', `fraud@${alias}`, '--json')).stdout) as AliasHistoryResponse).history as AliasResponse[];
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

describe('rollback', () => {
  beforeEach(async () => {
    await promote('1', '--reason', 'first release');
    await promote('2');
    await promote('3', '--reason', 'accuracy 0.94');
    person.store.forget();
  });
  const versions = async () => (await movesOf()).map(({ version }) => version);
  const lines = (...patterns: string[]) => expect.stringMatching(new RegExp(`^${patterns.map((pattern) => `${pattern}\n`).join('')}$`));

  test('points the alias back at the version before, and says when and by whom that one was promoted', async () => {
    expect(await person.run('rollback', 'fraud', 'production', '--reason', 'timeouts')).toMatchObject({
      exitCode: 0,
      stdout: lines('fraud@production is rolled back from 3 to 2', `2 was first promoted ${BY}`, `recorded ${BY}: timeouts`),
    });
    expect((await movesOf())[0]).toMatchObject({ version: '2', previousVersion: '3', reason: 'timeouts' });
    expect(await versions()).toEqual(['2', '3', '2', '1']);
  });

  test('skips moves to the current version, and takes model@alias too', async () => {
    await person.run('rollback', 'fraud@production', '--to', '1');
    expect((await person.run('rollback', 'fraud@production', '--to', '3')).stdout).toMatch(/^fraud@production is rolled back from 1 to 3\n3 was first promoted .*: accuracy 0\.94\n/);
    expect((await person.run('rollback', 'fraud@production')).stdout).toContain('is rolled back from 3 to 1\n1 was first promoted');
  });

  test('after a rollback says that it returns to the version that was rolled back, and what else there is', async () => {
    await person.run('rollback', 'fraud@production');
    expect(await person.run('rollback', 'fraud@production')).toMatchObject({
      exitCode: 0,
      stdout: lines(
        'fraud@production is rolled back from 2 to 3', `3 was first promoted ${BY}: accuracy 0.94`,
        `2 was itself a move back from 3, ${BY}, so this returns to 3\\. To go back further, use --to: 1\\.`, `recorded ${BY}, without a reason`,
      ),
    });
    expect((await person.run('rollback', 'fraud@production', '--to', '1')).stdout).not.toContain('move back');
    expect(await versions()).toEqual(['1', '3', '2', '3', '2', '1']);
  });

  test('--to chooses a version of the history, and lists them if the alias never pointed to it', async () => {
    expect(await person.run('rollback', 'fraud@production', '--to', '1')).toMatchObject({
      exitCode: 0, stdout: expect.stringContaining(' is rolled back from 3 to 1\n1 was first promoted at '),
    });
    await person.run('push', person.path('model'), 'fraud@4');
    expect(await person.run('rollback', 'fraud@production', '--to', '4')).toEqual({
      exitCode: 3, stdout: '', stderr: 'model-store: fraud@production never pointed to 4, as far as its history is kept\n'
        + 'It points to 1, and before to 3, 2.\n(no_earlier_version)\n',
    });
    expect(await person.run('rollback', 'fraud@production', '--to', '1', '--json')).toMatchObject({
      exitCode: 0, stdout: expect.stringMatching(/"outcome": *"unchanged"/),
    });
    expect(await versions()).toEqual(['1', '3', '2', '1']);
  });

  test('--dry-run says the same, and sends nothing that writes', async () => {
    expect(await person.run('rollback', 'fraud@production', '--dry-run')).toMatchObject({
      exitCode: 0,
      stdout: lines(
        'dry run: fraud@production would be rolled back from 3 to 2. Not checked: whether you are permitted to promote.', `2 was first promoted ${BY}`),
    });
    expect(JSON.parse((await person.run('rollback', 'fraud@production', '--dry-run', '--json')).stdout)).toMatchObject({
      outcome: 'dry-run', version: '2', previousVersion: '3', promoted: { version: '2' }, others: ['1'],
    });
    expect(writes()).toEqual([]);
    expect(await versions()).toEqual(['3', '2', '1']);
  });

  test('does nothing if the alias is moved between reading and writing', async () => {
    person.store.intercept = ({ route }) => {
      if (route === 'moveAlias') {
        const moves = person.store.routes.aliases.get('fraud@production')!;
        person.store.routes.aliases.set('fraud@production', [{ ...moves[0], revision: 'another' }, ...moves]);
      }
    };
    expect(await person.run('rollback', 'fraud@production')).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('(stale_alias') });
    person.store.intercept = undefined;
    expect((await movesOf())[0]).toMatchObject({ version: '3', revision: 'another' });
  });

  test('of an unknown alias, or of one without another version, fails', async () => {
    expect(await person.run('rollback', 'fraud@canary')).toMatchObject({
      exitCode: 3, stderr: expect.stringMatching(/fraud has the versions 3, 2, 1 and the alias production \(3\)\.\n\(unknown_alias/),
    });
    await person.run('promote', 'fraud@1', 'canary');
    expect(await person.run('rollback', 'fraud@canary')).toMatchObject({
      exitCode: 3, stderr: expect.stringContaining('fraud@canary points to 1, and its history has no other version\n'),
    });
    expect(await person.run('rollback', 'fraud@canary', '--to', '2')).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('It only pointed to 1.') });
  });

  test('never points the alias at a version whose manifest cannot be read', async () => {
    const manifest = person.store.manifests.get('fraud@2')!;
    person.store.manifests.set('fraud@2', { ...manifest, files: null as never });
    expect(await person.run('rollback', 'fraud@production')).toMatchObject({
      exitCode: 5, stderr: expect.stringMatching(/^model-store: cannot roll fraud@production back to 2: [^]*Choose another version with --to: 1\./),
    });
    person.store.manifests.delete('fraud@2');
    expect(await person.run('rollback', 'fraud@production')).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('unknown_version') });
    expect(await versions()).toEqual(['3', '2', '1']);
  });
});

describe('unalias', () => {
  beforeEach(async () => {
    await promote('1');
    await promote('2', '--reason', 'first release');
    person.store.forget();
  });
  const unalias = async (...more: string[]) => person.run('unalias', 'fraud@production', ...more);

  test('removes the alias, and keeps who removed it, when and why in its history', async () => {
    expect(await unalias('--reason', 'retired')).toMatchObject({
      exitCode: 0, stdout: expect.stringMatching(new RegExp(`^fraud@production is removed \\(previously 2\\)\nrecorded ${BY}: retired\n$`)),
    });
    expect((await person.run('history', 'fraud@production')).stdout).toMatch(
      /^\S+Z {2}\(removed\) {2}arn:aws:iam::111122223333:user\/ada {2}retired\n\S+Z {2}2 .*first release\n\S+Z {2}1 /);
    expect(await movesOf()).toMatchObject([{ removed: true, previousVersion: '2', reason: 'retired' }, { version: '2' }, { version: '1' }]);
  });

  test('makes every command that reads the alias say when and by whom it was removed', async () => {
    await unalias();
    const removed = new RegExp(`: it was removed ${BY}`);
    for (const argv of [['show', 'fraud@production'], ['pull', 'fraud@production', person.path('there')], ['promote', 'fraud@production', 'staging'],
      ['rollback', 'fraud@production'], ['unalias', 'fraud@production'], ['unalias', 'fraud@production', '--dry-run']]) {
      expect([argv, await person.run(...argv)]).toEqual([argv, { exitCode: 3, stdout: '', stderr: expect.stringMatching(removed) }]);
    }
    expect((await person.run('list', 'fraud')).stdout).not.toContain('production');
    expect((await person.run('rollback', 'fraud@production')).stderr).toContain('It pointed to 2. To create it again, run "model-store promote fraud@2 production --if-absent".');
  });

  test('--if-current removes it only from the expected version', async () => {
    expect(await unalias('--if-current', '1')).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('fraud@production points to 2, not 1') });
    expect(writes()).toEqual([]);
    expect(await unalias('--if-current', '2')).toMatchObject({ exitCode: 0 });
  });

  test('--dry-run says what would be removed, and sends nothing that writes', async () => {
    expect(await unalias('--dry-run')).toMatchObject({
      exitCode: 0, stdout: expect.stringMatching(/^dry run: fraud@production would be removed\. It points to 2 since \S+Z, by arn:\S+\. Not checked: /),
    });
    expect(JSON.parse((await unalias('--dry-run', '--json')).stdout)).toMatchObject({ outcome: 'dry-run', version: '2' });
    expect(writes()).toEqual([]);
  });

  test('does nothing if the alias is moved between reading and removing', async () => {
    person.store.intercept = ({ route }) => {
      if (route === 'removeAlias') {
        const moves = person.store.routes.aliases.get('fraud@production')!;
        person.store.routes.aliases.set('fraud@production', [{ ...moves[0], revision: 'another' }, ...moves]);
      }
    };
    expect(await unalias()).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('(stale_alias') });
  });

  test('is not reported as a failure if the response to its own request was lost', async () => {
    person.store.loseNextAnswerOf('removeAlias');
    expect(await unalias('--reason', 'r', '--json')).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/"outcome": *"removed"/) });
    expect(await movesOf()).toHaveLength(3);
  });

  test('needs no permission to read the alias', async () => {
    person.store.intercept = ({ route }) => (
      route === 'showAlias' ? { status: 403, body: { code: 'forbidden', message: 'no', details: [], requestId: 'r' } } : undefined);
    expect(await unalias('--dry-run')).toMatchObject({ exitCode: 6 });
    expect(await unalias()).toMatchObject({ exitCode: 0 });
  });

  test('and a new promotion make an alias that can be pulled again, on a machine that has seen the one before', async () => {
    const pull = async () => person.run('pull', 'fraud@production', person.path('there'), '--force');
    expect(await pull()).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('pulled fraud@2 (production)') });
    await unalias();
    expect(await pull()).toMatchObject({ exitCode: 3 });
    expect(await promote('1', '--if-absent')).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^fraud@production is now 1\n/) });
    expect(await pull()).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('pulled fraud@1 (production)') });
    expect((await person.run('rollback', 'fraud@production')).stdout).toMatch(/^fraud@production is rolled back from 1 to 2\n/);
  });

  test('keeps the name reserved, so that no version can be pushed under it', async () => {
    await unalias();
    expect(await person.run('push', person.path('model'), 'fraud@production')).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('name_taken') });
  });
});
