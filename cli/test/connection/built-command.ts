import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleAll } from '../../../scripts/bundle';
import type { Ran } from '../person';

/** The published command as a process, whose environment contains only what a test sets. */
export class BuiltCommand {
  private readonly folder = mkdtempSync(join(tmpdir(), 'built-command-'));

  async build(): Promise<this> {
    await bundleAll(this.folder);
    return this;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /**
   * Runs with a terminal on all three streams, created by `script` from util-linux; the input is typed after the first
   * prompt.
   */
  async runOnTerminal(variables: { readonly [name: string]: string }, typed: string, ...argv: string[]): Promise<Ran> {
    const line = [process.execPath, join(this.folder, 'cli/dist/model-store.js'), ...argv]
      .map((word) => `'${word}'`)
      .join(' ');
    return runProcess('script', ['--quiet', '--return', '--command', line, '/dev/null'], variables, typed);
  }

  async run(variables: { readonly [name: string]: string }, ...argv: string[]): Promise<Ran> {
    return runProcess(process.execPath, [join(this.folder, 'cli/dist/model-store.js'), ...argv], variables);
  }
}

/** IMDS is the last source of credentials; tests do not wait for it. */
const QUIET = { PATH: process.env.PATH!, AWS_EC2_METADATA_DISABLED: 'true' };

export async function runProcess(
  command: string,
  argv: readonly string[],
  variables: { readonly [name: string]: string },
  typed?: string,
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, argv, {
      env: { ...QUIET, ...variables },
      stdio: [typed === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      if (typed !== undefined && !stdout.includes(': ') && (stdout + text).includes(': ')) {
        child.stdin!.write(typed);
      }
      stdout += text;
    });
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode: exitCode ?? -1, stdout, stderr }));
  });
}
