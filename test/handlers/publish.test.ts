import { SignCommand } from '@aws-sdk/client-kms';
import { answerSchemaProblems, fieldsOf } from './support/answers';
import { ALICE, request } from './support/events';
import { entryOf, MIB, partedFile, sha256, storeFile, storePart, textFile } from './support/files';
import { awsError } from './support/s3-double';
import { StoreDouble } from './support/store-double';
import { ENV } from '../../src/contract/environment';
import { aliasKey, blobKey, manifestKey, signatureKey } from '../../src/contract/keys';
import type { FileEntry } from '../../src/contract/manifest';
import { answerBytes, MAX_ANSWER_BYTES } from '../../src/handlers/http/router';

const FILES = [textFile('weights/model.onnx'), textFile('README.md'), textFile('config.json')];

let store: StoreDouble;
beforeEach(() => {
  store = new StoreDouble();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  FILES.forEach((file) => storeFile(store, 'fraud', file));
});
afterEach(() => {
  store.restore();
  jest.restoreAllMocks();
});

async function publish(files: readonly FileEntry[] = FILES, more: object = {}, version = '1.0.0') {
  return request('publish', { parameters: { model: 'fraud', version }, body: { files: files.map(entryOf), ...more } });
}

test('publishing commits a manifest with the caller and all files, sorted by path', async () => {
  const { status, body } = await publish(FILES, { metadata: { framework: 'onnx' } });
  expect(status).toBe(201);
  expect(answerSchemaProblems('publish', body)).toEqual([]);
  expect(body).toMatchObject({
    created: true, manifest: { model: 'fraud', version: '1.0.0', createdBy: ALICE, metadata: { framework: 'onnx' } },
  });
  expect(body.manifest.files.map(({ path }: FileEntry) => path)).toEqual([
    'README.md', 'config.json', 'weights/model.onnx',
  ]);

  const stored = store.s3.text(manifestKey('fraud', '1.0.0'))!;
  expect(JSON.parse(stored)).toEqual(body.manifest);
  expect(body.manifestSha256).toBe(sha256(stored));
  expect(store.s3.text(signatureKey('fraud', '1.0.0'))).toBe(body.signature);
});

test('parsing and serializing the manifest yields the signed hash', async () => {
  const { body } = await publish(FILES, { metadata: { 10: 'ten', 9: 'nine', a: 'ü' } });
  expect(sha256(JSON.stringify(body.manifest))).toBe(body.manifestSha256);
});

test('publishing identical content again returns 200 and changes nothing, in any order of the files', async () => {
  const first = await publish(FILES, { metadata: { a: '1', b: '2' } });
  const { status, body } = await publish([...FILES].reverse(), { metadata: { b: '2', a: '1' } });
  expect(status).toBe(200);
  expect(body).toEqual({ ...first.body, created: false });
  expect(store.s3.objects.get(manifestKey('fraud', '1.0.0'))).toHaveLength(1);
});

test.each([
  ['other files', FILES.slice(1), {}],
  ['other metadata', FILES, { metadata: { a: 'b' } }],
  ['another path for the same file', [{ ...FILES[0], path: 'else.onnx' }, ...FILES.slice(1)], {}],
])('publishing the version with %s is refused, and the first one is unchanged', async (_what, files, more) => {
  const first = await publish();
  const { status, body } = await publish(files, more);
  expect([status, body.code]).toEqual([409, 'version_exists']);
  expect(JSON.parse(store.s3.text(manifestKey('fraud', '1.0.0'))!)).toEqual(first.body.manifest);
});

