import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import {
  DeleteObjectCommand, GetObjectCommand, ListMultipartUploadsCommand, ListPartsCommand, S3Client,
} from '@aws-sdk/client-s3';
import { clientConfiguration } from '../../../test/local/rig/clients';
import { localAwsEnvironment, type Credentials } from '../../../test/local/rig/environment';
import { credentialsOf } from '../../../test/local/rig/local-store';
import { modelStore, modelStoreJson } from '../../../test/local/rig/model-store';
import { MODEL_STORE_CLI } from '../../../test/local/rig/paths';
import { storeUnderTest } from '../../../test/local/rig/store-under-test';
import type { PullResult } from '../../src/transfer/pull';
import type { PushResult } from '../../src/transfer/push';

const MIB = 1024 * 1024;
const store = storeUnderTest();
const home = fs.mkdtempSync(path.join(tmpdir(), 'model-store-local-'));
const model = `cli-${randomBytes(4).toString('hex')}`;
const folder = path.join(home, 'model');
let scientist: Credentials;
let pipeline: Credentials;
let auditor: Credentials;

beforeAll(async () => {
  [scientist, pipeline, auditor] = await Promise.all((['dataScientist', 'pipeline', 'auditor'] as const).map(async (who) => credentialsOf(store, who)));
  fs.mkdirSync(path.join(folder, 'tokenizer'), { recursive: true });
  fs.writeFileSync(path.join(folder, 'weights.safetensors'), randomBytes(40 * MIB + 3));
  fs.writeFileSync(path.join(folder, 'tokenizer/vocabulary.txt'), 'one\ntwo\n');
  fs.writeFileSync(path.join(folder, 'empty'), '');
});
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

function expectSameFiles(pulled: string): void {
  for (const file of ['weights.safetensors', 'tokenizer/vocabulary.txt', 'empty']) {
    const same = fs.readFileSync(path.join(folder, file)).equals(fs.readFileSync(path.join(pulled, file)));
    expect({ file, same }).toEqual({ file, same: true });
  }
}

test('a model is pushed and pulled through the real functions and S3, byte for byte', async () => {
  const pushed = await modelStoreJson<PushResult>(store, scientist, ['push', folder, `${model}@1.0.0`, '--metadata', 'framework=torch']);
  expect(pushed).toMatchObject({ outcome: 'published', files: 3, sentFiles: 3, sentBytes: 40 * MIB + 11 });

  const pulled = await modelStoreJson<PullResult>(store, pipeline, ['pull', `${model}@1.0.0`, path.join(home, 'there')]);
  expect(pulled).toMatchObject({
    version: '1.0.0', receivedFiles: 3, manifestSha256: pushed.manifestSha256, signature: { state: 'verified' },
  });
  expectSameFiles(path.join(home, 'there'));
  expect(await modelStore(store, pipeline, ['verify', path.join(home, 'there'), '--model', `${model}@1.0.0`])).toMatchObject({ exitCode: 0 });
});

test('a version whose signature file is lost is still verified, and publishing it again restores the file', async () => {
  const s3 = new S3Client({ ...clientConfiguration(store.localAws, store.localAws.root), forcePathStyle: true });
  const Key = `models/${model}/versions/1.0.0/model.sig`;
  const text = async () => (await s3.send(new GetObjectCommand({ Bucket: store.bucketName, Key }))).Body!.transformToString();
  const before = await text();
  await s3.send(new DeleteObjectCommand({ Bucket: store.bucketName, Key }));
  expect(await modelStoreJson<PullResult>(store, pipeline, ['pull', `${model}@1.0.0`, path.join(home, 'unsigned?')]))
    .toMatchObject({ signature: { state: 'verified' } });
  await modelStoreJson(store, scientist, ['push', folder, `${model}@1.0.0`]);
  expect(await text()).toBe(before);
});

test('pushing again sends nothing; after one change only the changed file is sent', async () => {
  expect(await modelStoreJson(store, scientist, ['push', folder, `${model}@1.0.0`, '--metadata', 'framework=torch']))
    .toMatchObject({ outcome: 'unchanged', sentFiles: 0, sentBytes: 0 });
  fs.appendFileSync(path.join(folder, 'tokenizer/vocabulary.txt'), 'three\n');
  expect(await modelStoreJson(store, scientist, ['push', folder, `${model}@1.1.0`, '--base', '1.0.0'])).toMatchObject({ sentFiles: 1, sentBytes: 14 });
});

test('with the maximum concurrency, neither the command nor Node.js prints anything but the result', async () => {
  const many = path.join(home, 'many');
  fs.mkdirSync(many);
  for (let file = 0; file < 70; file++) {
    fs.writeFileSync(path.join(many, `${file}.bin`), `${file}`);
  }
  const atOnce = ['--concurrency', '64', '--quiet'];
  expect(await modelStore(store, scientist, ['push', many, `${model}-many@1`, ...atOnce])).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await modelStore(store, scientist, ['pull', `${model}-many@1`, path.join(home, 'many-there'), ...atOnce])).toMatchObject({ exitCode: 0, stderr: '' });
});

