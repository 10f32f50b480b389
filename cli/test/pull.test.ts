import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { Person } from './person';
import type { Manifest, ManifestFile } from '../../src/contract/manifest';

const MIB = 1024 * 1024;
let person: Person;
beforeEach(async () => { person = await new Person().arrive(); });
afterEach(async () => person.leave());

async function published(files: { [path: string]: string | Buffer }, reference = 'fraud@1'): Promise<Manifest> {
  const { exitCode, stderr } = await person.run('push', person.write('model', files), reference);
  expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
  person.store.forget();
  return person.store.manifests.get(reference)!;
}

function tamper(change: (files: ManifestFile[]) => ManifestFile[]): void {
  const manifest = person.store.manifests.get('fraud@1')!;
  person.store.manifests.set('fraud@1', { ...manifest, files: change([...manifest.files]) });
}

const isDownload = ({ method, url }: { method: string; url: URL }) => method === 'GET' && url.pathname.startsWith('/bucket/');

test('an alias leads to its version, and it says so', async () => {
  await published({ 'a.bin': 'a' });
  await person.run('promote', 'fraud@1', 'production');
  expect(await person.run('pull', 'fraud@production', person.path('there'))).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('pulled fraud@1 (production) into'),
    stderr: expect.stringContaining('fraud@production is fraud@1'),
  });
});

describe('what is in the way', () => {
  test('files that are the same are kept and not fetched', async () => {
    await published({ 'a.bin': 'a', 'b.bin': 'b' });
    person.write('there', { 'a.bin': 'a' });
    const before = statSync(person.path('there', 'a.bin')).ino;
    expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('1 file there already') });
    expect(person.store.transfers('GET')).toHaveLength(1);
    expect(statSync(person.path('there', 'a.bin')).ino).toBe(before);
  });

  test('files that differ are refused, all of them named, and nothing is touched', async () => {
    await published({ 'a.bin': 'a', 'b.bin': 'b', 'c/d.bin': 'd' });
    person.write('there', { 'a.bin': 'x', 'b.bin': 'longer', c: 'a file' });
    const { exitCode, stderr } = await person.run('pull', 'fraud@1', person.path('there'));
    expect(exitCode).toBe(4);
    expect(stderr).toContain('a.bin: has other bytes here');
    expect(stderr).toContain('b.bin: has 6 bytes here, 1 in the version');
    expect(stderr).toContain('c/d.bin: cannot be written: "c" is no folder here');
    expect(person.read('there')).toEqual({ 'a.bin': 'x', 'b.bin': 'longer', c: 'a file' });
  });

  test('with --force they are replaced', async () => {
    await published({ 'a.bin': 'a', 'b.bin': 'b' });
    person.write('there', { 'a.bin': 'x' });
    expect(await person.run('pull', 'fraud@1', person.path('there'), '--force')).toMatchObject({ exitCode: 0 });
    expect(person.read('there')).toMatchObject({ 'a.bin': 'a', 'b.bin': 'b' });
  });

  test('a symbolic link below the destination is never followed, not even with --force', async () => {
    await published({ 'sub/a.bin': 'a', 'b.bin': 'b' });
    person.write('elsewhere', { 'b.bin': 'mine' });
    mkdirSync(person.path('there'));
    symlinkSync(person.path('elsewhere'), person.path('there', 'sub'));
    symlinkSync(person.path('elsewhere', 'b.bin'), person.path('there', 'b.bin'));
    expect(await person.run('pull', 'fraud@1', person.path('there'), '--force')).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('sub/a.bin') });
    expect(person.read('elsewhere')).toEqual({ 'b.bin': 'mine' });
  });

  test('with --force a link in the place of a file is replaced, what it leads to stays', async () => {
    await published({ 'b.bin': 'b' });
    person.write('elsewhere', { 'b.bin': 'mine' });
    mkdirSync(person.path('there'));
    symlinkSync(person.path('elsewhere', 'b.bin'), person.path('there', 'b.bin'));
    expect(await person.run('pull', 'fraud@1', person.path('there'), '--force')).toMatchObject({ exitCode: 0 });
    expect(person.read('elsewhere')).toEqual({ 'b.bin': 'mine' });
    expect(person.read('there')).toMatchObject({ 'b.bin': 'b' });
  });

  test.each(['there', 'there/below'])('a file at the place of a folder is told before a link is asked for (%s)', async (folder) => {
    await published({ 'a.bin': 'a' });
    person.write('.', { there: 'a file' });
    expect(await person.run('pull', 'fraud@1', person.path(folder))).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('(unwritable_folder)') });
    expect(person.store.calls('downloadLinks')).toEqual([]);
  });

  test('a records folder that is a link is refused', async () => {
    await published({ 'a.bin': 'a' });
    person.write('elsewhere', {});
    mkdirSync(person.path('there'));
    symlinkSync(person.path('elsewhere'), person.path('there', '.model-store'));
    expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 4 });
    expect(readdirSync(person.path('elsewhere'))).toEqual([]);
  });

  test('another pull into the same folder is waited for by nobody: it is refused', async () => {
    await published({ 'a.bin': 'a' });
    const marker = { model: 'fraud', version: '0', startedAt: '2026-01-01T00:00:00Z', processId: process.ppid, host: hostname() };
    person.write('there', { '.model-store/pulling.json': JSON.stringify(marker) });
    expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('(busy)') });
  });
});

