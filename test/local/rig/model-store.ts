import { localAwsEnvironment, type Credentials, type LocalAwsAddress } from './environment';
import { MODEL_STORE_CLI } from './paths';
import { tryCommand, type CommandOptions, type CommandResult } from './run-command';

/** A store that the command line reaches by its URL, and its AWS endpoint. */
export interface CommandTarget {
  readonly url: string;
  readonly localAws: LocalAwsAddress;
}

/** Runs the built `model-store` command as a child process, with these credentials. */
export async function modelStore(
  store: CommandTarget, credentials: Credentials, args: readonly string[], options: Omit<CommandOptions, 'env'> = {},
): Promise<CommandResult> {
  return tryCommand(process.execPath, [MODEL_STORE_CLI, ...args], {
    ...options,
    env: { ...localAwsEnvironment(store.localAws, credentials), MODEL_STORE_URL: store.url },
  });
}

/** The same with `--json`: its parsed output. A failed command prints its error there, or nothing. */
export async function modelStoreJson<T>(
  store: CommandTarget, credentials: Credentials, args: readonly string[], options: Omit<CommandOptions, 'env'> = {},
): Promise<T> {
  const { exitCode, stdout, stderr } = await modelStore(store, credentials, [...args, '--json'], options);
  if (exitCode !== 0) {
    throw new Error(`model-store ${args.join(' ')} ended with exit code ${exitCode}: ${stderr.trim() || stdout.trim()}`);
  }
  return JSON.parse(stdout) as T;
}
