import * as fs from 'node:fs';
import * as path from 'node:path';
import { CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { GetBucketPolicyCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { makeExistingBucket, OLD_OBJECT, type ExistingBucket } from './existing-bucket';
import { MINISTACK } from '../../fidelity/engines';
import { proves } from '../../fidelity/proves';
import { clientConfiguration } from '../rig/clients';
import { adaptAssembly, readTemplates, supportedResourceTypes } from '../rig/cloud-assembly';
import { cdkOn } from '../rig/deploy';
import { PROJECT_ROOT, TSX_CLI } from '../rig/paths';
import { storeUnderTest } from '../rig/store-under-test';

const { localAws } = storeUnderTest();
const folder = path.join(localAws.folder, 'resource-import');
const assembly = path.join(folder, 'cdk.out');
const cdk = cdkOn(localAws);
const configuration = clientConfiguration(localAws, localAws.root);
const s3 = new S3Client({ ...configuration, forcePathStyle: true });
const cloudFormation = new CloudFormationClient(configuration);

const resourcesOf = async (stack: string) => {
  const { StackResources } = await cloudFormation.send(new DescribeStackResourcesCommand({ StackName: stack }));
  return Object.fromEntries(StackResources!.map(({ ResourceType, PhysicalResourceId }) => [ResourceType!, PhysicalResourceId!]));
};
const oldObjectOf = async ({ bucketName }: ExistingBucket) =>
  (await s3.send(new GetObjectCommand({ Bucket: bucketName, Key: OLD_OBJECT.key }))).Body!.transformToString();
const policyOf = async ({ bucketName }: ExistingBucket) => (await s3.send(new GetBucketPolicyCommand({ Bucket: bucketName }))).Policy!;
const deploy = async (stack: string, ...options: string[]) => cdk('deploy', stack, '--app', assembly, '--require-approval', 'never', '--exclusively', ...options);

let withKey: ExistingBucket;
let withoutKey: ExistingBucket;

beforeAll(async () => {
  withKey = await makeExistingBucket(localAws, `managed-with-key-${process.pid}`);
  withoutKey = await makeExistingBucket(localAws, `managed-without-key-${process.pid}`);
  fs.mkdirSync(folder, { recursive: true });
  const app = ['node', path.relative(PROJECT_ROOT, TSX_CLI), path.relative(PROJECT_ROOT, path.join(__dirname, 'managed-app.ts'))].join(' ');
  await cdk('synth', '--quiet', '--app', `${app} ${withKey.bucketName} ${withoutKey.bucketName} ${withoutKey.keyArn}`, '--output', assembly);
  adaptAssembly(assembly, await supportedResourceTypes(localAws.python));
  await deploy('ManagedLogs');
});
afterAll(() => {
  s3.destroy();
  cloudFormation.destroy();
});

describe('An existing bucket and key, imported with "cdk import"', () => {
  test('are imported by a mapping of their logical IDs, and nothing else is created', async () => {
    const ids = Object.entries(readTemplates(assembly).ManagedWithKey.Resources!);
    const idOf = (type: string) => ids.find(([id, { Type }]) => Type === type && id.startsWith('ModelsArtifacts'))![0];
    const mapping = path.join(folder, 'resource-mapping.json');
    fs.writeFileSync(mapping, JSON.stringify({
      [idOf('AWS::S3::Bucket')]: { BucketName: withKey.bucketName }, [idOf('AWS::KMS::Key')]: { KeyId: withKey.keyId },
    }));

    await cdk('import', 'ManagedWithKey', '--app', assembly, '--resource-mapping', mapping);

    expect(await resourcesOf('ManagedWithKey')).toEqual({ 'AWS::S3::Bucket': withKey.bucketName, 'AWS::KMS::Key': withKey.keyId });
    proves(MINISTACK, 'cloudformation.resource-import');
  });

  test('then belong to the store: the next deployment creates the rest of it, and keeps all content', async () => {
    await deploy('ManagedWithKey');

    expect(await resourcesOf('ManagedWithKey')).toMatchObject({ 'AWS::S3::Bucket': withKey.bucketName, 'AWS::ApiGateway::RestApi': expect.any(String) });
    expect(await policyOf(withKey)).toContain('DenyOverwriting');
    expect(await oldObjectOf(withKey)).toBe(OLD_OBJECT.text);
  });
});

describe('An existing bucket whose key stays with its owner', () => {
  test('is imported by the deployment itself, with --import-existing-resources', async () => {
    await deploy('ManagedInOneCommand', '--import-existing-resources');

    expect(await resourcesOf('ManagedInOneCommand')).toMatchObject({ 'AWS::S3::Bucket': withoutKey.bucketName });
    expect(await policyOf(withoutKey)).toContain(withoutKey.keyArn);
    expect(await oldObjectOf(withoutKey)).toBe(OLD_OBJECT.text);
  });
});
