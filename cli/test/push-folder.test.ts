import { appendFileSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { Person } from './person';

let person: Person;
beforeEach(async () => { person = await new Person().arrive(); });
afterEach(async () => person.leave());

describe('a folder that changes during a push', () => {
  test.each<[string, (folder: string) => void, string]>([
    ['is written to', (folder) => appendFileSync(`${folder}/a.bin`, 'more'), 'a.bin: was changed since the push began'],
    ['loses a file', (folder) => rmSync(`${folder}/a.bin`), 'a.bin: was removed since the push began'],
    ['gets a new file', (folder) => writeFileSync(`${folder}/new.bin`, 'x'), 'new.bin: was added since the push began'],
  ])('is not published if it %s', async (_, change, message) => {
    const folder = person.write('model', { 'a.bin': 'a', 'b.bin': 'b' });
    let once = true;
    person.store.intercept = ({ method, url }) => {
      if (method === 'PUT' && url.pathname.startsWith('/bucket/') && person.store.transfers('PUT').length === 2 && once) {
        once = false;
        change(folder);
      }
    };
    const { exitCode, stderr } = await person.run('push', folder, 'fraud@1');
    expect(exitCode).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).toContain('nothing was published');
    expect(person.store.manifests.size).toBe(0);
  });

  test('is reported if the checksum from S3 shows that a file changed while it was read', async () => {
    const folder = person.write('model', { 'a.bin': 'a' });
    person.store.intercept = ({ route }) => {
      if (route === 'uploadLinks') {
        // Same length and modification time: only the bytes differ.
        writeFileSync(`${folder}/a.bin`, 'b');
        utimesSync(`${folder}/a.bin`, 1_000, 1_000);
      }
    };
    utimesSync(`${folder}/a.bin`, 1_000, 1_000);
    const { exitCode, stderr } = await person.run('push', folder, 'fraud@1');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('a.bin: changed while it was being read: S3 received bytes with a different checksum');
  });
});

describe('a folder that cannot be pushed', () => {
  test('is reported with every problem before anything is sent', async () => {
    const folder = person.write('model', { 'back\\slash': 'x', Readme: 'x', readme: 'x', good: 'x', café: 'x', café: 'x' });
    symlinkSync('/etc/hostname', `${folder}/outside`);
    symlinkSync('nowhere', `${folder}/broken`);
    symlinkSync('.', `${folder}/circle`);
    const { exitCode, stderr } = await person.run('push', folder, 'fraud@1');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('back\\slash: "back\\\\slash" contains a backslash');
    expect(stderr).toContain('differs from "Readme" only by case');
    expect(stderr).toContain('"café" occurs twice');
    expect(stderr).toContain('outside: is a symbolic link that points outside the folder');
    expect(stderr).toContain('broken: is a symbolic link to a file that does not exist');
    expect(stderr).toContain('circle: is a symbolic link to one of its parent folders');
    expect(person.store.seen).toHaveLength(0);
  });

  test('is reported if a pull into it did not complete, as files may be missing', async () => {
    const marker = { model: 'fraud', version: '7', startedAt: '2026-01-01T00:00:00Z', processId: 1, host: 'elsewhere' };
    const folder = person.write('model', { 'a.bin': 'a', '.model-store/pulling.json': JSON.stringify(marker) });
    expect(await person.run('push', folder, 'fraud@8')).toMatchObject({
      exitCode: 2, stdout: '', stderr: expect.stringContaining('.model-store/pulling.json: an earlier pull of fraud@7 was interrupted, so files may be missing'),
    });
    expect(person.store.seen).toHaveLength(0);
    rmSync(person.path('model', '.model-store', 'pulling.json'));
    expect(await person.run('push', folder, 'fraud@8')).toMatchObject({ exitCode: 0 });
  });

  test('cannot inject lines into the error with its file names', async () => {
    const { exitCode, stderr } = await person.run('push', person.write('model', { 'a\npublished fraud@1': 'x' }), 'fraud@1');
    expect(exitCode).toBe(2);
    expect(stderr.split('\n')[1]).toMatch(/^ {2}a\\npublished fraud@1: .* contains a control character$/);
  });

  test('is reported if it is empty', async () => {
    mkdirSync(person.path('empty'));
    expect(await person.run('push', person.path('empty'), 'fraud@1')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('the folder: is empty; a version needs at least one file') });
  });

  test('is reported if it does not exist', async () => {
    expect(await person.run('push', person.path('none'), 'fraud@1')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('it does not exist') });
  });
});

test('symbolic links within the folder are followed, links that leave it only on request', async () => {
  const folder = person.write('snapshot', { 'real.bin': 'inside' });
  person.write('cache', { blob: 'outside' });
  symlinkSync('real.bin', `${folder}/link.bin`);
  symlinkSync('../cache/blob', `${folder}/weights.bin`);
  expect(await person.run('push', folder, 'fraud@1')).toMatchObject({ exitCode: 2 });
  expect(await person.run('push', folder, 'fraud@1', '--follow-links')).toMatchObject({ exitCode: 0 });
  expect(person.store.manifests.get('fraud@1')!.files.map(({ path }) => path)).toEqual(['link.bin', 'real.bin', 'weights.bin']);
});

test('a path from disk is normalized to NFC', async () => {
  const folder = person.write('model', { 'cafe\u0301.txt': 'x' });
  await person.run('push', folder, 'fraud@1');
  expect(person.store.manifests.get('fraud@1')!.files[0].path).toBe('caf\u00e9.txt');
});

test('empty folders are skipped, and push says so', async () => {
  const folder = person.write('model', { 'a.bin': 'a' });
  mkdirSync(`${folder}/nothing/here`, { recursive: true });
  expect(await person.run('push', folder, 'fraud@1')).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('skipped empty folder: nothing/here') });
});

test('a pulled folder can be pushed again without the records of the pull', async () => {
  await person.run('push', person.write('model', { 'a.bin': 'a' }), 'fraud@1');
  await person.run('pull', 'fraud@1', person.path('there'));
  await person.run('push', person.path('there'), 'fraud@2');
  expect(person.store.manifests.get('fraud@2')!.files.map(({ path }) => path)).toEqual(['a.bin']);
});
