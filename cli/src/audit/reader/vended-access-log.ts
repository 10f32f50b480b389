import { microsecondsOf } from './fact-times';
import type { JsonObject } from './json-values';
import { eventTimeOf } from './times';
import { accessLogFields } from '../../../../src/contract/access-log-line';

/**
 * Fields of an access log record in CloudWatch Logs, in the order of an access log line. A field with several names has
 * one of them. The first twelve are in every record, null if unknown.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/sal-cw-log-format.html
 */
const FIELDS: readonly (readonly string[])[] = [
  ['bucket_owner_id'], ['bucket_name'], ['request_time'], ['remote_ip'], ['requester'], ['request_id'], ['operation'],
  ['key_name'], ['request_uri'], ['http_status'], ['error_code'], ['bytes_sent_size', 'bytes_sent'],
  ['object_size'], ['total_time', 'total_time_ms'], ['turn_around_time', 'turn_around_time_ms'],
  ['referer', 'referrer'], ['user_agent'], ['version_id'], ['host_id'], ['signature_version'], ['cipher_suite'],
  ['authentication_type'], ['host_header'], ['tls_version'], ['access_point_arn'], ['acl_required'], ['source_region'],
];
const NEEDED = 12;
const TIME = 2;
const QUOTED: ReadonlySet<string> = new Set(['request_uri', 'referer', 'referrer', 'user_agent']);

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export function isVendedAccessLog(object: JsonObject): boolean {
  return object.bucket_owner_id !== undefined && object.request_time !== undefined;
}

/** The record as an access log line, or undefined if it lacks a field or has one that no line can have. */
export function lineOfVended(object: JsonObject): string | undefined {
  const time = eventTimeOf(object.request_time);
  const names = FIELDS.map((alternatives) => alternatives.find((name) => Object.hasOwn(object, name)));
  if (time === undefined || microsecondsOf(time) === undefined || names.slice(0, NEEDED).includes(undefined)) {
    return undefined;
  }
  const line = names.map((name, index) => (index === TIME ? timeInLine(time) : written(name, object))).join(' ');
  return accessLogFields(line) && line;
}

/** `[30/Nov/2026:09:30:00 +0000]` */
function timeInLine(time: string): string {
  const [year, month, day] = time.slice(0, 10).split('-');
  return `[${day}/${MONTHS[Number(month) - 1]}/${year}:${time.slice(11, 19)} +0000]`;
}

function written(name: string | undefined, object: JsonObject): string {
  const value = name === undefined ? undefined : object[name];
  if (name === undefined || value === undefined || value === null || value === '') {
    return '-';
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  // A line separates fields by spaces, and quotes those that may contain spaces.
  // eslint-disable-next-line no-control-regex
  return QUOTED.has(name) ? `"${text.replace(/["\u0000-\u001f]/g, encodeURIComponent)}"`
    : text.replace(/[\s"\u0000-\u001f]/g, encodeURIComponent);
}
