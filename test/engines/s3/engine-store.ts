import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { FUNCTION_NAMES, REGION, type EngineSite, type S3Engine } from './engine';
import type { KeyService } from './key-service';
import { startMinio } from './minio';
import { startVersitygw } from './versitygw';
import { ENV } from '../../../src/contract/environment';
import type { FunctionName, Permission } from '../../../src/contract/routes';
import { writeTrustBundle, type Credentials, type LocalAwsAddress } from '../../local/rig/environment';
import { PROJECT_ROOT } from '../../local/rig/paths';
import type { EngineName } from '../build';
import { startHost } from '../function-host/host';
import { HostedFunction } from '../function-host/hosted-function';

/** The callers in these tests, with their permissions. */
const PEOPLE = {
  dataScientist: { name: 'ada', role: 'DataScientistRole', may: ['read', 'upload', 'download'] },
  pipeline: { name: 'grace', role: 'PipelineRole', may: ['read', 'download', 'promote'] },
  /**
   * Also the administrator of the engine, so that one user can read a bucket there and push to the store.
   */
  importer: { name: 'ivo', role: 'DataScientistRole', may: ['read', 'upload'] },
} as const satisfies {
  readonly [person: string]: { readonly name: string; readonly role: string; readonly may: readonly Permission[] };
};

export type PersonOfTheStore = keyof typeof PEOPLE;

/** A store whose functions run on this machine, on top of an S3 engine. */
export interface EngineStore {
  readonly url: string;
  readonly bucketName: string;
  readonly engine: S3Engine;
  readonly people: { readonly [person in PersonOfTheStore]: Credentials };
  readonly logFolder: string;
  readonly signingKeyArn: string;
  /** The engine in place of the local AWS, as the S3 endpoint for clients. */
  readonly localAws: LocalAwsAddress & { readonly authorityFile: string };
}

export interface RunningStore {
  readonly store: EngineStore;
  stop(): Promise<void>;
}

const SESSION_SECONDS = 900;

/** Starts the engine, and the bundled functions behind the replacement of API Gateway. */
export async function startEngineStore(name: EngineName, site: EngineSite, keys: KeyService): Promise<RunningStore> {
  const { engine, stop: stopEngine } = await (name === 'minio' ? startMinio(site) : startVersitygw(site));
  const account = engine.functions.upload.sessionRoleArn.split(':')[4];
  const trustBundle = path.join(site.folder, 'trusted-authorities.pem');
  writeTrustBundle(trustBundle, site.authorityFile);
  const functions = Object.fromEntries(
    FUNCTION_NAMES.map((each) => [
      each,
      new HostedFunction(
        path.join(PROJECT_ROOT, 'assets', each, 'index.js'),
        functionEnvironment(each, engine, keys, site),
        path.join(site.folder, `${each}-function.log`),
      ),
    ]),
  ) as unknown as { [each in FunctionName]: HostedFunction };
  const people = Object.fromEntries(
    Object.keys(PEOPLE).map((person) => [
      person,
      person === 'importer'
        ? engine.root
        : {
          accessKeyId: `ASIA${crypto.randomBytes(8).toString('hex').toUpperCase()}`,
          secretAccessKey: crypto.randomBytes(20).toString('hex'),
          sessionToken: crypto.randomBytes(40).toString('base64'),
        },
    ]),
  ) as unknown as EngineStore['people'];
  const host = await startHost({
    functions,
    people: Object.entries(PEOPLE).map(([person, { name: user, role, may }]) => ({
      arn: `arn:aws:sts::${account}:assumed-role/${role}/${user}`,
      credentials: people[person as PersonOfTheStore],
      may,
    })),
    account,
    region: REGION,
    certificateFile: site.certificateFile,
    keyFile: site.keyFile,
  });
  const store: EngineStore = {
    url: host.url,
    bucketName: engine.bucketName,
    engine,
    people,
    logFolder: site.folder,
    signingKeyArn: keys.signingKeyArn,
    localAws: { endpoint: engine.endpoint, region: REGION, trustBundle, authorityFile: site.authorityFile },
  };
  return { store, stop: async () => Promise.all([host.close(), stopEngine()]).then(() => undefined) };
}

/**
 * Everything that Lambda and the constructs set, and the endpoint of the engine; nothing from the environment of the
 * user who runs the tests.
 */
function functionEnvironment(
  name: FunctionName,
  engine: S3Engine,
  keys: KeyService,
  site: EngineSite,
): NodeJS.ProcessEnv {
  const { credentials, sessionRoleArn } = engine.functions[name];
  return {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL_S3: engine.endpoint,
    AWS_ENDPOINT_URL_STS: engine.stsEndpoint,
    AWS_ENDPOINT_URL_KMS: keys.endpoint,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    NODE_EXTRA_CA_CERTS: site.authorityFile,
    [ENV.BUCKET_NAME]: engine.bucketName,
    [ENV.ENCRYPTION_KEY_ARN]: engine.encryptionKeyArn,
    [ENV.SESSION_ROLE_ARN]: sessionRoleArn,
    [ENV.SESSION_SECONDS]: String(SESSION_SECONDS),
    [ENV.LINK_SECONDS]: String(SESSION_SECONDS),
    [ENV.SIGNING_KEY_ARN]: keys.signingKeyArn,
    [ENV.AUTHENTICATION]: 'iam',
  };
}

/** Variables with which the Jest setup passes the started stores, or the reason for a failure, to its workers. */
const STORES = 'MODEL_STORES_ON_ENGINES';
const PROBLEM = 'MODEL_STORES_ON_ENGINES_PROBLEM';

export function rememberEngineStores(folder: string, stores: readonly EngineStore[]): void {
  const file = path.join(folder, 'engine-stores.json');
  fs.writeFileSync(file, JSON.stringify(stores), { mode: 0o600 });
  process.env[STORES] = file;
}

export function rememberProblem(error: Error): void {
  process.env[PROBLEM] = error.message;
}

/** The stores that the global Jest setup started; none if the engines cannot be built. */
export function engineStores(): readonly EngineStore[] {
  const { [STORES]: file, [PROBLEM]: problem } = process.env;
  if (problem !== undefined) {
    throw new Error(problem);
  }
  return file === undefined ? [] : (JSON.parse(fs.readFileSync(file, 'utf8')) as EngineStore[]);
}

export function forgetEngineStores(): void {
  delete process.env[STORES];
  delete process.env[PROBLEM];
}
