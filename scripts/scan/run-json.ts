import { tryCommand } from '../../test/local/rig/run-command';

/** Runs a scanner that prints JSON. Its exit code only says whether there are findings. */
export async function runJson<T>(command: string, args: readonly string[]): Promise<T> {
  const { stdout, stderr, exitCode } = await tryCommand(command, args);
  try {
    return JSON.parse(stdout) as T;
  } catch {
    throw new Error(`${[command, ...args.slice(0, 1)].join(' ')} ended with exit code ${exitCode} and printed no JSON: `
      + `${(stderr || stdout).slice(-2_000)}`);
  }
}
