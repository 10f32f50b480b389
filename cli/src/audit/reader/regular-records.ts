import { NOTHING } from './fact-batch';
import { dayNumber, microsecondsOf, signedAtOf } from './fact-times';
import { ASKED_FROM, frequentRequest, LIFETIME, lifetimeOf, SIGNED_AT, staysWithObject } from './frequent-request';
import type { LogFile } from './log-source';
import type { JsonObject } from './read-log';
import { countAt, RecordTemplate, type Role } from './record-template';
import { Remembered } from './remembered';
import { RepeatedBytes } from './repeated-bytes';
import { MAX_ROW_BYTES } from './row-files';
import type { Tally } from './tally';
import { CONTEXT_FIELDS, type TrailRows } from './trail-rows';

const MOST_TEMPLATES = 48;
/** Limits the effort for logs in unusual formats. */
const MOST_LESSONS = 4_096;
const REMEMBERED = 8_192;
const REMEMBERED_TIMES = 8_192;
const TIME_LENGTH = '2026-11-30T09:30:00Z'.length;
const TIME_MEMBER = ',"eventTime":"';
const ZERO = 0x30;
const LAST_LETTER = 0x5a;
/** No time starts with it. */
const NO_TIME = ' ';
/** Fields of the objects that enclose or replace records. */
const NO_MEMBERS_OF_RECORDS = ['Records', 'logEvents', 'QueryResultRows', 'events', 'eventJson', 'message'];

/** Fields with few distinct values. They are part of the fixed text, so each value has separate templates. */
const SAME = new Set([
  'eventVersion', 'eventSource', 'eventName', 'awsRegion', 'eventType', 'eventCategory', 'recipientAccountId',
  'tlsDetails.tlsVersion', 'tlsDetails.cipherSuite',
  'userIdentity.type', 'userIdentity.sessionContext.sessionIssuer.type',
  'userIdentity.sessionContext.attributes.mfaAuthenticated',
  'requestParameters.X-Amz-Algorithm', 'requestParameters.X-Amz-SignedHeaders', 'requestParameters.x-id',
  'requestParameters.x-amz-checksum-mode',
  'requestParameters.bucketName', 'requestParameters.Host', 'tlsDetails.clientProvidedHostHeader',
  'additionalEventData.SignatureVersion', 'additionalEventData.CipherSuite', 'additionalEventData.SSEApplied',
  'additionalEventData.AuthenticationMethod', 'resources.type', 'resources.accountId',
]);

const ROLES: { readonly [path: string]: Role } = {
  eventTime: 'eventTime',
  eventID: 'eventID',
  requestID: 'requestID',
  'additionalEventData.bytesTransferredOut': 'bytes',
  [`requestParameters.${SIGNED_AT}`]: 'signedAt',
  [`requestParameters.${LIFETIME}`]: 'lifetime',
  [`requestParameters.${ASKED_FROM}`]: 'context',
};

function roleOf(path: readonly string[]): Role | undefined {
  const whole = path.join('.');
  const [first, second] = path;
  // A name with a dot could be mistaken for the path of another field.
  if (SAME.has(whole) || path.some((name) => name.includes('.'))) {
    return undefined;
  }
  if (Object.hasOwn(ROLES, whole)) {
    return ROLES[whole];
  }
  if (first === 'userIdentity') {
    return 'identity';
  }
  if (CONTEXT_FIELDS.some((field) => field === first)) {
    return 'context';
  }
  return (first === 'requestParameters' && staysWithObject(second))
    || whole === 'additionalEventData.AuthenticationMethod' ? 'object' : 'nothing';
}

function beginningOfIdentity({ gaps }: RecordTemplate, record: JsonObject): number {
  const [version, identity, time] = Object.keys(record);
  return version === 'eventVersion' && typeof record.eventVersion === 'string'
    && identity === 'userIdentity' && time === 'eventTime'
    && typeof record.userIdentity === 'object' && record.userIdentity !== null
    && gaps.every(({ role, isNumber }) => role !== 'identity' || !isNumber)
    ? `{"eventVersion":${JSON.stringify(record.eventVersion)},"userIdentity":`.length : -1;
}

