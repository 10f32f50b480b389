/** A record of CloudTrail, or a part of one, as JSON.parse gives it. */
export type JsonObject = { readonly [field: string]: unknown };

/** Arrays that may be too long for memory. Their elements are returned one by one, like separate values. */
export const STREAMED_ARRAYS: readonly string[] = [
  // CloudTrail; CloudWatch Logs; CloudTrail Lake; filter-log-events; lookup-events; Logs Insights and Splunk; Elastic.
  'Records', 'records', 'logEvents', 'QueryResultRows', 'events', 'Events', 'results', 'hits',
];

/**
 * Splits a stream of JSON text into values without keeping all of it in memory: JSON lines, `[…]`, `{"Records": […]}`.
 * For a streamed array, its elements are returned instead of the enclosing object.
 */
export class JsonValues {
  private rest = '';
  /** The current position in `rest`. */
  private at = 0;
  private depth = 0;
  /** The start of the current value in `rest`; -1 between values. */
  private begin = -1;
  /** The nesting depth of values, which is greater inside a streamed array. */
  private level = 0;
  private readonly outer: number[] = [];
  private key = '';
  private inJunk = false;
  /** The number of runs of text that are not objects. */
  junk = 0;

  /** Returns the values that this piece of text completes. */
  *push(piece: string): Generator<string> {
    this.rest = this.rest.slice(this.begin >= 0 ? this.begin : this.at) + piece;
    this.at -= this.begin >= 0 ? this.begin : this.at;
    this.begin = this.begin >= 0 ? 0 : -1;
    const text = this.rest;
    while (this.at < text.length) {
      const code = text.charCodeAt(this.at);
      if (code === 0x22) {
        const end = endOfString(text, this.at);
        if (end < 0) {
          return;
        }
        if (this.depth === this.level) {
          this.countJunk();
        } else if (this.depth === this.level + 1) {
          this.key = end - this.at < 24 ? text.slice(this.at + 1, end) : '';
        }
        this.at = end + 1;
      } else if (code === 0x7b || code === 0x5b) {
        this.open(code);
        this.at++;
      } else if (code === 0x7d || code === 0x5d) {
        this.at++;
        this.depth--;
        if (this.depth === this.level && this.begin >= 0) {
          yield text.slice(this.begin, this.at);
          this.begin = -1;
        } else if (this.depth < this.level) {
          this.level = this.outer.pop() ?? 0;
          if (this.depth < 0) {
            this.depth = 0;
            this.countJunk();
          }
          // The rest of the object around a streamed array contains no records.
          this.begin = -1;
        }
      } else {
        if (code === 0x0a) {
          this.inJunk = false;
        } else if (this.depth === this.level && code > 0x20 && code !== 0x2c && code !== 0xfeff) {
          this.countJunk();
        }
        this.at++;
      }
    }
  }

  /** What is kept of an incomplete value. */
  get pending(): string {
    return this.rest.slice(Math.max(this.begin, 0));
  }

  /** Whether the text ends inside a value. */
  get cutOff(): boolean {
    return this.depth > 0;
  }

  /** Whether the text so far consists of objects and lists alone, none of them cut off. */
  get isWhole(): boolean {
    return this.depth === 0 && this.junk === 0;
  }

  private countJunk(): void {
    if (!this.inJunk) {
      this.junk++;
      this.inJunk = true;
    }
  }

  private open(code: number): void {
    this.inJunk = false;
    const streamed = code === 0x5b
      && (this.depth === 0 || (this.depth === this.level + 1 && STREAMED_ARRAYS.includes(this.key)));
    this.depth++;
    if (streamed) {
      this.outer.push(this.level);
      this.level = this.depth;
      this.begin = -1;
    } else if (this.depth === this.level + 1) {
      this.begin = this.at;
      this.key = '';
    }
  }
}

/** The index of the quotation mark that ends the string at `start`, or -1 if the text ends first. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; ;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) {
      return -1;
    }
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === 0x5c) {
      backslashes++;
    }
    if (backslashes % 2 === 0) {
      return quote;
    }
    at = quote + 1;
  }
}
