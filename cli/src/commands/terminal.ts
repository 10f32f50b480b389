import { visibleText } from '../../../src/contract/visible-text';
import type { Environment } from '../runtime/environment';
import { asFailure, EXIT, Failure } from '../runtime/failure';
import type { ProgressStyle } from '../runtime/progress';
import type { StoreOptions } from '../store/locate';

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
export function reportFailure(
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
    `model-store: ${visibleText(message)}`,
    ...details.map(({ field, message: problem }) => `  ${visibleText(`${field}: ${problem}`)}`),
    // A hint has several lines in some cases.
    ...(hint === undefined ? [] : [hint]),
    visibleText(`(${code}${requestId === undefined ? '' : `, request id ${requestId}`})`),
  ];
  environment.stderr.write(lines.map((line) => `${line}\n`).join(''));
  if (!(error instanceof Failure) && environment.variables.MODEL_STORE_DEBUG) {
    environment.stderr.write(`${(error as Error).stack}\n`);
  }
  return failure.exitCode;
}

function writeError(environment: Pick<Environment, 'stderr'>, error: object): void {
  environment.stderr.write(`${JSON.stringify({ error })}\n`);
}
