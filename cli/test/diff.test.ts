import { Person } from './person';

let person: Person;
beforeEach(async () => {
  person = await new Person().arrive();
  await person.run('push', person.write('one', { 'a.bin': 'a', 'b.bin': 'bb', 'old.bin': 'moved', 'gone.bin': 'gone', empty: '' }), 'fraud@1', '-m', 'license=mit', '-m', 'accuracy=0.9');
  await person.run('push', person.write('two', { 'a.bin': 'a', 'b.bin': 'bbb', 'sub/new.bin': 'moved', 'added.bin': 'added!', blank: '' }), 'fraud@2', '--base', '1', '-m', 'accuracy=0.94', '-m', 'team=risk');
  await person.run('push', person.path('one'), 'other@1', '-m', 'license=mit', '-m', 'accuracy=0.9');
  await person.run('promote', 'fraud@1', 'production');
  person.store.forget();
});
afterEach(async () => person.leave());

test('diff shows added, removed, changed and renamed files, metadata, base and sizes', async () => {
  const { exitCode, stdout, stderr } = await person.run('diff', 'fraud@production', 'fraud@2');
  expect({ exitCode, stderr }).toEqual({ exitCode: 9, stderr: '' });
  expect(stdout.replace(/[0-9a-f]{16}…/g, 'SHA').replace(/ {2,}/g, '  ')).toBe([
    'fraud@1 (production) -> fraud@2',
    'added  added.bin  6 B',
    'added  blank  0 B',
    'removed  empty  0 B',
    'removed  gone.bin  4 B',
    'changed  b.bin  2 B -> 3 B  sha256 SHA -> SHA',
    'renamed  sub/new.bin  5 B  from old.bin',
    'metadata  accuracy  "0.9" -> "0.94"',
    'metadata  license  "mit" -> none',
    'metadata  team  none -> "risk"',
    'base  none -> "1"',
    'unchanged  1 file',
    'total  5 files, 12 B -> 5 files, 15 B',
    'signatures  present, not checked here: "pull" and "verify" check it',
    '',
  ].join('\n'));
});

test('diff of versions with the same files, metadata and base is exit code 0, also across models', async () => {
  expect(await person.run('diff', 'fraud@1', 'other@1')).toMatchObject({
    exitCode: 0, stdout: expect.stringContaining('no difference in files, metadata and base\n'),
  });
  expect(await person.run('diff', 'fraud@1', 'fraud@production')).toMatchObject({ exitCode: 0 });
});

test('diff --json has every difference, with exact sizes and digests, and says what was not checked', async () => {
  const { exitCode, stdout } = await person.run('diff', 'fraud@1', 'fraud@2', '--json');
  expect(exitCode).toBe(9);
  expect(JSON.parse(stdout)).toMatchObject({
    before: { model: 'fraud', version: '1', signature: { state: 'not-checked' } },
    after: { model: 'fraud', version: '2' },
    same: false,
    files: {
      added: [{ path: 'added.bin', size: 6 }, { path: 'blank', size: 0 }],
      removed: [{ path: 'empty' }, { path: 'gone.bin' }],
      changed: [{ path: 'b.bin', before: { size: 2, digest: expect.any(String) }, after: { size: 3 } }],
      renamed: [{ from: 'old.bin', to: 'sub/new.bin', size: 5 }],
      unchanged: 1,
    },
    metadata: [{ key: 'accuracy', before: '0.9', after: '0.94' }, { key: 'license', before: 'mit' }, { key: 'team', after: 'risk' }],
    base: { after: '1' },
    bytes: { before: 12, after: 15 },
  });
});

test('diff never says that a version is signed that is not', async () => {
  person.store.routes.signatures.set('fraud@1', undefined);
  const { stdout } = await person.run('diff', 'fraud@1', 'fraud@2');
  expect(stdout).toContain('none -> present, not checked here');
});

test('diff downloads no file, and reports an unknown version and a damaged manifest', async () => {
  await person.run('diff', 'fraud@1', 'fraud@2');
  expect(person.store.transfers('GET')).toEqual([]);
  expect(await person.run('diff', 'fraud@1', 'fraud@9')).toMatchObject({ exitCode: 3, stdout: '' });
  person.store.manifests.set('fraud@2', { ...person.store.manifests.get('fraud@2')!, metadata: 7 as never });
  expect(await person.run('diff', 'fraud@1', 'fraud@2')).toMatchObject({ exitCode: 5, stdout: '', stderr: expect.stringContaining('damaged_object') });
  expect(await person.run('diff', 'fraud', 'fraud@1')).toMatchObject({ exitCode: 2 });
});
