import type { IncomingHttpHeaders } from 'node:http';

/** One request and its answer, as the recorder saw them go by. */
export interface Exchange {
  readonly startedAt: Date;
  /** Until the first byte of the answer. */
  readonly turnAroundMs: number;
  readonly totalMs: number;
  readonly method: string;
  /** Path and query as they were sent. */
  readonly url: string;
  readonly httpVersion: string;
  readonly requestHeaders: IncomingHttpHeaders;
  readonly remoteAddress: string;
  readonly tlsVersion: string;
  readonly cipherSuite: string;
  readonly status: number;
  readonly responseHeaders: IncomingHttpHeaders;
  /** Of the bodies, as far as they were sent. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** The beginning of a body that says who is who, or what went wrong; never a model's bytes. */
  readonly requestText: string;
  readonly responseText: string;
}

/** The signer of the request, and the way of signing. */
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

/** The value of the first element or property of this name, in an answer of XML or JSON. */
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

/** What an answer to a HEAD, which has no body, can only mean. */
const BY_STATUS: Readonly<Record<number, AnswerError>> = {
  400: { code: 'InvalidRequest', message: 'Bad Request' },
  403: { code: 'AccessDenied', message: 'Access Denied' },
  404: { code: 'NoSuchKey', message: 'The specified key does not exist.' },
  412: { code: 'PreconditionFailed', message: 'At least one of the pre-conditions you specified did not hold' },
};

/** The error that was answered. S3 can answer 200 and an error in the body to calls that take long. */
export function errorOf({ status, responseText }: Exchange): AnswerError | undefined {
  if (status < 400 && !/^\s*(?:<\?xml[^>]*>\s*)?<Error\b/.test(responseText)) {
    return undefined;
  }
  const code = fieldOf(responseText, 'Code') ?? fieldOf(responseText, '__type')?.split('#').pop();
  return code === undefined
    ? BY_STATUS[status] ?? { code: 'InternalError', message: `HTTP status ${status}` }
    : { code, message: fieldOf(responseText, 'Message') ?? fieldOf(responseText, 'message') ?? '' };
}
