import { ErrorBody, ErrorCode, ErrorDetail, ERRORS } from '../../src/contract/errors';

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

const EXIT_CODE_BY_CODE: { readonly [code in ErrorCode]?: number } = {
  internal_error: EXIT.FAILURE,
  expired_upload: EXIT.FAILURE,
  blobs_missing: EXIT.VERIFICATION,
  damaged_object: EXIT.VERIFICATION,
  wrong_size: EXIT.VERIFICATION,
  wrong_digest: EXIT.VERIFICATION,
};

const HINT_BY_CODE: { readonly [code in ErrorCode]?: string } = {
  version_exists: 'A version never changes once it is published; push under another version name.',
  damaged_object: 'Somebody may have written to the bucket of the store: ask the people who run it.',
  stale_alias: 'Look at it with "model-store history", then decide again.',
  blobs_missing: 'Run the same push again; it sends only what is missing.',
  unauthenticated: 'Sign in again, or get a new token. A push, pull or import that is run again goes on where it stopped.',
  internal_error: 'This is a bug of the store; its operators find it in the logs by the request id.',
};

function exitCodeOf(code: string, status: number): number {
  const known = EXIT_CODE_BY_CODE[code as ErrorCode];
  if (known !== undefined) {
    return known;
  }
  switch (status) {
    case 400: case 413: return EXIT.USAGE;
    case 401: case 403: return EXIT.FORBIDDEN;
    case 404: return EXIT.NOT_FOUND;
    case 409: case 412: return EXIT.CONFLICT;
    case 429: return EXIT.UNAVAILABLE;
    default: return status >= 500 ? EXIT.UNAVAILABLE : EXIT.FAILURE;
  }
}

export function isErrorBody(value: unknown): value is ErrorBody {
  const body = value as Partial<ErrorBody> | null;
  return typeof body === 'object' && body !== null && typeof body.code === 'string' && typeof body.message === 'string';
}

/** API Gateway, or something before it, may answer in a form of its own. */
const CODE_BY_STATUS: { readonly [status: number]: ErrorCode } = {
  401: 'unauthenticated', 403: 'forbidden', 413: 'payload_too_large', 429: 'too_many_requests', 502: 'unavailable', 503: 'unavailable', 504: 'unavailable',
};

export interface RefusedAnswer {
  readonly status: number;
  readonly body: unknown;
  /** The start of the answer, if it was no JSON. */
  readonly text: string;
  readonly requestId?: string;
  readonly retryAfterMilliseconds?: number;
}

/** What the API answered with, as a failure: its code, message, every detail and the request id are kept. */
export function failureOfAnswer(answer: RefusedAnswer): Failure {
  const { status, body, requestId } = answer;
  const transient = status === 429 || status >= 500;
  if (isErrorBody(body)) {
    const options = {
      code: body.code,
      exitCode: exitCodeOf(body.code, ERRORS[body.code]?.status ?? status),
      details: Array.isArray(body.details) ? body.details : [],
      requestId: body.requestId ?? requestId,
      hint: HINT_BY_CODE[body.code],
    };
    return transient
      ? new TransientFailure(body.message, { ...options, retryAfterMilliseconds: answer.retryAfterMilliseconds })
      : new Failure(body.message, options);
  }
  const said = (body as { message?: unknown; Message?: unknown } | null)?.message ?? (body as { Message?: unknown } | null)?.Message;
  const message = typeof said === 'string' ? said : `the store answered ${status}${answer.text ? `: ${answer.text}` : ''}`;
  const options = { code: CODE_BY_STATUS[status] ?? `http_${status}`, exitCode: exitCodeOf('', status), requestId };
  return transient
    ? new TransientFailure(message, { ...options, retryAfterMilliseconds: answer.retryAfterMilliseconds })
    : new Failure(message, options);
}