/** A template and what is known about the records that match it. */
class Kind {
  readonly identities: RepeatedBytes;
  readonly contexts: RepeatedBytes;
  readonly objects: RepeatedBytes;
  readonly eventTime: number;
  readonly eventId: number;
  readonly requestId: number;
  readonly bytes: number;
  readonly signedAt: number;
  readonly lifetime: number;
  private readonly isCallerFirst: boolean;
  /** The start of the identity's JSON if it can be stored as it is, up to just before the time; otherwise -1. */
  private readonly identityAt: number;
  /** The start of the last record up to its time, with its caller: neighboring records often have the same caller. */
  beginning?: Buffer;
  caller = NOTHING;

  constructor(readonly template: RecordTemplate, record: JsonObject) {
    const at = (role: Role) => template.gaps.findIndex((gap) => gap.role === role);
    this.identities = new RepeatedBytes(template, 'identity', REMEMBERED);
    this.contexts = new RepeatedBytes(template, 'context', REMEMBERED);
    this.objects = new RepeatedBytes(template, 'object', REMEMBERED);
    this.eventTime = at('eventTime');
    this.eventId = at('eventID');
    this.requestId = at('requestID');
    this.bytes = at('bytes');
    this.signedAt = at('signedAt');
    this.lifetime = at('lifetime');
    this.identityAt = beginningOfIdentity(template, record);
    this.isCallerFirst = template.gaps.every(({ role }, index) => role !== 'identity' || index < this.eventTime)
      && template.gaps.slice(0, this.eventTime).every(({ role }) => role === 'identity');
  }

  match(bytes: Buffer, at: number): number {
    return this.template.match(bytes, at, this.beginning, this.eventTime);
  }

  callerOf(bytes: Buffer, at: number, learn: (json: string | undefined) => number): number {
    const { template, identityAt, isCallerFirst, eventTime } = this;
    if (template.isKnown) {
      return this.caller;
    }
    const caller = this.identities.numberOf(bytes, () => {
      const end = template.starts[eventTime] - TIME_MEMBER.length;
      return learn(identityAt < 0 ? undefined : bytes.toString('latin1', at + identityAt, end));
    });
    if (isCallerFirst) {
      this.beginning = Buffer.from(bytes.subarray(at, template.starts[eventTime]));
      this.caller = caller;
    }
    return caller;
  }

  text(gap: number, bytes: Buffer): string {
    return bytes.toString('latin1', this.template.starts[gap], this.template.ends[gap]);
  }
}

/**
 * Reads records in the format of an earlier one directly into facts, without parsing JSON. Values that it has not seen
 * before are parsed from the record. Records that match no template are left to the caller.
 */
export class RegularRecords {
  private readonly kinds: Kind[] = [];
  private readonly linkTimes = new Remembered<string, number>(REMEMBERED_TIMES);
  private lessons = 0;
  private minuteText = NO_TIME;
  private minute = 0;
  private dayText = '';
  private day = 0;

  constructor(private readonly rows: TrailRows, private readonly tally: Tally) {}

  /** Reads the record that starts here. Returns its end, or -1 if nothing was read and it must be parsed as JSON. */
  read(bytes: Buffer, at: number, file: LogFile): number {
    const { kinds } = this;
    for (let index = 0; index < kinds.length; index++) {
      const kind = kinds[index];
      const end = kind.match(bytes, at);
      if (end >= 0) {
        if (index > 0) {
          // Moved up, to be tried earlier next time.
          [kinds[index - 1], kinds[index]] = [kind, kinds[index - 1]];
        }
        return end - at <= MAX_ROW_BYTES && this.write(kind, bytes, at, end, file) ? end : -1;
      }
    }
    return -1;
  }

