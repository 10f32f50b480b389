import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { Person } from './person';

const MIB = 1024 * 1024;
let person: Person;
beforeEach(async () => { person = await new Person().arrive(); });
afterEach(async () => person.leave());

const isDownload = ({ method, url }: { method: string; url: URL }) => method === 'GET' && url.pathname.startsWith('/bucket/');

test('an alias is resolved to its version, and pull says so', async () => {
  await person.publish({ 'a.bin': 'a' });
  await person.run('promote', 'fraud@1', 'production');
  expect(await person.run('pull', 'fraud@production', person.path('there'))).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('pulled fraud@1 (production) into'),
    stderr: expect.stringContaining('fraud@production is fraud@1'),
  });
});

describe('a pull that the store rejects', () => {
  const refuseLinks = () => {
    person.store.intercept = ({ route }) => route === 'downloadLinks'
      ? { status: 403, body: { code: 'forbidden', message: 'who looks may not pull', requestId: 'request-7' } } : undefined;
  };

  test('creates no folder', async () => {
    await person.publish({ 'a.bin': 'a' });
    refuseLinks();
    expect(await person.run('pull', 'fraud@1', person.path('new', 'there'))).toMatchObject({ exitCode: 6, stderr: expect.stringContaining('who looks may not pull') });
    expect(existsSync(person.path('new'))).toBe(false);
  });

  test('leaves an existing folder unchanged and complete', async () => {
    await person.publish({ 'a.bin': 'a' });
    await person.run('pull', 'fraud@1', person.path('there'));
    await person.run('push', person.write('next', { 'a.bin': 'b' }), 'fraud@2');
    const before = person.read('there');
    refuseLinks();
    expect(await person.run('pull', 'fraud@2', person.path('there'), '--force')).toMatchObject({ exitCode: 6 });
    expect(person.read('there')).toEqual(before);
    expect(await person.run('verify', person.path('there'))).toMatchObject({ exitCode: 0 });
  });

  test('while it requests more presigned URLs can be resumed', async () => {
    await person.publish(Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`shard-${index}`, `content ${index}`])));
    person.store.intercept = ({ route }) => {
      if (route === 'downloadLinks' && person.store.calls('downloadLinks').length > 1) {
        return { status: 403, body: { code: 'forbidden', message: 'not any more', requestId: 'request-7' } };
      }
      return undefined;
    };
    expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 6 });
    expect(await person.run('verify', person.path('there'))).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('did not finish') });
    const partial = person.path('there', '.model-store', 'partial');
    const received = readdirSync(partial).filter((name) => statSync(`${partial}/${name}`).size > 0).length;
    expect(received).toBeGreaterThan(0);

    person.store.intercept = undefined;
    person.store.forget();
    expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 0 });
    expect(person.store.transfers('GET')).toHaveLength(40 - received);
  });
});

