import { chmodSync, existsSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Person } from './person';
import { inRecordFolder } from '../../src/contract/path-rules';
import { progressStyle } from '../src/commands/terminal';
import { localPathProblem } from '../src/folder/local-path';
import { expandHome } from '../src/runtime/home';
import { moveFile } from '../src/runtime/move-file';

let person: Person;
beforeEach(async () => { person = await new Person().arrive(); });
afterEach(async () => person.leave());

const paths = (reference: string) => person.store.manifests.get(reference)!.files.map(({ path }) => path);
const APPLE_DOUBLE = Buffer.concat([Buffer.from([0, 5, 22, 7, 0, 2, 0, 0]), Buffer.from('Mac OS X        ')]);

async function verification(folder: string, ...args: string[]) {
  const { exitCode, stdout, stderr } = await person.run('verify', folder, '--json', ...args);
  return { exitCode, ...(stdout === '' ? { stderr } : JSON.parse(stdout) as { extra: string[]; missing: string[]; changed: object[]; ignored: string[] }) };
}

describe('files that Finder and Explorer create', () => {
  const OF_THE_SYSTEM = { '.DS_Store': 'finder', 'tokenizer/.DS_Store': 'finder', 'Thumbs.db': 'explorer', 'desktop.ini': 'explorer', '._weights.bin': APPLE_DOUBLE };

  test('are not part of a version, and push says so', async () => {
    const folder = person.write('model', { 'weights.bin': 'w', 'tokenizer/vocabulary.txt': 'v', ...OF_THE_SYSTEM });
    const { exitCode, stderr } = await person.run('push', folder, 'fraud@1');
    expect({ exitCode, firstLine: stderr.split('\n')[0] }).toEqual({
      exitCode: 0,
      firstLine: 'left out: .DS_Store, ._weights.bin, Thumbs.db, desktop.ini, tokenizer/.DS_Store (created by the operating system)',
    });
    expect(paths('fraud@1')).toEqual(['tokenizer/vocabulary.txt', 'weights.bin']);
    const { stdout } = await person.run('push', folder, 'fraud@1', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      leftOut: Object.keys(OF_THE_SYSTEM).sort().map((path) => ({ path, reason: 'created by the operating system' })),
    });
  });

  test('do not fail a push when they appear or change during it', async () => {
    const folder = person.write('model', { 'weights.bin': 'w', '.DS_Store': 'before' });
    person.store.intercept = ({ route }) => {
      if (route === 'beginUpload') {
        writeFileSync(join(folder, '.DS_Store'), 'looked at');
        writeFileSync(join(folder, 'Thumbs.db'), 'looked at');
      }
    };
    expect(await person.run('push', folder, 'fraud@1')).toMatchObject({ exitCode: 0 });
  });

  test('do not fail verify, but are listed', async () => {
    await person.run('push', person.write('model', { 'weights.bin': 'w' }), 'fraud@1');
    await person.run('pull', 'fraud@1', person.path('there'));
    person.write('there', OF_THE_SYSTEM);
    expect(await verification(person.path('there'))).toMatchObject({ exitCode: 0, extra: [], ignored: Object.keys(OF_THE_SYSTEM).sort() });
    expect((await person.run('verify', person.path('there'))).stdout).toContain('ignored  Thumbs.db: created by the operating system or Jupyter\n');
  });

  test('are recognized by their content where the name alone is ambiguous', async () => {
    await person.run('push', person.write('model', { '._settings': 'mine', DS_Store: 'mine', 'thumbs.dbx': 'mine' }), 'fraud@1');
    expect(paths('fraud@1')).toEqual(['._settings', 'DS_Store', 'thumbs.dbx']);
    await person.run('pull', 'fraud@1', person.path('there'));
    person.write('there', { '._other': 'not of the system' });
    expect(await verification(person.path('there'))).toMatchObject({ exitCode: 5, extra: ['._other'], ignored: [] });
  });
});

describe('names in NFD, as macOS wrote them for years', () => {
  const NFD = 'mode\u0300le/cafe\u0301.bin';
  const NFC = NFD.normalize('NFC');

  test('are pushed and pulled in NFC, and accepted by verify in either form', async () => {
    const folder = person.write('mac', { [NFD]: 'x' });
    await person.run('push', folder, 'fraud@1');
    expect(paths('fraud@1')).toEqual([NFC]);
    await person.run('pull', 'fraud@1', person.path('there'));
    expect(Object.keys(person.read('there')).filter((path) => !path.startsWith('.'))).toEqual([NFC]);
    expect(await verification(folder, '--model', 'fraud@1')).toMatchObject({ exitCode: 0 });
    expect(await verification(person.path('there'))).toMatchObject({ exitCode: 0 });

    writeFileSync(join(folder, NFD), 'y');
    expect(await verification(folder, '--model', 'fraud@1')).toMatchObject({ exitCode: 5, changed: [{ field: NFC }], missing: [], extra: [] });
  });

  test('that differ only in normalization are rejected, and verify reports the second one as extra', async () => {
    const both = person.write('both', { é: 'decomposed', é: 'composed' });
    expect(await person.run('push', both, 'fraud@1')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('occurs twice') });
    await person.run('push', person.write('one', { é: 'composed' }), 'fraud@1');
    expect(await verification(both, '--model', 'fraud@1')).toMatchObject({ exitCode: 5, extra: ['e\u0301'], missing: [], changed: [] });
  });
});