describe('publishing the same files again', () => {
  const GIVEN = { metadata: { run: '1', git: '4f2c1e9' } };

  test.each([
    [{}], [{ metadata: {} }], [{ metadata: { run: '1' } }], [GIVEN],
  ])('with %j succeeds, because nothing differs from the published version', async (more) => {
    const first = await publish(FILES, GIVEN);
    const { status, body } = await publish(FILES, more);
    expect(status).toBe(200);
    expect(body).toEqual({ ...first.body, created: false });
  });

  test('with other metadata reports the differences, without values or files that were not sent', async () => {
    await publish(FILES, { metadata: { run: '1', secret: 'x' } });
    const { status, body } = await publish(FILES, { metadata: { run: '2', new: 'y' } });
    expect([status, body.code]).toEqual([409, 'version_exists']);
    expect(body.message).toContain('already exists with the same files but different metadata or a different base');
    expect(body.details).toEqual(
      ['metadata.run', 'metadata.new'].map((field) => ({ field, message: 'differs from the published version' })),
    );
    const other = await publish(FILES.slice(1));
    expect(other.body.message).toContain('already exists with different files');
    expect(other.body.details).toEqual([]);
  });
});

test.each([
  '{}', 'null', '[]', '{"schemaVersion":1', '',
])('publishing over a damaged manifest (%j) is refused and changes nothing', async (text) => {
  await publish();
  store.s3.put(manifestKey('fraud', '1.0.0'), Buffer.from(text));
  const { status, body } = await publish();
  expect([status, body.code]).toEqual([409, 'damaged_object']);
  expect(store.s3.text(manifestKey('fraud', '1.0.0'))).toBe(text);
});

describe('after a publish that was interrupted before it wrote the signature', () => {
  const signed = () => store.kms.commandCalls(SignCommand).length;
  let first: string;
  beforeEach(async () => {
    first = (await publish()).body.signature;
    store.s3.objects.delete(signatureKey('fraud', '1.0.0'));
  });

  test('the version is shown with its signature, which was committed with the manifest', async () => {
    const { body } = await request('showVersion', { parameters: { model: 'fraud', version: '1.0.0' } });
    expect(body.signature).toBe(first);
  });

  test('publishing again writes that signature, and signs nothing', async () => {
    const before = signed();
    const { status, body } = await publish();
    expect([status, body.signature]).toEqual([200, first]);
    expect(store.s3.text(signatureKey('fraud', '1.0.0'))).toBe(first);
    expect(signed()).toBe(before);
  });
});

describe('a manifest that the store did not publish', () => {
  beforeEach(async () => {
    const { body } = await publish(FILES, {}, '0.9.0');
    // As written by a principal that bypassed the bucket policy: no metadata, no signature.
    const forged = { ...body.manifest, version: '1.0.0', createdBy: 'arn:aws:iam::111122223333:user/mallory' };
    store.s3.put(manifestKey('fraud', '1.0.0'), Buffer.from(JSON.stringify(forged)));
  });

  test('is never signed: publishing the same content is refused with the reason', async () => {
    const before = store.kms.commandCalls(SignCommand).length;
    const { status, body } = await publish();
    expect([status, body.code]).toEqual([409, 'unsigned_version']);
    expect(body.message).toContain('"fraud@1.0.0" exists without a signature, and the store does not sign what it did not publish');
    expect(store.kms.commandCalls(SignCommand)).toHaveLength(before);
    expect(store.s3.objects.has(signatureKey('fraud', '1.0.0'))).toBe(false);
  });

  test('does not get a signature from a publish at the same time', async () => {
    store.s3.objects.delete(manifestKey('fraud', '1.0.0'));
    store.s3.beforeWrite = async (key) => {
      if (key === manifestKey('fraud', '1.0.0')) {
        const { body } = await request('showVersion', { parameters: { model: 'fraud', version: '0.9.0' } });
        store.s3.put(key, Buffer.from(JSON.stringify({ ...body.manifest, version: '1.0.0', createdBy: 'mallory' })));
      }
    };
    const { status, body } = await publish();
    expect([status, body.code]).toEqual([409, 'unsigned_version']);
    expect(store.s3.objects.has(signatureKey('fraud', '1.0.0'))).toBe(false);
  });

  test('stays as it is in a store that does not sign', async () => {
    process.env[ENV.SIGNING_KEY_ARN] = '';
    const { status, body } = await publish();
    expect([status, body.signature]).toEqual([200, undefined]);
  });
});

