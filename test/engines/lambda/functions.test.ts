import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { FunctionProcess, type FunctionSettings } from './function-process';
import { ensureLambdaRuntime, hasLambdaRuntime, LAMBDA, type LambdaRuntime } from './runtime';
import { FUNCTIONS, ROUTES, type FunctionName, type RouteName } from '../../../src/contract/routes';
import { proves } from '../../fidelity/proves';
import { apiEvent, type Request } from '../../handlers/support/events';
import { textFile } from '../../handlers/support/files';
import { ensureBundles } from '../../local/rig/bundles';
import { clientConfiguration } from '../../local/rig/clients';
import { startLocalAws, stopLocalAws, type LocalAws } from '../../local/rig/local-aws';
import { LocalHttp } from '../../local/rig/local-http';
import { PROJECT_ROOT } from '../../local/rig/paths';
import { VARIANTS } from '../../store/variants';
import { synthesised } from '../cloudformation/support/deployment';

interface FunctionProperties {
  readonly Description: string;
  readonly Handler: string;
  readonly MemorySize: number;
  readonly Runtime: string;
  readonly Timeout: number;
  readonly Environment: { readonly Variables: { readonly [name: string]: unknown } };
}

const BUCKET = 'models-in-lambda';
const file = textFile('model.onnx', 'weights');

const policy = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });

/** The settings of a function in the template of the default store. */
function declared(name: FunctionName): FunctionProperties {
  const found = Object.entries(synthesised('Declared', VARIANTS['with defaults']).Resources)
    .find(([id, { Type: type }]) => type === 'AWS::Lambda::Function' && id.toLowerCase().includes(name));
  return found![1].Properties as unknown as FunctionProperties;
}

