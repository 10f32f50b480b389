import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { Person } from './person';

const MIB = 1024 * 1024;
let person: Person;
beforeEach(async () => { person = await new Person().arrive(); });
afterEach(async () => person.leave());

describe('a push sends only what is needed', () => {
  test('if one file of three changed, only that file is sent', async () => {
    const folder = person.write('model', { 'a.bin': 'a', 'b.bin': 'b', 'c.bin': 'c' });
    await person.run('push', folder, 'fraud@1.0.0');
    person.write('model', { 'b.bin': 'changed' });
    person.store.forget();

    expect(await person.run('push', folder, 'fraud@1.1.0', '--base', '1.0.0')).toMatchObject({
      exitCode: 0, stdout: 'published fraud@1.1.0: 3 files, 9 B; sent 1 file, 7 B\n',
    });
    expect(person.store.transfers('PUT')).toHaveLength(1);
    expect(person.store.manifests.get('fraud@1.1.0')).toMatchObject({ base: '1.0.0' });
  });

  test('a resumed push sends only the parts that S3 does not have', async () => {
    const folder = person.write('model', { 'big.bin': randomBytes(50 * MIB) });
    let parts = 0;
    person.store.intercept = ({ method, url }) => {
      if (method === 'PUT' && url.pathname.startsWith('/bucket/') && ++parts === 3) {
        return { status: 403, body: '<Error><Code>AccessDenied</Code><Message>no</Message></Error>' };
      }
      return parts > 3 ? { status: 403, body: '<Error><Code>AccessDenied</Code><Message>no</Message></Error>' } : undefined;
    };
    expect(await person.run('push', folder, 'fraud@1', '--concurrency', '1')).toMatchObject({ exitCode: 6 });
    person.store.intercept = undefined;
    person.store.forget();

    expect(await person.run('push', folder, 'fraud@1')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('sent 1 file, 18.0 MiB') });
    expect(person.store.transfers('PUT')).toHaveLength(2);
  });

  test('an uploaded part with a different checksum is sent again', async () => {
    const bytes = randomBytes(20 * MIB);
    const folder = person.write('model', { 'big.bin': bytes });
    const partDigests = [bytes.subarray(0, 16 * MIB), bytes.subarray(16 * MIB)].map((part) => createHash('sha256').update(part).digest());
    const digest = `${createHash('sha256').update(Buffer.concat(partDigests)).digest('hex')}-2`;
    person.store.bucket.uploads.set('earlier', { model: 'fraud', digest, parts: new Map([[1, randomBytes(16 * MIB)], [2, bytes.subarray(16 * MIB)]]) });

    expect(await person.run('push', folder, 'fraud@1')).toMatchObject({ exitCode: 0 });
    expect(person.store.transfers('PUT')).toHaveLength(1);
    expect(person.store.blobs.get(`fraud/${digest}`)!.equals(bytes)).toBe(true);
  });

  test('a file that a concurrent push stored (412) counts as sent', async () => {
    const folder = person.write('model', { 'a.bin': 'a' });
    person.store.intercept = ({ method, url, body }) => {
      if (method === 'PUT' && url.pathname.startsWith('/bucket/')) {
        person.store.blobs.set(url.pathname.replace('/bucket/', ''), body);
      }
    };
    expect(await person.run('push', folder, 'fraud@1')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('published') });
  });

  test('an upload that is aborted during the push is started again', async () => {
    const folder = person.write('model', { 'big.bin': randomBytes(40 * MIB) });
    let swept = false;
    person.store.intercept = ({ method, url }) => {
      if (method === 'PUT' && url.pathname.startsWith('/bucket/') && !swept) {
        swept = true;
        person.store.bucket.uploads.clear();
      }
    };
    expect(await person.run('push', folder, 'fraud@1')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('published fraud@1') });
    expect(person.store.calls('beginUpload')).toHaveLength(2);
  });

  test('many files are sent in pages of uploads and of presigned URLs', async () => {
    const folder = person.write('model', Object.fromEntries(Array.from({ length: 1_203 }, (_, index) => [`shard-${index}`, `content ${index}`])));
    expect(await person.run('push', folder, 'fraud@1')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('sent 1,203 files') });
    expect(person.store.calls('beginUpload').map(({ body }) => JSON.parse(body).files.length)).toEqual([1_000, 203]);
    const pages = person.store.calls('uploadLinks').map(({ body }) => JSON.parse(body).links.length as number);
    expect(pages[0]).toBe(16);
    expect(Math.max(...pages)).toBeLessThanOrEqual(500);
    expect(pages.reduce((sum, count) => sum + count)).toBe(1_203);
    expect(person.store.mostAtOnce).toBeLessThanOrEqual(8);
  });
});