describe('a pull that the store refuses', () => {
  const refuseLinks = () => {
    person.store.intercept = ({ route }) => route === 'downloadLinks'
      ? { status: 403, body: { code: 'forbidden', message: 'who looks may not pull', requestId: 'request-7' } } : undefined;
  };

  test('leaves nothing where there was nothing', async () => {
    await published({ 'a.bin': 'a' });
    refuseLinks();
    expect(await person.run('pull', 'fraud@1', person.path('new', 'there'))).toMatchObject({ exitCode: 6, stderr: expect.stringContaining('who looks may not pull') });
    expect(existsSync(person.path('new'))).toBe(false);
  });

  test('leaves a folder as it was, and what it held whole', async () => {
    await published({ 'a.bin': 'a' });
    await person.run('pull', 'fraud@1', person.path('there'));
    await person.run('push', person.write('next', { 'a.bin': 'b' }), 'fraud@2');
    const before = person.read('there');
    refuseLinks();
    expect(await person.run('pull', 'fraud@2', person.path('there'), '--force')).toMatchObject({ exitCode: 6 });
    expect(person.read('there')).toEqual(before);
    expect(await person.run('verify', person.path('there'))).toMatchObject({ exitCode: 0 });
  });

  test('later on, when it asks for more links, goes on where it stopped once it may', async () => {
    await published(Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`shard-${index}`, `content ${index}`])));
    person.store.intercept = ({ route }) => {
      if (route === 'downloadLinks' && person.store.calls('downloadLinks').length > 1) {
        return { status: 403, body: { code: 'forbidden', message: 'not any more', requestId: 'request-7' } };
      }
      return undefined;
    };
    expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 6 });
    expect(await person.run('verify', person.path('there'))).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('did not end') });
    const partial = person.path('there', '.model-store', 'partial');
    const received = readdirSync(partial).filter((name) => statSync(`${partial}/${name}`).size > 0).length;
    expect(received).toBeGreaterThan(0);

    person.store.intercept = undefined;
    person.store.forget();
    expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 0 });
    expect(person.store.transfers('GET')).toHaveLength(40 - received);
  });
});

describe('a manifest that cannot be trusted', () => {
  test.each<[string, string]>([
    ['../escaped', 'could lead out of the model folder'],
    ['/etc/cron.d/escaped', 'is absolute'],
    ['C:/escaped', 'is absolute'],
    ['sub/../../escaped', 'could lead out of the model folder'],
    ['back\\slash', 'contains a backslash'],
    ['.model-store/pulled.json', 'where this command keeps its own records'],
    ['.Model-Store/pulled.json', 'where this command keeps its own records'],
  ])('with the path %s writes nothing at all', async (path, told) => {
    await published({ 'a.bin': 'a' });
    tamper(([file]) => [file, { ...file, path }]);
    const { exitCode, stderr } = await person.run('pull', 'fraud@1', person.path('there'));
    expect(exitCode).toBe(5);
    expect(stderr).toContain(told);
    expect(existsSync(person.path('there'))).toBe(false);
    expect(existsSync(person.path('escaped'))).toBe(false);
  });

  test('of another version than was asked for is refused', async () => {
    const manifest = await published({ 'a.bin': 'a' });
    person.store.manifests.set('fraud@1', { ...manifest, version: '0.9' });
    expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('says it is fraud@0.9') });
  });

  test('with names that Windows cannot hold is refused on Windows, all of them named', async () => {
    await published({ 'con.txt': 'a', 'aa:b': 'b', 'dot.': 'c', 'fine.txt': 'd' });
    person.platform = 'win32';
    const { exitCode, stderr } = await person.run('pull', 'fraud@1', person.path('there'));
    expect(exitCode).toBe(5);
    for (const told of ['con.txt: ', 'aa:b: ', 'dot.: ']) {
      expect(stderr).toContain(told);
    }
    expect(stderr).not.toContain('fine.txt');
  });
});

