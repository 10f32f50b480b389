import { EXIT, Failure, TransientFailure } from '../runtime/failure';
import { type HttpResponse, readBody } from '../runtime/http-client';

export interface S3Refusal {
  readonly status: number;
  /** The S3 error code, such as `AccessDenied`. */
  readonly code: string;
  readonly message: string;
  readonly requestId?: string;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const LINK_IS_DEAD = new Set([
  'AccessDenied', 'ExpiredToken', 'InvalidToken', 'RequestExpired', 'TokenRefreshRequired', 'RequestTimeTooSkewed',
]);
const WORTH_ANOTHER_ATTEMPT = new Set([
  'RequestTimeout', 'SlowDown', 'InternalError', 'ServiceUnavailable', 'ConditionalRequestConflict', 'OperationAborted',
]);
const BYTES_DIFFER = new Set([
  'BadDigest', 'XAmzContentSHA256Mismatch', 'IncompleteBody', 'InvalidDigest', 'XAmzContentChecksumMismatch',
]);

function element(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return text?.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#39;|&apos;/g, "'")
    .replace(/&amp;/g, '&');
}

/** Reads the error response of S3 to a presigned URL. */
export async function readRefusal(response: HttpResponse, url: URL, signal?: AbortSignal): Promise<S3Refusal> {
  const xml = (await readBody(response, url, 64 * 1024, signal)).toString('utf8');
  const requestId = response.headers['x-amz-request-id'];
  return {
    status: response.status,
    code: element(xml, 'Code') ?? `http_${response.status}`,
    message: element(xml, 'Message') ?? `S3 responded with status ${response.status}`,
    requestId: element(xml, 'RequestId') ?? (Array.isArray(requestId) ? requestId[0] : requestId),
  };
}

/** Whether the presigned URL or its session may have expired, which S3 reports in several ways. A new one may work. */
export function linkMayBeDead(refusal: S3Refusal): boolean {
  return refusal.status === 401 || refusal.status === 403 || LINK_IS_DEAD.has(refusal.code);
}

export function isTransient(refusal: S3Refusal): boolean {
  return refusal.status >= 500 || refusal.status === 429 || WORTH_ANOTHER_ATTEMPT.has(refusal.code);
}

export function bytesDiffer(refusal: S3Refusal): boolean {
  return BYTES_DIFFER.has(refusal.code);
}

export function failureOfRefusal(path: string, refusal: S3Refusal): Failure {
  const message = `S3 rejected the request for ${JSON.stringify(path)}: ${refusal.message} (${refusal.code})`;
  const options = { code: 's3_refused', requestId: refusal.requestId };
  if (isTransient(refusal)) {
    return new TransientFailure(message, options);
  }
  return new Failure(message, {
    ...options,
    exitCode: linkMayBeDead(refusal) ? EXIT.FORBIDDEN : refusal.status === 404 ? EXIT.NOT_FOUND : EXIT.FAILURE,
    hint: linkMayBeDead(refusal)
      ? 'A new presigned URL was rejected too: the network perimeter, the KMS key or the session role denies access.'
      : undefined,
  });
}
