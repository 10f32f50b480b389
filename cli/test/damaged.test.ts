import { writeFileSync } from 'node:fs';
import { Person } from './person';

/** Objects written to the bucket directly, or accepted by an older release. */
let person: Person;
beforeEach(async () => {
  person = await new Person().arrive();
  await person.run('push', person.write('model', { 'a.bin': 'a' }), 'fraud@1');
  await person.run('push', person.write('other', { 'a.bin': 'b' }), 'fraud@2');
  await person.run('promote', 'fraud@2', 'production');
});
afterEach(async () => person.leave());

const GOOD = { schemaVersion: 1, model: 'fraud', version: '1', createdAt: '', createdBy: '', metadata: {}, files: [] };

describe.each<[string, unknown, string]>([
  ['an empty object', {}, 'files: is not a list'],
  ['null', null, 'manifest: is not a JSON object'],
  ['a list', [], 'manifest: is not a JSON object'],
  ['a string', 'manifest', 'manifest: is not a JSON object'],
  ['a null file', { ...GOOD, files: [null] }, 'files[0]: has no path, size, SHA-256, digest or part size'],
  ['an object instead of a list of files', { ...GOOD, files: { 0: 'a' } }, 'files: is not a list'],
  ['a number in its metadata', { ...GOOD, metadata: { a: 1 } }, 'metadata: is not an object of strings'],
  ['no metadata', { ...GOOD, metadata: undefined }, 'metadata: is not an object of strings'],
  ['a later schema version', { ...GOOD, schemaVersion: 2 }, 'schemaVersion: is 2, not 1'],
  ['the name of another version', { ...GOOD, version: '2' }, 'version: is "2", not "1"'],
])('a version whose manifest is %s', (_, manifest, message) => {
  beforeEach(() => person.store.manifests.set('fraud@1', manifest as never));
  beforeEach(() => {
    person.store.intercept = ({ route }) => (
      route === 'showVersion' ? { status: 200, body: { manifest, manifestSha256: 'x' } as object } : undefined);
  });

  test.each([
    ['show', 'fraud@1'], ['pull', 'fraud@1', 'there'], ['promote', 'fraud@1', 'production'], ['verify', 'model', '--model', 'fraud@1'],
    ['push', 'model', 'fraud@1'],
  ])('makes %s exit with code 5 and change nothing', async (...argv) => {
    const paths = argv.map((word) => (['there', 'model'].includes(word) ? person.path(word) : word));
    const { exitCode, stdout, stderr } = await person.run(...paths);
    expect({ exitCode, stdout }).toEqual({ exitCode: 5, stdout: '' });
    expect(stderr).toContain('the manifest of fraud@1 is damaged');
    expect(stderr).toContain(`  ${message}\n`);
    expect(stderr).toContain('(damaged_object)');
    expect(person.store.routes.aliases.get('fraud@production')![0]).toMatchObject({ version: '2' });
  });
});

test('damage that the store detects is also exit code 5', async () => {
  person.store.intercept = ({ route }) => (route === 'showVersion' ? {
    status: 409, body: { code: 'damaged_object', message: 'the manifest is not well-formed', details: [], requestId: 'r' },
  } : undefined);
  expect(await person.run('show', 'fraud@1')).toMatchObject({
    exitCode: 5, stderr: 'model-store: the manifest is not well-formed\nContact the operators of the store: its bucket may have been modified directly.\n'
      + '(damaged_object, request id r)\n',
  });
});

test.each([
  [{}], [null], ['x'], [{ ...GOOD }],
])('an alias history that contains %j is reported with exit code 5', async (entry) => {
  person.store.intercept = ({ route }) => (route === 'aliasHistory' ? { status: 200, body: { history: [entry] } } : undefined);
  const { exitCode, stdout, stderr } = await person.run('history', 'fraud@production');
  expect({ exitCode, stdout }).toEqual({ exitCode: 5, stdout: '' });
  expect(stderr).toContain('the history of fraud@production is damaged');
});

test.each([
  '{', 'null', '[]', '7', '{}', '{"schemaVersion":1}',
])('verify exits with code 5 if the pull record is %s', async (text) => {
  await person.run('pull', 'fraud@1', person.path('there'));
  writeFileSync(person.path('there', '.model-store', 'pulled.json'), text);
  const { exitCode, stderr } = await person.run('verify', person.path('there'));
  expect(exitCode).toBe(5);
  expect(stderr).toMatch(/\((bad_record|damaged_object)\)\n$/);
});

test.each([
  '{', 'null', '[]',
])('an in-progress marker that contains %s is reported with the next step', async (text) => {
  person.write('there', { '.model-store/pulling.json': text });
  expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({
    exitCode: 5, stderr: expect.stringContaining('pulling.json is damaged: it is not a JSON object\nRemove '),
  });
});
