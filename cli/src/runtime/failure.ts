import type { ErrorDetail } from '../../../src/contract/errors';

/** Exit codes of the command, documented in cli/README.md. */
export const EXIT = {
  OK: 0,
  FAILURE: 1,
  USAGE: 2,
  NOT_FOUND: 3,
  CONFLICT: 4,
  VERIFICATION: 5,
  FORBIDDEN: 6,
  UNAVAILABLE: 7,
  UNTRUSTED: 8,
  FINDINGS: 9,
  INTERRUPTED: 130,
  TERMINATED: 143,
} as const;

export interface FailureOptions {
  readonly code: string;
  readonly exitCode: number;
  readonly details?: readonly ErrorDetail[];
  readonly requestId?: string;
  /** What the user can do about it. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** An expected error, reported to the user. Anything else that is thrown is a bug in the command. */
export class Failure extends Error {
  readonly code: string;
  readonly exitCode: number;
  readonly details: readonly ErrorDetail[];
  readonly requestId?: string;
  readonly hint?: string;

  constructor(message: string, options: FailureOptions) {
    super(message, { cause: options.cause });
    this.name = 'Failure';
    this.code = options.code;
    this.exitCode = options.exitCode;
    this.details = options.details ?? [];
    this.requestId = options.requestId;
    this.hint = options.hint;
  }
}

export interface TransientFailureOptions extends Omit<FailureOptions, 'exitCode'> {
  readonly exitCode?: number;
  /** The `Retry-After` of the response. */
  readonly retryAfterMilliseconds?: number;
}

/** A failure that may be temporary and is worth a retry. */
export class TransientFailure extends Failure {
  readonly retryAfterMilliseconds?: number;

  constructor(message: string, options: TransientFailureOptions) {
    super(message, { exitCode: EXIT.UNAVAILABLE, ...options });
    this.name = 'TransientFailure';
    this.retryAfterMilliseconds = options.retryAfterMilliseconds;
  }
}

export function usageFailure(message: string, details: readonly ErrorDetail[] = [], hint?: string): Failure {
  return new Failure(message, { code: 'usage', exitCode: EXIT.USAGE, details, hint });
}

/** A failure as part of a result, such as that of one version among many. */
export interface FailureInResult {
  readonly code: string;
  readonly message: string;
  readonly details: readonly ErrorDetail[];
  readonly hint?: string;
  readonly requestId?: string;
  readonly exitCode: number;
}

export function failureInResult(error: unknown): FailureInResult {
  const { code, message, details, hint, requestId, exitCode } = asFailure(error);
  return { code, message, details, hint, requestId, exitCode };
}

/** The exit code for a result with failures: that of all failures if they have the same, else 1. */
export function exitCodeOfAll(failures: readonly (Pick<FailureInResult, 'exitCode'> | undefined)[]): number {
  const codes = new Set(failures.flatMap((failure) => (failure === undefined ? [] : [failure.exitCode])));
  return codes.size === 0 ? EXIT.OK : codes.size === 1 ? [...codes][0] : EXIT.FAILURE;
}

export function asFailure(error: unknown): Failure {
  return error instanceof Failure ? error : unexpected(error);
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
