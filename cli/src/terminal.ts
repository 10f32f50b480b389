import type { Environment } from './environment';
import { EXIT, Failure } from './failure';
import { printable, printableLine } from './format';
import type { ProgressStyle } from './progress';
import type { StoreOptions } from './store/locate';

export interface GlobalOptions extends StoreOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Progress bars on a terminal, lines in a log, nothing with `--quiet` or `--json`. */
export function progressStyle(
  environment: Pick<Environment, 'stderr' | 'variables'>, options: GlobalOptions,
): ProgressStyle {
  if (options.quiet || options.json) {
    return 'none';
  }
  const { stderr, variables } = environment;
  return stderr.isTTY && variables.TERM !== 'dumb' && !variables.CI ? 'bars' : 'lines';
}

export function writeJson(environment: Pick<Environment, 'stdout'>, result: unknown): void {
  environment.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
}

/** Prints a failure with its details and hint, and returns its exit code. */
export function tellFailure(
  environment: Pick<Environment, 'stderr' | 'signal' | 'variables'>, error: unknown, options: GlobalOptions,
): number {
  if (environment.signal.aborted) {
    const { exitCode = EXIT.INTERRUPTED } = (environment.signal.reason ?? {}) as { readonly exitCode?: number };
    if (options.json) {
      writeError(environment, { code: 'interrupted', message: 'interrupted', details: [], exitCode });
    } else {
      environment.stderr.write('model-store: interrupted. '
        + 'Run the same command again: push, pull and import resume where they stopped.\n');
    }
    return exitCode;
  }
  const failure = asFailure(error);
  const { code, message, details, requestId, hint } = failure;
  if (options.json) {
    writeError(environment, { code, message, details, requestId, hint, exitCode: failure.exitCode });
    return failure.exitCode;
  }
  const lines = [
    `model-store: ${message}`,
    ...details.map((detail) => `  ${printableLine(`${detail.field}: ${detail.message}`)}`),
    ...(hint === undefined ? [] : [hint]),
    `(${code}${requestId === undefined ? '' : `, request id ${requestId}`})`,
  ];
  environment.stderr.write(lines.map((line) => `${printable(line)}\n`).join(''));
  if (!(error instanceof Failure) && environment.variables.MODEL_STORE_DEBUG) {
    environment.stderr.write(`${(error as Error).stack}\n`);
  }
  return failure.exitCode;
}

export function asFailure(error: unknown): Failure {
  return error instanceof Failure ? error : unexpected(error);
}

function writeError(environment: Pick<Environment, 'stderr'>, error: object): void {
  environment.stderr.write(`${JSON.stringify({ error })}\n`);
}

/** File system errors are reported as they are. Anything else is a bug; its stack trace is shown on request. */
function unexpected(error: unknown): Failure {
  const fault = error as NodeJS.ErrnoException;
  if (typeof fault.code === 'string' && fault.syscall !== undefined) {
    return new Failure(fault.message, { code: fault.code.toLowerCase(), exitCode: EXIT.FAILURE, cause: error });
  }
  return new Failure(`unexpected error (this is a bug): ${fault.message ?? String(error)}`, {
    code: 'bug',
    exitCode: EXIT.FAILURE,
    cause: error,
    hint: 'Set MODEL_STORE_DEBUG=1 to print the stack trace, and please report it.',
  });
}