test('concurrent publishes of identical content both succeed, and one of them creates the version', async () => {
  const key = manifestKey('fraud', '1.0.0');
  let waiting: (() => void)[] = [];
  store.s3.beforeWrite = async (written) => {
    if (written === key) {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 2) {
          waiting.forEach((go) => go());
          waiting = [];
        }
      });
    }
  };
  const answers = await Promise.all([publish(), publish()]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 201]);
  expect(answers[0].body.manifestSha256).toBe(answers[1].body.manifestSha256);
});

test('of two concurrent publishes of different content, one fails because the version exists', async () => {
  const key = manifestKey('fraud', '1.0.0');
  store.s3.beforeWrite = async (written) => {
    if (written === key) {
      store.s3.beforeWrite = async () => {};
      expect((await publish(FILES.slice(1))).status).toBe(201);
    }
  };
  const { status, body } = await publish();
  expect([status, body.code]).toEqual([409, 'version_exists']);
});

test('every missing file is reported, and nothing is committed', async () => {
  const missing = [textFile('a.bin'), textFile('b.bin')];
  const { status, body } = await publish([...FILES, ...missing]);
  expect([status, body.code]).toEqual([409, 'blobs_missing']);
  expect(fieldsOf(body)).toEqual(['a.bin', 'b.bin']);
  expect(store.s3.objects.has(manifestKey('fraud', '1.0.0'))).toBe(false);
});

test('missing, wrong-sized and altered files are reported together, with the most severe code', async () => {
  const [missing, short, altered] = ['missing', 'short', 'altered'].map((name) => textFile(name));
  store.s3.putBlob(blobKey('fraud', short.digest), 1, Buffer.from(short.sha256, 'hex').toString('base64'));
  store.s3.putBlob(
    blobKey('fraud', altered.digest), altered.size, Buffer.from(sha256('tampered'), 'hex').toString('base64'),
  );
  const { status, body } = await publish([missing, short, altered]);
  expect([status, body.code]).toEqual([409, 'wrong_digest']);
  expect(fieldsOf(body).sort()).toEqual(['altered', 'missing', 'short']);
});

test('a file whose parts were all uploaded but not joined is joined', async () => {
  const large = partedFile('large.bin', 40 * MIB);
  const { uploadId } = store.s3.createUpload(blobKey('fraud', large.digest));
  large.partChecksums.forEach((_checksum, index) => storePart(store, uploadId, large, index + 1));
  expect((await publish([...FILES, large])).status).toBe(201);
  expect(store.s3.uploads.size).toBe(0);
});

test('an incomplete file is reported with the missing parts', async () => {
  const large = partedFile('large.bin', 40 * MIB);
  const { uploadId } = store.s3.createUpload(blobKey('fraud', large.digest));
  storePart(store, uploadId, large, 2);
  const { body } = await publish([large]);
  expect([body.code, body.details]).toEqual([
    'blobs_missing', [{ field: 'large.bin', message: 'is missing 2 of 3 parts: 1, 3' }],
  ]);
});

test('a version cannot have the name of an alias', async () => {
  store.s3.put(aliasKey('fraud', 'production'), Buffer.from('{}'));
  const { status, body } = await publish(FILES, {}, 'production');
  expect([status, body.code]).toEqual([409, 'name_taken']);
});

test('the base version must exist', async () => {
  const { status, body } = await publish(FILES, { base: '0.9.0' });
  expect([status, body.code, fieldsOf(body)]).toEqual([404, 'unknown_version', ['base']]);
  await publish(FILES, {}, '0.9.0');
  expect((await publish(FILES, { base: '0.9.0' })).body.manifest.base).toBe('0.9.0');
});

test('all violations are reported at once: path, case, folder, digest, size, metadata key and base', async () => {
  const { status, body } = await publish([
    textFile('../escape'), textFile('a'), textFile('A'), textFile('a/b'), textFile('README.md', 'one'),
    { ...textFile('digest'), digest: sha256('else') },
    { ...textFile('again', 'one'), size: 4 },
  ], { metadata: { 'bad key': 'x' }, base: 'a..b' });
  expect([status, body.code]).toEqual([400, 'invalid_manifest']);
  expect(fieldsOf(body)).toEqual([
    'files[0].path', 'files[2].path', 'files[3].path', 'files[5].digest', 'metadata', 'base', 'files[6].size',
  ]);
  expect(store.sessions).toEqual([]);
});