describe('names that are valid on one system and invalid on another', () => {
  test.each([
    'con', 'CON.txt', 'nul .txt', 'folder/aux.tar.gz', 'com1', 'LPT9.bin', 'com\u00b9', 'CONOUT$', 'a:b', 'a?', '<a>', 'pipe|', '"quoted"', 'star*',
    'dot.', 'folder./file', 'space ', `${'n'.repeat(256)}`, 'MODEL-~1/pulled.json', 'mo12ab~3/pulled.json',
  ])('%j cannot be pulled on Windows, and can be on Linux unless it is too long', (name) => {
    expect(localPathProblem(name, 'win32')).toEqual(expect.any(String));
    expect(localPathProblem(name, 'linux') === undefined).toBe(name.length <= 255);
  });

  test.each(['console', 'con-vs-pro.txt', 'auxiliary/nullable', 'com10', '.hidden', 'a.b', ' space', 'model-~x', 'n'.repeat(255)])('%j can be pulled on every system', (name) => {
    expect((['win32', 'darwin', 'linux'] as const).map((platform) => localPathProblem(name, platform))).toEqual([undefined, undefined, undefined]);
  });

  test('the length of a name is counted in bytes on Linux and in characters elsewhere', () => {
    const name = '\u6a21'.repeat(100);
    expect(localPathProblem(name, 'darwin')).toBeUndefined();
    expect(localPathProblem(name, 'win32')).toBeUndefined();
    expect(localPathProblem(`folder/${name}`, 'linux')).toContain('longer than the 255 bytes');
  });

  test('a long path of short names is pulled unchanged', async () => {
    const path = Array.from({ length: 4 }, () => 'n'.repeat(240)).join('/');
    await person.run('push', person.write('model', { [path]: 'deep' }), 'fraud@1');
    expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 0 });
    expect(person.read('there')[path]).toBe('deep');
  });

  test('push with --allow-unsafe-names warns about names that Windows cannot store', async () => {
    const { exitCode, stderr } = await person.run('push', person.write('model', { 'epoch=3:best.pt': 'x', 'aux.c': 'y', fine: 'z' }), 'fraud@1', '--allow-unsafe-names');
    expect({ exitCode, firstLine: stderr.split('\n')[0] }).toEqual({
      exitCode: 0,
      firstLine: 'Windows cannot store these names, so this version cannot be pulled there: aux.c, epoch=3:best.pt',
    });
  });

  test('names that differ only by case are rejected on every system', async () => {
    expect(await person.run('push', person.write('model', { README: 'a', readme: 'b', STRASSE: 'c', straße: 'd' }), 'fraud@1'))
      .toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/"readme" differs from "README" only by case[^]*"stra\u00dfe" differs from "STRASSE" only by case/) });
  });
});

describe('the .model-store folder', () => {
  test.each(['.model-store/pulled.json', '.Model-Store/x', '.model\u200c-store/x', '\ufeff.model-store/x', '.\uff4dodel-store/x'])(
    '%j, which some system reads as that folder, can be neither pushed nor pulled', async (path) => {
      expect(inRecordFolder(path)).toBe(true);
      for (const platform of ['win32', 'darwin', 'linux'] as const) {
        expect(localPathProblem(path, platform)).toContain('keeps its records');
      }
      if (!path.startsWith('.model-store/')) {
        expect(await person.run('push', person.write('model', { [path]: 'x', 'a.bin': 'a' }), 'fraud@1')).toMatchObject({ exitCode: 2 });
      }
    });

  test('is an ordinary name below another folder', () => {
    expect(localPathProblem('a/.model-store/x', 'win32')).toBeUndefined();
  });
});

