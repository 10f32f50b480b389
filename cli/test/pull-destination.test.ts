import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { Person } from './person';

let person: Person;
beforeEach(async () => { person = await new Person().arrive(); });
afterEach(async () => person.leave());

describe('what is in the way', () => {
  test('files that are the same are kept and not fetched', async () => {
    await person.publish({ 'a.bin': 'a', 'b.bin': 'b' });
    person.write('there', { 'a.bin': 'a' });
    const before = statSync(person.path('there', 'a.bin')).ino;
    expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('1 file already present') });
    expect(person.store.transfers('GET')).toHaveLength(1);
    expect(statSync(person.path('there', 'a.bin')).ino).toBe(before);
  });

  test('files that differ are refused, all of them named, and nothing is touched', async () => {
    await person.publish({ 'a.bin': 'a', 'b.bin': 'b', 'c/d.bin': 'd' });
    person.write('there', { 'a.bin': 'x', 'b.bin': 'longer', c: 'a file' });
    const { exitCode, stderr } = await person.run('pull', 'fraud@1', person.path('there'));
    expect(exitCode).toBe(4);
    expect(stderr).toContain('a.bin: has different content');
    expect(stderr).toContain('b.bin: has 6 bytes, 1 in the version');
    expect(stderr).toContain('c/d.bin: cannot be written: "c" is a file or a symbolic link');
    expect(person.read('there')).toEqual({ 'a.bin': 'x', 'b.bin': 'longer', c: 'a file' });
  });

  test('with --force they are replaced', async () => {
    await person.publish({ 'a.bin': 'a', 'b.bin': 'b' });
    person.write('there', { 'a.bin': 'x' });
    expect(await person.run('pull', 'fraud@1', person.path('there'), '--force')).toMatchObject({ exitCode: 0 });
    expect(person.read('there')).toMatchObject({ 'a.bin': 'a', 'b.bin': 'b' });
  });

  test('a symbolic link below the destination is never followed, not even with --force', async () => {
    await person.publish({ 'sub/a.bin': 'a', 'b.bin': 'b' });
    person.write('elsewhere', { 'b.bin': 'mine' });
    mkdirSync(person.path('there'));
    symlinkSync(person.path('elsewhere'), person.path('there', 'sub'));
    symlinkSync(person.path('elsewhere', 'b.bin'), person.path('there', 'b.bin'));
    expect(await person.run('pull', 'fraud@1', person.path('there'), '--force')).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('sub/a.bin') });
    expect(person.read('elsewhere')).toEqual({ 'b.bin': 'mine' });
  });

  test('with --force a link in the place of a file is replaced, what it leads to stays', async () => {
    await person.publish({ 'b.bin': 'b' });
    person.write('elsewhere', { 'b.bin': 'mine' });
    mkdirSync(person.path('there'));
    symlinkSync(person.path('elsewhere', 'b.bin'), person.path('there', 'b.bin'));
    expect(await person.run('pull', 'fraud@1', person.path('there'), '--force')).toMatchObject({ exitCode: 0 });
    expect(person.read('elsewhere')).toEqual({ 'b.bin': 'mine' });
    expect(person.read('there')).toMatchObject({ 'b.bin': 'b' });
  });

  test.each(['there', 'there/below'])('a file at the place of a folder is told before a link is asked for (%s)', async (folder) => {
    await person.publish({ 'a.bin': 'a' });
    person.write('.', { there: 'a file' });
    expect(await person.run('pull', 'fraud@1', person.path(folder))).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('(unwritable_folder)') });
    expect(person.store.calls('downloadLinks')).toEqual([]);
  });

  test('a records folder that is a link is refused', async () => {
    await person.publish({ 'a.bin': 'a' });
    person.write('elsewhere', {});
    mkdirSync(person.path('there'));
    symlinkSync(person.path('elsewhere'), person.path('there', '.model-store'));
    expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 4 });
    expect(readdirSync(person.path('elsewhere'))).toEqual([]);
  });

  test('another pull into the same folder is waited for by nobody: it is refused', async () => {
    await person.publish({ 'a.bin': 'a' });
    const marker = { model: 'fraud', version: '0', startedAt: '2026-01-01T00:00:00Z', processId: process.ppid, host: hostname() };
    person.write('there', { '.model-store/pulling.json': JSON.stringify(marker) });
    expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('(busy)') });
  });
});

describe('a manifest that cannot be trusted', () => {
  test.each<[string, string]>([
    ['../escaped', 'could lead out of the model folder'],
    ['/etc/cron.d/escaped', 'is absolute'],
    ['C:/escaped', 'is absolute'],
    ['sub/../../escaped', 'could lead out of the model folder'],
    ['back\\slash', 'contains a backslash'],
    ['.model-store/pulled.json', 'where model-store keeps its records'],
    ['.Model-Store/pulled.json', 'where model-store keeps its records'],
  ])('with the path %s writes nothing at all', async (path, told) => {
    await person.publish({ 'a.bin': 'a' });
    person.store.tamper('fraud@1', ([file]) => [file, { ...file, path }]);
    const { exitCode, stderr } = await person.run('pull', 'fraud@1', person.path('there'));
    expect(exitCode).toBe(5);
    expect(stderr).toContain(told);
    expect(existsSync(person.path('there'))).toBe(false);
    expect(existsSync(person.path('escaped'))).toBe(false);
  });

  test('of another version than was asked for is refused', async () => {
    const manifest = await person.publish({ 'a.bin': 'a' });
    person.store.manifests.set('fraud@1', { ...manifest, version: '0.9' });
    expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('  version: is "0.9", not "1"\n') });
  });

  test('with names that Windows cannot hold is refused on Windows, all of them named', async () => {
    await person.run('push', person.write('model', { 'con.txt': 'a', 'aa:b': 'b', 'dot.': 'c', 'fine.txt': 'd' }), 'fraud@1', '--allow-unsafe-names');
    person.platform = 'win32';
    const { exitCode, stderr } = await person.run('pull', 'fraud@1', person.path('there'));
    expect(exitCode).toBe(5);
    for (const told of ['con.txt: ', 'aa:b: ', 'dot.: ']) {
      expect(stderr).toContain(told);
    }
    expect(stderr).not.toContain('fine.txt');
  });
});
