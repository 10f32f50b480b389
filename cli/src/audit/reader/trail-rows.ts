import type { Days } from './days';
import type { LogFile } from './log-source';
import type { JsonObject } from './read-log';
import { csvCell, LineFile, RepeatedThings, withoutControls } from './row-files';
import type { Tally } from './tally';

/** Fields of a record that are the same in many records of one caller. */
export const CONTEXT_FIELDS = [
  'eventSource', 'eventName', 'awsRegion', 'sourceIPAddress', 'userAgent', 'errorCode', 'readOnly', 'eventType', 'managementEvent',
  'recipientAccountId', 'vpcEndpointId', 'eventCategory',
] as const;

/** Requests of which there are millions, with the parameters that say something; the others stand in other fields too. */
const FREQUENT = new Set(['GetObject', 'HeadObject', 'UploadPart', 'PutObject', 'CompleteMultipartUpload', 'CreateMultipartUpload']);
const COLUMNS_OF_THEIR_OWN = new Set(['bucketName', 'key', 'X-Amz-Date', 'X-Amz-Expires']);
const SAID_ELSEWHERE = new Set(['Host', 'X-Amz-Algorithm', 'X-Amz-SignedHeaders', 'x-id', 'x-amz-checksum-mode', 'X-Amz-Content-Sha256']);
const FREQUENT_DATA = new Set([
  'SignatureVersion', 'CipherSuite', 'bytesTransferredIn', 'SSEApplied', 'AuthenticationMethod', 'x-amz-id-2', 'bytesTransferredOut',
]);

const EVENT_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;

/**
 * Writes records down in a form that DuckDB loads fast: one short CSV line for each, and what repeats (identities, contexts,
 * objects, rare details) once, as JSON lines.
 */
export class TrailRows {
  private readonly facts: LineFile;
  private readonly files: LineFile[] = [];
  private readonly identities: RepeatedThings;
  private readonly contexts: RepeatedThings;
  private readonly objects: RepeatedThings;
  private readonly details: RepeatedThings;

  constructor(folder: string, worker: number, workers: number, private readonly days: Days, private readonly tally: Tally) {
    const file = (name: string) => {
      const opened = new LineFile(folder, `${name}-${worker}.${name === 'facts' ? 'csv' : 'jsonl'}`);
      this.files.push(opened);
      return opened;
    };
    const repeated = (name: string) => new RepeatedThings(file(name), worker, workers);
    this.facts = file('facts');
    this.identities = repeated('identities');
    this.contexts = repeated('contexts');
    this.objects = repeated('objects');
    this.details = repeated('details');
  }

  add(record: JsonObject, file: LogFile): void {
    const time = textOf(record.eventTime);
    const eventTime = time !== undefined && EVENT_TIME.test(time) && !Number.isNaN(Date.parse(time)) ? time : undefined;
    const day = file.day ?? eventTime?.slice(0, 10);
    if (eventTime === undefined) {
      this.tally.skip(day === undefined ? 'no day' : 'no event time', file.name);
    }
    if (day === undefined || day < this.days.from || day > this.days.to) {
      return;
    }
    const parameters = objectOf(record.requestParameters);
    const data = objectOf(record.additionalEventData);
    const bytes = data?.bytesTransferredOut;
    const odd = bytes !== undefined && bytes !== null && !isByteCount(bytes);
    if (odd) {
      this.tally.skip('odd byte count', file.name);
    }
    const frequent = isFrequent(record, parameters, data);
    this.facts.write([
      csvCell(eventTime),
      csvCell(file.day),
      record.userIdentity === undefined || record.userIdentity === null ? '' : this.identityNumber(record.userIdentity),
      this.contextNumber(record),
      frequent ? this.objectNumber(parameters!, data!) : '',
      this.detailsNumber(odd ? withoutBytes(record, data!) : record, frequent ? parameters : undefined) ?? '',
      csvCell(textOf(record.requestID)),
      csvCell(textOf(record.eventID)),
      frequent && !odd ? csvCell(textOf(bytes)) : '',
      frequent ? csvCell(textOf(parameters!['X-Amz-Date'])) : '',
      frequent ? csvCell(textOf(parameters!['X-Amz-Expires'])) : '',
    ].join(',') + '\n');
  }

