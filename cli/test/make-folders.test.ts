import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Person } from './person';
import { describeFault } from '../src/runtime/describe-fault';
import { makeFolders } from '../src/runtime/make-folders';

let home: string;
beforeEach(() => { home = mkdtempSync(join(tmpdir(), 'folders-')); });
afterEach(() => rmSync(home, { recursive: true, force: true }));

test('folders are created with their parents, concurrently and repeatedly', async () => {
  const path = join(home, 'a/b/c');
  await Promise.all([makeFolders(path), makeFolders(path), makeFolders(join(home, 'a/b/d'))]);
  await makeFolders(path);
  expect(readdirSync(join(home, 'a/b'))).toEqual(['c', 'd']);
});

test('a conflicting file is reported with the system error', async () => {
  writeFileSync(join(home, 'file'), '');
  await expect(makeFolders(join(home, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(makeFolders(join(home, 'file/below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});

const withProc = existsSync('/proc/self') ? test : test.skip;

withProc.each([
  '/proc/x', '/proc/x/y/z',
])('a pull into %s, where no folder can be created, fails and names the folder', async (folder) => {
  const person = await new Person().arrive();
  await person.publish({ 'a.bin': 'a' });
  const { exitCode, stderr } = await person.run('pull', 'fraud@1', folder);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`model-store: cannot create the folder ${folder}\n  /proc/x: no folder can be created in /proc\nPull into another folder.\n`);
  await person.leave();
});

test.each(['ESTALE', 'ENOTCONN'])('a lost mount (%s) is explained', (code) => {
  expect(describeFault(Object.assign(new Error('stat'), { code }))).toBe('its mount no longer responds; mount it again');
});

test('the command never uses the recursive mkdir of Node.js, which does not return in such places', () => {
  const source = join(__dirname, '../src');
  const using = (readdirSync(source, { recursive: true }) as string[])
    .filter((path) => statSync(join(source, path)).isFile())
    .filter((path) => /\bmkdir(Sync)?\([^;]*recursive/.test(readFileSync(join(source, path), 'utf8')));
  expect(using).toEqual([]);
});