(hasLambdaRuntime() ? describe : describe.skip)('in the Lambda runtime, with its Node.js client, a function', () => {
  let localAws: LocalAws;
  let http: LocalHttp;
  let runtime: LambdaRuntime;
  let folder: string;
  const functions = new Map<FunctionName, FunctionProcess>();

  beforeAll(async () => {
    await ensureBundles((line) => process.stderr.write(`${line}\n`));
    runtime = await ensureLambdaRuntime();
    localAws = await startLocalAws({ purpose: 'lambda' });
    http = new LocalHttp(localAws.authorityFile);
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'functions-'));
    const values = await resources();
    for (const name of FUNCTIONS) {
      const { Handler, MemorySize, Timeout, Environment } = declared(name);
      const names = Object.keys(Environment.Variables);
      const settings: FunctionSettings = {
        handler: Handler,
        memoryMegabytes: MemorySize,
        timeoutSeconds: Timeout,
        environment: {
          ...Object.fromEntries(names.map((variable) => [variable, values[variable] ?? String(Environment.Variables[variable])])),
          AWS_REGION: localAws.region, AWS_ENDPOINT_URL: localAws.endpoint, NODE_EXTRA_CA_CERTS: localAws.authorityFile,
          AWS_ACCESS_KEY_ID: localAws.root.accessKeyId, AWS_SECRET_ACCESS_KEY: localAws.root.secretAccessKey,
        },
      };
      functions.set(name, await FunctionProcess.start(runtime, path.join(PROJECT_ROOT, 'assets', name), path.join(folder, name), settings));
    }
  }, 1_800_000);
  afterAll(async () => {
    await Promise.all([...functions.values()].map(async (each) => each.stop()));
    http?.close();
    if (localAws) {
      await stopLocalAws(localAws, { remove: true });
    }
    if (folder) {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });

  /** The resources of the functions on the local AWS, and the variables that refer to them. */
  async function resources(): Promise<{ readonly [variable: string]: string }> {
    const configuration = clientConfiguration(localAws, localAws.root);
    const s3 = new S3Client({ ...configuration, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    await s3.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: 'Enabled' } }));
    const kms = new KMSClient(configuration);
    const signing = await kms.send(new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }));
    const encryption = await kms.send(new CreateKeyCommand({}));
    const iam = new IAMClient(configuration);
    const trusted = ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'];
    const { Role: role } = await iam.send(new CreateRoleCommand({
      RoleName: 'session', AssumeRolePolicyDocument: policy({ Principal: { AWS: `arn:aws:iam::${localAws.account}:root` }, Action: trusted }),
    }));
    await iam.send(new PutRolePolicyCommand({
      RoleName: 'session', PolicyName: 'job', PolicyDocument: policy({ Action: ['s3:*', 'kms:*'], Resource: '*' }),
    }));
    return {
      ARTIFACT_BUCKET_NAME: BUCKET, ARTIFACT_KEY_ARN: encryption.KeyMetadata!.Arn!, SIGNING_KEY_ARN: signing.KeyMetadata!.Arn!,
      SESSION_ROLE_ARN: role!.Arn!,
    };
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  async function call(route: RouteName, request: Request): Promise<{ status: number; body: any }> {
    const { statusCode, body } = await functions.get(ROUTES[route].function)!.invoke<APIGatewayProxyResult>(apiEvent(route, request));
    return { status: statusCode, body: JSON.parse(body) };
  }

  test('is declared for the version of Node.js that runs here', () => {
    const version = (JSON.parse(fs.readFileSync(path.join(path.dirname(runtime.node), '..', 'package.json'), 'utf8')) as { version: string }).version;

    for (const name of FUNCTIONS) {
      expect(declared(name).Runtime).toBe(`nodejs${/\d+/.exec(version)![0]}.x`);
    }
  });

  test('uploads, publishes, finds and downloads a model', async () => {
    const model = 'churn';
    const begun = await call('beginUpload', { parameters: { model }, body: { files: [{ digest: file.digest, size: file.size }] } });
    expect(begun).toMatchObject({ status: 200, body: { files: [{ digest: file.digest }] } });

    const asked = await call('uploadLinks', { parameters: { model }, body: { links: [{ digest: file.digest, size: file.size }] } });
    expect(asked.status).toBe(200);
    const [{ url, headers }] = asked.body.links as { url: string; headers: { [name: string]: string } }[];
    expect((await http.send({ method: 'PUT', url, headers, body: 'weights' })).status).toBe(200);

    const published = await call('publish', { parameters: { model, version: '1.0.0' }, body: { files: [file], metadata: {} } });
    expect([published.status, published.body.code]).toEqual([201, undefined]);

    const shown = await call('showVersion', { parameters: { model, version: '1.0.0' } });
    expect(shown.status).toBe(200);
    expect(JSON.stringify(shown.body)).toContain(file.digest);
    expect(await call('listModels', {})).toMatchObject({ status: 200, body: { models: [expect.anything()] } });

    const given = await call('downloadLinks', { parameters: { model, version: '1.0.0' }, body: { paths: [file.path] } });
    expect(given.status).toBe(200);
    expect((await http.send({ method: 'GET', url: given.body.links[0].url })).text).toBe('weights');
    proves(LAMBDA, 'lambda.runtime.init-and-invoke');
  });

  test('rejects invalid requests as the contract defines', async () => {
    expect(await call('showVersion', { parameters: { model: 'churn', version: '9.9.9' } })).toMatchObject({ status: 404, body: { code: 'unknown_version' } });
    expect(await call('beginUpload', { parameters: { model: 'UPPER' }, body: { files: [] } })).toMatchObject({ status: 400 });
    expect((await call('downloadLinks', { parameters: { model: 'churn', version: '9.9.9' }, body: { paths: [file.path] } })).status).toBe(404);
  });

  test('reports its initialization time, and stays within its configured memory', async () => {
    for (const [name, each] of functions) {
      expect([name, each.initMilliseconds()]).toEqual([name, expect.any(Number)]);
      expect(each.peakMegabytes()).toBeGreaterThan(0);
      expect(each.peakMegabytes()).toBeLessThan(declared(name).MemorySize);
    }
  });

  test('logs no presigned URL, token or key', () => {
    for (const each of functions.values()) {
      expect(each.log()).not.toMatch(/X-Amz-Signature|X-Amz-Security-Token|secretAccessKey/i);
    }
  });
});
