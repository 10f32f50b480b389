import type { Days } from './days';
import { type Fact, type FactBatch, FactWriter, NO_TEXT, NOTHING } from './fact-batch';
import { dayNumber, microsecondsOf } from './fact-times';
import { type FrequentRequest, frequentRequest, staysWithObject } from './frequent-request';
import type { JsonObject } from './json-values';
import type { LogFile } from './log-source';
import { repeatsOf } from './repeats';
import { bucketAccountOf, resourceBucketOf } from './resources';
import { LineFile, membersOf, Remembered, RepeatedThings } from './row-files';
import type { Share } from './share';
import type { Tally } from './tally';

/** Fields that have the same value in many records of one caller. */
export const CONTEXT_FIELDS = [
  'eventSource', 'eventName', 'awsRegion', 'sourceIPAddress', 'userAgent', 'errorCode', 'errorMessage', 'readOnly',
  'eventType', 'managementEvent', 'recipientAccountId', 'vpcEndpointId', 'eventCategory',
] as const;

/** Fewer than other parts, because identities are long. */
const REMEMBERED_IDENTITIES = 16_384;
const REMEMBERED = 50_000;
const REMEMBERED_CREDENTIALS = 4_096;
/** IDs do not repeat, so they are not cached. */
const REMEMBERED_TEXTS = 1;

/**
 * Writes records in a form that DuckDB loads quickly: a few numbers per record, and each repeated part (identity,
 * context, request for an object) once, as JSON lines.
 */
export class TrailRows {
  private readonly facts: FactWriter;
  private readonly files: LineFile[] = [];
  private readonly identities: RepeatedThings;
  private readonly contexts: RepeatedThings;
  private readonly requests: RepeatedThings;
  private readonly texts: RepeatedThings;
  private readonly repeats: LineFile;
  private readonly lastIdentities = new Remembered<string, { readonly identity: unknown; readonly number: number }>(
    REMEMBERED_CREDENTIALS,
  );

  private readonly days: Days;

  /** `tally` counts what is skipped. It can be replaced between files. */
  constructor(
    { folder, worker, workers, days, firstNumber = 0 }: Share, public tally: Tally, give: (batch: FactBatch) => void,
  ) {
    this.days = days;
    const repeated = (name: string, remembered = REMEMBERED) => {
      const file = new LineFile(folder, `${name}-${worker}.jsonl`);
      this.files.push(file);
      return new RepeatedThings(file, firstNumber + worker, workers, remembered);
    };
    this.facts = new FactWriter(give);
    this.identities = repeated('identities', REMEMBERED_IDENTITIES);
    this.contexts = repeated('contexts');
    this.requests = repeated('requests');
    this.texts = repeated('texts', REMEMBERED_TEXTS);
    this.repeats = new LineFile(folder, `repeats-${worker}.jsonl`);
    this.files.push(this.repeats);
  }

  add(record: JsonObject, file: LogFile): void {
    const time = textOf(record.eventTime);
    const eventTime = time === undefined ? undefined : microsecondsOf(time);
    const day = file.day ?? (eventTime === undefined ? undefined : time!.slice(0, 10));
    if (eventTime === undefined) {
      this.tally.skip(day === undefined ? 'no day' : 'no event time', file.name);
    }
    if (day === undefined) {
      return;
    }
    if (!this.isAskedFor(day)) {
      this.tally.skip('other day', file.name);
      return;
    }
    const repeats = repeatsOf(record, day);
    if (repeats) {
      this.repeats.write(`{${membersOf(Object.entries(repeats))}}\n`);
    }
    const data = objectOf(record.additionalEventData);
    const bytes = data?.bytesTransferredOut;
    const odd = bytes !== undefined && bytes !== null && !isByteCount(bytes);
    if (odd) {
      this.tally.skip('odd byte count', file.name);
    }
    const checked = odd ? { ...record, additionalEventData: { ...data, bytesTransferredOut: undefined } } : record;
    const frequent = frequentRequest(checked);
    this.write({
      eventTime: eventTime ?? NOTHING,
      day: dayNumber(day),
      identity: this.identityOf(record),
      context: this.contextOf(record, frequent),
      request: this.requestOf(checked, frequent),
      bytes: frequent?.bytes ?? NOTHING,
      linkSignedAt: frequent?.signedAt ?? NOTHING,
      linkLifetimeSeconds: frequent?.lifetimeSeconds ?? NOTHING,
    }, textOf(record.eventID) ?? '', textOf(record.requestID) ?? '');
  }

  close(): void {
    this.facts.flush();
    this.files.forEach((file) => file.close());
  }

  private isAskedFor(day: string): boolean {
    return day >= this.days.from && day <= this.days.to;
  }

