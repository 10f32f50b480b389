import { NOTHING } from './fact-batch';
import { signedAtOf } from './fact-times';
import type { JsonObject } from './json-values';
import { withoutControls } from './row-files';

/** Requests that occur by the million. What differs in each of them has a dedicated column. */
const FREQUENT = new Set([
  'GetObject', 'HeadObject', 'UploadPart', 'PutObject', 'CompleteMultipartUpload', 'CreateMultipartUpload',
]);

const SIGNED_AT = 'X-Amz-Date';
const LIFETIME = 'X-Amz-Expires';
/** The query parameter of a presigned URL with the address that requested it. */
const ASKED_FROM = 'x-asked-from';
const COLUMNS_OF_THEIR_OWN = new Set([SIGNED_AT, LIFETIME, ASKED_FROM]);
/** Parameters that repeat other fields or are irrelevant to an audit. */
const SAID_ELSEWHERE = new Set([
  'Host', 'X-Amz-Algorithm', 'X-Amz-SignedHeaders', 'x-id', 'x-amz-checksum-mode', 'X-Amz-Content-Sha256',
]);
const DATA = new Set([
  'SignatureVersion', 'CipherSuite', 'bytesTransferredIn', 'SSEApplied', 'AuthenticationMethod', 'x-amz-id-2',
  'bytesTransferredOut',
]);

/** Whether a parameter of a frequent request is stored with the object of the request. */
export function staysWithObject(parameter: string): boolean {
  return !COLUMNS_OF_THEIR_OWN.has(parameter) && !SAID_ELSEWHERE.has(parameter);
}

function isFrequentAction(eventSource: unknown, eventName: unknown): boolean {
  return eventSource === 's3.amazonaws.com' && FREQUENT.has(eventName as string);
}

export interface FrequentRequest {
  readonly parameters: JsonObject;
  readonly data: JsonObject;
  readonly bytes: number;
  /** Microseconds since 1970. */
  readonly signedAt: number;
  readonly lifetimeSeconds: number;
  readonly askedFrom?: string;
}

/** Parses a frequent request. Returns undefined for other requests, and if its values do not fit into the columns. */
export function frequentRequest(record: JsonObject): FrequentRequest | undefined {
  const { eventSource, eventName, requestParameters, responseElements, additionalEventData } = record;
  if (!isFrequentAction(eventSource, eventName) || !isObject(requestParameters) || !isObject(additionalEventData)
    || (responseElements ?? null) !== null || !Object.keys(additionalEventData).every((name) => DATA.has(name))) {
    return undefined;
  }
  const bytes = additionalEventData.bytesTransferredOut ?? NOTHING;
  const signedAt = requestParameters[SIGNED_AT] === undefined ? NOTHING : signedAtOf(requestParameters[SIGNED_AT]);
  const lifetimeSeconds = requestParameters[LIFETIME] === undefined ? NOTHING
    : lifetimeOf(requestParameters[LIFETIME]);
  const askedFrom = requestParameters[ASKED_FROM];
  if (!Number.isSafeInteger(bytes) || signedAt === undefined || lifetimeSeconds === undefined
    || (askedFrom !== undefined && !isPlainText(askedFrom))) {
    return undefined;
  }
  return {
    parameters: requestParameters, data: additionalEventData, bytes: bytes as number, signedAt, lifetimeSeconds,
    askedFrom: askedFrom as string | undefined,
  };
}

/** Parses seconds. Returns undefined unless the number represents the text exactly. */
function lifetimeOf(value: unknown): number | undefined {
  return typeof value === 'string' && /^(?:0|[1-9]\d{0,8})$/.test(value) ? Number(value) : undefined;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPlainText(value: unknown): boolean {
  return typeof value === 'string' && withoutControls(value) === value;
}
