import { answerSchemaProblems } from './support/answers';
import { request } from './support/events';
import { entryOf, MIB, partedFile, sha256, storeFile, storePart, textFile } from './support/files';
import { StoreDouble } from './support/store-double';
import { partSizeOf } from '../../src/contract/digest';
import { blobKey } from '../../src/contract/keys';

const MODEL = { model: 'fraud' };
const SMALL = textFile('small.txt');
const LARGE = partedFile('large.bin', 50 * MIB);

let store: StoreDouble;
beforeEach(() => {
  store = new StoreDouble();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => {
  store.restore();
  jest.restoreAllMocks();
});

const ask = (file: { digest: string; size: number }) => ({ digest: file.digest, size: file.size });
const begin = async (...files: { digest: string; size: number }[]) => request(
  'beginUpload', { parameters: MODEL, body: { files: files.map(ask) } },
);

describe('beginning an upload', () => {
  test('returns for each file whether the store has or needs it, in the requested order', async () => {
    storeFile(store, 'fraud', SMALL);
    const other = textFile('other.txt');
    const { status, body } = await begin(other, SMALL);
    expect(status).toBe(200);
    expect(body.files).toEqual([{ ...ask(other), state: 'need' }, { ...ask(SMALL), state: 'have' }]);
    expect(answerSchemaProblems('beginUpload', body)).toEqual([]);
  });

  test('does not use files of other models', async () => {
    storeFile(store, 'churn', SMALL);
    expect((await begin(SMALL)).body.files[0].state).toBe('need');
  });

  test('creates one multipart upload for a file with several parts, even if it is requested twice', async () => {
    const { body } = await begin(LARGE, SMALL, LARGE);
    expect([...store.s3.uploads.values()].map(({ key }) => key)).toEqual([blobKey('fraud', LARGE.digest)]);
    expect(body.files[0]).toEqual({ ...ask(LARGE), state: 'need', uploadId: expect.any(String), partsPresent: [] });
    expect(body.files[2]).toEqual(body.files[0]);
  });

  test('resumes the newest upload of exactly this file and lists its complete parts', async () => {
    const key = blobKey('fraud', LARGE.digest);
    store.s3.createUpload(key);
    const newest = store.s3.createUpload(key);
    store.s3.createUpload(`${key}0`);
    [1, 2, 4].forEach((number) => storePart(store, newest.uploadId, LARGE, number));
    storePart(store, newest.uploadId, LARGE, 3, { size: 5 * MIB });

    const { body } = await begin(LARGE);
    expect(body.files[0].uploadId).toBe(newest.uploadId);
    expect(body.files[0].partsPresent).toEqual([1, 2, 4].map((partNumber) => ({
      partNumber, checksumSha256: LARGE.partChecksums[partNumber - 1], size: partNumber === 4 ? 2 * MIB : 16 * MIB,
    })));
    expect(store.s3.uploads.size).toBe(3);
    expect(answerSchemaProblems('beginUpload', body)).toEqual([]);
  });

  test.each([
    'CRC32', 'CRC64NVME', '', null,
  ])('does not resume an upload with the checksum algorithm %p, which would reject every part', async (checksum) => {
    const key = blobKey('fraud', LARGE.digest);
    const own = store.s3.createUpload(key);
    storePart(store, own.uploadId, LARGE, 1);
    store.s3.createUpload(key, checksum);

    const { body } = await begin(LARGE);
    expect(body.files[0].uploadId).toBe(own.uploadId);
    expect(body.files[0].partsPresent).toHaveLength(1);
  });

  test('creates a new upload if no existing one accepts the parts', async () => {
    const foreign = store.s3.createUpload(blobKey('fraud', LARGE.digest), 'CRC32');

    const { body } = await begin(LARGE);
    expect(body.files[0].uploadId).not.toBe(foreign.uploadId);
    expect(store.s3.uploads.size).toBe(2);
  });

  test('rejects stored files with a different size and reports all of them', async () => {
    const second = textFile('second.txt');
    [SMALL, second].forEach(
      (file) => store.s3.putBlob(
        blobKey('fraud', file.digest), 999, Buffer.from(file.sha256, 'hex').toString('base64'),
      ),
    );
    const { status, body } = await begin(SMALL, textFile('fine.txt'), second);
    expect([status, body.code]).toEqual([409, 'wrong_size']);
    expect(body.details.map(({ field }: { field: string }) => field)).toEqual(['files[0]', 'files[2]']);
  });

  test('rejects stored files with a different checksum or without one', async () => {
    store.s3.putBlob(blobKey('fraud', SMALL.digest), SMALL.size, Buffer.from(sha256('else'), 'hex').toString('base64'));
    const unchecked = textFile('unchecked.txt');
    store.s3.putBlob(blobKey('fraud', unchecked.digest), unchecked.size, undefined);
    const { status, body } = await begin(SMALL, unchecked);
    expect([status, body.code]).toEqual([409, 'wrong_digest']);
    expect(body.details).toHaveLength(2);
  });

  test('rejects digests that do not match the file size', async () => {
    const { status, body } = await begin(
      { digest: `${sha256('x')}-2`, size: 5 },
      { digest: sha256('x'), size: 50 * MIB },
      { digest: `${sha256('x')}-1`, size: 5 },
    );
    expect([status, body.code]).toEqual([400, 'invalid_manifest']);
    expect(body.details.map(({ field }: { field: string }) => field)).toEqual([
      'files[0].digest', 'files[1].digest', 'files[2].digest',
    ]);
  });

  test('rejects a digest with two sizes', async () => {
    const { body } = await begin(SMALL, { ...SMALL, size: SMALL.size + 1 });
    expect([body.code, body.details[0].field]).toEqual(['invalid_manifest', 'files[1].size']);
  });

  test('checks a thousand files with at most 100 concurrent requests to S3', async () => {
    let inFlight = 0;
    let most = 0;
    const { HeadObjectCommand } = await import('@aws-sdk/client-s3');
    store.s3.mock.on(HeadObjectCommand).callsFake(async () => {
      most = Math.max(most, ++inFlight);
      await new Promise((resolve) => setTimeout(resolve, 1));
      inFlight--;
      throw Object.assign(new Error('NotFound'), { name: 'NotFound' });
    });
    const files = Array.from({ length: 1_000 }, (_value, index) => textFile(`file-${index}`));
    expect((await begin(...files)).status).toBe(200);
    expect(most).toBe(100);
  });
});

describe('completing an upload', () => {
  const complete = async (uploadId: string, file = LARGE) => request(
    'completeUpload', { parameters: MODEL, body: { ...ask(file), uploadId } },
  );
  const uploaded = (numbers = [1, 2, 3, 4]) => {
    const { uploadId } = store.s3.createUpload(blobKey('fraud', LARGE.digest));
    numbers.forEach((number) => storePart(store, uploadId, LARGE, number));
    return uploadId;
  };

  test('joins the parts into a file with the declared digest', async () => {
    const { status, body } = await complete(uploaded());
    expect([status, body]).toEqual([200, { digest: LARGE.digest, state: 'have' }]);
    expect(store.s3.objects.has(blobKey('fraud', LARGE.digest))).toBe(true);
    expect(answerSchemaProblems('completeUpload', body)).toEqual([]);
  });

  test('reports missing parts', async () => {
    const { status, body } = await complete(uploaded([1, 4]));
    expect([status, body.code]).toEqual([409, 'blobs_missing']);
    expect(body.details[0].message).toContain('2 of 4 parts: 2, 3');
  });

  test('rejects a part of the wrong size and an extra part', async () => {
    const uploadId = uploaded();
    storePart(store, uploadId, LARGE, 2, { size: 6 * MIB });
    expect((await complete(uploadId)).body.code).toBe('wrong_size');
    storePart(store, uploadId, LARGE, 2);
    store.s3.uploads.get(uploadId)!.parts.set(5, { size: 1, checksum: LARGE.partChecksums[0], etag: '"5"' });
    expect((await complete(uploadId)).body.code).toBe('wrong_size');
    expect(store.s3.objects.size).toBe(0);
  });

  test('rejects parts of another file, and keeps the upload for the correct part', async () => {
    const uploadId = uploaded();
    storePart(store, uploadId, LARGE, 3, { checksum: LARGE.partChecksums[0] });
    const { status, body } = await complete(uploadId);
    expect([status, body.code]).toEqual([409, 'wrong_digest']);
    storePart(store, uploadId, LARGE, 3);
    expect((await complete(uploadId)).status).toBe(200);
  });

  test('succeeds when it is repeated, although the upload no longer exists', async () => {
    const uploadId = uploaded();
    await complete(uploadId);
    expect((await complete(uploadId)).status).toBe(200);
  });

  test('succeeds if another client has stored the same file in the meantime', async () => {
    const uploadId = uploaded();
    store.s3.beforeWrite = async (key) => {
      store.s3.beforeWrite = async () => {};
      storeFile(store, 'fraud', LARGE);
      expect(key).toBe(blobKey('fraud', LARGE.digest));
    };
    expect((await complete(uploadId)).status).toBe(200);
  });

  test('reports an unknown upload if the file is not stored either', async () => {
    const { status, body } = await complete('gone');
    expect([status, body.code]).toEqual([410, 'expired_upload']);
  });

  test('rejects an upload of another file', async () => {
    const { uploadId } = store.s3.createUpload(blobKey('fraud', partedFile('other', 50 * MIB).digest));
    expect((await complete(uploadId)).body.code).toBe('expired_upload');
  });

  test('rejects a single-part file, which does not need to be completed', async () => {
    const { status, body } = await request(
      'completeUpload', { parameters: MODEL, body: { ...ask(SMALL), uploadId: 'x' } },
    );
    expect([status, body.code]).toEqual([400, 'invalid_request']);
  });

  test('reads all pages of the parts of a large file', async () => {
    const huge = partedFile('huge.bin', 25 * partSizeOf(0));
    const { uploadId } = store.s3.createUpload(blobKey('fraud', huge.digest));
    huge.partChecksums.forEach((_checksum, index) => storePart(store, uploadId, huge, index + 1));
    expect((await complete(uploadId, huge)).status).toBe(200);
    expect(entryOf(huge).digest.endsWith('-25')).toBe(true);
  });
});
