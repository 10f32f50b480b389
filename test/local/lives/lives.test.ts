import * as fs from 'node:fs';
import * as path from 'node:path';
import { APIGatewayClient, GetAccountCommand, UpdateAccountCommand } from '@aws-sdk/client-api-gateway';
import { ListObjectVersionsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type MadeResource, resourcesOfStack, WhatsLeft } from './whats-left';
import { proves } from '../../fidelity/proves';
import { clientConfiguration } from '../rig/clients';
import { cdkOn, deployApp, type Deployment } from '../rig/deploy';
import type { Credentials } from '../rig/environment';
import { localUrl, type LocalStore } from '../rig/local-store';
import { modelStore } from '../rig/model-store';
import { PROJECT_ROOT, TSX_CLI } from '../rig/paths';
import { inRole, makePerson } from '../rig/people';
import { storeUnderTest } from '../rig/store-under-test';

const MINISTACK = { name: 'ministack', version: '1.5.33' };
const DONE = 0;
const NOT_PERMITTED = 6;
const LANDING_ZONE = 'arn:aws:iam::000000000000:role/landing-zone';

/*
 * An account and Region has one store. Two more are deployed, one of them a sandbox, which the app of another
 * repository uses by its name. Then that app and the sandbox are deleted.
 */
describe('stores in one account', () => {
  const first = storeUnderTest();
  const { localAws } = first;
  const configuration = clientConfiguration(localAws, localAws.root);
  const apis = new APIGatewayClient(configuration);
  const s3 = new S3Client({ ...configuration, forcePathStyle: true });
  const folder = path.join(localAws.folder, 'lives');
  const there = new WhatsLeft(localAws);
  let stores: Deployment;
  let consumer: Deployment;
  let sandbox: LocalStore;
  let job: Credentials;
  let settingBefore: string | undefined;

  const loggingRole = async () => (await apis.send(new GetAccountCommand({}))).cloudwatchRoleArn;
  const setLoggingRole = async (value: string) =>
    apis.send(new UpdateAccountCommand({ patchOperations: [{ op: 'replace', path: '/cloudwatchRoleArn', value }] }));
  const deploy = async (file: string) => {
    const own = path.join(folder, file);
    fs.mkdirSync(own, { recursive: true });
    const app = ['node', path.relative(PROJECT_ROOT, TSX_CLI), path.relative(PROJECT_ROOT, path.join(__dirname, file))].join(' ');
    return deployApp({ ...localAws, folder: own }, app);
  };
  const destroy = async (deployment: Deployment, stackName: string) =>
    cdkOn(localAws)('destroy', stackName, '--force', '--app', deployment.assemblyFolder);
  const as = async (who: Credentials, ...args: string[]) => (await modelStore(sandbox, who, args)).exitCode;

  beforeAll(async () => {
    settingBefore = await loggingRole();
    await setLoggingRole(LANDING_ZONE);
    stores = await deploy('stores-app.ts');
    const { LivesSandbox: outputs } = stores.outputs;
    sandbox = { ...first, url: localUrl(localAws, outputs.StoreUrl), outputs };
    fs.mkdirSync(path.join(folder, 'model'), { recursive: true });
    fs.writeFileSync(path.join(folder, 'model', 'weights.bin'), 'weights');
  });
  afterAll(async () => {
    await setLoggingRole(settingBefore!);
    [apis, s3].forEach((client) => client.destroy());
    there.close();
  });

  test('the first one sets the logging role of the account, which had none', () => {
    expect(settingBefore).toContain(':role/ModelStore-ModelsApiLoggingRole');
    proves(MINISTACK, 'apigateway.account.logging-role');
  });

  test('later ones keep an existing role', async () => {
    expect((await resourcesOfStack(localAws, 'LivesTeam')).map(({ type }) => type)).toContain('Custom::ApiGatewayLoggingRole');
    expect(await loggingRole()).toBe(LANDING_ZONE);
  });

  test('an app in another repository finds a store by name, and pushes and pulls only its own models', async () => {
    consumer = await deploy('consumer-app.ts');
    const { LivesConsumer: outputs } = consumer.outputs;
    expect(localUrl(localAws, outputs.StoreUrl)).toBe(sandbox.url);
    job = await inRole(localAws, await makePerson(localAws, 'job', outputs.JobRoleArn));
    const model = path.join(folder, 'model');

    expect(await as(job, 'push', model, 'fraud-scorer@1.0.0')).toBe(DONE);
    expect(await as(job, 'pull', 'fraud-scorer@1.0.0', path.join(folder, 'pulled'))).toBe(DONE);
    expect(fs.readFileSync(path.join(folder, 'pulled', 'weights.bin'), 'utf8')).toBe('weights');
    expect(await as(job, 'push', model, 'pricing@1.0.0')).toBe(NOT_PERMITTED);
    expect(await as(job, 'promote', 'fraud-scorer@1.0.0', 'production')).toBe(NOT_PERMITTED);
    proves(MINISTACK, 'cloudformation.parameter.ssm-value');
  });

  test('the sandbox is deleted with all versions of all models and logs', async () => {
    const pipeline = await inRole(localAws, await makePerson(localAws, 'sandbox-pipeline', sandbox.outputs.PipelineRoleArn));
    expect(await as(job, 'push', path.join(folder, 'model'), 'fraud-scorer@1.0.1')).toBe(DONE);
    expect(await as(pipeline, 'promote', 'fraud-scorer@1.0.0', 'production')).toBe(DONE);
    expect(await as(pipeline, 'promote', 'fraud-scorer@1.0.1', 'production')).toBe(DONE);
    for (const Bucket of [sandbox.outputs.TrailBucket, sandbox.outputs.AccessLogBucket]) {
      for (const Body of ['one', 'two']) {
        await s3.send(new PutObjectCommand({ Bucket, Key: 'a/log', Body }));
      }
    }
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: consumer.outputs.LivesConsumer.BucketName }));
    expect(Versions.filter(({ IsLatest }) => !IsLatest)).toHaveLength(1);
    const made: MadeResource[] = [
      ...await resourcesOfStack(localAws, 'LivesSandbox'), ...await resourcesOfStack(localAws, 'LivesConsumer'),
    ];
    const looked = made.filter(({ type }) => there.types.includes(type));
    expect(await there.of(made)).toEqual(looked);
    expect(looked.filter(({ type }) => type === 'AWS::S3::Bucket')).toHaveLength(4);

    await destroy(consumer, 'LivesConsumer');
    await destroy(stores, 'LivesSandbox');

    expect(await there.of(made)).toEqual([]);
    expect(await loggingRole()).toBe(LANDING_ZONE);
    proves(MINISTACK, 's3.auto-delete.every-version', 'kms.key.pending-deletion');
  });

  test('the other stores are not affected', async () => {
    const team = await resourcesOfStack(localAws, 'LivesTeam');
    expect(await there.of(team)).toEqual(team.filter(({ type }) => there.types.includes(type)));
    expect((await modelStore(first, await inRole(localAws, first.people.dataScientist), ['list', '--columns', 'model'])).exitCode).toBe(DONE);
  });
});
