import type { JsonObject } from './json-values';
import { STREAMED_ARRAYS } from './json-values';
import { recordOfOcsf } from './ocsf';
import { normalised } from './record-forms';
import type { SkipReason } from './skip-reasons';
import { isVendedAccessLog, lineOfVended } from './vended-access-log';

/** What a JSON value of a log contains. */
export type Contents =
  | { readonly kind: 'record'; readonly record: JsonObject; readonly note?: SkipReason }
  /** A line in the form of the S3 access logs. */
  | { readonly kind: 'line'; readonly line: string }
  | { readonly kind: 'values'; readonly values: readonly unknown[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'skip'; readonly reason: SkipReason }
  /** Nothing that is worth counting. */
  | { readonly kind: 'nothing' };

/** Fields that have a whole record, as text or as an object, whatever else is next to them. */
const HOLDERS = [
  // CloudTrail Lake; "aws cloudtrail lookup-events"; CloudWatch Logs Insights; Splunk; Elastic.
  'eventJson', 'eventjson', 'CloudTrailEvent', '@message', '_raw', 'event.original',
] as const;

/** What the control messages of CloudWatch Logs begin with. */
const CONTROL_MESSAGE = 'CWL CONTROL MESSAGE';

/** Opens one level of the forms in which CloudTrail, CloudWatch Logs and other tools export records. */
export function contentsOf(value: unknown): Contents {
  if (Array.isArray(value)) {
    return contentsOfList(value);
  }
  return isObject(value) ? contentsOfObject(value) : skip('no record');
}

function contentsOfList(list: readonly unknown[]): Contents {
  const cells = list.filter(isObject);
  if (list.length > 0 && cells.length === list.length) {
    // A row of CloudWatch Logs Insights: [{"field": "@message", "value": "{…}"}, …]
    if (cells.every(({ field, value }) => typeof field === 'string' && value !== undefined)) {
      const row = Object.fromEntries(cells.map(({ field, value }) => [field as string, value]));
      return row['@message'] === undefined ? skip('no message') : contentsOfObject(row);
    }
    // A row of CloudTrail Lake: [{"eventID": "…"}, {"eventJson": "{…}"}]
    const names = cells.map((cell) => Object.keys(cell));
    if (names.every(({ length }) => length === 1) && new Set(names.flat()).size === cells.length) {
      return contentsOfObject(Object.assign({}, ...cells) as JsonObject);
    }
  }
  return { kind: 'values', values: list };
}

function contentsOfObject(object: JsonObject): Contents {
  for (const name of HOLDERS) {
    const held = object[name];
    if (typeof held === 'string') {
      return contentsOfText(held);
    }
    if (isObject(held)) {
      return values(held);
    }
  }
  return isRecord(object) ? contentsOfRecord(object) : contentsOfEnvelope(object);
}

function contentsOfText(text: string): Contents {
  return text.startsWith(CONTROL_MESSAGE) ? { kind: 'nothing' } : { kind: 'text', text };
}

/** Whether an object says what was requested, as every record of CloudTrail does. */
function isRecord({ eventName, eventname }: JsonObject): boolean {
  return eventName !== undefined || eventname !== undefined;
}

function contentsOfEnvelope(object: JsonObject): Contents {
  const many = STREAMED_ARRAYS.map((name) => object[name]).find((list) => Array.isArray(list));
  if (many) {
    return { kind: 'values', values: many as readonly unknown[] };
  }
  const { message, result, _source: source, fields, hits, event, detail } = object;
  if (typeof message === 'string') {
    return contentsOfText(message);
  }
  if (object['detail-type'] !== undefined) {
    return isObject(detail) && isRecord(detail) ? values(detail) : skip('other event');
  }
  if (isObject(event)) {
    return typeof event.original === 'string' ? contentsOfText(event.original)
      : isRecord(event) ? values(event) : skip('field by field');
  }
  const inner = [result, source, hits, fields].find(isObject);
  if (inner) {
    return values(inner);
  }
  const [original] = Array.isArray(object['event.original']) ? object['event.original'] as readonly unknown[] : [];
  if (typeof original === 'string') {
    return contentsOfText(original);
  }
  if (object.class_uid !== undefined && object.metadata !== undefined) {
    const record = recordOfOcsf(object);
    return typeof record === 'string' ? skip(record) : contentsOfRecord(record);
  }
  if (isVendedAccessLog(object)) {
    const line = lineOfVended(object);
    return line === undefined ? skip('vended fields') : { kind: 'line', line };
  }
  if (object.digestS3Object !== undefined || object.hashSignature !== undefined) {
    return skip('digest');
  }
  return ['userIdentity', 'eventVersion', 'eventID'].some((field) => object[field] !== undefined)
    ? contentsOfRecord(object) : skip('no record');
}

function contentsOfRecord(record: JsonObject): Contents {
  const { eventCategory, eventType, eventSource } = record;
  if (eventCategory === 'Aggregated' || eventType === 'AwsAggregatedEvent') {
    return skip('aggregated');
  }
  if (eventCategory === 'Insight' || eventType === 'AwsCloudTrailInsight') {
    return skip('insight');
  }
  // Notifications of S3 have the same names of fields: {"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", …}
  if (typeof eventSource === 'string' && eventSource.startsWith('aws:')) {
    return skip('other event');
  }
  const normal = normalised(record);
  return typeof normal === 'string' ? skip(normal) : { kind: 'record', ...normal };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function skip(reason: SkipReason): Contents {
  return { kind: 'skip', reason };
}

function values(...inner: readonly unknown[]): Contents {
  return { kind: 'values', values: inner };
}
