import { ERRORS, type ErrorBody, type ErrorCode, type ErrorDetail } from '../../contract/errors';

/**
 * Maximum number of details in one response. The errors of a version with 10,000 files could exceed Lambda's 6 MB
 * limit; the message then includes the total.
 */
const MAX_DETAILS = 1_000;

/** An error that is returned to the caller, with one of the codes of the contract. */
export class StoreError extends Error {
  public readonly code: ErrorCode;
  public readonly details: readonly ErrorDetail[];
  /** The `Retry-After` of the response. */
  public readonly retryAfterSeconds?: number;

  constructor(code: ErrorCode, message: string, details: readonly ErrorDetail[] = [], retryAfterSeconds?: number) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
    this.name = 'StoreError';
    this.code = code;
    this.details = details;
  }

  public get status(): number {
    return ERRORS[this.code].status;
  }
}

/** A stored object that is invalid. The store never writes one; it was written to the bucket by other means. */
export function damagedObject(what: string, problems: readonly ErrorDetail[]): StoreError {
  return new StoreError('damaged_object', `${what} is damaged; contact the operators of the store`, problems);
}

/** Parses stored JSON; returns undefined if it is invalid, for example because it is truncated. */
export function parseStored(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

export function errorBody(error: StoreError, requestId: string, maxDetails = MAX_DETAILS): ErrorBody {
  const shown = error.details.slice(0, maxDetails);
  const message = shown.length === error.details.length
    ? error.message
    : `${error.message} (showing the first ${shown.length} of ${error.details.length})`;
  return { code: error.code, message, details: shown, requestId };
}

interface SdkError {
  readonly name?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $retryable?: unknown;
}

function sdkError(error: unknown): SdkError {
  return typeof error === 'object' && error !== null ? error : {};
}

export function awsStatus(error: unknown): number | undefined {
  return sdkError(error).$metadata?.httpStatusCode;
}

/**
 * HEAD responses have no body, so the SDK names the error `NotFound` instead of `NoSuchKey`. A missing bucket is not a
 * missing object: if the bucket does not exist, requests must fail instead of reporting that the model does not exist.
 */
export function isMissing(error: unknown): boolean {
  const { name = '' } = sdkError(error);
  return ['NotFound', 'NoSuchKey'].includes(name)
    || (awsStatus(error) === 404 && !['NoSuchUpload', 'NoSuchBucket'].includes(name));
}

export function isMissingUpload(error: unknown): boolean {
  return sdkError(error).name === 'NoSuchUpload';
}

/** S3 rejected a parameter, such as a version ID. */
export function isInvalidArgument(error: unknown): boolean {
  return sdkError(error).name === 'InvalidArgument';
}

/** The object already exists (If-None-Match) or has changed (If-Match). */
export function isPreconditionFailed(error: unknown): boolean {
  return sdkError(error).name === 'PreconditionFailed' || awsStatus(error) === 412;
}

/**
 * Another conditional write to the same key was in progress:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function isConflict(error: unknown): boolean {
  return sdkError(error).name === 'ConditionalRequestConflict' || awsStatus(error) === 409;
}

const BUSY = new Set([
  'SlowDown', 'Throttling', 'ThrottlingException', 'TooManyRequestsException', 'RequestLimitExceeded',
  'ServiceUnavailable', 'ServiceUnavailableException', 'InternalError', 'KMSInternalException',
  'DependencyTimeoutException', 'RequestTimeout', 'TimeoutError', 'AbortError', 'NetworkingError',
  'ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT',
]);

function isBusy(error: unknown): boolean {
  const { name } = sdkError(error);
  const code = (error as { readonly code?: unknown } | null)?.code;
  const status = awsStatus(error);
  return BUSY.has(name ?? '') || (typeof code === 'string' && BUSY.has(code))
    || (status !== undefined && (status === 429 || status >= 500));
}

/**
 * Converts any error to the one that is returned to the caller. Error messages from AWS are only logged, because they
 * may contain names of resources that the caller is not allowed to see.
 */
export function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) {
    return error;
  }
  return isBusy(error)
    ? new StoreError('unavailable', 'AWS did not respond or is busy; try again')
    : new StoreError('internal_error', 'internal error; search the logs of the store for the request ID');
}
