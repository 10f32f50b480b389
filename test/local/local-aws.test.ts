import * as fs from 'node:fs';
import * as path from 'node:path';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetBucketEncryptionCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { clientConfiguration } from './rig/clients';
import { supportedResourceTypes } from './rig/cloud-assembly';
import { PROJECT_ROOT } from './rig/paths';
import { inRole, makePerson } from './rig/people';
import { sample } from './support/sample';
import { TestBench } from './support/tester';
import { LIMITS } from '../../scripts/demo/limits';

/**
 * Known differences between the local AWS and AWS, as listed in test/local/README.md and the demo. If one of these
 * tests fails after an update, remove the difference from the list.
 */
describe('The local AWS', () => {
  let bench: TestBench;
  const file = sample('model.onnx', 100);

  beforeAll(async () => {
    bench = new TestBench();
    await (await bench.as('dataScientist')).push('local-aws', '1.0.0', [file]);
  });
  afterAll(() => bench.close());

  test('gets the whole template except unsupported types and references to them', async () => {
    const { leftOut, localAws } = bench.store;
    const missing = ['AWS::Athena::NamedQuery', 'AWS::CloudTrail::Trail', 'AWS::CloudWatch::AnomalyDetector', 'AWS::CloudWatch::InsightRule'];

    const byItself = leftOut.filter(({ because }) => !because.includes('left out'));
    expect(byItself.filter(({ type }) => !missing.includes(type!)).map(({ type, because }) => `${type}: ${because}`)
      .filter((line) => line !== 'AWS::CloudWatch::Alarm: the local AWS has no alarms on metric math')).toEqual([]);
    expect([...await supportedResourceTypes(localAws.python)].filter((type) => missing.includes(type))).toEqual([]);
  });

  test('denies nothing to its root user and does not check signatures', async () => {
    const { root } = bench.store.localAws;
    const blob = `models/local-aws/blobs/sha256/${file.digest}`;

    const answer = await bench.with({ ...root, secretAccessKey: 'not-the-secret' }).s3('GET', blob);

    expect(answer.status).toBe(200);
  });

  test('does not deploy bucket encryption: objects are not encrypted, and no key permission is needed', async () => {
    const { localAws, bucketName } = bench.store;
    const configuration = clientConfiguration(localAws, localAws.root);
    const iam = new IAMClient(configuration);
    const key = `models/local-aws/blobs/sha256/${file.digest}`;
    const { Role: role } = await iam.send(new CreateRoleCommand({
      RoleName: 'reads-objects-without-the-key',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: localAws.account }, Action: 'sts:AssumeRole' }],
      }),
    }));
    await iam.send(new PutRolePolicyCommand({
      RoleName: role!.RoleName,
      PolicyName: 'objects',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucketName}/*` }],
      }),
    }));
    const reader = bench.with(await inRole(localAws, await makePerson(localAws, 'without-key', role!.Arn!)));

    const s3 = new S3Client({ ...configuration, forcePathStyle: true });
    const { ServerSideEncryptionConfiguration: setting } = await s3.send(new GetBucketEncryptionCommand({ Bucket: bucketName }));
    const head = await s3.send(new HeadObjectCommand({ Bucket: bucketName, Key: key }));
    const read = await reader.s3('GET', key);

    expect(setting!.Rules![0].ApplyServerSideEncryptionByDefault).toEqual({ SSEAlgorithm: 'AES256' });
    expect(head.ServerSideEncryption).toBeUndefined();
    expect(read.status).toBe(200);
  });

  test('logs no secrets of the store', () => {
    const log = fs.readFileSync(bench.store.localAws.logFile, 'utf8');

    expect(log).not.toContain(bench.store.localAws.root.secretAccessKey);
    expect(log).not.toMatch(/X-Amz-Signature=/);
  });

  test('is described in the README with every limit that the demo prints', () => {
    const readme = fs.readFileSync(path.join(PROJECT_ROOT, 'test', 'local', 'README.md'), 'utf8');
    for (const { subject } of LIMITS) {
      expect(readme).toContain(`**${subject}.**`);
    }
  });
});