test('a published version is never changed: exit code 4', async () => {
  const { exitCode, stderr } = await modelStore(store, scientist, ['push', folder, `${model}@1.0.0`]);
  const difference = 'tokenizer/vocabulary.txt: has different content in the published version';
  expect({ exitCode, reported: stderr.includes(difference) }).toEqual({ exitCode: 4, reported: true });
});

test('the pipeline promotes conditionally and pulls by alias', async () => {
  expect(await modelStore(store, pipeline, ['promote', `${model}@1.0.0`, 'production', '--if-absent'])).toMatchObject({ exitCode: 0 });
  expect(await modelStore(store, pipeline, ['promote', `${model}@1.1.0`, 'production', '--if-absent'])).toMatchObject({ exitCode: 4 });
  expect(await modelStore(store, pipeline, ['promote', `${model}@1.1.0`, 'production', '--if-current', '1.1.0'])).toMatchObject({ exitCode: 4 });
  expect(await modelStore(store, pipeline, ['promote', `${model}@1.1.0`, 'production', '--if-current', '1.0.0', '--reason', 'better']))
    .toMatchObject({ exitCode: 0 });
  const { history } = await modelStoreJson<{ history: object[] }>(store, pipeline, ['history', model, 'production']);
  expect(history).toEqual([expect.objectContaining({ version: '1.1.0', reason: 'better' }), expect.objectContaining({ version: '1.0.0' })]);
  expect(await modelStoreJson(store, pipeline, ['pull', `${model}@production`, path.join(home, 'promoted')])).toMatchObject({ version: '1.1.0' });
  expectSameFiles(path.join(home, 'promoted'));
});

test('a missing permission is exit code 6: data scientists cannot promote, pipelines cannot push, auditors cannot pull', async () => {
  expect(await modelStore(store, scientist, ['promote', `${model}@1.0.0`, 'production'])).toMatchObject({ exitCode: 6 });
  expect(await modelStore(store, pipeline, ['push', folder, `${model}@9`])).toMatchObject({ exitCode: 6 });
  expect(await modelStore(store, auditor, ['pull', `${model}@1.0.0`, path.join(home, 'auditor')])).toMatchObject({ exitCode: 6 });
  expect(fs.existsSync(path.join(home, 'auditor'))).toBe(false);
});

test('an unknown name is exit code 3', async () => {
  expect(await modelStore(store, scientist, ['show', `${model}@2.0.0`])).toMatchObject({ exitCode: 3 });
  expect(await modelStore(store, scientist, ['list', `${model}-other`])).toMatchObject({ exitCode: 3 });
});

test('the store is found by its name in SSM', async () => {
  const name = Object.entries(store.outputs).find(([output]) => output.includes('StoreName'))![1];
  const { models } = await modelStoreJson<{ models: { model: string }[] }>(store, scientist, ['list', '--columns', 'model', '--store', name]);
  expect(models).toContainEqual({ model });
});

test('completion offers the names in the store, and none that the user cannot see', async () => {
  expect((await modelStore(store, scientist, ['complete', '--line', `model-store pull ${model}@`])).stdout)
    .toMatch(new RegExp(`^${model}@production\tis 1\\.1\\.0\n${model}@1\\.0\\.0\t.+\n${model}@1\\.1\\.0\t.+\n:4\n$`));
  const nobody = { ...scientist, sessionToken: 'expired', accessKeyId: 'ASIAEXPIREDEXPIRED00' };
  expect(await modelStore(store, nobody, ['complete', '--', 'list', ''])).toEqual({ exitCode: 0, stdout: ':4\n', stderr: '' });
});

/** Polls as the root user, who has access to everything. */
async function waitForStoredPart(name: string): Promise<void> {
  const s3 = new S3Client({ ...clientConfiguration(store.localAws, store.localAws.root), forcePathStyle: true });
  for (;;) {
    const { Uploads: uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: store.bucketName, Prefix: `models/${name}/` }));
    for (const { Key, UploadId } of uploads) {
      const { Parts: parts = [] } = await s3.send(new ListPartsCommand({ Bucket: store.bucketName, Key, UploadId }));
      if (parts.length > 0) {
        return;
      }
    }
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

test('an interrupted push is reported, and the next one sends only the missing parts', async () => {
  const big = path.join(home, 'big');
  fs.mkdirSync(big);
  fs.writeFileSync(path.join(big, 'weights.bin'), randomBytes(400 * MIB));
  const child = spawn(process.execPath, [MODEL_STORE_CLI, 'push', big, `${model}-big@1`, '--concurrency', '1'], {
    env: { ...localAwsEnvironment(store.localAws, scientist), MODEL_STORE_URL: store.url },
  });
  let stderr = '';
  child.stderr.on('data', (text: Buffer) => { stderr += text.toString(); });
  const closed = new Promise((resolve) => { child.on('close', resolve); });
  await waitForStoredPart(`${model}-big`);
  child.kill('SIGINT');
  const exitCode = await closed;
  expect({ exitCode, reported: stderr.includes('interrupted. ') }).toEqual({ exitCode: 130, reported: true });

  const { sentBytes } = await modelStoreJson<PushResult>(store, scientist, ['push', big, `${model}-big@1`]);
  expect(sentBytes).toBeLessThan(400 * MIB);
  expect(sentBytes % (16 * MIB)).toBe(0);
});
