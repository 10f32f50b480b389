import type { IncomingHttpHeaders } from 'node:http';

/** A request and its response, as the recorder observed them. */
export interface Exchange {
  readonly startedAt: Date;
  /** Time until the first byte of the response. */
  readonly turnAroundMs: number;
  readonly totalMs: number;
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly httpVersion: string;
  readonly requestHeaders: IncomingHttpHeaders;
  readonly remoteAddress: string;
  readonly tlsVersion: string;
  readonly cipherSuite: string;
  readonly status: number;
  readonly responseHeaders: IncomingHttpHeaders;
  /** Sizes of the bodies, as far as they were sent. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** The beginning of a body with identities or errors; never the content of a model. */
  readonly requestText: string;
  readonly responseText: string;
}

/** The signer of the request, and the signing method. */
export interface RequestSignature {
  readonly accessKeyId: string;
  readonly service: string;
  readonly region: string;
  readonly authenticationMethod: 'AuthHeader' | 'QueryString';
}

const HEADER = /^AWS4-HMAC-SHA256 .*?Credential=([^/,]+)\/\d{8}\/([^/,]+)\/([^/,]+)\/aws4_request/;
const CREDENTIAL = /^([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request$/;

/** The Signature Version 4 of the request, valid or not; undefined if it has none. */
export function signatureOf(url: string, headers: IncomingHttpHeaders): RequestSignature | undefined {
  const inHeader = HEADER.exec(headers.authorization ?? '');
  if (inHeader) {
    return { accessKeyId: inHeader[1], region: inHeader[2], service: inHeader[3], authenticationMethod: 'AuthHeader' };
  }
  const inQuery = CREDENTIAL.exec(queryOf(url).get('X-Amz-Credential') ?? '');
  return inQuery
    ? { accessKeyId: inQuery[1], region: inQuery[2], service: inQuery[3], authenticationMethod: 'QueryString' }
    : undefined;
}

export function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

export function queryOf(url: string): URLSearchParams {
  const start = url.indexOf('?');
  return new URLSearchParams(start === -1 ? '' : url.slice(start + 1));
}

export function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** The value of the first element or property with this name in an XML or JSON response. */
export function fieldOf(text: string, name: string): string | undefined {
  const xml = new RegExp(`<${name}>([^<]*)</${name}>`).exec(text);
  if (xml) {
    return unescaped(xml[1]);
  }
  const json = new RegExp(`"${name}"\\s*:\\s*("(?:[^"\\\\]|\\\\.)*"|[-0-9.]+)`).exec(text);
  return json ? String(JSON.parse(json[1])) : undefined;
}

/** Text of an XML element. */
export function unescaped(text: string): string {
  return text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&apos;|&#39;/g, "'").replace(/&amp;/g, '&');
}

export interface AnswerError {
  readonly code: string;
  readonly message: string;
}

/** The error codes of HEAD responses, which have no body. */
const BY_STATUS: Readonly<Record<number, AnswerError>> = {
  400: { code: 'InvalidRequest', message: 'Bad Request' },
  403: { code: 'AccessDenied', message: 'Access Denied' },
  404: { code: 'NoSuchKey', message: 'The specified key does not exist.' },
  412: { code: 'PreconditionFailed', message: 'At least one of the pre-conditions you specified did not hold' },
};

/** The error in the response. For long calls, S3 can return status 200 and an error in the body. */
export function errorOf({ status, responseText }: Exchange): AnswerError | undefined {
  if (status < 400 && !/^\s*(?:<\?xml[^>]*>\s*)?<Error\b/.test(responseText)) {
    return undefined;
  }
  const code = fieldOf(responseText, 'Code') ?? fieldOf(responseText, '__type')?.split('#').pop();
  return code === undefined
    ? BY_STATUS[status] ?? { code: 'InternalError', message: `HTTP status ${status}` }
    : { code, message: fieldOf(responseText, 'Message') ?? fieldOf(responseText, 'message') ?? '' };
}
