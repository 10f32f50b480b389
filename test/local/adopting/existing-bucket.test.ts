import * as fs from 'node:fs';
import * as path from 'node:path';
import { GetKeyPolicyCommand, KMSClient, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { makeExistingBucket, OLD_OBJECT, type ExistingBucket } from './existing-bucket';
import { clientConfiguration } from '../rig/clients';
import { deployApp } from '../rig/deploy';
import { localUrl, type LocalStore } from '../rig/local-store';
import { PROJECT_ROOT, TSX_CLI } from '../rig/paths';
import { inRole, makePerson } from '../rig/people';
import { StoreApi } from '../rig/store-api';
import { sample } from '../support/sample';
import { TestBench, Tester } from '../support/tester';

describe('A deployed store on an existing bucket and key', () => {
  let bench: TestBench;
  let existing: ExistingBucket;
  let outputs: { readonly [name: string]: string };
  let ada: Tester;
  let administrator: Tester;

  /** The JSON of a store output, whose name ends with a hash. */
  const asked = (name: string): object[] => JSON.parse(Object.entries(outputs).find(([id]) => id.startsWith(`Models${name}`))![1]) as object[];

  beforeAll(async () => {
    bench = new TestBench();
    const { localAws } = bench.store;
    existing = await makeExistingBucket(localAws, `acme-models-${process.pid}`);
    const folder = path.join(localAws.folder, 'existing-bucket');
    fs.mkdirSync(folder, { recursive: true });
    const app = ['node', path.relative(PROJECT_ROOT, TSX_CLI), path.relative(PROJECT_ROOT, path.join(__dirname, 'existing-app.ts'))].join(' ');
    const { outputs: byStack } = await deployApp({ ...localAws, folder }, `${app} ${existing.bucketName} ${existing.keyArn}`);
    outputs = byStack.ExistingBucketStore;

    const store: LocalStore = { ...bench.store, url: localUrl(localAws, outputs.StoreUrl), bucketName: existing.bucketName, outputs };
    const api = new StoreApi(store, bench.http);
    ada = new Tester(api, await inRole(localAws, await makePerson(localAws, `ada-${process.pid}`, outputs.DataScientistRoleArn)));
    administrator = new Tester(api, await inRole(localAws, await makePerson(localAws, `root-like-${process.pid}`, bench.store.grants.AccountAdministratorRoleArn)));
  });
  afterAll(() => bench.close());

  test('outputs a bucket policy and key policy statements that S3 and KMS accept unchanged', async () => {
    const configuration = clientConfiguration(bench.store.localAws, bench.store.localAws.root);
    const [s3, kms] = [new S3Client({ ...configuration, forcePathStyle: true }), new KMSClient(configuration)];
    const { Policy: before } = await kms.send(new GetKeyPolicyCommand({ KeyId: existing.keyId, PolicyName: 'default' }));
    const { Version, Statement } = JSON.parse(before!) as { Version: string; Statement: object[] };

    await kms.send(new PutKeyPolicyCommand({
      KeyId: existing.keyId, PolicyName: 'default', Policy: JSON.stringify({ Version, Statement: [...Statement, ...asked('RequiredKeyPolicy')] }),
    }));
    const { $metadata } = await s3.send(new PutBucketPolicyCommand({
      Bucket: existing.bucketName, Policy: JSON.stringify({ Version: '2012-10-17', Statement: asked('RequiredBucketPolicy') }),
    }));

    expect($metadata.httpStatusCode).toBe(204);
    s3.destroy();
    kms.destroy();
  });

  test('stores a model in that bucket and returns it, byte for byte', async () => {
    const files = [sample('weights.bin', 17 * 2 ** 20), sample('config.json', '{}')];
    await ada.push('adopted', '1.0.0', files);

    const [link] = await ada.downloadLinks('adopted', '1.0.0', ['weights.bin']);
    const { status, bytes } = await ada.follow(link);

    expect(new URL(link.url).pathname + new URL(link.url).host).toContain(existing.bucketName);
    expect(status).toBe(200);
    expect(Buffer.compare(bytes, files[0].bytes)).toBe(0);
  });

  test('lets only its functions write models once the policy is set', async () => {
    const { status } = await administrator.s3('PUT', `models/adopted/blobs/sha256/${'a'.repeat(64)}`, { body: 'forged', headers: { 'if-none-match': '*' } });
    expect(status).toBe(403);
  });

  test('leaves existing objects readable for their readers', async () => {
    const { status, text } = await administrator.s3('GET', OLD_OBJECT.key);
    expect([status, text]).toEqual([200, OLD_OBJECT.text]);
  });
});
