import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { CreateBucketCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { clientConfiguration } from '../../../test/local/rig/clients';
import type { Credentials } from '../../../test/local/rig/environment';
import { credentialsOf } from '../../../test/local/rig/local-store';
import { modelStore, modelStoreJson } from '../../../test/local/rig/model-store';
import { storeUnderTest } from '../../../test/local/rig/store-under-test';
import type { ImportResult } from '../../src/import/import';
import type { Shown } from '../../src/store/registry';

const MIB = 1024 * 1024;
const store = storeUnderTest();
const suffix = randomBytes(4).toString('hex');
const model = `imported-${suffix}`;
const bucket = `old-models-${suffix}`;
const home = fs.mkdtempSync(path.join(tmpdir(), 'model-store-import-'));
const weights = randomBytes(20 * MIB + 5);
const files = { 'weights.bin': weights, 'tokenizer/vocabulary.txt': Buffer.from('one\ntwo\n') };
let s3: S3Client;
let scientist: Credentials;

beforeAll(async () => {
  scientist = await credentialsOf(store, 'dataScientist');
  s3 = new S3Client({ ...clientConfiguration(store.localAws, store.localAws.root), forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  // The user's only permissions there: list and get.
  const Principal = { AWS: store.outputs.DataScientistRoleArn };
  await s3.send(new PutBucketPolicyCommand({
    Bucket: bucket,
    Policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal, Action: 's3:ListBucket', Resource: `arn:aws:s3:::${bucket}` },
        { Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucket}/*` },
      ],
    }),
  }));
  for (const [version, content] of [['V1', files], ['V2', { ...files, 'extra.json': Buffer.from('{}') }]] as const) {
    for (const [name, bytes] of Object.entries(content)) {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `models/${model.toUpperCase()}/${version}/${name}`, Body: bytes }));
    }
  }
});
afterAll(() => {
  s3.destroy();
  fs.rmSync(home, { recursive: true, force: true });
});

const outcomes = ({ versions }: ImportResult) => versions.map(({ version, outcome }) => `${version} ${outcome}`).sort();
const fromBucket = ['import', `s3://${bucket}/models`, '--tidy-names'];

test('versions of a plain bucket become versions of the store, byte for byte, and a second run skips them', async () => {
  expect(await modelStore(store, scientist, ['import', `s3://${bucket}/models`])).toMatchObject({
    exitCode: 2, stderr: expect.stringContaining(`use --rename ${model.toUpperCase()}@V1=${model}@v1`),
  });
  expect(outcomes(await modelStoreJson(store, scientist, [...fromBucket, '--dry-run']))).toEqual(['v1 would-import', 'v2 would-import']);
  const result = await modelStoreJson<ImportResult>(store, scientist, fromBucket);
  expect(outcomes(result)).toEqual(['v1 imported', 'v2 imported']);
  expect(result.versions.reduce((sum, { sentBytes }) => sum + sentBytes, 0)).toBe(weights.length + 8 + 2);

  const { manifest } = await modelStoreJson<Shown>(store, scientist, ['show', `${model}@v2`]);
  expect(manifest.metadata['imported.from']).toBe(`s3://${bucket}/models/${model.toUpperCase()}/V2/`);
  expect(await modelStore(store, scientist, ['pull', `${model}@v2`, path.join(home, 'pulled')])).toMatchObject({ exitCode: 0 });
  for (const [name, bytes] of Object.entries(files)) {
    expect({ name, same: fs.readFileSync(path.join(home, 'pulled', name)).equals(bytes) }).toEqual({ name, same: true });
  }
  expect(outcomes(await modelStoreJson(store, scientist, fromBucket))).toEqual(['v1 unchanged', 'v2 unchanged']);
});

test('versions in local folders are imported too, and a different published version is a conflict', async () => {
  const folder = path.join(home, 'models', model, 'v3');
  fs.mkdirSync(path.join(folder, 'tokenizer'), { recursive: true });
  for (const [name, bytes] of Object.entries(files)) {
    fs.writeFileSync(path.join(folder, name), bytes);
  }
  const run = ['import', path.join(home, 'models')];
  const first = await modelStoreJson<ImportResult>(store, scientist, run);
  // The bytes are those of the other versions of the model.
  expect(first.versions).toMatchObject([{ version: 'v3', outcome: 'imported', sentBytes: 0 }]);
  fs.appendFileSync(path.join(folder, 'tokenizer/vocabulary.txt'), 'three\n');
  expect(await modelStore(store, scientist, run)).toMatchObject({ exitCode: 4, stdout: expect.stringContaining('FAILED') });
});

test('an unreadable bucket is exit code 6', async () => {
  const pipeline = await credentialsOf(store, 'pipeline');
  expect(await modelStore(store, pipeline, fromBucket)).toMatchObject({
    exitCode: 6, stderr: expect.stringContaining('An import needs s3:ListBucket on the bucket'),
  });
});
