import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { clientConfiguration } from '../../../test/local/rig/clients';
import type { Credentials } from '../../../test/local/rig/environment';
import { stopLocalAws } from '../../../test/local/rig/local-aws';
import { credentialsOf, startLocalStore, type LocalStore } from '../../../test/local/rig/local-store';
import { modelStore, modelStoreJson } from '../../../test/local/rig/model-store';
import type { Flushed } from '../../../test/local/rig/recorder/recorder';
import { deliverLogs } from '../../../test/local/rig/recorder/start-recorder';
import type { TrailVerification } from '../../src/audit/trail-digests/verify-trail';

const BYTES = 3 * 2 ** 20 + 17;
const DAY_MILLISECONDS = 86_400_000;
const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);
const today = dayOf(Date.now());
const dayFolder = (day: string) => `/${day.replace(/-/g, '/')}/`;

interface Answer {
  readonly rows: readonly { readonly [column: string]: unknown }[];
  readonly read: { readonly files: number; readonly records: number; readonly accessLogLines: number; readonly skipped: readonly unknown[] };
}

describe('An auditor of a store whose log archive is in S3', () => {
  let store: LocalStore;
  let s3: S3Client;
  let vera: Credentials;
  let delivered: Flushed;
  let region: string;

  beforeAll(async () => {
    store = await startLocalStore({ purpose: 'audit-in-s3', recorded: true });
    s3 = new S3Client({ ...clientConfiguration(store.localAws, store.localAws.root), forcePathStyle: true });
    const [ada, grace] = await Promise.all([credentialsOf(store, 'dataScientist'), credentialsOf(store, 'pipeline')]);
    vera = await credentialsOf(store, 'auditor');
    const folder = path.join(store.localAws.folder, 'model');
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, 'weights.bin'), randomBytes(BYTES));
    expect(await modelStore(store, ada, ['push', folder, 'audited@1.0.0'])).toMatchObject({ exitCode: 0 });
    expect(await modelStore(store, grace, ['pull', 'audited@1.0.0', path.join(store.localAws.folder, 'pulled')])).toMatchObject({ exitCode: 0 });
    delivered = await deliverLogs(store.localAws.recorder!);
    [region] = /(?<=\/CloudTrail\/)[^/]+/.exec(delivered.trailFiles[0])!;
    await putOtherDays();
  });

  afterAll(async () => {
    s3?.destroy();
    if (store !== undefined) {
      await stopLocalAws(store.localAws, { remove: true });
    }
  });

  /** Logs for days that the queries do not cover; reading them fails. */
  async function putOtherDays(): Promise<void> {
    for (const daysAgo of [3, 40]) {
      const key = delivered.trailFiles[0].replace(dayFolder(today), dayFolder(dayOf(Date.now() - daysAgo * DAY_MILLISECONDS)));
      await put(store.evidence!.trailBucket, key, Buffer.from('{"Records": ['));
    }
  }

  async function put(bucket: string, key: string, body: Buffer): Promise<void> {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  }

  const audit = async (who: Credentials, ...args: string[]) => modelStore(store, who, ['audit', ...args, '--store', store.name]);
  const auditJson = async <T>(...args: string[]) => modelStoreJson<T>(store, vera, ['audit', ...args, '--store', store.name]);
  const verify = async () => {
    const { exitCode, stdout, stderr } = await audit(vera, 'verify-trail', '--public-keys', store.evidence!.publicKeysFile, '--json');
    expect(stderr).toBe('');
    return { exitCode, ...JSON.parse(stdout) as TrailVerification };
  };

  /** The model, and the manifest that came with it. */
  function expectOnlyGrace(rows: Answer['rows']): void {
    expect(rows).toEqual([expect.objectContaining({ principal: expect.stringMatching(/grace$/) })]);
    expect(Number(rows[0].bytes_out) - BYTES).toBeGreaterThanOrEqual(0);
    expect(Number(rows[0].bytes_out) - BYTES).toBeLessThan(10_000);
  }

  /** Requests from the auditor to the trail bucket since the last delivery, according to its access logs. */
  async function askedOfTrailBucket(): Promise<{ readonly lists: string[]; readonly reads: string[] }> {
    const { accessLogFiles } = await deliverLogs(store.localAws.recorder!);
    const lines: string[] = [];
    for (const key of accessLogFiles.filter((name) => name.includes(`/${store.evidence!.trailBucket}/`))) {
      const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: store.evidence!.accessLogBucket, Key: key }));
      lines.push(...(await body!.transformToString()).trimEnd().split('\n').filter((line) => / \S*\/vera /.test(line)));
    }
    const [lists, reads] = ['REST.GET.BUCKET', 'REST.GET.OBJECT'].map((operation) => lines.filter((line) => line.includes(` ${operation} `)));
    return {
      lists: lists.map((line) => new URL(/"GET (\S+) /.exec(line)![1], 'https://s3').searchParams.get('prefix') ?? '').sort(),
      reads: reads.map((line) => decodeURIComponent(/ REST\.GET\.OBJECT (\S+) /.exec(line)![1])).sort(),
    };
  }

  test('reports who downloaded which bytes, only for the given days', async () => {
    await deliverLogs(store.localAws.recorder!);

    const { rows, read } = await auditJson<Answer>('query', 'egress-by-principal', '--from', today, '--to', today);

    expectOnlyGrace(rows);
    expect(read).toMatchObject({ skipped: [] });
    expect(read.accessLogLines).toBeGreaterThan(3);
    const { lists, reads } = await askedOfTrailBucket();
    // Sessions span midnight, so the days around it are read as well.
    const [yesterday, tomorrow] = [-1, 1].map((days) => dayOf(Date.parse(today) + days * DAY_MILLISECONDS));
    const account = /AWSLogs\/(\d+)\//.exec(delivered.trailFiles[0])![1];
    expect(lists).toEqual([yesterday, today, tomorrow].map((day) => `AWSLogs/${account}/CloudTrail/${region}${dayFolder(day)}`));
    expect(reads.length).toBeGreaterThanOrEqual(delivered.trailFiles.length);
    expect(reads.filter((key) => !key.includes(dayFolder(today)))).toEqual([]);
  });

  test('reads all days, back to the first, for the query for first readers', async () => {
    const { read } = await auditJson<Answer>('query', 'first-time-readers', '--from', today, '--to', today);

    // These are the files for other days.
    expect(read.skipped).toEqual([expect.objectContaining({ reason: 'cut off', count: 2 })]);
  });

  test('gets the same result from an S3 URL, at any depth, with custom settings', async () => {
    const settings = path.join(store.localAws.folder, 'settings.json');
    fs.writeFileSync(settings, JSON.stringify({ artifact_bucket: store.bucketName }));
    const at = (bucket: string) => `s3://${bucket}/`;
    const given = ['--logs', at(store.evidence!.trailBucket), '--access-logs', at(store.evidence!.accessLogBucket), '--settings', settings];

    const { rows } = await modelStoreJson<Answer>(store, vera, ['audit', 'query', 'egress-by-principal', '--from', today, '--to', today, ...given]);

    expectOnlyGrace(rows);
  });

  test('is warned about missing evidence', async () => {
    expect(await audit(vera, 'query', 'egress-by-principal', '--from', '2020-01-01', '--to', '2020-01-02')).toMatchObject({
      exitCode: 3, stderr: expect.stringContaining(`trail: s3://${store.evidence!.trailBucket}/`),
    });
    expect(await modelStore(store, vera, ['audit', 'query', 'egress-by-principal', '--store', 'no-such-store'])).toMatchObject({
      exitCode: expect.any(Number), stderr: expect.stringContaining('/audit'),
    });
  });

  test('has exclusive access: errors for other roles name the missing permission', async () => {
    const ada = await credentialsOf(store, 'dataScientist');

    const described = await audit(ada, 'query', 'egress-by-principal');
    expect(described).toMatchObject({ exitCode: 6, stdout: '' });
    expect(described.stderr).toMatch(/Only auditors of the store .* can read its audit configuration \(ssm:GetParameter on .*\/audit\)/);

    // The local AWS does not record the workgroup of a query, so only the root user can read one.
    expect(await audit(ada, 'query', 'egress-by-principal', '--on', 'athena')).toMatchObject({ exitCode: 6, stderr: expect.stringContaining('Only auditors of the store') });

    const listed = await modelStore(store, ada, ['audit', 'query', 'egress-by-principal', '--logs', `s3://${store.evidence!.trailBucket}/AWSLogs/`]);
    expect(listed).toMatchObject({ exitCode: 6, stdout: '' });
    expect(listed.stderr).toContain(`AWS does not permit s3:ListBucket on the bucket ${store.evidence!.trailBucket}, prefix AWSLogs/`);
    expect(listed.stderr).toContain('Assume the store\'s auditor role');
  });

  test('verifies the trail in its bucket up to the newest digest file, and detects changes', async () => {
    const whole = await verify();
    expect(whole).toMatchObject({ exitCode: 5, whole: false });
    // The two files for other days, which no digest covers; one of them is within the 30 days of the query.
    expect(whole.problems.map(({ kind }) => kind)).toEqual(['log_unsigned']);
    const [chain] = whole.chains;
    expect([chain.whole.length, whole.digestFiles, whole.notes.filter(({ message }) => message.includes('cannot be checked'))]).toEqual([1, chain.digestFiles, []]);
    const unsigned = whole.problems[0].file!;
    await s3.send(new DeleteObjectCommand({ Bucket: store.evidence!.trailBucket, Key: unsigned }));
    expect(await verify()).toMatchObject({ exitCode: 0, whole: true, problems: [] });

    const [changed] = delivered.trailFiles;
    const { Body: body, ContentType: type } = await s3.send(new GetObjectCommand({ Bucket: store.evidence!.trailBucket, Key: changed }));
    const text = gunzipSync(await body!.transformToByteArray()).toString().replace('grace', 'grape');
    await s3.send(new PutObjectCommand({ Bucket: store.evidence!.trailBucket, Key: changed, Body: gzipSync(text), ContentType: type }));

    expect(await verify()).toMatchObject({ exitCode: 5, problems: [{ kind: 'log_changed', file: changed }] });
    expect((await audit(vera, 'verify-trail', '--public-keys', store.evidence!.publicKeysFile)).stdout).toContain('keeps previous versions of its objects');
  });
});
