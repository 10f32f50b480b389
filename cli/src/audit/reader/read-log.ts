import type { JsonObject } from './json-values';
import { JsonValues } from './json-values';
import { CsvRows, Lines } from './lines';
import type { LogFile } from './log-source';
import { openLog } from './open-log';
import { TooLarge } from './row-files';
import type { Tally } from './tally';

/** Receives the contents of logs. */
export interface LogSink {
  record(record: JsonObject, file: LogFile): void;
  accessLogLine(line: string, file: LogFile): void;
}

interface Format {
  push(piece: string): void;
  end(): void;
}

/** The limit for one value. CloudTrail records have at most 1 MB, and memory is limited. */
const MAX_VALUE_CHARACTERS = 64 * 1024 * 1024;

/** Records are at most a few levels below the value of a file. */
const DEEPEST = 32;

/** How a file of access logs starts: `<canonical user id> <bucket> [30/Nov/2026:…` */
const ACCESS_LOG_LINE = /^\S+ \S+ \[\d{2}\/[A-Z][a-z]{2}\/\d{4}:/;
/** The prefix that `aws logs tail` and exports to S3 put before the message. */
const CLOUD_WATCH_LINE = /^\d{4}-\d{2}-\d{2}T\S+ (?:\S+ )?(?=\{)/;

/**
 * Reads one log in any of the formats that AWS or an auditor's tools produce. Never throws for the contents of a file.
 * Calls `done` with the number of bytes read; in total, they add up to the size of the file.
 */
export async function readLog(
  file: LogFile, sink: LogSink, tally: Tally, done: (bytes: number) => void = () => {},
): Promise<void> {
  tally.files++;
  tally.bytes += file.size;
  const reader = new LogReader(file, sink, tally);
  let first: string | undefined;
  let format: Format | undefined;
  let left = file.size;
  const went = (bytes: number) => {
    // A file may grow while it is read.
    const more = Math.min(bytes, left);
    left -= more;
    done(more);
  };
  for await (const bytes of openLog(file, tally, went)) {
    const piece = typeof bytes === 'string' ? bytes : bytes.toString('utf8');
    if (first === undefined) {
      first = piece;
    } else {
      format ??= reader.begin(first);
      format.push(piece);
    }
  }
  if (!format && first !== undefined && first.trim() !== '' && !reader.wholeJson(first)) {
    format = reader.begin(first);
  }
  format?.end();
  done(left);
}

class LogReader {
  constructor(private readonly file: LogFile, private readonly sink: LogSink, private readonly tally: Tally) {}

  /** Reads a file that is a single JSON document, as most files are. Returns false if it is not. */
  wholeJson(text: string): boolean {
    const value = parse(text);
    if (value === undefined) {
      return false;
    }
    this.value(value);
    return true;
  }

  begin(first: string): Format {
    const format = this.formatOf(first);
    format.push(first);
    return format;
  }

  private formatOf(head: string): Format {
    const text = head.replace(/^[\ufeff\s]+/, '');
    const lineEnd = text.indexOf('\n');
    const firstLine = lineEnd < 0 ? text : text.slice(0, lineEnd);
    if (ACCESS_LOG_LINE.test(firstLine)) {
      return this.lines((line) => this.accessLogLine(line));
    }
    if (CLOUD_WATCH_LINE.test(firstLine)) {
      return this.lines((line) => this.json(line.replace(CLOUD_WATCH_LINE, '')));
    }
    if (/^[{[]/.test(text)) {
      return lineEnd >= 0 && parse(firstLine) !== undefined ? this.lines((line) => this.json(line)) : this.jsonValues();
    }
    if (/(?:^|,)"?eventJson"?(?:,|\r?$)/i.test(firstLine)) {
      const cutOff = () => this.tally.skip('cut off', this.file.name);
      return new CsvRows((row) => this.json(row.get('eventjson') ?? ''), cutOff);
    }
    this.tally.skip('unknown format', this.file.name);
    return { push: () => {}, end: () => {} };
  }

  private lines(give: (line: string) => void): Format {
    return new Lines(give, MAX_VALUE_CHARACTERS, () => this.tally.skip('too large', this.file.name));
  }

  private jsonValues(): Format {
    const values = new JsonValues();
    let given = false;
    return {
      push: (piece) => {
        if (given) {
          return;
        }
        for (const text of values.push(piece)) {
          this.json(text);
        }
        if (values.pending > MAX_VALUE_CHARACTERS) {
          given = true;
          this.tally.skip('cut off', this.file.name);
        }
      },
      end: () => {
        if (values.cutOff && !given) {
          this.tally.skip('cut off', this.file.name);
        }
        if (values.junk > 0) {
          this.tally.skip('no json', this.file.name, values.junk);
        }
      },
    };
  }

  private accessLogLine(line: string): void {
    this.tally.accessLogLines++;
    this.hand(() => this.sink.accessLogLine(line, this.file));
  }

  private json(text: string, depth = 0): void {
    const value = parse(text);
    if (value === undefined) {
      this.tally.skip('no json', this.file.name);
    } else {
      this.value(value, depth);
    }
  }

  private value(value: unknown, depth = 0): void {
    if (depth > DEEPEST) {
      this.tally.skip('no record', this.file.name);
      return;
    }
    if (Array.isArray(value)) {
      // A row of CloudTrail Lake is a list of columns: [{"eventJson": "{…}"}, …].
      const row = value.find((cell): cell is JsonObject => typeof (cell as JsonObject | null)?.eventJson === 'string');
      const isRow = row !== undefined && value.every((cell) => Object.keys((cell ?? {}) as object).length === 1);
      (isRow ? [row] : value).forEach((element) => this.value(element, depth + 1));
      return;
    }
    if (typeof value !== 'object' || value === null) {
      this.tally.skip('no record', this.file.name);
      return;
    }
    const object = value as JsonObject;
    const many = object.Records ?? object.logEvents ?? object.QueryResultRows ?? object.events;
    if (Array.isArray(many)) {
      many.forEach((element) => this.value(element, depth + 1));
    } else if (typeof object.eventJson === 'string') {
      this.json(object.eventJson, depth + 1);
    } else if (typeof object.message === 'string' && object.eventName === undefined) {
      this.message(object.message, depth + 1);
    } else if (['eventName', 'userIdentity', 'eventVersion', 'eventID'].some((field) => object[field] !== undefined)) {
      this.tally.records++;
      this.hand(() => this.sink.record(object, this.file));
    } else {
      this.tally.skip('no record', this.file.name);
    }
  }

  private hand(give: () => void): void {
    try {
      give();
    } catch (error) {
      // JSON.stringify throws a RangeError for values that are nested too deeply.
      if (!(error instanceof TooLarge || error instanceof RangeError)) {
        throw error;
      }
      this.tally.skip(error instanceof TooLarge ? 'too large' : 'no record', this.file.name);
    }
  }

  /** Reads a message of CloudWatch Logs, which contains a record as text. */
  private message(message: string, depth: number): void {
    if (message.startsWith('CWL CONTROL MESSAGE')) {
      return;
    }
    this.json(message, depth);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text) as unknown;
  } catch {
    return undefined;
  }
}
