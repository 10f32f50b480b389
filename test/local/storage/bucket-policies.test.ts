import * as fs from 'node:fs';
import * as https from 'node:https';
import { CloudFormationClient, CreateStackCommand, DescribeStackResourcesCommand, waitUntilStackCreateComplete } from '@aws-sdk/client-cloudformation';
import {
  AbortMultipartUploadCommand, CompleteMultipartUploadCommand, CreateMultipartUploadCommand, DeleteObjectCommand, DeleteObjectTaggingCommand,
  GetObjectCommand, PutObjectAclCommand, PutObjectAnnotationCommand, PutObjectCommand, PutObjectTaggingCommand, RestoreObjectCommand, S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { App, CliCredentialsStackSynthesizer, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { aliasKey, blobKey, manifestKey } from '../../../src/contract/keys';
import { ArtifactBucket } from '../../../src/storage/artifact-bucket';
import { LogArchive } from '../../../src/storage/log-archive';
import type { Perimeter } from '../../../src/storage/perimeter';
import { MINISTACK } from '../../fidelity/engines';
import { proves } from '../../fidelity/proves';
import { clientConfiguration } from '../rig/clients';
import { ACCOUNT, startLocalAws, stopLocalAws, type LocalAws } from '../rig/local-aws';

/**
 * The bucket policies as an independent implementation of IAM evaluates them, for three roles to which IAM allows
 * everything, so only the bucket policies can deny access. The local AWS denies nothing to the root user.
 */
type Role = 'writer' | 'administrator' | 'attacker';

function templateOf(name: string, perimeter?: Perimeter): string {
  const stack = new Stack(new App(), name, { synthesizer: new CliCredentialsStackSynthesizer() });
  const role = (id: Role) => new iam.Role(stack, id, {
    roleName: `${name}-${id}`,
    assumedBy: new iam.AccountRootPrincipal(),
    inlinePolicies: {
      Everything: new iam.PolicyDocument({ statements: [new iam.PolicyStatement({ actions: ['s3:*', 'kms:*'], resources: ['*'] })] }),
    },
  });
  const writer = role('writer');
  role('attacker');
  role('administrator');
  const administrators = [new iam.ArnPrincipal(`arn:aws:iam::${ACCOUNT}:role/${name}-administrator`)];
  const archive = new LogArchive(stack, 'Archive', { administrators, trails: [{ trailName: 'models' }] });
  const artifacts = new ArtifactBucket(stack, 'Artifacts', { administrators, perimeter, serverAccessLogsBucket: archive.accessLogBucket });
  artifacts._policy.exemptFunctionSessions(writer);
  artifacts._policy.restrictWriters({ versions: [writer], aliases: [writer] });
  return JSON.stringify(Template.fromStack(stack).toJSON());
}

let localAws: LocalAws;
beforeAll(async () => {
  localAws = await startLocalAws({ purpose: 'storage' });
});
afterAll(async () => stopLocalAws(localAws, { remove: true }));

async function deploy(name: string, perimeter?: Perimeter) {
  const root = clientConfiguration(localAws, localAws.root);
  const cloudFormation = new CloudFormationClient(root);
  await cloudFormation.send(new CreateStackCommand({
    StackName: name, TemplateBody: templateOf(name, perimeter), Capabilities: ['CAPABILITY_NAMED_IAM'],
  }));
  await waitUntilStackCreateComplete({ client: cloudFormation, minDelay: 1, maxDelay: 1, maxWaitTime: 60 }, { StackName: name });
  const { StackResources } = await cloudFormation.send(new DescribeStackResourcesCommand({ StackName: name }));
  const bucket = (start: string) => StackResources!
    .find(({ ResourceType, LogicalResourceId }) => ResourceType === 'AWS::S3::Bucket' && LogicalResourceId!.startsWith(start))!.PhysicalResourceId!;
  const sts = new STSClient(root);
  const as = async (role: Role) => {
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${ACCOUNT}:role/${name}-${role}`, RoleSessionName: role }));
    const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!;
    return new S3Client({
      ...clientConfiguration(localAws, { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! }),
      forcePathStyle: true,
    });
  };
  return {
    artifacts: bucket('Artifacts'), trail: bucket('ArchiveTrail'), accessLogs: bucket('ArchiveAccess'),
    writer: await as('writer'), administrator: await as('administrator'), attacker: await as('attacker'),
  };
}

const get = async (url: string) => new Promise<number>((resolve, reject) => {
  https.get(url, { ca: fs.readFileSync(localAws.authorityFile) }, (response) => {
    response.resume();
    resolve(response.statusCode!);
  }).on('error', reject);
});
const DENIED = { name: 'AccessDenied' };
const blob = (letter: string) => blobKey('fraud', letter.repeat(64));
const link = async (client: S3Client, Bucket: string, secondsAgo = 0) => getSignedUrl(client, new GetObjectCommand({ Bucket, Key: blob('a') }), {
  expiresIn: 3_600, signingDate: new Date(Date.now() - secondsAgo * 1_000),
});

describe('the buckets on the local AWS', () => {
  let to: Awaited<ReturnType<typeof deploy>>;
  beforeAll(async () => {
    to = await deploy('open');
    await to.writer.send(new PutObjectCommand({ Bucket: to.artifacts, Key: blob('a'), Body: 'bytes', IfNoneMatch: '*' }));
  });

  test('a blob is written once: a second write fails its precondition, and a write without one is denied', async () => {
    const again = { Bucket: to.artifacts, Key: blob('a'), Body: 'other' };
    await expect(to.writer.send(new PutObjectCommand({ ...again, IfNoneMatch: '*' }))).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(to.writer.send(new PutObjectCommand(again))).rejects.toMatchObject(DENIED);
  });

  test('parts need no precondition, but completing the upload does', async () => {
    const upload = { Bucket: to.artifacts, Key: blob('b') };
    const { UploadId } = await to.writer.send(new CreateMultipartUploadCommand({ ...upload, ChecksumAlgorithm: 'SHA256' }));
    const part = await to.writer.send(new UploadPartCommand({ ...upload, UploadId, PartNumber: 1, Body: 'bytes', ChecksumAlgorithm: 'SHA256' }));
    const join = { ...upload, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag: part.ETag, ChecksumSHA256: part.ChecksumSHA256 }] } };
    await expect(to.writer.send(new CompleteMultipartUploadCommand(join))).rejects.toMatchObject(DENIED);
    await to.writer.send(new CompleteMultipartUploadCommand({ ...join, IfNoneMatch: '*' }));
  });

  test('an alias is replaced only with a precondition on its current state', async () => {
    const alias = { Bucket: to.artifacts, Key: aliasKey('fraud', 'production') };
    const { ETag } = await to.writer.send(new PutObjectCommand({ ...alias, Body: '1', IfNoneMatch: '*' }));
    await expect(to.writer.send(new PutObjectCommand({ ...alias, Body: '2' }))).rejects.toMatchObject(DENIED);
    await to.writer.send(new PutObjectCommand({ ...alias, Body: '2', IfMatch: ETag }));
    await expect(to.writer.send(new PutObjectCommand({ ...alias, Body: '3', IfMatch: ETag }))).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  test('only the writers can write, even if IAM allows others', async () => {
    const manifest = { Bucket: to.artifacts, Key: manifestKey('fraud', '1.0.0'), Body: '{}', IfNoneMatch: '*' };
    await expect(to.attacker.send(new PutObjectCommand(manifest))).rejects.toMatchObject(DENIED);
    await expect(to.administrator.send(new PutObjectCommand(manifest))).rejects.toMatchObject(DENIED);
  });

  test.each(['AES256', 'aws:kms', 'aws:kms:dsse'] as const)('a write with %s without the bucket\'s key is denied', async (encryption) => {
    await expect(to.writer.send(new PutObjectCommand({
      Bucket: to.artifacts, Key: blob('c'), Body: 'bytes', IfNoneMatch: '*', ServerSideEncryption: encryption,
    }))).rejects.toMatchObject(DENIED);
  });

  test('a write with another key is denied', async () => {
    await expect(to.writer.send(new PutObjectCommand({
      Bucket: to.artifacts, Key: blob('c'), Body: 'bytes', IfNoneMatch: '*', ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'alias/aws/s3',
    }))).rejects.toMatchObject(DENIED);
  });

  test('a presigned URL works, and is denied after 15 minutes, whatever its signed lifetime', async () => {
    expect(await get(await link(to.writer, to.artifacts))).toBe(200);
    expect(await get(await link(to.writer, to.artifacts, 14 * 60))).toBe(200);
    expect(await get(await link(to.writer, to.artifacts, 16 * 60))).toBe(403);
  });

  test('only administrators can delete', async () => {
    const key = { Bucket: to.artifacts, Key: aliasKey('fraud', 'old') };
    await to.writer.send(new PutObjectCommand({ ...key, Body: '1', IfNoneMatch: '*' }));
    await expect(to.attacker.send(new DeleteObjectCommand(key))).rejects.toMatchObject(DENIED);
    await expect(to.writer.send(new DeleteObjectCommand(key))).rejects.toMatchObject(DENIED);
    await to.administrator.send(new DeleteObjectCommand(key));
  });

  test('only administrators can label an object, and a tag or an annotation is a write like any other', async () => {
    const key = { Bucket: to.artifacts, Key: blob('a') };
    const tags = { ...key, Tagging: { TagSet: [{ Key: 'GuardDutyMalwareScanStatus', Value: 'NO_THREATS_FOUND' }] } };
    const annotation = { ...key, AnnotationName: 'scan', AnnotationPayload: 'clean' };
    for (const client of [to.attacker, to.writer]) {
      await expect(client.send(new PutObjectTaggingCommand(tags))).rejects.toMatchObject(DENIED);
      await expect(client.send(new DeleteObjectTaggingCommand(key))).rejects.toMatchObject(DENIED);
      await expect(client.send(new PutObjectAnnotationCommand(annotation))).rejects.toMatchObject(DENIED);
      await expect(client.send(new PutObjectAclCommand({ ...key, ACL: 'private' }))).rejects.toMatchObject(DENIED);
      await expect(client.send(new RestoreObjectCommand({ ...key, RestoreRequest: { Days: 1 } }))).rejects.toMatchObject(DENIED);
    }
    await to.administrator.send(new PutObjectTaggingCommand(tags));
    proves(MINISTACK, 's3.policy.not-action');
  });

  test('only the uploading session and administrators can abort an upload', async () => {
    const upload = { Bucket: to.artifacts, Key: blob('d') };
    const begin = async () => (await to.writer.send(new CreateMultipartUploadCommand({ ...upload, ChecksumAlgorithm: 'SHA256' }))).UploadId;
    const UploadId = await begin();
    await expect(to.attacker.send(new AbortMultipartUploadCommand({ ...upload, UploadId }))).rejects.toMatchObject(DENIED);
    await to.writer.send(new AbortMultipartUploadCommand({ ...upload, UploadId }));
    await to.administrator.send(new AbortMultipartUploadCommand({ ...upload, UploadId: await begin() }));
  });

  test('no one can write verdicts or attestations, not even the uploading session', async () => {
    for (const Key of ['verdicts/fraud/aa.json', 'models/fraud/versions/1.0.0/attestations/scan.json']) {
      for (const client of [to.attacker, to.administrator, to.writer]) {
        await expect(client.send(new PutObjectCommand({ Bucket: to.artifacts, Key, Body: '{}', IfNoneMatch: '*' }))).rejects.toMatchObject(DENIED);
      }
    }
  });

  test('not even administrators can forge a log', async () => {
    for (const client of [to.attacker, to.administrator, to.writer]) {
      for (const Bucket of [to.trail, to.accessLogs]) {
        const log = { Bucket, Key: `AWSLogs/${ACCOUNT}/forged.json.gz` };
        await expect(client.send(new PutObjectCommand({ ...log, Body: '{}' }))).rejects.toMatchObject(DENIED);
        await expect(client.send(new PutObjectTaggingCommand({ ...log, Tagging: { TagSet: [] } }))).rejects.toMatchObject(DENIED);
        await expect(client.send(new PutObjectAnnotationCommand({ ...log, AnnotationName: 'a', AnnotationPayload: 'b' }))).rejects.toMatchObject(DENIED);
      }
    }
  });
});

describe('the artifact bucket behind a perimeter', () => {
  test('that includes this machine allows access', async () => {
    const to = await deploy('inside', { cidrs: ['127.0.0.0/8'] });
    await to.writer.send(new PutObjectCommand({ Bucket: to.artifacts, Key: blob('a'), Body: 'bytes', IfNoneMatch: '*' }));
    await to.attacker.send(new GetObjectCommand({ Bucket: to.artifacts, Key: blob('a') }));
    expect(await get(await link(to.writer, to.artifacts))).toBe(200);
  });

  test('that excludes it allows only the functions, and denies other callers and every presigned URL', async () => {
    const to = await deploy('outside', { cidrs: ['203.0.113.0/24'] });
    const key = { Bucket: to.artifacts, Key: blob('a') };
    await to.writer.send(new PutObjectCommand({ ...key, Body: 'bytes', IfNoneMatch: '*' }));
    await to.writer.send(new GetObjectCommand(key));
    await expect(to.attacker.send(new GetObjectCommand(key))).rejects.toMatchObject(DENIED);
    await expect(to.administrator.send(new DeleteObjectCommand(key))).rejects.toMatchObject(DENIED);
    expect(await get(await link(to.writer, to.artifacts))).toBe(403);
  });
});
