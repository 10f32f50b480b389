import * as fs from 'node:fs';
import * as path from 'node:path';
import { ensureBundles } from './bundles';
import { deployApp, type Step } from './deploy';
import type { Credentials } from './environment';
import { startLocalAws, stopLocalAws, type LocalAws, type StartOptions } from './local-aws';
import { loggingSettings, type LoggingSettings } from './logging-settings';
import { PROJECT_ROOT, TSX_CLI } from './paths';
import { inRole, makePerson, type Person } from './people';
import { startTrail } from './recorder/start-recorder';
import { GRANTS_STACK_NAME, STACK_NAME } from './stack-names';
import type { LeftOut, Template } from './template';

/** Relative to the project, because the CDK strips quotes around a command. */
function appCommand(file: string): string {
  return ['node', path.relative(PROJECT_ROOT, TSX_CLI), path.relative(PROJECT_ROOT, path.join(__dirname, file))].join(' ');
}

const STATE_FILE = 'local-store.json';

export type PersonOfTheStore = 'dataScientist' | 'pipeline' | 'auditor';

/** A store deployed to a local AWS, with a user in each of its roles. */
export interface LocalStore {
  readonly localAws: LocalAws;
  /** The URL for clients, by path: host names of API Gateway do not resolve on every machine. */
  readonly url: string;
  readonly bucketName: string;
  /** The name for the command line: `--store NAME`. */
  readonly name: string;
  readonly outputs: { readonly [name: string]: string };
  /** Outputs of the stack of roles that the tests deploy. */
  readonly grants: { readonly [name: string]: string };
  readonly people: { readonly [person in PersonOfTheStore]: Person };
  readonly leftOut: readonly LeftOut[];
  /** The buckets that the recorder delivers to, if there is one. */
  readonly evidence?: Evidence;
}

export interface Evidence {
  readonly trailBucket: string;
  readonly accessLogBucket: string;
  /** The file with the output of `aws cloudtrail list-public-keys`, in JSON. */
  readonly publicKeysFile: string;
  /** The names in the template. */
  readonly settings: LoggingSettings;
}

export interface StartStoreOptions extends StartOptions {
  /**
   * The app to deploy, a file in this folder.
   *
   * @default - only examples/quickstart
   */
  readonly app?: string;
  /** Called for each step. */
  readonly step?: Step;
}

const unseen: Step = async (_title, work) => work();

/** Starts a local AWS, deploys examples/quickstart to it and creates the users. Stops it if any of that fails. */
export async function startLocalStore(options: StartStoreOptions): Promise<LocalStore> {
  const step = options.step ?? unseen;
  await step('bundle the functions and the command line', async () => ensureBundles(options.say ?? (() => undefined)));
  const localAws = await step('start the local AWS: IAM enforced, TLS on', async () => startLocalAws(options));
  try {
    const { outputs: byStack, leftOut, templates } = await deployApp(localAws, appCommand(options.app ?? 'quickstart-app.ts'), step);
    const outputs = byStack[STACK_NAME];
    const evidence = localAws.recorder
      && await step('start the trail and the access logs: the local recorder', async () => recordStore(localAws, templates[STACK_NAME]));
    const people = {
      dataScientist: await makePerson(localAws, 'ada', outputs.DataScientistRoleArn),
      pipeline: await makePerson(localAws, 'grace', outputs.PipelineRoleArn),
      auditor: await makePerson(localAws, 'vera', outputs.AuditorRoleArn),
    };
    const store: LocalStore = {
      localAws,
      url: localUrl(localAws, outputs.StoreUrl),
      bucketName: outputs.BucketName,
      name: outputOf(outputs, 'StoreName'),
      outputs,
      grants: byStack[GRANTS_STACK_NAME] ?? {},
      people,
      leftOut,
      ...(evidence === undefined ? {} : { evidence }),
    };
    fs.writeFileSync(path.join(localAws.folder, STATE_FILE), JSON.stringify(store, undefined, 2), { mode: 0o600 });
    return store;
  } catch (error) {
    await stopLocalAws(localAws);
    throw error;
  }
}

/** An output of the construct, whose name contains the construct path. */
function outputOf(outputs: LocalStore['outputs'], name: string): string {
  const found = Object.keys(outputs).find((id) => new RegExp(`${name}[0-9A-F]{8}$`).test(id));
  if (found === undefined) {
    throw new Error(`the stack has no output ${name}; it has ${Object.keys(outputs).join(', ')}`);
  }
  return outputs[found];
}

/** The recorder replaces the trail, which is left out of the template, and the delivery of S3 access logs. */
async function recordStore(localAws: LocalAws, template: Template): Promise<Evidence> {
  const settings = await loggingSettings(localAws, STACK_NAME, template);
  const publicKeys = await startTrail(localAws.recorder!, settings);
  const publicKeysFile = path.join(localAws.folder, 'trail-public-keys.json');
  fs.writeFileSync(publicKeysFile, JSON.stringify(publicKeys, undefined, 2));
  const { trailBucket, accessLogBucket } = settings;
  return { trailBucket, accessLogBucket, publicKeysFile, settings };
}

export function readLocalStore(folder: string): LocalStore {
  return JSON.parse(fs.readFileSync(path.join(folder, STATE_FILE), 'utf8')) as LocalStore;
}

/** Fresh credentials for a user in their role. */
export async function credentialsOf(store: LocalStore, person: PersonOfTheStore): Promise<Required<Credentials>> {
  return inRole(store.localAws, store.people[person]);
}

/** `https://<api id>.execute-api.<region>.amazonaws.com/<stage>/` as the local AWS serves it. */
export function localUrl(localAws: LocalAws, url: string): string {
  const match = /^https:\/\/([^.]+)\.execute-api\.[^/]+\/([^/]+)\/?$/.exec(url);
  if (!match) {
    throw new Error(`the stack's output StoreUrl is "${url}", which is no URL of a REST API's stage`);
  }
  return `${localAws.endpoint}/_aws/execute-api/${match[1]}/${match[2]}`;
}
