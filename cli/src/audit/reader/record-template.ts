import type { JsonObject } from './read-log';

/** The meaning of a gap. All gaps of the role identity, context or object are looked up together. */
export type Role = 'identity' | 'context' | 'object'
| 'eventTime' | 'signedAt' | 'lifetime' | 'bytes' | 'eventID' | 'requestID' | 'nothing';

export interface Gap {
  /** The fixed text before the gap. */
  readonly before: Buffer;
  readonly isNumber: boolean;
  readonly role: Role;
}

/** The role of a string or number by its path in the record. Undefined if the value is part of the fixed text. */
export type RoleOf = (path: readonly string[]) => Role | undefined;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
const DOT = 0x2e;
const MOST_DIGITS = 15;
/** From this length on, a call of compare is faster than a loop. */
const LONG = 80;
/** Integers that are written as 42.0. */
const ROUND_FLOAT = /:(\d+)\.0(?=[,}\]])/g;
const PLAIN = /^[\x20-\x5b\x5d-\x7e]*$/;

/**
 * A record as fixed text with gaps for strings and integers. Bytes that match are a JSON object with the same members
 * in the same order, because a gap accepts no quotes, backslashes, control characters or characters beyond ASCII.
 */
export class RecordTemplate {
  /** Creates a template. Returns undefined if the text differs from `JSON.stringify` output or contains escapes. */
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
  /** Whether the last matched record starts with the `known` bytes. */
  isKnown = false;

  private constructor(readonly gaps: readonly Gap[], private readonly last: Buffer) {
    this.starts = new Int32Array(gaps.length);
    this.ends = new Int32Array(gaps.length);
  }

  /**
   * Returns the end of the record that starts here, or -1 if it does not match. `starts` and `ends` then contain the
   * positions of the gaps. `known` is the start of an earlier record, up to the gap `from`. If it is the same, the gaps
   * in it are not updated.
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

/** The position after this text, or -1 if the bytes here differ. */
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

/** The integer that `match` found, without a fraction of zero. */
export function countAt(bytes: Buffer, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end && bytes[at] !== DOT; at++) {
    count = count * 10 + bytes[at] - ZERO;
  }
  return count;
}
