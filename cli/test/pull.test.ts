import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { Person } from './person';

const MIB = 1024 * 1024;
let person: Person;
beforeEach(async () => { person = await new Person().arrive(); });
afterEach(async () => person.leave());

const isDownload = ({ method, url }: { method: string; url: URL }) => method === 'GET' && url.pathname.startsWith('/bucket/');

test('an alias leads to its version, and it says so', async () => {
  await person.publish({ 'a.bin': 'a' });
  await person.run('promote', 'fraud@1', 'production');
  expect(await person.run('pull', 'fraud@production', person.path('there'))).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('pulled fraud@1 (production) into'),
    stderr: expect.stringContaining('fraud@production is fraud@1'),
  });
});

describe('a pull that the store refuses', () => {
  const refuseLinks = () => {
    person.store.intercept = ({ route }) => route === 'downloadLinks'
      ? { status: 403, body: { code: 'forbidden', message: 'who looks may not pull', requestId: 'request-7' } } : undefined;
  };

  test('leaves nothing where there was nothing', async () => {
    await person.publish({ 'a.bin': 'a' });
    refuseLinks();
    expect(await person.run('pull', 'fraud@1', person.path('new', 'there'))).toMatchObject({ exitCode: 6, stderr: expect.stringContaining('who looks may not pull') });
    expect(existsSync(person.path('new'))).toBe(false);
  });

  test('leaves a folder as it was, and what it held whole', async () => {
    await person.publish({ 'a.bin': 'a' });
    await person.run('pull', 'fraud@1', person.path('there'));
    await person.run('push', person.write('next', { 'a.bin': 'b' }), 'fraud@2');
    const before = person.read('there');
    refuseLinks();
    expect(await person.run('pull', 'fraud@2', person.path('there'), '--force')).toMatchObject({ exitCode: 6 });
    expect(person.read('there')).toEqual(before);
    expect(await person.run('verify', person.path('there'))).toMatchObject({ exitCode: 0 });
  });

  test('later on, when it asks for more links, goes on where it stopped once it may', async () => {
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

describe('bytes that are not those that were pushed', () => {
  test('are found, every file of them named, and nothing is put in place', async () => {
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
    ['too many, their number not announced,', 'aaaa', {}],
    ['too few', 'a', { 'content-length': '1' }],
  ])('%s of them are found at once', async (_, bytes, headers) => {
    await person.publish({ 'a.bin': 'aa' });
    person.store.intercept = (call) => isDownload(call) ? { status: 200, body: bytes, headers } : undefined;
    const { exitCode, stderr } = await person.run('pull', 'fraud@1', person.path('there'));
    expect(exitCode).toBe(5);
    expect(stderr).toContain('a.bin: ');
    expect(person.waits).toEqual([]);
    expect(existsSync(person.path('there', 'a.bin'))).toBe(false);
  });

  test('are found by the digest of the parts too', async () => {
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

  test('leaves nothing that looks whole, and the next one goes on where it stopped', async () => {
    const bytes = randomBytes(5 * MIB);
    await person.publish({ 'big.bin': bytes, 'small.bin': 's' });
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
    await person.publish({ 'big.bin': bytes });
    person.store.intercept = cut(MIB / 4);
    expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 0 });
    expect(person.store.transfers('GET').length).toBeGreaterThan(10);
    expect(readFileSync(person.path('there', 'big.bin')).equals(bytes)).toBe(true);
  });

  test('whose leftovers were damaged fetches the file anew', async () => {
    const bytes = randomBytes(MIB);
    const manifest = await person.publish({ 'big.bin': bytes });
    person.write('there', { [`.model-store/partial/${manifest.files[0].digest}`]: randomBytes(MIB / 2) });
    expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 0 });
    expect(person.store.transfers('GET')).toHaveLength(2);
    expect(readFileSync(person.path('there', 'big.bin')).equals(bytes)).toBe(true);
  });

  test('into a folder that was whole before makes it count as not whole', async () => {
    await person.publish({ 'a.bin': 'a' });
    await person.run('pull', 'fraud@1', person.path('there'));
    await person.run('push', person.write('next', { 'a.bin': 'b' }), 'fraud@2');
    person.store.intercept = (call) => isDownload(call) ? { status: 403, body: '' } : undefined;
    expect(await person.run('pull', 'fraud@2', person.path('there'), '--force')).toMatchObject({ exitCode: 6 });
    expect(await person.run('verify', person.path('there'))).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('the pull of fraud@2') });
    expect(person.read('there')).toMatchObject({ 'a.bin': 'a' });
  });
});

test('the same bytes under several paths are fetched once and written everywhere', async () => {
  await person.publish({ 'a.bin': 'same', 'b/c.bin': 'same', 'd.bin': 'same' });
  expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 0 });
  expect(person.store.transfers('GET')).toHaveLength(1);
  expect(person.read('there')).toMatchObject({ 'a.bin': 'same', 'b/c.bin': 'same', 'd.bin': 'same' });
});

test('links are asked for page by page, never for all files up front', async () => {
  await person.publish(Object.fromEntries(Array.from({ length: 700 }, (_, index) => [`shard-${index}`, `content ${index}`])));
  expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 0 });
  const pages = person.store.calls('downloadLinks').map(({ body }) => JSON.parse(body).paths.length as number);
  expect(pages[0]).toBe(16);
  expect(pages.length).toBeGreaterThan(3);
});

test('a link that expired is asked for again', async () => {
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

test('a model, a version or an alias that is not there is exit code 3, with the store\'s own words', async () => {
  expect(await person.run('pull', 'fraud@1', person.path('there'))).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('unknown_model, request id request-7') });
  await person.publish({ 'a.bin': 'a' });
  expect(await person.run('pull', 'fraud@2', person.path('there'))).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('unknown_version') });
  expect(existsSync(person.path('there'))).toBe(false);
});
