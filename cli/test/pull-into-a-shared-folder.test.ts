import { appendFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { Person } from './person';
import { inspect } from '../src/folder/destination';
import { Records } from '../src/folder/pull-record';
import { unwritable } from '../src/folder/unwritable';
import { EXIT } from '../src/runtime/failure';

let person: Person;
beforeEach(async () => {
  person = await new Person().arrive();
  expect(await person.run('push', person.write('model', { 'a.bin': 'a', 'b.bin': 'b' }), 'fraud@1')).toMatchObject({ exitCode: 0 });
  person.store.forget();
});
afterEach(async () => person.leave());

/** Changes the folder while the first file is downloaded. */
function meanwhile(act: () => void): void {
  let acted = false;
  person.store.intercept = ({ method, url }) => {
    if (!acted && method === 'GET' && url.pathname.startsWith('/bucket/')) {
      acted = true;
      act();
    }
    return undefined;
  };
}

const filesThere = () => Object.fromEntries(Object.entries(person.read('there')).filter(([path]) => !path.startsWith('.model-store/')));

test('a file that is added during the pull is reported and not replaced', async () => {
  meanwhile(() => writeFileSync(person.path('there', 'b.bin'), 'of somebody else'));
  const { exitCode, stdout, stderr } = await person.run('pull', 'fraud@1', person.path('there'));
  expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
  expect(stderr).toContain('changed during the pull; no files were moved into it\n  b.bin: was added');
  expect(filesThere()).toEqual({ 'b.bin': 'of somebody else' });
  expect(await person.run('verify', person.path('there'))).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('did not finish') });

  expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('(destination_differs)') });
  rmSync(person.path('there', 'b.bin'));
  person.store.forget();
  expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 0 });
  expect(person.store.transfers('GET')).toEqual([]);
});

test.each([
  ['changed', () => appendFileSync(person.path('there', 'a.bin'), 'more'), 'a.bin: was changed'],
  ['removed', () => rmSync(person.path('there', 'a.bin')), 'a.bin: was removed'],
])('an existing file that is %s during the pull is not reported as part of the version', async (_, act, message) => {
  person.write('there', { 'a.bin': 'a' });
  meanwhile(act);
  expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({
    exitCode: 4, stdout: '', stderr: expect.stringContaining(message),
  });
});

test('of two pulls that start at the same time, one fails', async () => {
  const records = new Records(person.write('there', {}), { platform: process.platform, sleep: async () => {}, signal: new AbortController().signal });
  const marker = { model: 'fraud', version: '1', startedAt: '2026-01-01T00:00:00Z' };
  const other = JSON.stringify({ ...marker, version: '2', processId: process.ppid, host: hostname() });
  await expect(records.start(marker, person.store.manifests.get('fraud@1')!, async () => { person.write('there', { '.model-store/pulling.json': other }); }))
    .rejects.toMatchObject({ code: 'busy', message: expect.stringContaining('fraud@2') });
  expect(person.read('there')['.model-store/pulling.json']).toBe(other);
});

test.each([
  ['grows', () => appendFileSync(person.path('there', 'a.bin'), 'more'), 'is being changed'],
  ['becomes a link', () => { unlinkSync(person.path('there', 'a.bin')); symlinkSync('b.bin', person.path('there', 'a.bin')); }, 'is a symbolic link'],
  ['disappears', () => unlinkSync(person.path('there', 'a.bin')), 'cannot be read: it does not exist'],
])('a file that %s during the comparison is reported, without advice to push', async (_, act, message) => {
  const root = person.write('there', { 'a.bin': 'a', 'b.bin': 'x' });
  const { standings, problems } = await inspect(root, person.store.manifests.get('fraud@1')!.files, {
    signal: new AbortController().signal,
    begin: () => {
      act();
      return { add: () => {}, expect: () => {}, end: () => {} };
    },
  });
  expect(standings).toEqual(['different', 'different']);
  expect(problems).toEqual([
    { field: 'a.bin', message, blocked: false }, { field: 'b.bin', message: 'has different content', blocked: false },
  ]);
});

describe('a folder that cannot be written to', () => {
  test('is named with the next step, and the pull can be resumed later', async () => {
    const [{ digest }] = person.store.manifests.get('fraud@1')!.files;
    person.write(`there/.model-store/partial/${digest}`, {});
    const { exitCode, stderr } = await person.run('pull', 'fraud@1', person.path('there'));
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`model-store: cannot write to ${person.path('there')}\n  ${person.path('there/.model-store/partial', digest)}: EISDIR`);
    rmSync(person.path('there/.model-store/partial', digest), { recursive: true });
    expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 0 });
  });

  test.each([
    ['EACCES', EXIT.USAGE, 'permission denied'],
    ['EROFS', EXIT.USAGE, 'the file system is read-only'],
    ['EIO', EXIT.FAILURE, 'i/o error'],
  ])('because of %s is exit code %d', (code, exitCode, message) => {
    const fault = Object.assign(new Error('i/o error'), { code, syscall: 'rename', path: '/there/.model-store/x', dest: '/there/a.bin' });
    expect(unwritable('/there', fault)).toMatchObject({ code: 'unwritable_folder', exitCode, details: [{ field: '/there/a.bin', message }] });
  });

  test('because the disk is full says so, even while the record is written', () => {
    expect(unwritable('/there', Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write' })))
      .toMatchObject({ message: 'the disk of the destination is full', exitCode: EXIT.FAILURE, hint: expect.stringContaining('Free up space') });
  });
});
