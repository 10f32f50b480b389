import { appendFileSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { Person } from './person';

let person: Person;
beforeEach(async () => { person = await new Person().arrive(); });
afterEach(async () => person.leave());

describe('a folder that changes', () => {
  test.each<[string, (folder: string) => void, string]>([
    ['is written to', (folder) => appendFileSync(`${folder}/a.bin`, 'more'), 'a.bin: was changed since the push began'],
    ['loses a file', (folder) => rmSync(`${folder}/a.bin`), 'a.bin: was removed since the push began'],
    ['gets a new file', (folder) => writeFileSync(`${folder}/new.bin`, 'x'), 'new.bin: was added since the push began'],
  ])('is not published when it %s while it is pushed', async (_, change, told) => {
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
    expect(stderr).toContain(told);
    expect(stderr).toContain('nothing was published');
    expect(person.store.manifests.size).toBe(0);
  });

  test('bytes that S3 finds to be others than announced mean that the file changed while it was read', async () => {
    const folder = person.write('model', { 'a.bin': 'a' });
    person.store.intercept = ({ route }) => {
      if (route === 'uploadLinks') {
        // Same length, same modification time: only the bytes tell.
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
  test('is told with everything that is wrong with it, before anything is sent', async () => {
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

  test('is one that a pull did not end in: files may be missing', async () => {
    const marker = { model: 'fraud', version: '7', startedAt: '2026-01-01T00:00:00Z', processId: 1, host: 'elsewhere' };
    const folder = person.write('model', { 'a.bin': 'a', '.model-store/pulling.json': JSON.stringify(marker) });
    expect(await person.run('push', folder, 'fraud@8')).toMatchObject({
      exitCode: 2, stdout: '', stderr: expect.stringContaining('.model-store/pulling.json: an earlier pull of fraud@7 was interrupted, so files may be missing'),
    });
    expect(person.store.seen).toHaveLength(0);
    rmSync(person.path('model', '.model-store', 'pulling.json'));
    expect(await person.run('push', folder, 'fraud@8')).toMatchObject({ exitCode: 0 });
  });

  test('is told in lines of ours, whatever its files are called', async () => {
    const { exitCode, stderr } = await person.run('push', person.write('model', { 'a\npublished fraud@1': 'x' }), 'fraud@1');
    expect(exitCode).toBe(2);
    expect(stderr.split('\n')[1]).toMatch(/^ {2}a\\npublished fraud@1: .* contains a control character$/);
  });

  test('an empty one is refused', async () => {
    mkdirSync(person.path('empty'));
    expect(await person.run('push', person.path('empty'), 'fraud@1')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('the folder: is empty; a version needs at least one file') });
  });

  test('a folder that is not there is refused', async () => {
    expect(await person.run('push', person.path('none'), 'fraud@1')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('it does not exist') });
  });
});

test('links inside the folder are followed, links to the outside only when asked for', async () => {
  const folder = person.write('snapshot', { 'real.bin': 'inside' });
  person.write('cache', { blob: 'outside' });
  symlinkSync('real.bin', `${folder}/link.bin`);
  symlinkSync('../cache/blob', `${folder}/weights.bin`);
  expect(await person.run('push', folder, 'fraud@1')).toMatchObject({ exitCode: 2 });
  expect(await person.run('push', folder, 'fraud@1', '--follow-links')).toMatchObject({ exitCode: 0 });
  expect(person.store.manifests.get('fraud@1')!.files.map(({ path }) => path)).toEqual(['link.bin', 'real.bin', 'weights.bin']);
});

test('a path from disk is normalised to NFC', async () => {
  const folder = person.write('model', { 'cafe\u0301.txt': 'x' });
  await person.run('push', folder, 'fraud@1');
  expect(person.store.manifests.get('fraud@1')!.files[0].path).toBe('caf\u00e9.txt');
});

test('empty folders are left out, and it says so', async () => {
  const folder = person.write('model', { 'a.bin': 'a' });
  mkdirSync(`${folder}/nothing/here`, { recursive: true });
  expect(await person.run('push', folder, 'fraud@1')).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('skipped empty folder: nothing/here') });
});

test('a pulled folder can be pushed again: the records of the pull are not part of it', async () => {
  await person.run('push', person.write('model', { 'a.bin': 'a' }), 'fraud@1');
  await person.run('pull', 'fraud@1', person.path('there'));
  await person.run('push', person.path('there'), 'fraud@2');
  expect(person.store.manifests.get('fraud@2')!.files.map(({ path }) => path)).toEqual(['a.bin']);
});
