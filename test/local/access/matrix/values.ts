import * as crypto from 'node:crypto';
import { GetKeyPolicyCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetBucketPolicyCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { DeployedResource, DeployedStacks } from './deployed-stacks';
import { blobKey } from '../../../../src/contract/keys';
import { clientConfiguration } from '../../rig/clients';
import type { LocalStore } from '../../rig/local-store';
import { STACK_NAME } from '../../rig/stack-names';
import type { Sample } from '../../support/sample';

/** What `${name}` stands for in the matrix. */
export type Values = { readonly [name: string]: string };

const FUNCTIONS = ['upload', 'download', 'registry'] as const;
const capitalized = (name: string) => name[0].toUpperCase() + name.slice(1);

/** The names and ARNs of the deployed store. */
function namesOf(store: LocalStore, stacks: DeployedStacks): Values {
  const { account, region } = store.localAws;
  const named = (name: string, { arn, name: short }: DeployedResource) => ({ [name]: arn, [`${name}Name`]: short });
  const functions = FUNCTIONS.map((name) => ({
    ...named(`${name}Function`, stacks.one('AWS::Lambda::Function', new RegExp(`Functions${capitalized(name)}[0-9A-F]{8}$`))),
    ...named(`${name}SessionRole`, stacks.one('AWS::IAM::Role', new RegExp(`${capitalized(name)}SessionRole`))),
    ...named(`${name}ExecutionRole`, stacks.one('AWS::IAM::Role', new RegExp(`${capitalized(name)}ExecutionRole`))),
  }));
  const roles = ['dataScientist', 'pipeline', 'auditor'].map((name) =>
    named(`${name}Role`, stacks.one('AWS::IAM::Role', new RegExp(`Roles${capitalized(name)}[0-9A-F]{8}$`))));
  const artifacts = stacks.one('AWS::S3::Bucket', /Artifacts/);
  const trailBucket = stacks.one('AWS::S3::Bucket', /TrailBucket/);
  const accessLogs = stacks.one('AWS::S3::Bucket', /AccessLogBucket/);
  const api = stacks.one('AWS::ApiGateway::RestApi');
  const database = stacks.one('AWS::Glue::Database');
  const table = stacks.one('AWS::Glue::Table', /TrailRecords/);
  const tableName = (table.properties.TableInput as { Name: string }).Name;
  return Object.assign({
    account,
    api: `arn:aws:execute-api:${region}:${account}:${api.name}`,
    restApiId: api.name,
    apiDescription: api.properties.Description as string,
    bucket: artifacts.name,
    artifacts: artifacts.arn,
    artifactKey: stacks.one('AWS::KMS::Key', /ArtifactsKey/).arn,
    signingKey: stacks.one('AWS::KMS::Key', /SigningKey/).arn,
    trailBucket: trailBucket.name,
    trail: trailBucket.arn,
    trailKey: stacks.one('AWS::KMS::Key', /TrailBucketKey/).arn,
    accessLogBucket: accessLogs.name,
    accessLogs: accessLogs.arn,
    trailArn: stacks.one('AWS::CloudTrail::Trail').arn,
    databaseName: database.name,
    tableName,
    table: `arn:aws:glue:${region}:${account}:table/${database.name}/${tableName}`,
    alarm: `arn:aws:cloudwatch:${region}:${account}:alarm:${STACK_NAME}-none`,
    topic: stacks.one('AWS::SNS::Topic').arn,
    topicKey: stacks.one('AWS::KMS::Key', /TopicKey/).arn,
  },
  named('trailLogGroup', stacks.one('AWS::Logs::LogGroup', /TrailLogGroup/)),
  named('workGroup', stacks.one('AWS::Athena::WorkGroup')),
  named('rule', stacks.one('AWS::Events::Rule', /TamperTrailRule/)),
  named('storeParameter', stacks.one('AWS::SSM::Parameter', /ModelsDescription/)),
  named('auditParameter', stacks.one('AWS::SSM::Parameter', /AuditDescription/)),
  ...stacks.all('AWS::Cognito::UserPool').map(({ arn, name }) => ({ userPoolArn: arn, userPoolId: name })),
  ...roles, ...functions);
}

const LOG_KEY = 'AWSLogs/matrix.json.gz';
const THROWAWAY = blobKey('scratch', 'e'.repeat(64));

/** Objects and policies that the requests need, made or read as the root user, which the local AWS denies nothing. */
async function preparedBy(store: LocalStore, names: Values, file: Sample): Promise<Values> {
  const configuration = clientConfiguration(store.localAws, store.localAws.root);
  const s3 = new S3Client({ ...configuration, forcePathStyle: true });
  const kms = new KMSClient(configuration);
  const policyOf = async (Bucket: string) => (await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy!;
  try {
    await s3.send(new PutObjectCommand({ Bucket: names.bucket, Key: THROWAWAY, Body: 'x' }));
    await s3.send(new PutObjectCommand({ Bucket: names.trailBucket, Key: LOG_KEY, Body: 'x' }));
    await s3.send(new PutObjectCommand({ Bucket: names.accessLogBucket, Key: LOG_KEY, Body: 'x' }));
    const { VersionId: blobVersion } = await s3.send(new HeadObjectCommand({ Bucket: names.bucket, Key: blobKey('fraud-cards', file.digest) }));
    const { CiphertextBlob: ciphertext } = await kms.send(new EncryptCommand({ KeyId: names.artifactKey, Plaintext: Buffer.from('x') }));
    const { Policy: signingKeyPolicy } = await kms.send(new GetKeyPolicyCommand({ KeyId: names.signingKey, PolicyName: 'default' }));
    return {
      digest: file.digest,
      sha256: file.sha256,
      throwaway: THROWAWAY,
      logKey: LOG_KEY,
      noUpload: crypto.randomUUID(),
      blobVersion: blobVersion!,
      bucketPolicy: await policyOf(names.bucket),
      trailBucketPolicy: await policyOf(names.trailBucket),
      ciphertext: Buffer.from(ciphertext!).toString('base64'),
      signingKeyPolicy: signingKeyPolicy!,
    };
  } finally {
    s3.destroy();
    kms.destroy();
  }
}

/** The values of a deployed store with a version of `fraud-cards` and of `weather` that has this file. */
export async function valuesOf(store: LocalStore, stacks: DeployedStacks, file: Sample): Promise<Values> {
  const names = namesOf(store, stacks);
  const trust = stacks.one('AWS::IAM::Role', /UploadSessionRole/).properties.AssumeRolePolicyDocument as object;
  return { ...names, ...await preparedBy(store, names, file), uploadSessionTrust: JSON.stringify(trust) };
}

/** The values of one principal: its ID, its own name, and a digest that no other has. */
export function valuesFor(principal: string, ownName: string): Values {
  return { principal, ownName, ownDigest: crypto.createHash('sha256').update(principal).digest('hex') };
}

/** Puts the values into every string of the template. */
export function filled<T>(template: T, values: Values): T {
  if (typeof template === 'string') {
    return template.replace(/\$\{(\w+)\}/g, (_, name: string) => {
      if (values[name] === undefined) {
        throw new Error(`the matrix names \${${name}}, which the deployed store does not have`);
      }
      return values[name];
    }) as T;
  }
  if (Array.isArray(template)) {
    return template.map((item) => filled(item as unknown, values)) as T;
  }
  if (template !== null && typeof template === 'object') {
    return Object.fromEntries(Object.entries(template).map(([key, item]) => [filled(key, values), filled(item as unknown, values)])) as T;
  }
  return template;
}