describe('bytes that differ from those pushed', () => {
  test('are detected, with every file named, and nothing is written', async () => {
    const manifest = await person.publish({ 'a.bin': 'a', 'b.bin': 'b', 'c.bin': 'c' });
    for (const file of manifest.files.slice(0, 2)) {
      person.store.blobs.set(`fraud/${file.digest}`, Buffer.from('X'));
    }
    const { exitCode, stderr } = await person.run('pull', 'fraud@1', person.path('there'));
    expect(exitCode).toBe(5);
    expect(stderr).toContain('a.bin: its SHA-256 is');
    expect(stderr).toContain('b.bin: its SHA-256 is');
    expect(Object.keys(person.read('there')).filter((path) => !path.startsWith('.model-store/'))).toEqual([]);
    expect(await person.run('verify', person.path('there'))).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('did not finish') });
  });

  test.each([
    ['too many', 'aaaa', { 'content-length': '4' }],
    ['too many, without a content length,', 'aaaa', {}],
    ['too few', 'a', { 'content-length': '1' }],
  ])('are detected at once: %s', async (_, bytes, headers) => {
    await person.publish({ 'a.bin': 'aa' });
    person.store.intercept = (call) => isDownload(call) ? { status: 200, body: bytes, headers } : undefined;
    const { exitCode, stderr } = await person.run('pull', 'fraud@1', person.path('there'));
    expect(exitCode).toBe(5);
    expect(stderr).toContain('a.bin: ');
    expect(person.waits).toEqual([]);
    expect(existsSync(person.path('there', 'a.bin'))).toBe(false);
  });

  test('are also detected by the digests of the parts', async () => {
    await person.publish({ 'big.bin': randomBytes(17 * MIB) });
    const digest = `${'1'.repeat(64)}-2`;
    const key = [...person.store.blobs.keys()][0];
    person.store.blobs.set(`fraud/${digest}`, person.store.blobs.get(key)!);
    person.store.tamper('fraud@1', ([file]) => [{ ...file, digest }]);
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

  test('leaves nothing that looks complete, and the next pull resumes it', async () => {
    const bytes = randomBytes(5 * MIB);
    await person.publish({ 'big.bin': bytes, 'small.bin': 's' });
    // Sends part of the big file, waits until some of it is on disk, then interrupts.
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

  test('continues over a connection that keeps breaking, as long as bytes arrive', async () => {
    const bytes = randomBytes(3 * MIB);
    await person.publish({ 'big.bin': bytes });
    person.store.intercept = cut(MIB / 4);
    expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 0 });
    expect(person.store.transfers('GET').length).toBeGreaterThan(10);
    expect(readFileSync(person.path('there', 'big.bin')).equals(bytes)).toBe(true);
  });

  test('downloads the file again if its partial file was damaged', async () => {
    const bytes = randomBytes(MIB);
    const manifest = await person.publish({ 'big.bin': bytes });
    person.write('there', { [`.model-store/partial/${manifest.files[0].digest}`]: randomBytes(MIB / 2) });
    expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 0 });
    expect(person.store.transfers('GET')).toHaveLength(2);
    expect(readFileSync(person.path('there', 'big.bin')).equals(bytes)).toBe(true);
  });

  test('marks a folder that was complete as incomplete', async () => {
    await person.publish({ 'a.bin': 'a' });
    await person.run('pull', 'fraud@1', person.path('there'));
    await person.run('push', person.write('next', { 'a.bin': 'b' }), 'fraud@2');
    person.store.intercept = (call) => isDownload(call) ? { status: 403, body: '' } : undefined;
    expect(await person.run('pull', 'fraud@2', person.path('there'), '--force')).toMatchObject({ exitCode: 6 });
    expect(await person.run('verify', person.path('there'))).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('the pull of fraud@2') });
    expect(person.read('there')).toMatchObject({ 'a.bin': 'a' });
  });
});

test('identical files are downloaded once and written to each path', async () => {
  await person.publish({ 'a.bin': 'same', 'b/c.bin': 'same', 'd.bin': 'same' });
  expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 0 });
  expect(person.store.transfers('GET')).toHaveLength(1);
  expect(person.read('there')).toMatchObject({ 'a.bin': 'same', 'b/c.bin': 'same', 'd.bin': 'same' });
});

test('presigned URLs are requested page by page', async () => {
  await person.publish(Object.fromEntries(Array.from({ length: 700 }, (_, index) => [`shard-${index}`, `content ${index}`])));
  expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 0 });
  const pages = person.store.calls('downloadLinks').map(({ body }) => JSON.parse(body).paths.length as number);
  expect(pages[0]).toBe(16);
  expect(pages.length).toBeGreaterThan(3);
});

test('an expired presigned URL is requested again', async () => {
  await person.publish({ 'a.bin': 'a', 'b.bin': 'b' });
  let once = true;
  person.store.intercept = (call) => {
    if (isDownload(call) && once) {
      once = false;
      person.store.bucket.expireLinks();
    }
  };
  expect(await person.run('pull', 'fraud@1', person.path('there'), '--concurrency', '1')).toMatchObject({ exitCode: 0 });
});

test('an unknown model, version or alias is exit code 3, with the error from the store', async () => {
  expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('unknown_model, request id request-7') });
  await person.publish({ 'a.bin': 'a' });
  expect(await person.run('pull', 'fraud@2', person.path('there'))).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('unknown_version') });
  expect(existsSync(person.path('there'))).toBe(false);
});
