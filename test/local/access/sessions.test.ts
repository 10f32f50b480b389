import { CloudFormationClient, CreateStackCommand, DescribeStackResourcesCommand, waitUntilStackCreateComplete } from '@aws-sdk/client-cloudformation';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient, type AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { App, CliCredentialsStackSynthesizer, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as iam from 'aws-cdk-lib/aws-iam';
import { SessionRoles } from '../../../src/access/session-roles';
import { StoreRoles } from '../../../src/access/store-roles';
import { aliasKey, blobKey, manifestKey } from '../../../src/contract/keys';
import { ArtifactBucket } from '../../../src/storage/artifact-bucket';
import { MINISTACK } from '../../fidelity/engines';
import { proves } from '../../fidelity/proves';
import { clientConfiguration } from '../rig/clients';
import type { Credentials } from '../rig/environment';
import { ACCOUNT, startLocalAws, stopLocalAws, type LocalAws } from '../rig/local-aws';
import { inRole, makePerson, type Person } from '../rig/people';

/** The roles as an independent implementation of IAM evaluates them. */
function template(): string {
  const stack = new Stack(new App(), 'access', { synthesizer: new CliCredentialsStackSynthesizer() });
  const artifactBucket = new ArtifactBucket(stack, 'Artifacts');
  new SessionRoles(stack, 'Sessions', { artifactBucket });
  new StoreRoles(stack, 'Roles', { artifactBucket, api: { restApi: apigateway.RestApi.fromRestApiId(stack, 'Api', 'abcde12345'), stageName: 'v1' } });
  // As in accounts with broad policies: IAM allows it to assume every role.
  const research = new iam.Role(stack, 'Research', { assumedBy: new iam.AccountRootPrincipal() });
  research.addToPolicy(new iam.PolicyStatement({ actions: ['sts:*'], resources: ['*'] }));
  return JSON.stringify(Template.fromStack(stack).toJSON());
}

const BLOB = blobKey('churn', 'a'.repeat(64));
const ALICE: Partial<AssumeRoleCommandInput> = {
  RoleSessionName: 'alice',
  SourceIdentity: 'alice',
  Tags: [{ Key: 'caller', Value: 'alice' }, { Key: 'model', Value: 'churn' }, { Key: 'request-id', Value: 'r-1' }, { Key: 'invocation-id', Value: 'i-1' }],
  DurationSeconds: 900,
};

let localAws: LocalAws;
let bucketName: string;
const roleNames: { [start: string]: string } = {};

beforeAll(async () => {
  localAws = await startLocalAws({ purpose: 'access' });
  const cloudFormation = new CloudFormationClient(clientConfiguration(localAws, localAws.root));
  await cloudFormation.send(new CreateStackCommand({ StackName: 'access', TemplateBody: template(), Capabilities: ['CAPABILITY_IAM'] }));
  await waitUntilStackCreateComplete({ client: cloudFormation, minDelay: 1, maxDelay: 1, maxWaitTime: 60 }, { StackName: 'access' });
  const { StackResources: resources = [] } = await cloudFormation.send(new DescribeStackResourcesCommand({ StackName: 'access' }));
  bucketName = resources.find(({ ResourceType }) => ResourceType === 'AWS::S3::Bucket')!.PhysicalResourceId!;
  for (const { LogicalResourceId: id, PhysicalResourceId: name } of resources.filter(({ ResourceType }) => ResourceType === 'AWS::IAM::Role')) {
    roleNames[id!.slice(0, -8)] = name!;
  }
});
afterAll(async () => stopLocalAws(localAws, { remove: true }));

async function assume(credentials: Credentials, role: string, input: Partial<AssumeRoleCommandInput>): Promise<Credentials> {
  const { Credentials: given } = await new STSClient(clientConfiguration(localAws, credentials)).send(new AssumeRoleCommand({
    RoleArn: roleArn(role), RoleSessionName: 'somebody', ...input,
  }));
  return { accessKeyId: given!.AccessKeyId!, secretAccessKey: given!.SecretAccessKey!, sessionToken: given!.SessionToken! };
}

/** The local AWS treats its root user as a service, so it can act as Lambda. */
const asFunction = (name: string) => assume(localAws.root, `Sessions${name}ExecutionRole`, {});
const asSession = async (name: string) => assume(await asFunction(name), `Sessions${name}SessionRole`, ALICE);
const roleArn = (role: string) => `arn:aws:iam::${ACCOUNT}:role/${roleNames[role]}`;
const people = new Map<string, Promise<Person>>();
/** An IAM user that IAM allows to assume one role. */
function personFor(role: string): Promise<Person> {
  const person = people.get(role) ?? makePerson(localAws, `person-${people.size}`, roleArn(role));
  people.set(role, person);
  return person;
}
const asPerson = async (role: string) => inRole(localAws, await personFor(role));
const s3 = (credentials: Credentials) => new S3Client({ ...clientConfiguration(localAws, credentials), forcePathStyle: true });
const refused = { name: expect.stringMatching(/^AccessDenied/) };

describe.each(['Upload', 'Download', 'Registry'])('a session of the %s function', (name) => {
  const open = async (change: Partial<AssumeRoleCommandInput>) => assume(await asFunction(name), `Sessions${name}SessionRole`, { ...ALICE, ...change });

  test('is opened for a named caller', async () => {
    await expect(open({})).resolves.toHaveProperty('sessionToken');
  });

  test('is not opened without a source identity', async () => {
    await expect(open({ SourceIdentity: undefined })).rejects.toMatchObject(refused);
  });

  test('is not opened without the caller and the request ID in its tags, or with an unknown tag', async () => {
    await expect(open({ Tags: undefined })).rejects.toMatchObject(refused);
    for (const missing of ['caller', 'request-id', 'invocation-id']) {
      await expect(open({ Tags: ALICE.Tags!.filter(({ Key }) => Key !== missing) })).rejects.toMatchObject(refused);
    }
    await expect(open({ Tags: [...ALICE.Tags!, { Key: 'department', Value: 'research' }] })).rejects.toMatchObject(refused);
  });

  test('is not opened for longer than presigned URLs are valid', async () => {
    await expect(open({ DurationSeconds: 3_600 })).rejects.toMatchObject(refused);
  });

  test('is not opened for another function', async () => {
    for (const other of ['Upload', 'Download', 'Registry'].filter((each) => each !== name)) {
      await expect(assume(await asFunction(other), `Sessions${name}SessionRole`, ALICE)).rejects.toMatchObject(refused);
    }
  });

  test('is not opened for users, not even for the root user', async () => {
    for (const person of ['DataScientist', 'Pipeline', 'Auditor']) {
      const credentials = await asPerson(`Roles${person}`);
      await expect(assume(credentials, `Sessions${name}SessionRole`, ALICE)).rejects.toMatchObject(refused);
    }
    await expect(assume(localAws.root, `Sessions${name}SessionRole`, ALICE)).rejects.toMatchObject(refused);
  });

  test('accesses objects that the function itself cannot', async () => {
    const itself = s3(await asFunction(name));
    await expect(itself.send(new GetObjectCommand({ Bucket: bucketName, Key: BLOB }))).rejects.toMatchObject(refused);
    await expect(itself.send(new PutObjectCommand({ Bucket: bucketName, Key: BLOB, Body: 'x', IfNoneMatch: '*' }))).rejects.toMatchObject(refused);
  });
});

test('each session can do only the job of its function', async () => {
  const [upload, download, registry] = await Promise.all(['Upload', 'Download', 'Registry'].map(async (name) => s3(await asSession(name))));
  const put = (client: S3Client, key: string) => client.send(new PutObjectCommand({ Bucket: bucketName, Key: key, Body: 'x', IfNoneMatch: '*' }));
  const get = (client: S3Client, key: string) => client.send(new GetObjectCommand({ Bucket: bucketName, Key: key }));
  const alias = aliasKey('churn', 'production');
  const manifest = manifestKey('churn', '1.0.0');

  await put(upload, BLOB);
  await put(upload, manifest);
  await expect(put(upload, alias)).rejects.toMatchObject(refused);
  await put(registry, alias);
  await expect(put(registry, manifestKey('churn', '2.0.0'))).rejects.toMatchObject(refused);
  await expect(get(registry, BLOB)).rejects.toMatchObject(refused);
  await get(registry, manifest);
  await get(download, BLOB);
  await expect(put(download, blobKey('churn', 'b'.repeat(64)))).rejects.toMatchObject(refused);
  proves(MINISTACK, 's3.get.access-denied');
});

test.each(['DataScientist', 'Pipeline', 'Auditor'])('the role %s cannot read objects directly', async (person) => {
  const client = s3(await asPerson(`Roles${person}`));
  for (const key of [BLOB, manifestKey('churn', '1.0.0')]) {
    await expect(client.send(new GetObjectCommand({ Bucket: bucketName, Key: key }))).rejects.toMatchObject(refused);
  }
});

describe.each(['DataScientist', 'Pipeline', 'Auditor'])('the role %s', (name) => {
  const role = `Roles${name}`;

  test('is assumed by an IAM user under its own name and no other', async () => {
    const { name: userName, accessKey } = await personFor(role);
    await expect(assume(accessKey, role, { RoleSessionName: userName })).resolves.toHaveProperty('sessionToken');
    for (const other of ['ada', `${userName}2`, '*']) {
      await expect(assume(accessKey, role, { RoleSessionName: other })).rejects.toThrow();
    }
    proves(MINISTACK, 'iam.policy-variables.own-name');
  });

  test('is assumed by a session that keeps its name, whatever IAM allows it', async () => {
    const research = await assume(localAws.root, 'Research', { RoleSessionName: 'jane@example.com' });
    await expect(assume(research, role, { RoleSessionName: 'jane@example.com' })).resolves.toHaveProperty('sessionToken');
    await expect(assume(research, role, { RoleSessionName: 'ada' })).rejects.toMatchObject(refused);
    await expect(assume(research, role, { RoleSessionName: 'jane@example.com', SourceIdentity: 'ada' })).rejects.toMatchObject(refused);
  });
});
