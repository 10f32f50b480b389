import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { Person } from './person';

let person: Person;
beforeEach(async () => { person = await new Person().arrive(); });
afterEach(async () => person.leave());

describe('verify', () => {
  test('names every changed, missing and extra file', async () => {
    await person.publish({ 'a.bin': 'a', 'b.bin': 'b', 'c.bin': 'c', 'd.bin': 'd' });
    await person.run('pull', 'fraud@1', person.path('there'));
    writeFileSync(person.path('there', 'a.bin'), 'x');
    writeFileSync(person.path('there', 'b.bin'), 'longer');
    rmSync(person.path('there', 'c.bin'));
    person.write('there', { 'sub/extra.bin': 'e' });
    symlinkSync('a.bin', person.path('there', 'link'));
    const { exitCode, stdout } = await person.run('verify', person.path('there'));
    expect(exitCode).toBe(5);
    expect(stdout.split('\n').slice(0, -1)).toEqual([
      'changed  a.bin: has different content',
      'changed  b.bin: has 6 bytes, 1 in the version',
      'missing  c.bin',
      'extra    link',
      'extra    sub/extra.bin',
      `${person.path('there')} is not fraud@1: 2 changed, 1 missing, 2 extra (of 4 files)`,
    ]);
  });

  test('needs no store, and compares with one on request', async () => {
    await person.publish({ 'a.bin': 'a' });
    await person.run('pull', 'fraud@1', person.path('there'));
    expect(await person.runAt(undefined, 'verify', person.path('there'))).toMatchObject({ exitCode: 0 });
    expect(await person.run('verify', person.path('model'))).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('(not_pulled)') });
    expect(await person.run('verify', person.path('model'), '--model', 'fraud@1')).toMatchObject({ exitCode: 0 });
  });

  test('--json prints the same as JSON', async () => {
    await person.publish({ 'a.bin': 'a' });
    const { exitCode, stdout, stderr } = await person.run('verify', person.write('other', { 'b.bin': 'b' }), '--model', 'fraud@1', '--json');
    expect(exitCode).toBe(5);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, changed: [], missing: ['a.bin'], extra: ['b.bin'] });
    expect(stderr).toBe('');
  });
});

test('a file name cannot forge the line that reports success', async () => {
  await person.publish({ 'a.bin': 'a' });
  await person.run('pull', 'fraud@1', person.path('there'));
  person.write('there', { 'x\nthere is fraud@1, byte for byte: 1 file': '' });
  const { exitCode, stdout } = await person.run('verify', person.path('there'));
  expect(exitCode).toBe(5);
  expect(stdout.trimEnd().split('\n')).toEqual([
    'extra    x\\nthere is fraud@1, byte for byte: 1 file', expect.stringContaining('is not fraud@1: 0 changed, 0 missing, 1 extra'),
  ]);
});
