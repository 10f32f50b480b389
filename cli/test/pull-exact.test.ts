import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { Person } from './person';
import { fingerprintOf, STORE_KEY } from './store-double/signing';

const OLD = { 'config.json': '{}', 'model-00001-of-00002.bin': 'o1', 'model-00002-of-00002.bin': 'o2', 'old/vocab.txt': 'v' };
const NEW = { 'config.json': '{}', 'model.bin': 'n' };

let person: Person;
beforeEach(async () => {
  person = await new Person().arrive();
  await person.run('push', person.write('old', OLD), 'shards@1');
  await person.run('push', person.write('new', NEW), 'shards@2');
  person.store.forget();
});
afterEach(async () => person.leave());

const signed = `signature verified (key ${fingerprintOf(STORE_KEY).slice(0, 16)}…)`;
const there = () => person.path('there');
const files = () => Object.keys(person.read('there')).filter((path) => !path.startsWith('.model-store/')).sort();
const pull = async (...argv: string[]) => person.run('pull', argv[0], there(), ...argv.slice(1));

describe('the last line of a pull', () => {
  test('counts the other files in the folder, and names the version they came from', async () => {
    await pull('shards@1');
    const { exitCode, stdout } = await pull('shards@2');
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`pulled shards@2 into ${there()}: 2 files, 3 B, checksums verified, ${signed}; 1 file already present; `
      + '3 other files in this folder (from shards@1)\n');
    writeFileSync(person.path('there', 'mine.bin'), 'm');
    const again = await pull('shards@2', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ removed: [], otherFiles: { count: 4, fromEarlierPulls: { 'shards@1': 3 }, more: false } });
    expect((await pull('shards@2')).stdout).toContain('; 4 other files in this folder (3 files from shards@1)\n');
  });

  test('mentions no other files if there are none except files created by the operating system', async () => {
    person.write('there', { '.DS_Store': '' });
    expect((await pull('shards@2')).stdout).toBe(`pulled shards@2 into ${there()}: 2 files, 3 B, checksums verified, ${signed}\n`);
  });
});

