import { ERRORS, type ErrorBody, type ErrorCode, type ErrorDetail } from '../../contract/errors';

/**
 * Details that go into one answer. A version of 10,000 files could have more mistakes than Lambda's 6 MB hold; the
 * message then says how many there are altogether.
 */
const MAX_DETAILS = 1_000;

/** An error that the caller is told about, by one of the contract's codes. */
export class StoreError extends Error {
  public readonly code: ErrorCode;
  public readonly details: readonly ErrorDetail[];

  constructor(code: ErrorCode, message: string, details: readonly ErrorDetail[] = []) {
    super(message);
    this.name = 'StoreError';
    this.code = code;
    this.details = details;
  }

  public get status(): number {
    return ERRORS[this.code].status;
  }
}

/** Only somebody who wrote to the bucket without the store can have done this. */
export function damagedObject(what: string, problems: readonly ErrorDetail[]): StoreError {
  return new StoreError('damaged_object', `${what} is damaged; contact the operators of the store`, problems);
}

/** What was stored as JSON; undefined if it is not JSON, such as after it was cut off. */
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
    : `${error.message} (the first ${shown.length} of ${error.details.length} are shown)`;
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
 * The name differs between a HEAD (no body, so `NotFound`) and other requests. A missing bucket is not a missing object:
 * without its bucket, a store fails and does not answer that it has no such model.
 */
export function isMissing(error: unknown): boolean {
  const { name = '' } = sdkError(error);
  return ['NotFound', 'NoSuchKey'].includes(name) || (awsStatus(error) === 404 && !['NoSuchUpload', 'NoSuchBucket'].includes(name));
}

export function isMissingUpload(error: unknown): boolean {
  return sdkError(error).name === 'NoSuchUpload';
}

/** S3 could make nothing of a parameter, such as the id of a version. */
export function isInvalidArgument(error: unknown): boolean {
  return sdkError(error).name === 'InvalidArgument';
}

/** The object was there already (If-None-Match), or is another one by now (If-Match). */
export function isPreconditionFailed(error: unknown): boolean {
  return sdkError(error).name === 'PreconditionFailed' || awsStatus(error) === 412;
}

/** Two conditional writes of one key met: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
export function isConflict(error: unknown): boolean {
  return sdkError(error).name === 'ConditionalRequestConflict' || awsStatus(error) === 409;
}

const BUSY = new Set([
  'SlowDown', 'Throttling', 'ThrottlingException', 'TooManyRequestsException', 'RequestLimitExceeded', 'ServiceUnavailable',
  'ServiceUnavailableException', 'InternalError', 'KMSInternalException', 'DependencyTimeoutException', 'RequestTimeout',
  'TimeoutError', 'AbortError', 'NetworkingError', 'ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT',
]);

function isBusy(error: unknown): boolean {
  const { name } = sdkError(error);
  const code = (error as { readonly code?: unknown } | null)?.code;
  const status = awsStatus(error);
  return BUSY.has(name ?? '') || (typeof code === 'string' && BUSY.has(code)) || (status !== undefined && (status === 429 || status >= 500));
}

/**
 * What the caller is told about anything that was thrown. What AWS said stays in the log: it may name resources that are
 * none of the caller's business.
 */
export function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) {
    return error;
  }
  return isBusy(error)
    ? new StoreError('unavailable', 'AWS did not respond or is busy; try again')
    : new StoreError('internal_error', 'internal error; search the logs of the store for the request ID');
}
