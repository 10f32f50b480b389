import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const BUFFER_CHARACTERS = 256 * 1024;
/**
 * DuckDB allocates several times this size per thread, regardless of the rows. CloudTrail's records have up to 256 KB,
 * or 1 MB in CloudTrail Lake.
 */
export const MAX_ROW_BYTES = 4 * 1024 * 1024;
const MOST_BYTES_A_CHARACTER = 3;

export class TooLarge extends Error {}

/** A file to which lines are appended synchronously, because a worker does nothing else. */
export class LineFile {
  private readonly descriptor: number;
  private buffer = '';

  constructor(folder: string, name: string) {
    this.descriptor = openSync(join(folder, name), 'wx', 0o600);
  }

  /** @throws TooLarge without writing anything. */
  write(line: string): void {
    if (line.length * MOST_BYTES_A_CHARACTER > MAX_ROW_BYTES && Buffer.byteLength(line) > MAX_ROW_BYTES) {
      throw new TooLarge();
    }
    this.buffer += line;
    if (this.buffer.length >= BUFFER_CHARACTERS) {
      this.flush();
    }
  }

  close(): void {
    this.flush();
    closeSync(this.descriptor);
  }

  private flush(): void {
    writeSync(this.descriptor, this.buffer);
    this.buffer = '';
  }
}

/** Stores repeated parts of records once and refers to them by number. */
export class RepeatedThings {
  private readonly known: Remembered<string, number>;
  private next: number;

  /**
   * Numbers are `first`, `first + step`, …, so they are unique across workers. A part that is not cached any more is
   * stored again.
   */
  constructor(private readonly file: LineFile, first: number, private readonly step: number, remembered: number) {
    this.next = first;
    this.known = new Remembered(remembered);
  }

  /** The number of the part that `key` identifies. `row` returns it as the members of a JSON object. */
  numberOf(key: string, row: () => string): number {
    const known = this.known.get(key);
    if (known !== undefined) {
      return known;
    }
    const number = this.next;
    this.next += this.step;
    this.file.write(`{"id":${number},${row()}}\n`);
    this.known.set(key, number);
    return number;
  }
}

/** Escapes control characters and unpaired surrogates, which DuckDB rejects in part. */
export function withoutControls(value: string): string {
  // eslint-disable-next-line no-control-regex
  return value.replace(/[\u0000-\u001f\u007f]|\p{Surrogate}/gu, (character) => {
    const hex = character.charCodeAt(0).toString(16);
    return hex.length > 2 ? `\\u${hex}` : `\\x${hex.padStart(2, '0')}`;
  });
}

/** The members of a JSON object. Those without a value are left out. */
export function membersOf(entries: readonly (readonly [string, string | undefined])[]): string {
  return entries.filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(withoutControls(value!))}`).join(',');
}

/** A cache that drops older entries when it has more than `most`. */
export class Remembered<Key, Value> {
  private recent = new Map<Key, Value>();
  private older = new Map<Key, Value>();

  constructor(private readonly most: number) {}

  get(key: Key): Value | undefined {
    return this.recent.get(key) ?? this.older.get(key);
  }

  set(key: Key, value: Value): void {
    this.recent.set(key, value);
    if (this.recent.size >= this.most) {
      this.older = this.recent;
      this.recent = new Map();
    }
  }
}