test('unsafe names are published only if the request allows them, Git repositories never', async () => {
  const files = [textFile('.envrc'), textFile('CON'), textFile('weights.bin')];
  files.forEach((file) => storeFile(store, 'fraud', file));
  const { status, body } = await publish(files);
  expect([status, body.code, fieldsOf(body)]).toEqual([400, 'invalid_manifest', ['files[0].path', 'files[1].path']]);
  expect((await publish(files, { allowUnsafeNames: false })).status).toBe(400);
  expect((await publish([textFile('.git/config')], { allowUnsafeNames: true })).status).toBe(400);
  expect((await publish([textFile('a\u202eb')], { allowUnsafeNames: true })).status).toBe(400);
  expect(store.s3.text(manifestKey('fraud', '1.0.0'))).toBeUndefined();
  const published = await publish(files, { allowUnsafeNames: true });
  expect(published.status).toBe(201);
  expect(published.body.manifest).not.toHaveProperty('allowUnsafeNames');
});

test('errors for a thousand long paths are reported as far as they fit into the response', async () => {
  const files = Array.from(
    { length: 1_000 }, (_value, index) => textFile(`/${'"'.repeat(1_000)}${index}`, 'same content'),
  );
  const { status, body } = await publish([...files, ...files]);
  expect([status, body.code]).toEqual([400, 'invalid_manifest']);
  expect(answerBytes(body)).toBeLessThanOrEqual(MAX_ANSWER_BYTES);
  expect(body.details).toHaveLength(500);
  expect(body.message).toContain('(showing the first 500 of 2000)');
});

test('a store without a signing key publishes without a signature', async () => {
  store.restore();
  store = new StoreDouble({ [ENV.SIGNING_KEY_ARN]: '' });
  FILES.forEach((file) => storeFile(store, 'fraud', file));
  const { status, body } = await publish();
  expect([status, body.signature]).toEqual([201, undefined]);
  expect(store.s3.objects.has(signatureKey('fraud', '1.0.0'))).toBe(false);
  expect(store.lastSession.Policy).not.toContain('kms:Sign');
});

test('a version that does not fit into a response is refused before anything is committed', async () => {
  const files = Array.from(
    { length: 6_000 }, (_value, index) => textFile(`${'longlong/'.repeat(80)}${index}`, 'same content'),
  );
  storeFile(store, 'fraud', files[0]);
  const { status, body } = await publish(files);
  expect([status, body.code]).toEqual([413, 'payload_too_large']);
  expect(store.s3.objects.has(manifestKey('fraud', '1.0.0'))).toBe(false);
});

test('a version can have 10,000 files, and its response fits into 6 MB', async () => {
  const files = Array.from({ length: 10_000 }, (_value, index) => textFile(`shards/${'x'.repeat(60)}-${index}.bin`));
  files.forEach((file) => storeFile(store, 'fraud', file));
  const { status, body } = await publish(files);
  expect([status, body.manifest.files.length]).toEqual([201, 10_000]);
});

test('a conditional write that conflicts with another one is retried', async () => {
  let conflicts = 2;
  store.s3.beforeWrite = async () => {
    if (conflicts-- > 0) {
      throw awsError('ConditionalRequestConflict', 409);
    }
  };
  expect((await publish()).status).toBe(201);
});

test('the session can only write the two objects of this version', async () => {
  await publish();
  const { Statement } = JSON.parse(store.lastSession.Policy!) as { Statement: { Resource: string | string[] }[] };
  const versions = Statement.find(({ Resource }) => JSON.stringify(Resource).includes('/versions/'))!;
  const keys = [manifestKey('fraud', '1.0.0'), signatureKey('fraud', '1.0.0')];
  expect(versions.Resource).toEqual(keys.map((key) => `arn:aws:s3:::artifact-bucket/${key}`));
});