describe('a file that another program has open on Windows', () => {
  const held = (code: string, times: number) => {
    let calls = 0;
    const move = async (from: Parameters<typeof rename>[0], to: Parameters<typeof rename>[1]) => {
      calls++;
      if (calls <= times) {
        throw Object.assign(new Error(`${code}: operation not permitted`), { code, syscall: 'rename' });
      }
      await rename(from, to);
    };
    return { move, calls: () => calls };
  };
  const windows = (waits: number[]) => ({ platform: 'win32' as const, signal: new AbortController().signal, sleep: async (milliseconds: number) => { waits.push(milliseconds); } });

  test.each(['EPERM', 'EACCES', 'EBUSY'])('is retried after %s', async (code) => {
    const folder = person.write('folder', { from: 'new', to: 'old' });
    const waits: number[] = [];
    const { move, calls } = held(code, 4);
    await moveFile(join(folder, 'from'), join(folder, 'to'), windows(waits), move);
    expect({ calls: calls(), waits, read: person.read('folder') }).toEqual({ calls: 5, waits: [25, 50, 100, 200], read: { to: 'new' } });
  });

  test('is named in the error if it stays open', async () => {
    const waits: number[] = [];
    await expect(moveFile('a', 'C:\\models\\weights.bin', windows(waits), held('EBUSY', Infinity).move)).rejects.toMatchObject({
      code: 'file_in_use', message: expect.stringContaining('C:\\models\\weights.bin: another program has it open'),
    });
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThan(10_000);
  });

  test('is the only case that is retried, and only on Windows', async () => {
    const waits: number[] = [];
    await expect(moveFile('a', 'b', windows(waits), held('ENOSPC', 1).move)).rejects.toMatchObject({ code: 'ENOSPC' });
    await expect(moveFile('a', 'b', { ...windows(waits), platform: 'linux' }, held('EPERM', 1).move)).rejects.toMatchObject({ code: 'EPERM' });
    expect(waits).toEqual([]);
  });
});

describe('the home directory of a user', () => {
  const windows = { platform: 'win32' as const, variables: { USERPROFILE: 'C:\\Users\\ada', HOME: '/c/Users/ada' } };
  const linux = { platform: 'linux' as const, variables: { HOME: '/home/ada', USERPROFILE: 'ignored' } };

  test.each([
    ['~/models', windows, 'C:\\Users\\ada\\models'], ['~\\models', windows, 'C:\\Users\\ada\\models'], ['~', windows, 'C:\\Users\\ada'],
    ['~/models', linux, '/home/ada/models'], ['~', linux, '/home/ada'],
    ['~\\models', linux, '~\\models'], ['~ada/models', linux, '~ada/models'], ['./~', linux, './~'], ['a/~/b', windows, 'a/~/b'],
    ['~/models', { platform: 'linux' as const, variables: {} }, '~/models'],
  ])('%s on %j is %s', (path, environment, expected) => {
    expect(expandHome(path, environment)).toBe(expected);
  });

  test('is expanded in the paths of folders and token files', async () => {
    person.variables = { HOME: person.home };
    person.write('model', { 'a.bin': 'a' });
    expect(await person.run('push', '~/model', 'fraud@1')).toMatchObject({ exitCode: 0 });
    expect(await person.run('pull', 'fraud@1', '~/there')).toMatchObject({ exitCode: 0 });
    expect(await person.run('verify', '~/there')).toMatchObject({ exitCode: 0 });
    expect(existsSync(person.path('there/a.bin'))).toBe(true);
    person.write('', { token: 'aaa.bbb.ccc' });
    expect(await person.run('list', '--token-file=~/token')).toMatchObject({ exitCode: 0 });
    expect(person.store.seen.at(-1)!.headers.authorization).toBe('aaa.bbb.ccc');
    mkdirSync(person.path('models/churn'), { recursive: true });
    renameSync(person.path('model'), person.path('models/churn/1'));
    expect(await person.run('import', '~/models')).toMatchObject({ exitCode: 0 });
  });
});

test('line endings are kept, and no pulled file is executable', async () => {
  const content = 'one\r\ntwo\nthree\r\u001a';
  const folder = person.write('model', { 'run.sh': content });
  chmodSync(join(folder, 'run.sh'), 0o755);
  await person.run('push', folder, 'fraud@1');
  await person.run('pull', 'fraud@1', person.path('there'));
  expect(person.read('there')['run.sh']).toBe(content);
  // eslint-disable-next-line no-bitwise
  expect(statSync(person.path('there/run.sh')).mode & 0o111).toBe(0);
  chmodSync(person.path('there/run.sh'), 0o755);
  expect(await verification(person.path('there'))).toMatchObject({ exitCode: 0 });
});

test.each<[string, { isTTY?: boolean; variables?: { [name: string]: string }; quiet?: boolean; json?: boolean }, string]>([
  ['a terminal', { isTTY: true, variables: { TERM: 'xterm-256color' } }, 'bars'],
  ['a Windows console, which has no TERM', { isTTY: true }, 'bars'],
  ['a dumb terminal in an editor', { isTTY: true, variables: { TERM: 'dumb' } }, 'lines'],
  ['a pipe, whatever TERM says', { variables: { TERM: 'xterm-256color' } }, 'lines'],
  ['a CI build, even with a terminal', { isTTY: true, variables: { CI: 'true' } }, 'lines'],
  ['a terminal, with --quiet', { isTTY: true, quiet: true }, 'none'],
  ['a terminal, with --json', { isTTY: true, json: true }, 'none'],
])('progress on %s has the matching style', (_where, { isTTY, variables = {}, quiet, json }, style) => {
  expect(progressStyle({ stderr: { isTTY, write: () => true }, variables }, { quiet, json })).toBe(style);
});