describe('during a push', () => {
  test('requests that S3 throttles are retried with growing delays', async () => {
    const folder = person.write('model', { 'a.bin': 'a' });
    let refusals = 3;
    person.store.intercept = ({ method, url }) => method === 'PUT' && url.pathname.startsWith('/bucket/') && refusals-- > 0
      ? { status: 503, body: '<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>' } : undefined;
    expect(await person.run('push', folder, 'fraud@1')).toMatchObject({ exitCode: 0 });
    expect(person.waits).toEqual([250, 500, 1_000]);
  });

  test('requests that the store throttles are retried after its Retry-After header', async () => {
    const folder = person.write('model', { 'a.bin': 'a' });
    let refusals = 1;
    person.store.intercept = ({ route }) => route === 'beginUpload' && refusals-- > 0
      ? { status: 429, body: { code: 'too_many_requests', message: 'slow down', details: [], requestId: 'r' }, headers: { 'retry-after': '7' } } : undefined;
    expect(await person.run('push', folder, 'fraud@1')).toMatchObject({ exitCode: 0 });
    expect(person.waits).toEqual([7_000]);
  });

  test('a broken connection is opened again', async () => {
    const folder = person.write('model', { 'big.bin': randomBytes(20 * MIB) });
    let breaks = 2;
    person.store.intercept = ({ method, url, response }) => {
      if (method === 'PUT' && url.pathname.startsWith('/bucket/') && breaks-- > 0) {
        response.destroy();
        return 'handled';
      }
      return undefined;
    };
    expect(await person.run('push', folder, 'fraud@1')).toMatchObject({ exitCode: 0 });
  });

  test('a store that stays unreachable ends the push with exit code 7', async () => {
    const folder = person.write('model', { 'a.bin': 'a' });
    person.store.intercept = ({ response }) => {
      response.destroy();
      return 'handled';
    };
    expect(await person.run('push', folder, 'fraud@1')).toMatchObject({ exitCode: 7, stderr: expect.stringContaining('(network)') });
    expect(person.waits).toHaveLength(5);
  });

  test('presigned URLs that expired before use are requested again', async () => {
    const folder = person.write('model', { 'a.bin': 'a', 'b.bin': 'b', 'c.bin': 'c' });
    let once = true;
    person.store.intercept = ({ method, url }) => {
      if (method === 'PUT' && url.pathname.startsWith('/bucket/') && once) {
        once = false;
        person.store.bucket.expireLinks();
      }
    };
    expect(await person.run('push', folder, 'fraud@1', '--concurrency', '1')).toMatchObject({ exitCode: 0 });
    expect(person.store.calls('uploadLinks').map(({ body }) => JSON.parse(body).links.length)).toEqual([2, 1, 1, 1]);
  });

  test('a new presigned URL that S3 rejects ends the push with the error and request ID from S3', async () => {
    const folder = person.write('model', { 'a.bin': 'a' });
    person.store.intercept = ({ method, url }) => method === 'PUT' && url.pathname.startsWith('/bucket/')
      ? { status: 403, body: '<Error><Code>AccessDenied</Code><Message>explicit deny &amp; more</Message><RequestId>S3-9</RequestId></Error>' } : undefined;
    const { exitCode, stderr } = await person.run('push', folder, 'fraud@1');
    expect(exitCode).toBe(6);
    expect(stderr).toContain('S3 rejected the request for "a.bin": explicit deny & more (AccessDenied)');
    expect(stderr).toContain('(s3_refused, request id S3-9)');
    expect(stderr).not.toContain('X-Amz-Signature');
  });

  test('a clock that is hours off neither discards valid presigned URLs nor breaks signatures', async () => {
    person.clockShift = -5 * 3_600_000;
    const folder = person.write('model', { 'a.bin': 'a', 'b.bin': 'b' });
    expect(await person.run('push', folder, 'fraud@1')).toMatchObject({ exitCode: 0 });
    expect(person.store.calls('uploadLinks')).toHaveLength(1);
    const signed = person.store.calls('publish')[0].headers['x-amz-date'] as string;
    expect(Math.abs(Date.parse(signed.replace(/^(....)(..)(..)T(..)(..)/, '$1-$2-$3T$4:$5:')) - Date.now())).toBeLessThan(60_000);
  });

  test('a publish request whose response was lost is retried and reported as published', async () => {
    const folder = person.write('model', { 'a.bin': 'a' });
    person.store.loseNextAnswerOf('publish');
    expect(await person.run('push', folder, 'fraud@1')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('published fraud@1: 1 file') });
    expect(person.store.calls('publish')).toHaveLength(2);
  });
});

