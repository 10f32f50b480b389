import type { JsonObject } from './read-log';

/** What a gap means for a record; the three groups are each looked up as one. */
export type Role = 'identity' | 'context' | 'object' | 'eventTime' | 'signedAt' | 'lifetime' | 'bytes' | 'eventID' | 'requestID' | 'nothing';

export interface Gap {
  /** What comes before it: the same in each record. */
  readonly before: Buffer;
  readonly isNumber: boolean;
  readonly role: Role;
}

/** What a string or a number is for, by where in the record it stands; undefined if it is to be the same in each record. */
export type RoleOf = (path: readonly string[]) => Role | undefined;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
const DOT = 0x2e;
const MOST_DIGITS = 15;
/** A call of compare costs as much as so many turns of a loop. */
const LONG = 80;
/** Numbers that are whole, but written as 42.0. */
const ROUND_FLOAT = /:(\d+)\.0(?=[,}\]])/g;
const PLAIN = /^[\x20-\x5b\x5d-\x7e]*$/;

/**
 * The bytes of a record as a fixed text with gaps for strings and whole numbers. Bytes that fit are a JSON object with the same members
 * in the same order, since what fills a gap has neither quotes, backslashes, control characters nor anything beyond ASCII.
 */
export class RecordTemplate {
  /** Undefined if the text is not written as `JSON.stringify` does, or needs escapes. */
  static of(record: JsonObject, text: string, roleOf: RoleOf): RecordTemplate | undefined {
    if (!PLAIN.test(text) || JSON.stringify(record) !== text.replace(ROUND_FLOAT, ':$1')) {
      return undefined;
    }
    const gaps: Gap[] = [];
    let before = '';
    const gap = (isNumber: boolean, role: Role) => {
      gaps.push({ before: Buffer.from(before, 'latin1'), isNumber, role });
      before = '';
    };
    const write = (value: unknown, path: readonly string[]): void => {
      if (Array.isArray(value)) {
        before += '[';
        value.forEach((element, index) => {
          before += index === 0 ? '' : ',';
          write(element, path);
        });
        before += ']';
      } else if (typeof value === 'object' && value !== null) {
        before += '{';
        Object.entries(value).forEach(([name, member], index) => {
          before += `${index === 0 ? '' : ','}${JSON.stringify(name)}:`;
          write(member, [...path, name]);
        });
        before += '}';
      } else {
        const role = roleOf(path);
        if (role === undefined || !(typeof value === 'string' || isCount(value))) {
          before += JSON.stringify(value);
        } else if (typeof value === 'string') {
          before += '"';
          gap(false, role);
          before += '"';
        } else {
          gap(true, role);
        }
      }
    };
    write(record, []);
    return new RecordTemplate(gaps, Buffer.from(before, 'latin1'));
  }

  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Whether the record that was matched last begins with what was known. */
  isKnown = false;

  private constructor(readonly gaps: readonly Gap[], private readonly last: Buffer) {
    this.starts = new Int32Array(gaps.length);
    this.ends = new Int32Array(gaps.length);
  }

  /**
   * Where the record ends that begins here; -1 if it does not fit. What stands in the gaps is then between `starts` and `ends`. `known`
   * is what such a record began with before, up to the gap `from`: if it is the same, the gaps in it are left as they were.
   */
  match(bytes: Buffer, at: number, known?: Buffer, from = 0): number {
    const { gaps, starts, ends } = this;
    this.isKnown = known !== undefined && after(known, bytes, at) >= 0;
    let position = at;
    let first = 0;
    if (this.isKnown) {
      first = from + 1;
      starts[from] = at + known!.length;
      position = endOfString(bytes, starts[from]);
      ends[from] = position;
      if (position < 0) {
        return -1;
      }
    }
    for (let index = first; index < gaps.length; index++) {
      const { before, isNumber } = gaps[index];
      position = after(before, bytes, position);
      if (position < 0) {
        return -1;
      }
      starts[index] = position;
      position = isNumber ? endOfNumber(bytes, position) : endOfString(bytes, position);
      if (position < 0) {
        return -1;
      }
      ends[index] = position;
    }
    return after(this.last, bytes, position);
  }
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0 && !Object.is(value, -0);
}

/** Where this text ends; -1 if it does not stand here. */
function after(text: Buffer, bytes: Buffer, at: number): number {
  const { length } = text;
  if (at + length > bytes.length) {
    return -1;
  }
  if (length >= LONG) {
    return bytes.compare(text, 0, length, at, at + length) === 0 ? at + length : -1;
  }
  for (let index = 0; index < length; index++) {
    if (text[index] !== bytes[at + index]) {
      return -1;
    }
  }
  return at + length;
}

function endOfString(bytes: Buffer, at: number): number {
  for (let end = at; end < bytes.length; end++) {
    const code = bytes[end];
    if (code === QUOTE) {
      return end;
    }
    if (code < 0x20 || code > 0x7e || code === BACKSLASH) {
      return -1;
    }
  }
  return -1;
}

function endOfNumber(bytes: Buffer, at: number): number {
  let end = at;
  while (bytes[end] >= ZERO && bytes[end] <= ZERO + 9) {
    end++;
  }
  if (end === at || end - at > MOST_DIGITS || (end - at > 1 && bytes[at] === ZERO)) {
    return -1;
  }
  return bytes[end] === DOT && bytes[end + 1] === ZERO ? end + 2 : end;
}

/** A whole number that `match` found; in front of its dot, if it has one. */
export function countAt(bytes: Buffer, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end && bytes[at] !== DOT; at++) {
    count = count * 10 + bytes[at] - ZERO;
  }
  return count;
}