  /** Learns the format of a record that was parsed as JSON. */
  learn(record: JsonObject, text: string): void {
    const { requestID, eventID, eventTime } = record;
    if (this.kinds.length >= MOST_TEMPLATES || this.lessons >= MOST_LESSONS
      || ![requestID, eventID, eventTime].every((id) => typeof id === 'string')
      || NO_MEMBERS_OF_RECORDS.some((name) => record[name] !== undefined)) {
      return;
    }
    this.lessons++;
    const bytes = (record.additionalEventData as JsonObject | null | undefined)?.bytesTransferredOut ?? 0;
    const isUsual = frequentRequest(record) && Number.isSafeInteger(bytes) && (bytes as number) >= 0;
    const template = isUsual ? RecordTemplate.of(record, text, roleOf) : undefined;
    // A matching template rejected the record for its values, not for its format.
    if (template && !this.kinds.some((kind) => kind.template.match(Buffer.from(text, 'latin1'), 0) >= 0)) {
      this.kinds.push(new Kind(template, record));
    }
  }

  private write(kind: Kind, bytes: Buffer, at: number, end: number, file: LogFile): boolean {
    const { rows, tally } = this;
    const { starts, ends } = kind.template;
    const time = kind.text(kind.eventTime, bytes);
    const eventTime = time.length === TIME_LENGTH ? this.eventTime(time) : undefined;
    const linkSignedAt = kind.signedAt < 0 ? NOTHING : this.linkTime(kind.text(kind.signedAt, bytes));
    const linkLifetimeSeconds = kind.lifetime < 0 ? NOTHING : lifetimeOf(kind.text(kind.lifetime, bytes));
    if (eventTime === undefined || linkSignedAt === undefined || linkLifetimeSeconds === undefined) {
      return false;
    }
    tally.records++;
    const day = file.day ?? time.slice(0, 10);
    if (!rows.isAskedFor(day)) {
      return true;
    }
    let parsed: JsonObject | undefined;
    const record = () => {
      parsed ??= JSON.parse(bytes.toString('latin1', at, end)) as JsonObject;
      return parsed;
    };
    rows.write({
      eventTime,
      day: this.dayNumber(day),
      identity: kind.callerOf(bytes, at, (json) =>
        (json === undefined ? rows.identityOf(record()) : rows.identityNumber(json))),
      context: kind.contexts.numberOf(bytes, () => rows.contextOf(record(), frequentRequest(record()))),
      request: kind.objects.numberOf(bytes, () => rows.requestOf(record(), frequentRequest(record()))),
      bytes: kind.bytes < 0 ? NOTHING : countAt(bytes, starts[kind.bytes], ends[kind.bytes]),
      linkSignedAt,
      linkLifetimeSeconds,
    }, kind.text(kind.eventId, bytes), kind.text(kind.requestId, bytes));
    return true;
  }

  /** Parses an event time. Neighboring records are often of the same minute. */
  private eventTime(text: string): number | undefined {
    const tens = text.charCodeAt(17) - ZERO;
    const ones = text.charCodeAt(18) - ZERO;
    if (!(tens >= 0 && tens <= 5 && ones >= 0 && ones <= 9) || text.charCodeAt(19) !== LAST_LETTER) {
      return undefined;
    }
    if (!text.startsWith(this.minuteText)) {
      const minute = microsecondsOf(`${text.slice(0, 17)}00Z`);
      if (minute === undefined) {
        return undefined;
      }
      this.minuteText = text.slice(0, 17);
      this.minute = minute;
    }
    return this.minute + (tens * 10 + ones) * 1_000_000;
  }

  private linkTime(text: string): number | undefined {
    const known = this.linkTimes.get(text);
    const time = known ?? signedAtOf(text);
    if (known === undefined && time !== undefined) {
      this.linkTimes.set(text, time);
    }
    return time;
  }

  private dayNumber(day: string): number {
    if (day !== this.dayText) {
      this.dayText = day;
      this.day = dayNumber(day);
    }
    return this.day;
  }
}