describe('a version that exists', () => {
  test('with different content is rejected before anything is sent, and every difference is named', async () => {
    await person.run('push', person.write('model', { 'a.bin': 'a', 'gone.bin': 'g' }), 'fraud@1');
    person.store.forget();
    const { exitCode, stderr } = await person.run('push', person.write('other', { 'a.bin': 'b', 'new.bin': 'n' }), 'fraud@1', '-m', 'stage=test');
    expect(exitCode).toBe(4);
    for (const message of [
      'a.bin: has different content', 'new.bin: is not in', 'gone.bin: is only in',
      'metadata.stage: is not given in the published version, "test" here', '(version_exists)',
    ]) {
      expect(stderr).toContain(message);
    }
    expect(person.store.transfers('PUT')).toHaveLength(0);
  });

  describe('with the same files', () => {
    const again = async (...options: string[]) => person.run('push', person.path('model'), 'fraud@2', ...options);
    beforeEach(async () => {
      const folder = person.write('model', { 'a.bin': 'a' });
      await person.run('push', folder, 'fraud@1');
      await person.run('push', folder, 'fraud@2', '-m', 'run=1', '-m', 'git=4f2c1e9', '--base', '1');
      person.store.forget();
    });

    test.each([
      [[]], [['-m', 'run=1']], [['-m', 'git=4f2c1e9', '-m', 'run=1']], [['--base', '1']],
    ])('succeeds with %j, which matches the published version', async (options) => {
      expect(await again(...options)).toMatchObject({ exitCode: 0, stdout: 'fraud@2 already exists with the same files: 1 file, 1 B; nothing sent\n' });
      expect(person.store.transfers('PUT')).toEqual([]);
      expect(person.store.manifests.get('fraud@2')).toMatchObject({ metadata: { run: '1', git: '4f2c1e9' }, base: '1' });
    });

    test('but different metadata or base is rejected with the differences and advice for repeated jobs', async () => {
      await person.run('push', person.path('model'), 'fraud@1.5');
      const { exitCode, stderr } = await again('-m', 'run=2', '-m', 'git=4f2c1e9', '-m', 'new=x', '--base', '1.5');
      expect(exitCode).toBe(4);
      expect(stderr).toContain(`fraud@2 already exists with the same files but different metadata or a different base; versions are immutable
  metadata.run: is "1" in the published version, "2" here
  metadata.new: is not given in the published version, "x" here
  base: is "1" in the published version, "1.5" here
Nothing was sent. Push under another version name. In a job that may run twice, use --keep-metadata to accept the published version.
(version_exists)`);
    });

    test('and different metadata succeeds with --keep-metadata, which keeps the published values', async () => {
      const { exitCode, stdout, stderr } = await again('-m', 'run=2', '--keep-metadata');
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'fraud@2 already exists with the same files: 1 file, 1 B; nothing sent\n' });
      expect(stderr).toContain('kept the published value: metadata.run is "1" in the published version, "2" here\n');
      expect(person.store.manifests.get('fraud@2')!.metadata.run).toBe('1');
      const { stdout: json } = await again('-m', 'run=2', '--keep-metadata', '--json');
      expect(JSON.parse(json)).toMatchObject({ outcome: 'unchanged', metadata: { run: '1' } });
    });

    test('--keep-metadata works without read permission, and during a concurrent push', async () => {
      person.store.intercept = ({ route }) => route === 'resolveReference'
        ? { status: 403, body: { code: 'forbidden', message: 'no', details: [], requestId: 'r' } } : undefined;
      expect(await again('-m', 'run=2')).toMatchObject({ exitCode: 4 });
      expect(await again('-m', 'run=2', '--keep-metadata')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('already exists with the same files') });
    });

    test('--keep-metadata never accepts different files', async () => {
      writeFileSync(person.path('model', 'a.bin'), 'b');
      expect(await again('--keep-metadata')).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('already exists with different files') });
    });
  });

  test('is detected when publishing if the caller cannot read it', async () => {
    await person.run('push', person.write('model', { 'a.bin': 'a' }), 'fraud@1');
    person.store.intercept = ({ route }) => route === 'resolveReference'
      ? { status: 403, body: { code: 'forbidden', message: 'no', details: [], requestId: 'r' } } : undefined;
    const { exitCode, stderr } = await person.run('push', person.write('other', { 'a.bin': 'b' }), 'fraud@1');
    expect(exitCode).toBe(4);
    expect(stderr).toContain('(version_exists, request id request-7)');
  });

  test('is rejected under the name of an alias', async () => {
    await person.run('push', person.write('model', { 'a.bin': 'a' }), 'fraud@1');
    await person.run('promote', 'fraud@1', 'production');
    expect(await person.run('push', person.path('model'), 'fraud@production')).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('(name_taken)') });
  });
});

