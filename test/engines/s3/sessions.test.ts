import { randomBytes } from 'node:crypto';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { Session } from '../../../src/handlers/aws/sessions';
import { proves } from '../../fidelity/proves';
import { clientConfiguration } from '../../local/rig/clients';
import { entryOf, sample } from '../../local/support/sample';
import { onEveryEngine } from '../support/engine-bench';
import { openSession } from '../support/sessions';

onEveryEngine('The session of a function', (bench) => {
  const { store } = bench;
  const { engine } = store.engine;
  const Bucket = store.bucketName;
  const model = `session-${randomBytes(4).toString('hex')}`;
  const [own, other] = [sample('own.bin', 100), sample('other.bin', 100)];
  const keyOf = (name: string, { digest }: { readonly digest: string }) => `models/${name}/blobs/sha256/${digest}`;
  const sessions: Session[] = [];
  const open = async (...args: Parameters<typeof openSession> extends [unknown, ...infer Rest] ? Rest : never) => {
    const session = await openSession(store, ...args);
    sessions.push(session);
    return session.s3;
  };
  const outcome = async (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'allowed',
      (error: Error & { $metadata?: { httpStatusCode?: number } }) =>
        error.$metadata?.httpStatusCode === 403 ? 'refused' : `${error.name} ${error.$metadata?.httpStatusCode}`,
    );

  beforeAll(async () => {
    const ada = bench.as('dataScientist');
    await ada.push(model, '1', [own, other]);
    await ada.push(`${model}-2`, '1', [own]);
  });
  afterAll(() =>
    sessions.forEach(({ s3, kms }) => {
      s3.destroy();
      kms.destroy();
    }),
  );

  test('that signs downloads reads the files it was opened for, and nothing else', async () => {
    const s3 = await open('download', {
      model,
      blobs: { actions: ['s3:GetObject'], keys: [keyOf(model, own)] },
      encryptionKey: ['kms:Decrypt'],
    });
    const get = async (Key: string) => outcome(s3.send(new GetObjectCommand({ Bucket, Key })));

    expect(await get(keyOf(model, own))).toBe('allowed');
    expect(await get(keyOf(model, other))).toBe('refused');
    expect(await get(keyOf(`${model}-2`, own))).toBe('refused');
    expect(await get(`models/${model}/versions/1/manifest.json`)).toBe('refused');
    expect(await outcome(s3.send(new PutObjectCommand({ Bucket, Key: keyOf(model, own), Body: 'x' })))).toBe('refused');
    expect(await outcome(s3.send(new DeleteObjectCommand({ Bucket, Key: keyOf(model, own) })))).toBe('refused');
    expect(await outcome(s3.send(new ListObjectsV2Command({ Bucket, Prefix: `models/${model}/` })))).toBe('refused');
    proves(engine, 'sts.session-policy.objects', 's3.get.access-denied');
  });

  test('that signs uploads writes the files it was opened for, and does nothing else', async () => {
    const fresh = sample('fresh.bin', 100);
    const s3 = await open('upload', {
      model,
      blobs: { actions: ['s3:PutObject'], keys: [keyOf(model, fresh)] },
      encryptionKey: ['kms:GenerateDataKey'],
    });
    const put = async (Key: string) =>
      outcome(s3.send(new PutObjectCommand({ Bucket, Key, Body: fresh.bytes, IfNoneMatch: '*' })));

    expect(await put(keyOf(`${model}-2`, fresh))).toBe('refused');
    expect(await put(`models/${model}/versions/2/manifest.json`)).toBe('refused');
    expect(await put(`models/${model}/aliases/production.json`)).toBe('refused');
    expect(await put(keyOf(model, fresh))).toBe('allowed');
    expect(await outcome(s3.send(new GetObjectCommand({ Bucket, Key: keyOf(model, fresh) })))).toBe('refused');
    expect(
      await outcome(
        s3.send(
          new CopyObjectCommand({
            Bucket,
            Key: keyOf(model, fresh),
            CopySource: `${Bucket}/${keyOf(`${model}-2`, own)}`,
          }),
        ),
      ),
    ).toBe('refused');
    expect(await outcome(s3.send(new DeleteObjectCommand({ Bucket, Key: keyOf(model, fresh) })))).toBe('refused');
    expect(await outcome(s3.send(new ListMultipartUploadsCommand({ Bucket })))).toBe('refused');
    proves(engine, 'sts.session-policy.objects');
  });

  test('never has permissions that its role lacks, even if its policy has them', async () => {
    const s3 = await open('registry', {
      model,
      versions: { actions: ['s3:GetObject'], keys: 'all' },
      bucket: ['s3:ListBucket'],
    });

    expect(
      await outcome(s3.send(new GetObjectCommand({ Bucket, Key: `models/${model}/versions/1/manifest.json` }))),
    ).toBe('allowed');
    expect(await outcome(s3.send(new GetObjectCommand({ Bucket, Key: keyOf(model, own) })))).toBe('refused');
    expect(await outcome(s3.send(new PutBucketPolicyCommand({ Bucket, Policy: '{}' })))).toBe('refused');

    const everything = await unlimitedSession('download');
    expect(await outcome(everything.send(new GetObjectCommand({ Bucket, Key: keyOf(model, own) })))).toBe('allowed');
    expect(await outcome(everything.send(new PutObjectCommand({ Bucket, Key: keyOf(model, own), Body: 'x' })))).toBe(
      'refused',
    );
    expect(await outcome(everything.send(new DeleteObjectCommand({ Bucket, Key: keyOf(model, own) })))).toBe('refused');
    everything.destroy();
    proves(engine, 'sts.session-policy.intersects-role');
  });

  /** A session whose policy allows everything, so that only the role limits it. */
  async function unlimitedSession(name: 'download'): Promise<S3Client> {
    const { credentials, sessionRoleArn } = store.engine.functions[name];
    const sts = new STSClient(
      clientConfiguration({ ...store.localAws, endpoint: store.engine.stsEndpoint }, credentials),
    );
    const { Credentials: given } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: sessionRoleArn,
        RoleSessionName: 'everything',
        DurationSeconds: 900,
        Policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: ['arn:aws:s3:::*'] }],
        }),
      }),
    );
    sts.destroy();
    return new S3Client({
      ...clientConfiguration(store.localAws, {
        accessKeyId: given!.AccessKeyId!,
        secretAccessKey: given!.SecretAccessKey!,
        sessionToken: given!.SessionToken!,
      }),
      forcePathStyle: true,
    });
  }

  test('lists only its own model, and gets 404 for missing keys', async () => {
    const s3 = await open('registry', {
      model,
      versions: { actions: ['s3:GetObject'], keys: 'all' },
      bucket: ['s3:ListBucket'],
    });
    const list = async (Prefix?: string) => outcome(s3.send(new ListObjectsV2Command({ Bucket, Prefix })));

    expect(await list(`models/${model}/versions/`)).toBe('allowed');
    expect(await list(`models/${model}-2/`)).toBe('refused');
    expect(await list('models/')).toBe('refused');
    expect(
      await outcome(s3.send(new HeadObjectCommand({ Bucket, Key: `models/${model}/versions/9/manifest.json` }))),
    ).toBe('NotFound 404');
    expect(
      await outcome(s3.send(new GetObjectCommand({ Bucket, Key: `models/${model}/versions/9/manifest.json` }))),
    ).toBe('NoSuchKey 404');
    proves(engine, 's3.list.prefix-condition', 's3.head.missing-is-404', 's3.get.missing-is-404');
  });

  test('can be opened only by its function: another role or secret is rejected', async () => {
    const { upload, download } = store.engine.functions;
    const assume = async (
      credentials: { readonly accessKeyId: string; readonly secretAccessKey: string },
      RoleArn: string,
    ) => {
      const sts = new STSClient(
        clientConfiguration({ ...store.localAws, endpoint: store.engine.stsEndpoint }, credentials),
      );
      return outcome(
        sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'ada', DurationSeconds: 900 })),
      ).finally(() => sts.destroy());
    };

    expect(await assume(download.credentials, download.sessionRoleArn)).toBe('allowed');
    expect(await assume(download.credentials, upload.sessionRoleArn)).toBe('refused');
    expect(
      await assume(
        { ...download.credentials, secretAccessKey: upload.credentials.secretAccessKey },
        download.sessionRoleArn,
      ),
    ).toBe('refused');
  });

  test('is rejected without its token, and with another one', async () => {
    const s3 = await open('download', { model, blobs: { actions: ['s3:GetObject'], keys: [keyOf(model, own)] } });
    const given = await s3.config.credentials();
    const withToken = async (sessionToken: string | undefined) => {
      const client = new S3Client({
        ...clientConfiguration(store.localAws, { ...given, sessionToken }),
        forcePathStyle: true,
      });
      const result = await client.send(new GetObjectCommand({ Bucket, Key: keyOf(model, own) })).then(
        () => 'allowed',
        () => 'refused',
      );
      client.destroy();
      return result;
    };

    expect(await withToken(given.sessionToken)).toBe('allowed');
    expect(await withToken(undefined)).toBe('refused');
    expect(await withToken(`${given.sessionToken!.slice(0, -8)}AAAAAAAA`)).toBe('refused');
    proves(engine, 's3.session-token.required');
  });

  test('lets the store publish the requested files, but no file of another model', async () => {
    const ada = bench.as('dataScientist');

    const answer = await ada.call('publish', {
      parameters: { model: `${model}-3`, version: '1' },
      body: { files: [entryOf(own)] },
    });

    expect([answer.status, answer.json.code]).toEqual([409, 'blobs_missing']);
  });
});