  private write(fact: Fact, eventId: string, requestId: string): void {
    const { facts } = this;
    facts.write(fact);
    facts.end(
      facts.eventUuid(eventId) ? NOTHING : this.textNumber(eventId),
      facts.requestLetters(requestId) ? NOTHING : this.textNumber(requestId),
    );
  }

  private identityOf({ userIdentity }: JsonObject): number {
    if (userIdentity === undefined || userIdentity === null) {
      return NOTHING;
    }
    // Comparing with the last identity of the same credential is much faster than serializing each one.
    const credential = objectOf(userIdentity)?.accessKeyId;
    const last = typeof credential === 'string' ? this.lastIdentities.get(credential) : undefined;
    if (last && isSameJson(last.identity, userIdentity)) {
      return last.number;
    }
    const json = jsonOf(userIdentity);
    const number = this.identities.numberOf(json, () => `"userIdentity":${json}`);
    if (typeof credential === 'string') {
      this.lastIdentities.set(credential, { identity: userIdentity, number });
    }
    return number;
  }

  private contextOf(record: JsonObject, frequent: FrequentRequest | undefined): number {
    const askedFrom = frequent?.askedFrom;
    const bucketAccount = bucketAccountOf(record);
    const values = CONTEXT_FIELDS.map((field) => textOf(record[field]));
    let key = keyOf(askedFrom) + keyOf(bucketAccount);
    for (const value of values) {
      key += keyOf(value);
    }
    return this.contexts.numberOf(key, () => membersOf([
      ...values.map((value, index) => [CONTEXT_FIELDS[index], value] as const), ['askedFrom', askedFrom],
      ['bucketAccount', bucketAccount],
    ]));
  }

  /** For a frequent request, only the parts that describe its object, without caller, time and bytes. */
  private requestOf(record: JsonObject, frequent: FrequentRequest | undefined): number {
    const resourceBucket = resourceBucketOf(record);
    if (!frequent) {
      const { requestParameters, responseElements, additionalEventData } = record;
      return this.requestNumber({ requestParameters, responseElements, additionalEventData, resourceBucket });
    }
    const { parameters, data: { AuthenticationMethod } } = frequent;
    let key = keyOf(resourceBucket) + keyOf(AuthenticationMethod);
    for (const name of Object.keys(parameters)) {
      if (staysWithObject(name)) {
        key += keyOf(name) + keyOf(parameters[name]);
      }
    }
    return this.requests.numberOf(key, () => membersOfRequest({
      requestParameters: Object.fromEntries(Object.entries(parameters).filter(([name]) => staysWithObject(name))),
      additionalEventData: { AuthenticationMethod },
      resourceBucket,
    }));
  }

  private requestNumber(parts: JsonObject): number {
    const json = membersOfRequest(parts);
    return json === '' ? NOTHING : this.requests.numberOf(json, () => json);
  }

  private textNumber(text: string): number {
    return text === '' ? NO_TEXT : this.texts.numberOf(text, () => membersOf([['text', text]]));
  }
}

/** The limit for a plausible byte count: more than the largest S3 object. */
const MAX_BYTES = 2 ** 50;

/** Whether a value is a byte count. Some exporters write numbers as text or as floats. */
function isByteCount(value: unknown): boolean {
  const bytes = typeof value === 'number' || (typeof value === 'string' && value.trim() !== '') ? Number(value) : NaN;
  return bytes >= 0 && bytes <= MAX_BYTES;
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

function membersOfRequest(parts: JsonObject): string {
  return Object.entries(parts).filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `"${name}":${jsonOf(value)}`).join(',');
}

/** A part of a key. With its length, no value can look like the beginning of the next part. */
function keyOf(value: unknown): string {
  if (value === undefined) {
    return '-';
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `${typeof value === 'string' ? '' : '='}${text.length}:${text}`;
}

/** Whether two values have the same JSON, except for the order of members. */
function isSameJson(one: unknown, other: unknown): boolean {
  if (one === other) {
    return true;
  }
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null
    || Array.isArray(one) !== Array.isArray(other)) {
    return false;
  }
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => Object.hasOwn(other, name)
    && isSameJson((one as JsonObject)[name], (other as JsonObject)[name]));
}

/** Serializes JSON without control character and surrogate escapes, some of which DuckDB rejects. */
function jsonOf(value: unknown): string {
  const escapes = /\\(?:\\|u00[01][0-9a-f]|ud[89a-f][0-9a-f]{2})/g;
  const json = JSON.stringify(value);
  return json.includes('\\') ? json.replace(escapes, (escape) => (escape === '\\\\' ? escape : `\\${escape}`)) : json;
}