test('a dry run reads, checks and reports everything, and changes nothing', async () => {
  const folder = person.write('model', { 'a.bin': 'a' });
  const { exitCode, stdout } = await person.run('push', folder, 'fraud@1', '--dry-run');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb  a.bin');
  expect(person.store.seen.map(({ method }) => method)).toEqual(['GET']);
});

test('metadata is stored in the manifest', async () => {
  await person.run('push', person.write('model', { 'a.bin': 'a' }), 'fraud@1', '-m', 'framework=torch', '--metadata', 'note=a=b');
  expect(person.store.manifests.get('fraud@1')!.metadata).toEqual({ framework: 'torch', note: 'a=b' });
});

describe('the base of a version', () => {
  test.each([
    ['2', 'is not a version of fraud'], ['production', 'is an alias of fraud'],
  ])('%s is rejected before anything is sent, even in a dry run', async (base, message) => {
    expect(await person.run('push', person.write('first', { 'a.bin': 'a' }), 'fraud@1')).toMatchObject({ exitCode: 0 });
    expect(await person.run('promote', 'fraud@1', 'production')).toMatchObject({ exitCode: 0 });
    person.store.forget();
    const folder = person.write('second', { 'b.bin': 'b' });
    for (const options of [['--dry-run'], []]) {
      const { exitCode, stdout, stderr } = await person.run('push', folder, 'fraud@3', '--base', base, ...options);
      expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
      expect(stderr).toContain(`invalid base: "${base}" ${message}`);
    }
    expect(person.store.transfers('PUT')).toEqual([]);
  });

  test('requires no read permission: the store checks it', async () => {
    expect(await person.run('push', person.write('first', { 'a.bin': 'a' }), 'fraud@1')).toMatchObject({ exitCode: 0 });
    person.store.intercept = ({ route }) => route === 'resolveReference' || route === 'showVersion'
      ? { status: 403, body: { code: 'forbidden', message: 'no', details: [], requestId: 'r-1' } } : undefined;
    expect(await person.run('push', person.path('first'), 'fraud@2', '--base', '1')).toMatchObject({ exitCode: 0 });
  });
});
