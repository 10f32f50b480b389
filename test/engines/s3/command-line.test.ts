import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import {
  CreateBucketCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { ImportResult } from '../../../cli/src/import/import';
import type { PullResult } from '../../../cli/src/transfer/pull';
import type { PushResult } from '../../../cli/src/transfer/push';
import { proves } from '../../fidelity/proves';
import { localAwsEnvironment } from '../../local/rig/environment';
import { MODEL_STORE_CLI } from '../../local/rig/paths';
import { onEveryEngine } from '../support/engine-bench';

const MIB = 2 ** 20;
const PART_BYTES = 16 * MIB;

onEveryEngine('The command line', (bench) => {
  const { store } = bench;
  const { engine } = store.engine;
  const home = fs.mkdtempSync(path.join(tmpdir(), 'model-store-engine-'));
  const model = `cli-${randomBytes(4).toString('hex')}`;
  const folder = path.join(home, 'model');
  const files = {
    'weights.safetensors': randomBytes(40 * MIB + 3),
    'tokenizer/vocabulary.txt': Buffer.from('one\ntwo\n'),
    empty: Buffer.alloc(0),
  };

  const write = (root: string, contents: { readonly [name: string]: Buffer }) => {
    for (const [name, bytes] of Object.entries(contents)) {
      fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
      fs.writeFileSync(path.join(root, name), bytes);
    }
  };
  const expectSame = (root: string, contents: { readonly [name: string]: Buffer }) => {
    for (const [name, bytes] of Object.entries(contents)) {
      expect({ name, same: fs.readFileSync(path.join(root, name)).equals(bytes) }).toEqual({ name, same: true });
    }
  };

  beforeAll(() => write(folder, files));
  afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

  test('pushes single-part, multipart and empty files, pulls them and verifies their digests', async () => {
    const pushed = await bench.runJson<PushResult>('dataScientist', 'push', folder, `${model}@1.0.0`);
    expect(pushed).toMatchObject({ outcome: 'published', files: 3, sentFiles: 3, sentBytes: 40 * MIB + 11 });

    const pulled = path.join(home, 'pulled');
    expect(await bench.runJson<PullResult>('pipeline', 'pull', `${model}@1.0.0`, pulled)).toMatchObject({
      version: '1.0.0',
      receivedFiles: 3,
      manifestSha256: pushed.manifestSha256,
    });
    expectSame(pulled, files);
    expect(await bench.run('pipeline', 'verify', pulled, '--model', `${model}@1.0.0`)).toMatchObject({ exitCode: 0 });
    fs.appendFileSync(path.join(pulled, 'tokenizer/vocabulary.txt'), 'three\n');
    expect(await bench.run('pipeline', 'verify', pulled, '--model', `${model}@1.0.0`)).toMatchObject({ exitCode: 5 });
    proves(
      engine,
      's3.multipart.checksum-sha256-composite',
      's3.head.checksum-mode',
      's3.presign.get',
      's3.presign.put',
    );
  });

  test('sends no file that the store has, and never changes a version', async () => {
    expect(await bench.runJson('dataScientist', 'push', folder, `${model}@1.0.0`)).toMatchObject({
      outcome: 'unchanged',
      sentFiles: 0,
      sentBytes: 0,
    });
    const changed = path.join(home, 'changed');
    write(changed, { ...files, 'tokenizer/vocabulary.txt': Buffer.from('one\ntwo\nthree\n') });
    expect(await bench.run('dataScientist', 'push', changed, `${model}@1.0.0`)).toMatchObject({ exitCode: 4 });
    expect(await bench.runJson('dataScientist', 'push', changed, `${model}@1.1.0`)).toMatchObject({
      sentFiles: 1,
      sentBytes: 14,
    });
  });

  test('promotes conditionally, shows the history and pulls by alias', async () => {
    const promote = async (version: string, ...how: string[]) =>
      (await bench.run('pipeline', 'promote', `${model}@${version}`, 'production', ...how)).exitCode;
    expect(await promote('1.0.0', '--if-absent')).toBe(0);
    expect(await promote('1.1.0', '--if-absent')).toBe(4);
    expect(await promote('1.1.0', '--if-current', '1.1.0')).toBe(4);
    expect(await promote('1.1.0', '--if-current', '1.0.0', '--reason', 'better')).toBe(0);
    const { history } = await bench.runJson<{ history: object[] }>('pipeline', 'history', model, 'production');
    expect(history).toEqual([
      expect.objectContaining({ version: '1.1.0', reason: 'better' }),
      expect.objectContaining({ version: '1.0.0' }),
    ]);
    expect(await bench.runJson('pipeline', 'pull', `${model}@production`, path.join(home, 'promoted'))).toMatchObject({
      version: '1.1.0',
    });
    expect(await bench.runJson('pipeline', 'list', '--columns', 'model,version')).toMatchObject({
      models: expect.arrayContaining([expect.objectContaining({ model, version: '1.1.0' })]),
    });
    proves(engine, 's3.list-object-versions.newest-first', 's3.put.if-match');
  });

  /** Reads as the administrator, bypassing the store. */
  const storedParts = async (name: string): Promise<number> => {
    const { Uploads: uploads = [] } = await bench.s3.send(
      new ListMultipartUploadsCommand({ Bucket: store.bucketName }),
    );
    const counts = await Promise.all(
      uploads
        .filter(({ Key }) => Key!.startsWith(`models/${name}/`))
        .map(async ({ Key, UploadId }) => {
          const { Parts: parts = [] } = await bench.s3.send(
            new ListPartsCommand({ Bucket: store.bucketName, Key, UploadId }),
          );
          return parts.length;
        }),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  };

  test('resumes with the missing parts after it was killed during a multipart upload', async () => {
    const big = path.join(home, 'big');
    write(big, { 'weights.bin': randomBytes(256 * MIB) });
    const push = ['push', big, `${model}-big@1`];
    const child = spawn(process.execPath, [MODEL_STORE_CLI, ...push, '--concurrency', '1'], {
      env: { ...localAwsEnvironment(store.localAws, store.people.dataScientist), MODEL_STORE_URL: store.url },
      stdio: 'ignore',
    });
    const closed = new Promise((resolve) => {
      child.on('close', (_code, signal) => resolve(signal));
    });
    while ((await storedParts(`${model}-big`)) === 0 && child.exitCode === null) {
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
    }
    child.kill('SIGKILL');
    expect(await closed).toBe('SIGKILL');
    const stored = await storedParts(`${model}-big`);
    expect(stored).toBeGreaterThan(0);

    const { sentBytes, outcome } = await bench.runJson<PushResult>('dataScientist', ...push);

    // A part that was received completely before the command was killed may have been stored since.
    expect(outcome).toBe('published');
    expect(sentBytes).toBeLessThanOrEqual(256 * MIB - stored * PART_BYTES);
    expect(sentBytes % PART_BYTES).toBe(0);
    proves(engine, 's3.list-multipart-uploads.by-key', 's3.list-parts.is-truncated', 's3.list-parts.checksums');
  });

  test('imports versions from a bucket, byte for byte, and skips them the second time', async () => {
    const bucket = `old-models-${randomBytes(4).toString('hex')}`;
    const contents = { 'weights.bin': randomBytes(20 * MIB + 5), 'config/a b+c.json': Buffer.from('{}') };
    await bench.s3.send(new CreateBucketCommand({ Bucket: bucket }));
    for (const [name, bytes] of Object.entries(contents)) {
      await bench.s3.send(
        new PutObjectCommand({ Bucket: bucket, Key: `models/${model}-imported/1/${name}`, Body: bytes }),
      );
    }
    const run = async () => bench.runJson<ImportResult>('importer', 'import', `s3://${bucket}/models`);
    expect((await run()).versions).toMatchObject([{ version: '1', outcome: 'imported', sentBytes: 20 * MIB + 7 }]);
    expect((await run()).versions).toMatchObject([{ version: '1', outcome: 'unchanged' }]);
    const pulled = path.join(home, 'imported');
    expect(await bench.run('pipeline', 'pull', `${model}-imported@1`, pulled)).toMatchObject({ exitCode: 0 });
    expectSame(pulled, contents);
    proves(engine, 's3.list-objects-v2.is-truncated', 's3.get.if-match');
  });
});
