import type { ErrorDetail } from '../../../src/contract/errors';

/** What the command's exit code says; documented in cli/README.md. */
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
  INTERRUPTED: 130,
  TERMINATED: 143,
} as const;

export interface FailureOptions {
  readonly code: string;
  readonly exitCode: number;
  readonly details?: readonly ErrorDetail[];
  readonly requestId?: string;
  /** What the person can do about it. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** Something that went wrong and can be told to a person; anything else that is thrown is a bug of the command. */
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
  /** How long the other side asked to be left alone. */
  readonly retryAfterMilliseconds?: number;
}

/** A failure that may be gone a moment later: worth another attempt. */
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

export function asFailure(error: unknown): Failure {
  return error instanceof Failure ? error : unexpected(error);
}

/** A fault of the file system says enough by itself; anything else is a bug, and its stack is for those who mend it. */
function unexpected(error: unknown): Failure {
  const fault = error as NodeJS.ErrnoException;
  if (typeof fault.code === 'string' && fault.syscall !== undefined) {
    return new Failure(fault.message, { code: fault.code.toLowerCase(), exitCode: EXIT.FAILURE, cause: error });
  }
  return new Failure(`a bug of this command: ${fault.message ?? String(error)}`, {
    code: 'bug', exitCode: EXIT.FAILURE, cause: error, hint: 'Set MODEL_STORE_DEBUG=1 to see where it happened, and please report it.',
  });
}
