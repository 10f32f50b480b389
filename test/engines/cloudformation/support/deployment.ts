import { spawn } from 'node:child_process';
import { App, CliCredentialsStackSynthesizer, Stack } from 'aws-cdk-lib';
import { differences, type Difference } from './differences';
import { ACCOUNT, REGION, type Emulator } from './emulator';
import { inOrder, resolved, type Deployed, type Template } from './template';
import { SecureModelArtifactStore, type SecureModelArtifactStoreProps } from '../../../../src';

export interface ReadBack {
  readonly logicalId: string;
  readonly type: string;
  readonly differences: readonly Difference[];
  /** The response of the service. */
  readonly properties: { readonly [name: string]: any };
}

export interface Deployment {
  readonly template: Template;
  readonly status: string;
  /** Types in the template that the emulator does not support. */
  readonly leftOut: readonly string[];
  readonly resources: readonly ReadBack[];
}

/** The template of one variant, as `cdk deploy` passes it to CloudFormation. */
export function synthesised(stackName: string, props: (stack: Stack) => SecureModelArtifactStoreProps): Template {
  const app = new App();
  const stack = new Stack(app, stackName, { synthesizer: new CliCredentialsStackSynthesizer(), env: { account: ACCOUNT, region: REGION } });
  new SecureModelArtifactStore(stack, 'Models', props(stack));
  return app.synth().getStackByName(stackName).template as Template;
}

/** Custom resources depend on their functions, which other suites run. */
export const isOfAws = (type: string) => !type.startsWith('Custom::');

/** The output of `deploy.py`. */
interface Created {
  readonly stackId: string;
  readonly status: string;
  readonly physicalIds: { readonly [logicalId: string]: string };
  readonly leftOut: readonly string[];
}

/** Creates every resource on the emulator, then reads each back through the API of its service. */
export async function deploy(emulator: Emulator, stackName: string, template: Template): Promise<Deployment> {
  const { stackId, status, physicalIds, leftOut } = await run<Created>(
    emulator, 'deploy.py', { stackName, template: inOrder(template), account: ACCOUNT, region: REGION });
  if (status !== 'CREATE_COMPLETE') {
    return { template, status, leftOut, resources: [] };
  }
  const made = Object.entries(template.Resources).filter(([, { Type: type }]) => isOfAws(type) && !leftOut.includes(type));
  const deployed: Deployed = { account: ACCOUNT, region: REGION, stackName, stackId, physicalIds, attributes: {} };
  // Attributes first, because some resources are looked up by ARN.
  const attributes = await readBack(emulator, made.filter(([, { Type: type }]) => GIVES_ATTRIBUTES.has(type)), deployed);
  const all = { ...deployed, attributes: Object.fromEntries(Object.entries(attributes).map(([id, { Attributes }]) => [id, Attributes])) };
  const answers = await readBack(emulator, made, all);
  const resources = made.map(([logicalId, { Type: type, Properties: properties = {} }]) => ({
    logicalId, type, properties: answers[logicalId].Properties,
    differences: differences(resolved(properties, all), answers[logicalId].Properties),
  }));
  return { template, status, leftOut, resources };
}

/** Attributes that other resources refer to. */
const GIVES_ATTRIBUTES = new Set([
  'AWS::ApiGateway::RestApi', 'AWS::Athena::NamedQuery', 'AWS::Cognito::UserPool', 'AWS::CloudWatch::Alarm', 'AWS::CloudWatch::InsightRule', 'AWS::EC2::SecurityGroup', 'AWS::Events::Rule', 'AWS::IAM::Role',
  'AWS::KMS::Key', 'AWS::Lambda::Function', 'AWS::Lambda::Version', 'AWS::Logs::LogGroup', 'AWS::S3::Bucket', 'AWS::SNS::Topic', 'AWS::WAFv2::WebACL',
]);

interface Answer {
  readonly Attributes: { readonly [name: string]: string };
  readonly Properties: { readonly [name: string]: any };
}

async function readBack(emulator: Emulator, made: [string, Template['Resources'][string]][], deployed: Deployed) {
  return run<{ [logicalId: string]: Answer }>(emulator, 'read_back.py', Object.fromEntries(made.map(([logicalId, { Type, Properties = {} }]) =>
    [logicalId, { Type, PhysicalId: deployed.physicalIds[logicalId], Keys: resolved(keysOf(Properties), deployed) }])));
}

/** Other properties that identify a resource, in addition to its physical ID. */
function keysOf(properties: { readonly [name: string]: unknown }) {
  const names = [
    'Bucket', 'DatabaseName', 'FunctionName', 'HttpMethod', 'LogGroupName', 'ResourceArn', 'ResourceId', 'ResponseType', 'RestApiId', 'SourceArn', 'Topics', 'UserPoolId',
  ];
  return Object.fromEntries(names.filter((name) => name in properties).map((name) => [name, properties[name]]));
}

/** Runs a script in `emulator/`, which uses boto3, with a JSON request on stdin; returns its output. */
async function run<T>(emulator: Emulator, script: string, request: unknown): Promise<T> {
  const child = spawn(emulator.python, [`${__dirname}/../emulator/${script}`], { env: emulator.environment, stdio: ['pipe', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => { stdout += text; });
  child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr += text; });
  child.stdin.on('error', () => undefined).end(JSON.stringify(request, (_, value: unknown) => (typeof value === 'symbol' ? undefined : value)));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) {
    throw new Error(`${script} ended with exit code ${code}; its output ends with:\n${stderr.slice(-3_000)}`);
  }
  return JSON.parse(stdout) as T;
}
