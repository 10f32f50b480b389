import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { Person } from './person';

let person: Person;
beforeEach(async () => { person = await new Person().arrive(); });
afterEach(async () => person.leave());

describe('existing files at the destination', () => {
  test('are kept and not downloaded if they are identical', async () => {
    await person.publish({ 'a.bin': 'a', 'b.bin': 'b' });
    person.write('there', { 'a.bin': 'a' });
    const before = statSync(person.path('there', 'a.bin')).ino;
    expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('1 file already present') });
    expect(person.store.transfers('GET')).toHaveLength(1);
    expect(statSync(person.path('there', 'a.bin')).ino).toBe(before);
  });

  test('are all named if they differ, and nothing is changed', async () => {
    await person.publish({ 'a.bin': 'a', 'b.bin': 'b', 'c/d.bin': 'd' });
    person.write('there', { 'a.bin': 'x', 'b.bin': 'longer', c: 'a file' });
    const { exitCode, stderr } = await person.run('pull', 'fraud@1', person.path('there'));
    expect(exitCode).toBe(4);
    expect(stderr).toContain('a.bin: has different content');
    expect(stderr).toContain('b.bin: has 6 bytes, 1 in the version');
    expect(stderr).toContain('c/d.bin: cannot be written: "c" is a file or a symbolic link');
    expect(person.read('there')).toEqual({ 'a.bin': 'x', 'b.bin': 'longer', c: 'a file' });
  });

  test('are replaced with --force', async () => {
    await person.publish({ 'a.bin': 'a', 'b.bin': 'b' });
    person.write('there', { 'a.bin': 'x' });
    expect(await person.run('pull', 'fraud@1', person.path('there'), '--force')).toMatchObject({ exitCode: 0 });
    expect(person.read('there')).toMatchObject({ 'a.bin': 'a', 'b.bin': 'b' });
  });

  test('are never written through a symbolic link, even with --force', async () => {
    await person.publish({ 'sub/a.bin': 'a', 'b.bin': 'b' });
    person.write('elsewhere', { 'b.bin': 'mine' });
    mkdirSync(person.path('there'));
    symlinkSync(person.path('elsewhere'), person.path('there', 'sub'));
    symlinkSync(person.path('elsewhere', 'b.bin'), person.path('there', 'b.bin'));
    expect(await person.run('pull', 'fraud@1', person.path('there'), '--force')).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('sub/a.bin') });
    expect(person.read('elsewhere')).toEqual({ 'b.bin': 'mine' });
  });

  test('are replaced with --force if they are symbolic links; the targets stay', async () => {
    await person.publish({ 'b.bin': 'b' });
    person.write('elsewhere', { 'b.bin': 'mine' });
    mkdirSync(person.path('there'));
    symlinkSync(person.path('elsewhere', 'b.bin'), person.path('there', 'b.bin'));
    expect(await person.run('pull', 'fraud@1', person.path('there'), '--force')).toMatchObject({ exitCode: 0 });
    expect(person.read('elsewhere')).toEqual({ 'b.bin': 'mine' });
    expect(person.read('there')).toMatchObject({ 'b.bin': 'b' });
  });

  test.each([
    'there', 'there/below',
  ])('that conflict with a folder are reported before presigned URLs are requested (%s)', async (folder) => {
    await person.publish({ 'a.bin': 'a' });
    person.write('.', { there: 'a file' });
    expect(await person.run('pull', 'fraud@1', person.path(folder))).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('(unwritable_folder)') });
    expect(person.store.calls('downloadLinks')).toEqual([]);
  });

  test('a .model-store folder that is a symbolic link is rejected', async () => {
    await person.publish({ 'a.bin': 'a' });
    person.write('elsewhere', {});
    mkdirSync(person.path('there'));
    symlinkSync(person.path('elsewhere'), person.path('there', '.model-store'));
    expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 4 });
    expect(readdirSync(person.path('elsewhere'))).toEqual([]);
  });

  test('a second pull into the same folder fails instead of waiting', async () => {
    await person.publish({ 'a.bin': 'a' });
    const marker = { model: 'fraud', version: '0', startedAt: '2026-01-01T00:00:00Z', processId: process.ppid, host: hostname() };
    person.write('there', { '.model-store/pulling.json': JSON.stringify(marker) });
    expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('(busy)') });
  });
});

describe('an untrusted manifest', () => {
  test.each<[string, string]>([
    ['../escaped', 'could lead out of the model folder'],
    ['/etc/cron.d/escaped', 'is absolute'],
    ['C:/escaped', 'is absolute'],
    ['sub/../../escaped', 'could lead out of the model folder'],
    ['back\\slash', 'contains a backslash'],
    ['.model-store/pulled.json', 'where model-store keeps its records'],
    ['.Model-Store/pulled.json', 'where model-store keeps its records'],
  ])('with the path %s writes nothing at all', async (path, message) => {
    await person.publish({ 'a.bin': 'a' });
    person.store.tamper('fraud@1', ([file]) => [file, { ...file, path }]);
    const { exitCode, stderr } = await person.run('pull', 'fraud@1', person.path('there'));
    expect(exitCode).toBe(5);
    expect(stderr).toContain(message);
    expect(existsSync(person.path('there'))).toBe(false);
    expect(existsSync(person.path('escaped'))).toBe(false);
  });

  test('for a different version is rejected', async () => {
    const manifest = await person.publish({ 'a.bin': 'a' });
    person.store.manifests.set('fraud@1', { ...manifest, version: '0.9' });
    expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('  version: is "0.9", not "1"\n') });
  });

  test('with names that Windows cannot store is rejected on Windows, with all of the names', async () => {
    await person.run('push', person.write('model', { 'con.txt': 'a', 'aa:b': 'b', 'dot.': 'c', 'fine.txt': 'd' }), 'fraud@1', '--allow-unsafe-names');
    person.platform = 'win32';
    const { exitCode, stderr } = await person.run('pull', 'fraud@1', person.path('there'));
    expect(exitCode).toBe(5);
    for (const message of ['con.txt: ', 'aa:b: ', 'dot.: ']) {
      expect(stderr).toContain(message);
    }
    expect(stderr).not.toContain('fine.txt');
  });
});