describe('bytes that are not those that were pushed', () => {
  test('are found, every file of them named, and nothing is put in place', async () => {
    const manifest = await published({ 'a.bin': 'a', 'b.bin': 'b', 'c.bin': 'c' });
    for (const file of manifest.files.slice(0, 2)) {
      person.store.blobs.set(`fraud/${file.digest}`, Buffer.from('X'));
    }
    const { exitCode, stderr } = await person.run('pull', 'fraud@1', person.path('there'));
    expect(exitCode).toBe(5);
    expect(stderr).toContain('a.bin: its SHA-256 is');
    expect(stderr).toContain('b.bin: its SHA-256 is');
    expect(Object.keys(person.read('there')).filter((path) => !path.startsWith('.model-store/'))).toEqual([]);
    expect(await person.run('verify', person.path('there'))).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('did not end') });
  });

  test.each([
    ['too many', 'aaaa', { 'content-length': '4' }],
    ['too many, their number not announced,', 'aaaa', {}],
    ['too few', 'a', { 'content-length': '1' }],
  ])('%s of them are found at once', async (_, bytes, headers) => {
    await published({ 'a.bin': 'aa' });
    person.store.intercept = (call) => isDownload(call) ? { status: 200, body: bytes, headers } : undefined;
    const { exitCode, stderr } = await person.run('pull', 'fraud@1', person.path('there'));
    expect(exitCode).toBe(5);
    expect(stderr).toContain('a.bin: ');
    expect(person.waits).toEqual([]);
    expect(existsSync(person.path('there', 'a.bin'))).toBe(false);
  });

  test('are found by the digest of the parts too', async () => {
    await published({ 'big.bin': randomBytes(17 * MIB) });
    const digest = `${'1'.repeat(64)}-2`;
    const key = [...person.store.blobs.keys()][0];
    person.store.blobs.set(`fraud/${digest}`, person.store.blobs.get(key)!);
    tamper(([file]) => [{ ...file, digest }]);
    expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('its digest is') });
  });
});

