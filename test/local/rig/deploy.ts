import * as fs from 'node:fs';
import * as path from 'node:path';
import { adaptAssembly, readTemplates, supportedResourceTypes } from './cloud-assembly';
import { localAwsEnvironment } from './environment';
import type { LocalAws } from './local-aws';
import { CDK_CLI, PROJECT_ROOT } from './paths';
import { type CommandResult, runCommand } from './run-command';
import type { LeftOut, Template } from './template';

/** The templates as synthesized, in the folder of the run. */
export const TEMPLATES_FILE = 'templates.json';

export interface Deployment {
  /** Outputs by stack name and output name. */
  readonly outputs: { readonly [stackName: string]: { readonly [name: string]: string } };
  readonly leftOut: readonly LeftOut[];
  /** As synthesized, by stack name. */
  readonly templates: { readonly [stackName: string]: Template };
  readonly assemblyFolder: string;
}

export type Step = <T>(title: string, work: () => Promise<T>) => Promise<T>;
const unseen: Step = async (_title, work) => work();

/**
 * Synthesizes the app, bootstraps the local AWS and deploys every stack, all with the real CDK CLI. Resources that the
 * local AWS does not support are removed from the synthesized templates, never from the app.
 */
export async function deployApp(localAws: LocalAws, appCommand: string, step: Step = unseen): Promise<Deployment> {
  const assemblyFolder = path.join(localAws.folder, 'cdk.out');
  const outputsFile = path.join(localAws.folder, 'outputs.json');
  const cdk = cdkOn(localAws);

  const [, supported] = await step('cdk synth', async () => Promise.all([
    cdk('synth', '--quiet', '--app', appCommand, '--output', assemblyFolder),
    supportedResourceTypes(localAws.python),
  ]));
  const templates = readTemplates(assemblyFolder);
  fs.writeFileSync(path.join(localAws.folder, TEMPLATES_FILE), JSON.stringify(templates));
  const leftOut = adaptAssembly(assemblyFolder, supported);
  await step('cdk bootstrap', async () => cdk('bootstrap', `aws://${localAws.account}/${localAws.region}`));
  await step('cdk deploy', async () =>
    cdk('deploy', '--all', '--app', assemblyFolder, '--require-approval', 'never', '--outputs-file', outputsFile, '--asset-parallelism=false'));
  return { outputs: JSON.parse(fs.readFileSync(outputsFile, 'utf8')) as Deployment['outputs'], leftOut, templates, assemblyFolder };
}

/** The real CDK CLI, which connects only to the local AWS. */
export function cdkOn(localAws: LocalAws): (...args: string[]) => Promise<CommandResult> {
  const env = {
    ...localAwsEnvironment(localAws, localAws.root),
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    // Validating the template against the CloudFormation schemas takes most of the synthesis; unit tests do it.
    CDK_VALIDATION: 'false',
    CI: 'true',
    NO_COLOR: '1',
  };
  return async (...args) => runCommand(process.execPath, [CDK_CLI, ...args, '--no-notices', '--no-color'], { cwd: PROJECT_ROOT, env });
}
