import { describe as inWords, errorCode } from './rig/store-api';
import { sample } from './support/sample';
import { TestBench, type Tester } from './support/tester';
import { MINISTACK } from '../fidelity/engines';
import { proves } from '../fidelity/proves';

const MIB = 2 ** 20;

describe('A presigned URL for an upload', () => {
  let bench: TestBench;
  let ada: Tester;

  beforeAll(async () => {
    bench = new TestBench();
    ada = await bench.as('dataScientist');
  });
  afterAll(() => bench.close());

  const linkFor = async (model: string, size: number) => {
    const file = sample('model.bin', size);
    const [link] = await ada.uploadLinks(model, file);
    return { file, link };
  };

  test('accepts exactly the bytes that it was signed for', async () => {
    const { file, link } = await linkFor('link-takes', 1_000);

    expect((await ada.put(link, file.bytes)).status).toBe(200);
    proves(MINISTACK, 's3.presign.put');
  });

  // [C-16] in docs/compliance.md
  test('rejects different bytes of the same length: S3 checks the digest', async () => {
    const { file, link } = await linkFor('link-tampered', 1_000);
    const tampered = Buffer.from(file.bytes);
    tampered[500] = 255 - tampered[500];

    const answer = await ada.put(link, tampered);

    expect([answer.status, errorCode(answer)]).toEqual([400, 'BadDigest']);
    proves(MINISTACK, 's3.put.bad-digest');
  });

  test('is rejected without the digest', async () => {
    const { file, link } = await linkFor('link-no-digest', 1_000);
    const headers = Object.fromEntries(Object.entries(link.headers).filter(([name]) => name.toLowerCase() !== 'x-amz-checksum-sha256'));
    expect(headers).not.toEqual(link.headers);

    const answer = await ada.put({ ...link, headers }, file.bytes);

    expect([answer.status, errorCode(answer)]).toEqual([403, 'SignatureDoesNotMatch']);
    proves(MINISTACK, 's3.presign.signed-headers');
  });

  test('is rejected without its precondition', async () => {
    const { file, link } = await linkFor('link-no-precondition', 1_000);
    const headers = Object.fromEntries(Object.entries(link.headers).filter(([name]) => name.toLowerCase() !== 'if-none-match'));
    expect(headers).not.toEqual(link.headers);

    const answer = await ada.put({ ...link, headers }, file.bytes);

    expect(answer.status).toBe(403);
  });

  test('stores a file once: a second upload fails its precondition', async () => {
    const { file, link } = await linkFor('link-once', 1_000);
    await ada.put(link, file.bytes);

    const again = await ada.put(link, file.bytes);

    expect([again.status, errorCode(again)]).toEqual([412, 'PreconditionFailed']);
    proves(MINISTACK, 's3.put.if-none-match');
  });

  test('is rejected for another file, another method or a listing', async () => {
    const { file, link } = await linkFor('link-other', 1_000);
    const other = sample('other.bin', 1_000);
    const request = { method: 'PUT', headers: link.headers, body: file.bytes };

    const answers = await Promise.all([
      bench.http.send({ ...request, url: link.url.replace(file.digest, other.digest) }),
      bench.http.send({ ...request, url: link.url.replace('/models/link-other/', '/models/another-model/') }),
      bench.http.send({ method: 'GET', url: link.url }),
      bench.http.send({ method: 'DELETE', url: link.url }),
      bench.http.send({ method: 'GET', url: link.url.replace(/\/models\/[^?]*/, '/') }),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
    proves(MINISTACK, 's3.presign.bound-to-key-and-method');
  });

  test('is signed by a session with the name of the caller', async () => {
    const { file, link } = await linkFor('link-named', 1_000);

    // The error names the principal.
    const answer = await ada.put({ ...link, url: link.url.replace(file.digest, 'f'.repeat(64)) }, file.bytes);

    expect(inWords(answer)).toMatch(/assumed-role\/\S*UploadSessionRole\S*\/\S*ada is not authorized/);
  });

  test('for a part accepts only the bytes of that part', async () => {
    const file = sample('large.bin', 17 * MIB);
    const { files: [{ uploadId }] } = await ada.begin('link-part', [file]);
    const [first, second] = await ada.uploadLinks('link-part', file, uploadId);

    expect(errorCode(await ada.put(first, file.parts[1].bytes))).toBeDefined();
    expect((await ada.put(first, file.parts[0].bytes)).status).toBe(200);
    expect((await ada.put(second, file.parts[1].bytes)).status).toBe(200);
    proves(MINISTACK, 's3.presign.part', 's3.upload-part.bad-digest');
  });

  test('has an expiry time of at most 15 minutes', async () => {
    const { link } = await linkFor('link-expiry', 10);
    const minutes = (Date.parse(link.expiresAt) - Date.now()) / 60_000;

    expect(minutes).toBeGreaterThan(10);
    expect(minutes).toBeLessThanOrEqual(15);
    expect(new URL(link.url).searchParams.get('X-Amz-Expires')).toMatch(/^\d{1,3}$/);
  });
});