describe('a pull that is interrupted', () => {
  const cut = (at: number) => (call: Parameters<NonNullable<typeof person.store.intercept>>[0]) => {
    if (!isDownload(call)) {
      return undefined;
    }
    const bytes = person.store.blobs.get(call.url.pathname.replace('/bucket/', ''))!;
    const start = Number(/bytes=([0-9]+)-/.exec(call.request.headers.range ?? '')?.[1] ?? 0);
    call.response.writeHead(start > 0 ? 206 : 200, {
      'content-length': bytes.length - start, ...(start > 0 && { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` }),
    });
    call.response.write(bytes.subarray(start, start + at), () => call.response.destroy());
    return 'handled' as const;
  };

  test('leaves nothing that looks whole, and the next one goes on where it stopped', async () => {
    const bytes = randomBytes(5 * MIB);
    await published({ 'big.bin': bytes, 'small.bin': 's' });
    // Sends a part of the big file, then stands still until some of it is on the disk, then interrupts.
    person.store.intercept = (call) => {
      const stored = person.store.blobs.get(call.url.pathname.replace('/bucket/', ''));
      if (!isDownload(call) || stored!.length === 1) {
        return undefined;
      }
      call.response.writeHead(200, { 'content-length': stored!.length });
      call.response.write(stored!.subarray(0, 2 * MIB));
      const partial = person.path('there', '.model-store', 'partial', call.url.pathname.split('/').at(-1)!);
      const poll = setInterval(() => {
        if (existsSync(partial) && statSync(partial).size > 0) {
          clearInterval(poll);
          person.interruption.abort();
        }
      }, 5);
      return 'handled';
    };
    expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 130, stderr: expect.stringContaining('interrupted') });
    expect(Object.keys(person.read('there')).filter((path) => !path.startsWith('.model-store/'))).toEqual([]);
    expect(await person.run('verify', person.path('there'))).toMatchObject({ exitCode: 130 });

    person.interruption = new AbortController();
    expect(await person.run('verify', person.path('there'))).toMatchObject({ exitCode: 5 });
    person.store.intercept = undefined;
    person.store.forget();
    expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 0 });
    expect(person.store.transfers('GET').map(({ headers }) => headers.range)).toContainEqual(expect.stringMatching(/^bytes=[1-9][0-9]*-$/));
    expect(readFileSync(person.path('there', 'big.bin')).equals(bytes)).toBe(true);
    expect(existsSync(person.path('there', '.model-store', 'partial'))).toBe(false);
  });

  test('goes on over a line that breaks again and again, as long as it moves', async () => {
    const bytes = randomBytes(3 * MIB);
    await published({ 'big.bin': bytes });
    person.store.intercept = cut(MIB / 4);
    expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 0 });
    expect(person.store.transfers('GET').length).toBeGreaterThan(10);
    expect(readFileSync(person.path('there', 'big.bin')).equals(bytes)).toBe(true);
  });

  test('whose leftovers were damaged fetches the file anew', async () => {
    const bytes = randomBytes(MIB);
    const manifest = await published({ 'big.bin': bytes });
    person.write('there', { [`.model-store/partial/${manifest.files[0].digest}`]: randomBytes(MIB / 2) });
    expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 0 });
    expect(person.store.transfers('GET')).toHaveLength(2);
    expect(readFileSync(person.path('there', 'big.bin')).equals(bytes)).toBe(true);
  });

  test('into a folder that was whole before makes it count as not whole', async () => {
    await published({ 'a.bin': 'a' });
    await person.run('pull', 'fraud@1', person.path('there'));
    await person.run('push', person.write('next', { 'a.bin': 'b' }), 'fraud@2');
    person.store.intercept = (call) => isDownload(call) ? { status: 403, body: '' } : undefined;
    expect(await person.run('pull', 'fraud@2', person.path('there'), '--force')).toMatchObject({ exitCode: 6 });
    expect(await person.run('verify', person.path('there'))).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('the pull of fraud@2') });
    expect(person.read('there')).toMatchObject({ 'a.bin': 'a' });
  });
});

test('the same bytes under several paths are fetched once and written everywhere', async () => {
  await published({ 'a.bin': 'same', 'b/c.bin': 'same', 'd.bin': 'same' });
  expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 0 });
  expect(person.store.transfers('GET')).toHaveLength(1);
  expect(person.read('there')).toMatchObject({ 'a.bin': 'same', 'b/c.bin': 'same', 'd.bin': 'same' });
});

test('links are asked for page by page, never for all files up front', async () => {
  await published(Object.fromEntries(Array.from({ length: 700 }, (_, index) => [`shard-${index}`, `content ${index}`])));
  expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 0 });
  const pages = person.store.calls('downloadLinks').map(({ body }) => JSON.parse(body).paths.length as number);
  expect(pages[0]).toBe(16);
  expect(pages.length).toBeGreaterThan(3);
});

test('a link that expired is asked for again', async () => {
  await published({ 'a.bin': 'a', 'b.bin': 'b' });
  let once = true;
  person.store.intercept = (call) => {
    if (isDownload(call) && once) {
      once = false;
      person.store.bucket.expireLinks();
    }
  };
  expect(await person.run('pull', 'fraud@1', person.path('there'), '--concurrency', '1')).toMatchObject({ exitCode: 0 });
});

test('a model, a version or an alias that is not there is exit code 3, with the store\'s own words', async () => {
  expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('unknown_model, request id request-7') });
  await published({ 'a.bin': 'a' });
  expect(await person.run('pull', 'fraud@2', person.path('there'))).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('unknown_alias') });
  expect(existsSync(person.path('there'))).toBe(false);
});

describe('verify', () => {
  test('names everything that changed, is missing or does not belong there', async () => {
    await published({ 'a.bin': 'a', 'b.bin': 'b', 'c.bin': 'c', 'd.bin': 'd' });
    await person.run('pull', 'fraud@1', person.path('there'));
    writeFileSync(person.path('there', 'a.bin'), 'x');
    writeFileSync(person.path('there', 'b.bin'), 'longer');
    rmSync(person.path('there', 'c.bin'));
    person.write('there', { 'sub/extra.bin': 'e' });
    symlinkSync('a.bin', person.path('there', 'link'));
    const { exitCode, stdout } = await person.run('verify', person.path('there'));
    expect(exitCode).toBe(5);
    expect(stdout.split('\n').slice(0, -1)).toEqual([
      'changed  a.bin: has other bytes here',
      'changed  b.bin: has 6 bytes here, 1 in the version',
      'missing  c.bin',
      'extra    link',
      'extra    sub/extra.bin',
      `${person.path('there')} is not fraud@1: 2 changed, 1 missing, 2 extra (of 4 files)`,
    ]);
  });

  test('needs no store, and compares with one when asked to', async () => {
    await published({ 'a.bin': 'a' });
    await person.run('pull', 'fraud@1', person.path('there'));
    expect(await person.runAt(undefined, 'verify', person.path('there'))).toMatchObject({ exitCode: 0 });
    expect(await person.run('verify', person.path('model'))).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('(not_pulled)') });
    expect(await person.run('verify', person.path('model'), '--model', 'fraud@1')).toMatchObject({ exitCode: 0 });
  });

  test('--json says the same to machines', async () => {
    await published({ 'a.bin': 'a' });
    const { exitCode, stdout, stderr } = await person.run('verify', person.write('other', { 'b.bin': 'b' }), '--model', 'fraud@1', '--json');
    expect(exitCode).toBe(5);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, changed: [], missing: ['a.bin'], extra: ['b.bin'] });
    expect(stderr).toBe('');
  });
});
