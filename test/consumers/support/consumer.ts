import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { CDK_CLI } from '../../local/rig/paths';
import { runCommand } from '../../local/rig/run-command';

/** A consumer's project: a copy of checked-in sources, outside of the repository, so that nothing of it is found by accident. */
export class Consumer {
  public readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'consumer-'));

  constructor(sources: string, private readonly env: NodeJS.ProcessEnv = {}) {
    fs.cpSync(sources, this.folder, { recursive: true });
  }

  public run(command: string, args: readonly string[]) {
    return runCommand(command, args, { cwd: this.folder, env: this.environment });
  }

  /** `cdk synth`, with the command line that the consumer brought, or else with this repository's. */
  public async synthesise(): Promise<void> {
    const own = path.join(this.folder, 'node_modules', 'aws-cdk', 'bin', 'cdk');
    await this.run(process.execPath, [fs.existsSync(own) ? own : CDK_CLI, 'synth', '--quiet']);
  }

  public write(file: string, text: string): void {
    fs.mkdirSync(path.join(this.folder, path.dirname(file)), { recursive: true });
    fs.writeFileSync(path.join(this.folder, file), text);
  }

  public remove(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private get environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: 'true',
      JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION: 'true',
      // The templates are the same from every language, so that CloudFormation's rules have nothing new to say of them; see
      // test/compliance/cloudformation.test.ts.
      CDK_VALIDATION: 'false',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      ...this.env,
    };
  }
}