describe('pull --exact', () => {
  test('removes exactly the files of earlier pulls, and the folders that become empty', async () => {
    await pull('shards@1');
    person.write('there', { 'mine.bin': 'm', 'mine/notes.txt': 'n' });
    const { exitCode, stdout } = await pull('shards@2', '--exact');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('; removed 3 files from earlier pulls; 2 other files in this folder\n');
    expect(files()).toEqual(['config.json', 'mine.bin', 'mine/notes.txt', 'model.bin']);
    expect(existsSync(person.path('there', 'old'))).toBe(false);
  });

  test('also removes them after a pull without --exact, and across several versions', async () => {
    await person.run('push', person.write('third', { 'third.bin': '3' }), 'shards@3');
    await pull('shards@1');
    await pull('shards@2');
    await pull('shards@3', '--exact');
    expect(files()).toEqual(['third.bin']);
    expect(await person.run('verify', there())).toMatchObject({ exitCode: 0 });
  });

  test('removes nothing from a folder that was never pulled into', async () => {
    person.write('there', OLD);
    const { exitCode, stdout } = await pull('shards@2', '--exact');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('; 3 other files in this folder\n');
    expect(files()).toHaveLength(5);
  });

  test('removes nothing before the new version is complete', async () => {
    await pull('shards@1');
    person.store.intercept = ({ method, url }) => (
      method === 'GET' && url.pathname.startsWith('/bucket/') ? { status: 200, body: 'x', headers: { 'content-length': '1' } } : undefined);
    expect(await pull('shards@2', '--exact')).toMatchObject({ exitCode: 5 });
    expect(files()).toEqual(Object.keys(OLD).sort());
    // The second pull did not complete, so the record of the first one remains.
    person.store.intercept = undefined;
    expect(await pull('shards@2', '--exact')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('removed 3 files') });
    expect(files()).toEqual(['config.json', 'model.bin']);
  });

  test('refuses to remove files that were changed, before it changes anything; --force removes them', async () => {
    await pull('shards@1');
    appendFileSync(person.path('there', 'model-00001-of-00002.bin'), 'more');
    rmSync(person.path('there', 'old/vocab.txt'));
    symlinkSync(person.path('old', 'old/vocab.txt'), person.path('there', 'old/vocab.txt'));
    const before = person.read('there');
    const { exitCode, stderr } = await pull('shards@2', '--exact');
    expect(exitCode).toBe(4);
    expect(stderr).toContain('; nothing was changed\n');
    expect(stderr).toContain('model-00001-of-00002.bin: was pulled with shards@1, but has 6 bytes, 2 in the version\n');
    expect(stderr).toContain('old/vocab.txt: was pulled with shards@1, but is a symbolic link\n');
    expect(stderr).toContain('or use --force to remove them.');
    expect(person.read('there')).toEqual(before);

    expect(await pull('shards@2', '--exact', '--force')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('removed 3 files') });
    expect(files()).toEqual(['config.json', 'model.bin']);
    // The link was removed, but not its target.
    expect(readFileSync(person.path('old', 'old/vocab.txt'), 'utf8')).toBe('v');
  });

  test('never follows a symbolic link that replaced a folder', async () => {
    await pull('shards@1');
    renameSync(person.path('there', 'old'), person.path('elsewhere'));
    symlinkSync(person.path('elsewhere'), person.path('there', 'old'));
    expect(await pull('shards@2', '--exact', '--force')).toMatchObject({ exitCode: 0 });
    expect(readFileSync(person.path('elsewhere', 'vocab.txt'), 'utf8')).toBe('v');
  });

  test('keeps a folder that replaced a file', async () => {
    await pull('shards@1');
    rmSync(person.path('there', 'model-00001-of-00002.bin'));
    mkdirSync(person.path('there', 'model-00001-of-00002.bin'));
    expect(await pull('shards@2', '--exact', '--force')).toMatchObject({ exitCode: 0 });
    expect(existsSync(person.path('there', 'model-00001-of-00002.bin'))).toBe(true);
  });

  test('never removes anything outside the folder, even with a forged record', async () => {
    await pull('shards@1');
    const record = person.path('there', '.model-store', 'pulled.json');
    const outside = person.path('outside.bin');
    writeFileSync(outside, 'x');
    const written = JSON.parse(readFileSync(record, 'utf8')) as { manifest: { files: { path: string }[] } };
    const [{ path: _, ...file }] = written.manifest.files;
    for (const path of ['../outside.bin', outside, '.model-store/pulled.json', 'a/../../outside.bin', '']) {
      written.manifest.files.push({ ...file, path });
    }
    written.manifest.files.push(null as never, 1 as never);
    writeFileSync(record, JSON.stringify(written));
    expect(await pull('shards@2', '--exact', '--force')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('removed 3 files') });
    expect(existsSync(outside)).toBe(true);
  });

  test.each(['null', '[]', '{', '{"schemaVersion":1}', '{"schemaVersion":1,"manifest":{"files":{}},"earlierFiles":7}'])(
    'succeeds if the record of the last pull is damaged (%s), and removes nothing', async (text) => {
      await pull('shards@1');
      writeFileSync(person.path('there', '.model-store', 'pulled.json'), text);
      expect(await person.run('verify', there())).toMatchObject({ exitCode: 5, stderr: expect.not.stringContaining('bug') });
      expect(await pull('shards@2', '--exact')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('; 3 other files in this folder\n') });
    });

  (process.getuid?.() === 0 ? test.skip : test)('counts a folder that cannot be read as one entry', async () => {
    person.write('there/closed', { 'a.bin': 'a' });
    chmodSync(person.path('there', 'closed'), 0);
    expect((await pull('shards@2')).stdout).toContain('; more than 1 other file');
    chmodSync(person.path('there', 'closed'), 0o755);
  });
});

test('without a folder, the version is pulled into a folder named after the model', async () => {
  const before = process.cwd();
  process.chdir(person.home);
  try {
    expect(await person.run('pull', 'shards@2')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('pulled shards@2 into shards: 2 files') });
  } finally {
    process.chdir(before);
  }
  expect(readFileSync(person.path('shards', 'model.bin'), 'utf8')).toBe('n');
});
