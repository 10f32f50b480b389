import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as https from 'node:https';
import * as path from 'node:path';
import * as zlib from 'node:zlib';
import {
  CopyObjectCommand, DeleteObjectsCommand, GetBucketVersioningCommand, GetObjectCommand, HeadObjectCommand, PutBucketTaggingCommand, PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { clientConfiguration } from './rig/clients';
import type { Credentials } from './rig/environment';
import { stopLocalAws } from './rig/local-aws';
import { LocalHttp } from './rig/local-http';
import { credentialsOf, startLocalStore, type LocalStore } from './rig/local-store';
import { modelStore } from './rig/model-store';
import type { Flushed } from './rig/recorder/recorder';
import { deliverLogs, dropNextRecord, startTrail } from './rig/recorder/start-recorder';
import type { PublicKeyList } from './rig/recorder/trail-files';
import type { TrailRecord } from './rig/recorder/trail-record';
import { StoreApi } from './rig/store-api';
import { withAnotherSignature } from './support/another-signature';
import { verifyDigestChain } from './support/digest-chain';
import { Tester } from './support/tester';

/** As counted in docs/cost.md. */
interface Version { readonly files: number; readonly largeFiles: number; readonly parts: number }
const eventsOfPush = ({ files, largeFiles, parts }: Version) =>
  (files - largeFiles + parts + 4 * largeFiles + 3) + (2 * files + largeFiles + 4);
const eventsOfPull = ({ files }: Version) => files + 5;

const MIB = 2 ** 20;
const FILES = { 'weights.bin': crypto.randomBytes(33 * MIB), 'nested/config.json': Buffer.from('{"layers":3}'), empty: Buffer.alloc(0) };
const ALL_BYTES = Object.values(FILES).reduce((sum, bytes) => sum + bytes.length, 0);

describe('The local recorder, in front of a dedicated store', () => {
  let store: LocalStore;
  let s3: S3Client;
  let rawHttp: LocalHttp;
  let ada: Credentials;
  let grace: Credentials;

  beforeAll(async () => {
    store = await startLocalStore({ purpose: 'recorder', recorded: true });
    s3 = new S3Client({ ...clientConfiguration(store.localAws, store.localAws.root), forcePathStyle: true });
    rawHttp = new LocalHttp(store.localAws.authorityFile);
    [ada, grace] = await Promise.all([credentialsOf(store, 'dataScientist'), credentialsOf(store, 'pipeline')]);
    const folder = path.join(store.localAws.folder, 'model');
    for (const [name, bytes] of Object.entries(FILES)) {
      fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      fs.writeFileSync(path.join(folder, name), bytes);
    }
    await cli(ada, 'push', folder, 'recorded@1.0.0');
  });

  afterAll(async () => {
    s3?.destroy();
    rawHttp?.close();
    if (store !== undefined) {
      await stopLocalAws(store.localAws, { remove: true });
    }
  });

  async function cli(who: Credentials, ...args: string[]): Promise<void> {
    const { exitCode, stderr } = await modelStore(store, who, args);
    expect([exitCode, exitCode === 0 ? '' : stderr]).toEqual([0, '']);
  }

  async function read(bucket: string, key: string) {
    const { Body: body, Metadata: metadata = {} } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return { body: Buffer.from(await body!.transformToByteArray()), metadata };
  }

  async function recordsOf({ trailFiles }: Flushed, of: { readonly root?: boolean } = {}): Promise<TrailRecord[]> {
    const files = await Promise.all(trailFiles.map(async (key) => read(store.evidence!.trailBucket, key)));
    return files.flatMap(({ body }) => JSON.parse(zlib.gunzipSync(body).toString('utf8')).Records as TrailRecord[])
      // The test itself reads the logs, which is also recorded.
      .filter(({ userIdentity }) => of.root || userIdentity.type !== 'Root');
  }

  async function linesOf({ accessLogFiles }: Flushed): Promise<string[]> {
    const files = await Promise.all(accessLogFiles.map(async (key) => read(store.evidence!.accessLogBucket, key)));
    return files.flatMap(({ body }) => body.toString('utf8').trimEnd().split('\n'));
  }

  const parameter = ({ requestParameters }: TrailRecord, name: string) => String(requestParameters?.[name]);
  const bytesOut = (record: TrailRecord) => Number(record.additionalEventData?.bytesTransferredOut);
  const isBlob = (record: TrailRecord) => parameter(record, 'key').includes('/blobs/');
  const successfulReads = (records: TrailRecord[]) => records.filter((record) => record.eventName === 'GetObject' && record.errorCode === undefined);

  // [C-07] in docs/compliance.md
  test('every byte that is pushed or pulled is recorded for the user who transferred it', async () => {
    const pushed = await recordsOf(await deliverLogs(store.localAws.recorder!));
    const sent = pushed.filter((record) => ['PutObject', 'UploadPart'].includes(record.eventName) && isBlob(record));
    expect(sent.reduce((sum, record) => sum + Number(record.additionalEventData?.bytesTransferredIn), 0)).toBe(ALL_BYTES);
    expect(sent.map(({ userIdentity }) => userIdentity.sessionContext?.sourceIdentity?.split('=').pop())).toEqual(sent.map(() => 'ada'));
    const upload = pushed.filter((record) => isBlob(record) && /Upload/.test(record.eventName)).map(({ eventName }) => eventName);
    expect(upload.filter((name) => name !== 'ListParts').sort())
      .toEqual(['CompleteMultipartUpload', 'CreateMultipartUpload', 'UploadPart', 'UploadPart', 'UploadPart']);

    await cli(ada, 'pull', 'recorded@1.0.0', path.join(store.localAws.folder, 'pulled-by-ada'));
    await cli(grace, 'pull', 'recorded@1.0.0', path.join(store.localAws.folder, 'pulled-by-grace'));
    const ofPulls = await recordsOf(await deliverLogs(store.localAws.recorder!));
    const pulled = successfulReads(ofPulls).filter(isBlob);

    // docs/cost.md assumes the same number.
    const dataEvents = (records: TrailRecord[]) => records.filter(({ eventCategory }) => eventCategory === 'Data').length;
    const version = { files: Object.keys(FILES).length, largeFiles: 1, parts: 3 };
    expect(dataEvents(pushed)).toBe(eventsOfPush(version));
    // Empty files are not requested from S3.
    expect(dataEvents(ofPulls)).toBe(2 * eventsOfPull({ ...version, files: version.files - 1 }));
    const byPerson: Record<string, number> = {};
    for (const record of pulled) {
      const person = record.userIdentity.sessionContext?.sourceIdentity?.split('=').pop() ?? 'nobody';
      byPerson[person] = (byPerson[person] ?? 0) + bytesOut(record);
      expect(record).toMatchObject({
        eventCategory: 'Data',
        userIdentity: { type: 'AssumedRole', arn: expect.stringMatching(new RegExp(`DownloadSessionRole[^/]*/.*=${person}$`)) },
        additionalEventData: { AuthenticationMethod: 'QueryString', SignatureVersion: 'SigV4' },
        requestParameters: { bucketName: store.bucketName, 'X-Amz-Expires': expect.any(String), 'X-Amz-Date': expect.any(String) },
        userAgent: expect.stringContaining('model-store/'),
      });
    }
    expect(byPerson).toEqual({ ada: ALL_BYTES, grace: ALL_BYTES });
  });

  test('the trail contains exactly the events that its selectors match', async () => {
    const { trailBucket } = store.evidence!;
    const administrator = new S3Client({ ...clientConfiguration(store.localAws, store.localAws.root), forcePathStyle: true });
    await cli(grace, 'pull', 'recorded@1.0.0', path.join(store.localAws.folder, 'selected'));
    await administrator.send(new PutBucketTaggingCommand({ Bucket: trailBucket, Tagging: { TagSet: [] } }));
    await administrator.send(new GetBucketVersioningCommand({ Bucket: trailBucket }));
    await administrator.send(new PutObjectCommand({ Bucket: trailBucket, Key: 'put-by-hand', Body: 'a' }));
    await administrator.send(new DeleteObjectsCommand({ Bucket: trailBucket, Delete: { Objects: [{ Key: 'put-by-hand' }] } }));
    administrator.destroy();
    const records = await recordsOf(await deliverLogs(store.localAws.recorder!), { root: true });

    const calls = new Set(records.map(({ eventName, requestParameters, eventSource }) =>
      `${eventName} ${requestParameters?.bucketName ?? eventSource}`));
    expect([...calls]).toEqual(expect.arrayContaining([
      `GetObject ${store.bucketName}`, `PutBucketTagging ${trailBucket}`, `DeleteObjects ${trailBucket}`, `GetBucketVersioning ${trailBucket}`,
      'AssumeRole sts.amazonaws.com',
    ]));
    expect([...calls].filter((call) => /^PutObject /.test(call))).toEqual([]);
  });

  test('the trail and the access log contain the same requests, with the same IDs', async () => {
    await cli(grace, 'pull', 'recorded@1.0.0', path.join(store.localAws.folder, 'reconciled'));
    const flushed = await deliverLogs(store.localAws.recorder!);

    const inTrail = (await recordsOf(flushed)).filter(({ eventSource }) => eventSource === 's3.amazonaws.com').map(({ requestID }) => requestID);
    const inLog = (await linesOf(flushed)).filter((line) => line.includes(`/${store.bucketName}/`)).map((line) => line.split(' ')[6]);

    expect(inTrail.length).toBeGreaterThan(3);
    expect(inTrail.sort()).toEqual(inLog.sort());
  });

  test('a record that is dropped on purpose is missing only from the trail', async () => {
    await dropNextRecord(store.localAws.recorder!, { eventName: 'GetObject' });
    await cli(grace, 'pull', 'recorded@1.0.0', path.join(store.localAws.folder, 'dropped'));
    const flushed = await deliverLogs(store.localAws.recorder!);

    const inTrail = new Set((await recordsOf(flushed)).map(({ requestID }) => requestID));
    const inLog = (await linesOf(flushed)).filter((line) => line.includes(`/${store.bucketName}/`)).map((line) => line.split(' ')[6]);

    expect(inLog.filter((id) => !inTrail.has(id))).toEqual(flushed.dropped.map(({ requestID }) => requestID));
    expect(flushed.dropped).toEqual([expect.objectContaining({ eventName: 'GetObject' })]);
  });

  test('denied reads, ranged reads and copies are recorded as such', async () => {
    const { localAws, bucketName } = store;
    const tester = new Tester(new StoreApi(store, rawHttp), grace);
    const [link] = await tester.downloadLinks('recorded', '1.0.0', ['weights.bin']);
    const key = decodeURIComponent(new URL(link.url).pathname.slice(bucketName.length + 2));

    const refused = await tester.s3('GET', key);
    const part = await rawHttp.send({ method: 'GET', url: link.url, headers: { ...link.headers, range: 'bytes=0-9' } });
    await s3.send(new CopyObjectCommand({ Bucket: store.evidence!.accessLogBucket, Key: 'a-copy', CopySource: `${bucketName}/${key}` }));
    expect([refused.status, part.status, part.bytes.length]).toEqual([403, 206, 10]);
    const flushed = await deliverLogs(localAws.recorder!);
    const records = await recordsOf(flushed);

    expect(records.find(({ errorCode }) => errorCode === 'AccessDenied')).toMatchObject({
      eventName: 'GetObject', errorCode: 'AccessDenied', additionalEventData: { AuthenticationMethod: 'AuthHeader', bytesTransferredOut: refused.bytes.length },
      userIdentity: { arn: expect.stringMatching(/Pipeline.*\/grace$/) },
    });
    expect(records.find(({ requestID }) => requestID === part.headers['x-amz-request-id'])).toMatchObject({ eventName: 'GetObject', additionalEventData: { bytesTransferredOut: 10 } });
    expect(await linesOf(flushed)).toEqual(expect.arrayContaining([
      expect.stringMatching(new RegExp(` REST\\.COPY\\.OBJECT_GET models/recorded/blobs/\\S+ "PUT [^"]*" 200 - - ${FILES['weights.bin'].length} `)),
    ]));
  });

  test('simultaneous requests are recorded once each, with the bytes that the client received', async () => {
    const tester = new Tester(new StoreApi(store, rawHttp), grace);
    const [large, small] = await tester.downloadLinks('recorded', '1.0.0', ['weights.bin', 'nested/config.json']);
    const key = decodeURIComponent(new URL(small.url).pathname.slice(store.bucketName.length + 2));
    const follow = async (url: string, headers = {}, method = 'GET') => rawHttp.send({ method, url, headers });
    const tampered = withAnotherSignature(small.url);
    const kinds = [
      { means: 'QueryString', code: undefined, ask: async () => follow(small.url, small.headers) },
      { means: 'QueryString', code: undefined, ask: async () => follow(large.url, { ...large.headers, range: 'bytes=1000000-2999999' }) },
      { means: 'QueryString', code: undefined, ask: async () => follow(large.url, { ...large.headers, range: 'bytes=-7' }) },
      { means: 'QueryString', code: 'SignatureDoesNotMatch', ask: async () => follow(tampered, small.headers) },
      { means: 'QueryString', code: 'SignatureDoesNotMatch', ask: async () => follow(small.url, small.headers, 'HEAD') },
      { means: 'AuthHeader', code: 'AccessDenied', ask: async () => tester.s3('GET', key) },
      { means: undefined, code: 'AccessDenied', ask: async () => follow(small.url.split('?')[0]) },
    ];

    const asked = await Promise.all(Array.from({ length: 8 }, () => kinds).flat().map(async ({ ask, ...kind }) => ({ kind, answer: await ask() })));
    const flushed = await deliverLogs(store.localAws.recorder!);
    const [records, lines] = [await recordsOf(flushed), await linesOf(flushed)];

    for (const { kind, answer } of asked) {
      const id = (answer.headers['x-amz-request-id'] ?? /<RequestId>([^<]+)/.exec(answer.text)?.[1]) as string;
      const ofThis = records.filter(({ requestID }) => requestID === id);
      expect(ofThis.map(({ additionalEventData: data }) => [data?.bytesTransferredOut, data?.AuthenticationMethod]))
        .toEqual([[answer.bytes.length, kind.means]]);
      // A HEAD response has no body, and so no error code.
      expect(ofThis[0].errorCode).toBe(answer.bytes.length === 0 && kind.code !== undefined ? 'AccessDenied' : kind.code);
      const fields = lines.filter((line) => line.split(' ')[6] === id).map((line) => / "[^"]*" (\d+) (\S+) (\S+) /.exec(line)!.slice(1, 4));
      expect(fields).toEqual([[String(answer.status), ofThis[0].errorCode ?? '-', answer.bytes.length === 0 ? '-' : String(answer.bytes.length)]]);
    }
  });

  test('the digest files cover every log file, and the files are stored as CloudTrail stores them', async () => {
    const { digestFile } = await deliverLogs(store.localAws.recorder!);
    const keys = JSON.parse(fs.readFileSync(store.evidence!.publicKeysFile, 'utf8')) as PublicKeyList;

    const { digestFiles, logFiles } = await verifyDigestChain(digestFile, keys, read, store.evidence!.trailBucket);

    expect(digestFiles.length).toBeGreaterThanOrEqual(2);
    expect(logFiles.length).toBeGreaterThanOrEqual(1);
    const head = await s3.send(new HeadObjectCommand({ Bucket: store.evidence!.trailBucket, Key: logFiles[0] }));
    expect(head).toMatchObject({ ContentType: 'application/json', ContentEncoding: 'gzip' });
  });

  // Outside Linux, 127.0.0.1 is the only loopback IPv4 address.
  (process.platform === 'linux' ? test : test.skip)('a request is recorded with its source address', async () => {
    const tester = new Tester(new StoreApi(store, rawHttp), grace);
    const [link] = await tester.downloadLinks('recorded', '1.0.0', ['nested/config.json']);
    const status = await new Promise((resolve, reject) => {
      https.get(link.url, { headers: link.headers, ca: fs.readFileSync(store.localAws.authorityFile), localAddress: '127.9.0.77' }, (answer) => {
        answer.resume().once('end', () => resolve(answer.statusCode));
      }).once('error', reject);
    });

    const records = await recordsOf(await deliverLogs(store.localAws.recorder!));
    expect(status).toBe(200);
    expect(successfulReads(records).map(({ sourceIPAddress }) => sourceIPAddress)).toContain('127.9.0.77');
  });

  test('the audit reports a copy, a deletion of evidence, and a presigned URL that another user used', async () => {
    await deliverLogs(store.localAws.recorder!);
    const { exitCode, stdout, stderr } = await modelStore(
      store, await credentialsOf(store, 'auditor'), ['--store', store.name, 'audit', 'report', '--json'],
    );
    expect([exitCode, exitCode === 0 ? '' : stderr]).toEqual([0, '']);
    const { answers } = JSON.parse(stdout) as { answers: Record<string, { rows: Record<string, unknown>[] }> };

    expect(answers['copies-to-other-buckets'].rows).toEqual([expect.objectContaining({
      action: 'CopyObject', model: 'recorded', destination: `${store.evidence!.accessLogBucket}/a-copy`,
      bytes_out: FILES['weights.bin'].length, bytes_source: 'object size',
    })]);
    expect(answers.deletions.rows).toEqual([expect.objectContaining({ action: 'DeleteObjects', bucket: store.evidence!.trailBucket, result: 'ok' })]);
    if (process.platform === 'linux') {
      expect(answers['presigned-url-from-other-address'].rows).toEqual([expect.objectContaining({
        principal: expect.stringMatching(/=grace$/), asked_from: '127.0.0.1', used_from: '127.9.0.77', model: 'recorded', bytes_out: FILES['nested/config.json'].length,
      })]);
    }
    // The record that was dropped on purpose.
    expect(answers.reconciliation.rows).toEqual([expect.objectContaining({ missing_in: 'trail', action: 'REST.GET.OBJECT' })]);
  });

  test('a trail that also selects read events records how every session was opened, with its user', async () => {
    const { settings } = store.evidence!;
    const reads = { FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }, { Field: 'readOnly', Equals: ['true'] }] };
    await startTrail(store.localAws.recorder!, { ...settings, selectors: [...settings.selectors, reads] });
    await cli(grace, 'pull', 'recorded@1.0.0', path.join(store.localAws.folder, 'followed'));
    const records = await recordsOf(await deliverLogs(store.localAws.recorder!));

    const [pull] = successfulReads(records).filter(isBlob);
    const opened = records.find(({ eventName, responseElements }) =>
      eventName === 'AssumeRole' && (responseElements?.credentials as { accessKeyId: string }).accessKeyId === pull.userIdentity.accessKeyId);
    expect(opened).toMatchObject({
      eventCategory: 'Management',
      userIdentity: { type: 'AssumedRole', arn: expect.stringContaining('DownloadExecutionRole'), principalId: expect.stringMatching(/^AROA/) },
      requestParameters: {
        sourceIdentity: pull.userIdentity.sessionContext?.sourceIdentity,
        tags: expect.arrayContaining([{ key: 'caller', value: expect.stringMatching(/Pipeline.*\/grace$/) }, { key: 'model', value: 'recorded' }]),
      },
    });
  });

  test('a trail with unsupported selectors is rejected, and the previous one stays active', async () => {
    const { settings } = store.evidence!;
    const strange = { FieldSelectors: [{ Field: 'vpcEndpointId', Equals: ['vpce-1'] }] };

    await expect(startTrail(store.localAws.recorder!, { ...settings, selectors: [strange] })).rejects.toThrow('vpcEndpointId');
    await cli(grace, 'pull', 'recorded@1.0.0', path.join(store.localAws.folder, 'goes-on'));
    expect(successfulReads(await recordsOf(await deliverLogs(store.localAws.recorder!))).filter(isBlob)).not.toEqual([]);
  });

  test('the recorder accepts commands only from the rig', async () => {
    const answer = await rawHttp.send({ method: 'POST', url: `${store.localAws.endpoint}/_recorder/drop`, body: '{}' });

    expect(answer.status).toBe(403);
  });
});
