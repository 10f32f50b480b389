/** The number of rows in a DuckDB vector. */
export const BATCH_ROWS = 2048;

/** Marks a missing number. */
export const NOTHING = -1;
/** Marks a missing text, where `NOTHING` means that the text is in another column. */
export const NO_TEXT = -2;

/**
 * The values that differ in every record, as numbers in DuckDB's memory layout. Repeated or unusual values are
 * references to rows that are stored elsewhere.
 */
export const FACT_COLUMNS = [
  { name: 'event_time', type: 'TIMESTAMP', bytes: 8 },
  { name: 'link_signed_at', type: 'TIMESTAMP', bytes: 8 },
  { name: 'bytes', type: 'BIGINT', bytes: 8 },
  /** The event ID, unless it is in `event_text`. */
  { name: 'event_uuid', type: 'UUID', bytes: 16 },
  /** The 16 characters of an S3 request ID, unless it is in `request_text`. */
  { name: 'request_letters', type: 'UUID', bytes: 16 },
  { name: 'day', type: 'DATE', bytes: 4 },
  { name: 'identity', type: 'INTEGER', bytes: 4 },
  { name: 'context', type: 'INTEGER', bytes: 4 },
  { name: 'request', type: 'INTEGER', bytes: 4 },
  { name: 'link_lifetime_seconds', type: 'INTEGER', bytes: 4 },
  { name: 'event_text', type: 'INTEGER', bytes: 4 },
  { name: 'request_text', type: 'INTEGER', bytes: 4 },
] as const;

/** The offset of each column in a batch, and the total size. */
export const FACT_OFFSETS: readonly number[] = FACT_COLUMNS.reduce<number[]>(
  (offsets, { bytes }) => [...offsets, offsets.at(-1)! + bytes * BATCH_ROWS], [0],
);

export interface FactBatch {
  readonly rows: number;
  readonly columns: ArrayBuffer;
}

export interface Fact {
  /** Microseconds since 1970. */
  eventTime: number;
  /** Days since 1970. */
  day: number;
  identity: number;
  context: number;
  request: number;
  bytes: number;
  /** Microseconds since 1970. */
  linkSignedAt: number;
  linkLifetimeSeconds: number;
}

const WORD_BYTES = 4;
const WORDS = FACT_OFFSETS.at(-1)! / WORD_BYTES;
const [
  EVENT_TIME, SIGNED_AT, BYTES, EVENT_UUID, REQUEST_LETTERS, DAY,
  IDENTITY, CONTEXT, REQUEST, LIFETIME, EVENT_TEXT, REQUEST_TEXT,
] = FACT_OFFSETS.map((offset) => offset / WORD_BYTES);
/** DuckDB stores a UUID as a number with its highest bit flipped. */
const HIGHEST_BIT = 2 ** 31;

/** Fills batches and passes each one on when it is full. */
export class FactWriter {
  private words = new Int32Array(WORDS);
  private row = 0;

  constructor(private readonly give: (batch: FactBatch) => void) {}

  write(fact: Fact): void {
    const { words, row } = this;
    this.wide(EVENT_TIME, fact.eventTime);
    this.wide(SIGNED_AT, fact.linkSignedAt);
    this.wide(BYTES, fact.bytes);
    words[DAY + row] = fact.day;
    words[IDENTITY + row] = fact.identity;
    words[CONTEXT + row] = fact.context;
    words[REQUEST + row] = fact.request;
    words[LIFETIME + row] = fact.linkLifetimeSeconds;
  }

  /** Writes an event ID if it is a UUID in the format of CloudTrail. Returns whether it is. */
  eventUuid(text: string): boolean {
    if (text.length !== 36 || text.charCodeAt(8) !== DASH || text.charCodeAt(13) !== DASH
      || text.charCodeAt(18) !== DASH || text.charCodeAt(23) !== DASH) {
      return false;
    }
    const first = word(hex4(text, 0), hex4(text, 4));
    const second = word(hex4(text, 9), hex4(text, 14));
    const third = word(hex4(text, 19), hex4(text, 24));
    const fourth = word(hex4(text, 28), hex4(text, 32));
    this.number(EVENT_UUID, first, second, third, fourth);
    return first >= 0 && second >= 0 && third >= 0 && fourth >= 0;
  }

  /** Writes a request ID if it consists of 16 capital letters and digits. Returns whether it does. */
  requestLetters(text: string): boolean {
    if (text.length !== 16) {
      return false;
    }
    const first = letters4(text, 0);
    const second = letters4(text, 4);
    const third = letters4(text, 8);
    const fourth = letters4(text, 12);
    this.number(REQUEST_LETTERS, first, second, third, fourth);
    return first >= 0 && second >= 0 && third >= 0 && fourth >= 0;
  }

  /** Ends the row, with references to IDs in unusual formats. */
  end(eventText: number, requestText: number): void {
    this.words[EVENT_TEXT + this.row] = eventText;
    this.words[REQUEST_TEXT + this.row] = requestText;
    this.row++;
    if (this.row === BATCH_ROWS) {
      this.flush();
    }
  }

  flush(): void {
    if (this.row > 0) {
      this.give({ rows: this.row, columns: this.words.buffer });
      this.words = new Int32Array(WORDS);
      this.row = 0;
    }
  }

  /** Writes a 64-bit number, low half first. */
  private wide(column: number, value: number): void {
    // An element stores the lowest 32 bits of an integer.
    this.words[column + 2 * this.row] = value;
    this.words[column + 2 * this.row + 1] = Math.floor(value / 2 ** 32);
  }

  /** Writes a 128-bit number, lowest word first. */
  private number(column: number, highest: number, high: number, low: number, lowest: number): void {
    const at = column + 4 * this.row;
    this.words[at] = lowest;
    this.words[at + 1] = low;
    this.words[at + 2] = high;
    this.words[at + 3] = highest - HIGHEST_BIT;
  }
}

const DASH = 0x2d;
/** Makes any sum that contains it negative. */
const NO_DIGIT = -(2 ** 40);

const HEX_DIGITS: readonly number[] = Array.from({ length: 128 }, (_, code) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(code));
  return digit < 0 ? NO_DIGIT : digit;
});

function word(high: number, low: number): number {
  return high < 0 || low < 0 ? NO_DIGIT : high * 65536 + low;
}

function hexDigit(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < 128 ? HEX_DIGITS[code] : NO_DIGIT;
}

function hex4(text: string, at: number): number {
  return hexDigit(text, at) * 4096 + hexDigit(text, at + 1) * 256
    + hexDigit(text, at + 2) * 16 + hexDigit(text, at + 3);
}

function letter(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) ? code : NO_DIGIT;
}

function letters4(text: string, at: number): number {
  return letter(text, at) * 2 ** 24 + letter(text, at + 1) * 65536 + letter(text, at + 2) * 256 + letter(text, at + 3);
}
