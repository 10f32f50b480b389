import { type ErrorBody, type ErrorCode, type ErrorDetail, ERRORS } from '../../../src/contract/errors';
import { isUnknownCredentials, unknownCredentials } from '../aws/unknown-credentials';
import { EXIT, Failure, TransientFailure } from '../runtime/failure';

const EXIT_CODE_BY_CODE: { readonly [code in ErrorCode]?: number } = {
  internal_error: EXIT.FAILURE,
  expired_upload: EXIT.FAILURE,
  blobs_missing: EXIT.VERIFICATION,
  damaged_object: EXIT.VERIFICATION,
  wrong_size: EXIT.VERIFICATION,
  wrong_digest: EXIT.VERIFICATION,
};

const HINT_BY_CODE: { readonly [code in ErrorCode]?: string } = {
  version_exists: 'Versions are immutable. Push under another version name.',
  damaged_object: 'Contact the operators of the store: its bucket may have been modified directly.',
  stale_alias: 'See who moved it with "model-store history" before you retry.',
  blobs_missing: 'Run the same push again; it sends only what is missing.',
  unauthenticated:
    'Sign in again, or get a new token. Run the same push, pull or import again to resume where it stopped.',
  unknown_route:
    'Check the URL of the store: it ends with the stage, such as /live, or with the base path of a custom domain.',
  internal_error: 'This is a bug in the store. Its operators can find the error in the logs by the request ID.',
};

/** The code is text from outside: `constructor` is a property of every object. */
function isKnown(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}

function exitCodeOf(code: string, status: number): number {
  const known = isKnown(code) ? EXIT_CODE_BY_CODE[code] : undefined;
  if (known !== undefined) {
    return known;
  }
  switch (status) {
    case 400:
    case 413:
      return EXIT.USAGE;
    case 401:
    case 403:
      return EXIT.FORBIDDEN;
    case 404:
      return EXIT.NOT_FOUND;
    case 409:
    case 412:
      return EXIT.CONFLICT;
    case 429:
      return EXIT.UNAVAILABLE;
    default:
      return status >= 500 ? EXIT.UNAVAILABLE : EXIT.FAILURE;
  }
}

export function isErrorBody(value: unknown): value is ErrorBody {
  const body = value as Partial<ErrorBody> | null;
  return typeof body === 'object' && body !== null && typeof body.code === 'string' && typeof body.message === 'string';
}

/** The details that are well-formed: the response may come from anything that answers at the URL of the store. */
function detailsOf({ details }: Partial<ErrorBody>): ErrorDetail[] {
  return (Array.isArray(details) ? details as readonly unknown[] : []).filter((detail): detail is ErrorDetail => {
    const { field, message } = (detail ?? {}) as Partial<ErrorDetail>;
    return typeof field === 'string' && typeof message === 'string';
  });
}

/** Codes for responses of API Gateway, or of a proxy in front of it, which have their own formats. */
const CODE_BY_STATUS: { readonly [status: number]: ErrorCode } = {
  401: 'unauthenticated',
  403: 'forbidden',
  413: 'payload_too_large',
  429: 'too_many_requests',
  500: 'unavailable',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
};

export interface RefusedAnswer {
  readonly status: number;
  readonly body: unknown;
  /** The start of the response, if it is not JSON. */
  readonly text: string;
  /** The AWS error type, from the header `x-amzn-errortype`. */
  readonly errorType?: string;
  readonly requestId?: string;
  readonly retryAfterMilliseconds?: number;
}

/** Turns an error response of the API into a failure. Keeps its code, message, details and request ID. */
export function failureOfAnswer(answer: RefusedAnswer): Failure {
  const { status, body, requestId, errorType } = answer;
  const transient = status === 429 || status >= 500;
  if (errorType !== undefined && (status === 401 || status === 403) && isUnknownCredentials(errorType)) {
    const message = messageOf(answer);
    return unknownCredentials({
      errorType,
      message,
      requestId: isErrorBody(body) && typeof body.requestId === 'string' ? body.requestId : requestId,
    });
  }
  if (isErrorBody(body)) {
    const options = {
      code: body.code,
      exitCode: exitCodeOf(body.code, isKnown(body.code) ? ERRORS[body.code].status : status),
      details: detailsOf(body),
      requestId: typeof body.requestId === 'string' ? body.requestId : requestId,
      hint: isKnown(body.code) ? HINT_BY_CODE[body.code] : undefined,
    };
    return transient
      ? new TransientFailure(body.message, { ...options, retryAfterMilliseconds: answer.retryAfterMilliseconds })
      : new Failure(body.message, options);
  }
  const code = CODE_BY_STATUS[status] ?? `http_${status}`;
  const options = { code, exitCode: exitCodeOf('', status), requestId };
  return transient
    ? new TransientFailure(messageOf(answer), { ...options, retryAfterMilliseconds: answer.retryAfterMilliseconds })
    : new Failure(messageOf(answer), options);
}

interface ForeignBody {
  readonly message?: unknown;
  readonly Message?: unknown;
  /** The error of a Lambda function that failed without a response. */
  readonly errorMessage?: unknown;
}

/** The message as plain text, never JSON or HTML. */
function messageOf({ status, body, text }: RefusedAnswer): string {
  const { message, Message, errorMessage } =
    ((typeof body === 'object' ? body : undefined) as ForeignBody | undefined) ?? {};
  if (typeof errorMessage === 'string') {
    return /^(?:\S+ )*Task timed out after/.test(errorMessage)
      ? `a Lambda function of the store timed out (${errorMessage.slice(errorMessage.indexOf('Task'))})`
      : `a Lambda function of the store failed: ${errorMessage}`;
  }
  const said = typeof message === 'string' ? message : Message;
  if (typeof said === 'string' && said !== '') {
    return said;
  }
  const plain = body === undefined ? textOf(text) : '';
  return `the store responded with status ${status}${plain ? `: ${plain}` : ''}`;
}

/** The text of an HTML page from a proxy or a load balancer. */
function textOf(text: string): string {
  const title = /<title>([^<]*)<\/title>/i.exec(text)?.[1];
  return (title ?? text.replace(/<(style|script)[^]*?(<\/\1>|$)/gi, ' ').replace(/<[^>]*>?/g, ' '))
    .replace(/\s+/g, ' ')
    .trim();
}