  close(): void {
    this.files.forEach((file) => file.close());
  }

  private identityNumber(identity: unknown): number {
    const json = jsonOf(identity);
    return this.identities.numberOf(json, () => `"userIdentity":${json}`);
  }

  private contextNumber(record: JsonObject): number {
    let key = '';
    for (const field of CONTEXT_FIELDS) {
      const value = record[field];
      key += value === undefined || value === null ? '\u0000' : `${textOf(value)}\u0001`;
    }
    return this.contexts.numberOf(key, () => membersOf(CONTEXT_FIELDS.map((field) => [field, textOf(record[field])])));
  }

  private objectNumber(parameters: JsonObject, data: JsonObject): number {
    const bucketName = textOf(parameters.bucketName);
    const key = textOf(parameters.key);
    const method = textOf(data.AuthenticationMethod);
    return this.objects.numberOf(`${bucketName}\u0000${key}\u0000${method}`, () =>
      membersOf([['bucketName', bucketName], ['key', key], ['authenticationMethod', method]]));
  }

  /** What has no column of its own. */
  private detailsNumber(record: JsonObject, parameters: JsonObject | undefined): number | undefined {
    const members: string[] = [];
    const add = (name: string, value: unknown) => {
      if (value !== undefined && value !== null) {
        members.push(`${JSON.stringify(name)}:${typeof value === 'string' ? JSON.stringify(withoutControls(value)) : jsonOf(value)}`);
      }
    };
    add('errorMessage', textOf(record.errorMessage));
    if (parameters) {
      const others = Object.entries(parameters).filter(([name]) => !COLUMNS_OF_THEIR_OWN.has(name) && !SAID_ELSEWHERE.has(name));
      add('requestParameters', others.length === 0 ? undefined : Object.fromEntries(others));
    } else {
      add('requestParameters', record.requestParameters);
      add('responseElements', record.responseElements);
      add('additionalEventData', record.additionalEventData);
    }
    if (members.length === 0) {
      return undefined;
    }
    const json = members.join(',');
    return this.details.numberOf(json, () => json);
  }
}

/** More than all of an S3 object's bytes are no answer to one request. */
const MAX_BYTES = 2 ** 50;

/** Exporters write numbers as text, and as floats. */
function isByteCount(value: unknown): boolean {
  const bytes = typeof value === 'number' || (typeof value === 'string' && value.trim() !== '') ? Number(value) : NaN;
  return bytes >= 0 && bytes <= MAX_BYTES;
}

function withoutBytes(record: JsonObject, data: JsonObject): JsonObject {
  return { ...record, additionalEventData: { ...data, bytesTransferredOut: undefined } };
}

function isFrequent(record: JsonObject, parameters: JsonObject | undefined, data: JsonObject | undefined): boolean {
  return parameters !== undefined && data !== undefined && FREQUENT.has(record.eventName as string)
    && (record.responseElements === null || record.responseElements === undefined)
    && record.eventSource === 's3.amazonaws.com' && Object.keys(data).every((name) => FREQUENT_DATA.has(name));
}

function objectOf(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as JsonObject : undefined;
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** DuckDB's JSON takes neither an escaped NUL nor half of a surrogate pair; a backslash that is escaped escapes nothing. */
function jsonOf(value: unknown): string {
  return JSON.stringify(value).replace(/\\(?:\\|u00[01][0-9a-f]|ud[89a-f][0-9a-f]{2})/g, (escape) => (escape === '\\\\' ? escape : `\\${escape}`));
}

function membersOf(entries: readonly (readonly [string, string | undefined])[]): string {
  return entries.filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(withoutControls(value!))}`).join(',');
}
