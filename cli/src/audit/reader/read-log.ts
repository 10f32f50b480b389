import { contentsOf } from './contents';
import { dayAfter } from './days';
import { microsecondsOf } from './fact-times';
import { decodingOf, refusedKind, type TextDecoding } from './file-encoding';
import { type Format, formatOf, parsed } from './formats';
import type { JsonObject } from './json-values';
import type { LogFile } from './log-source';
import { openLog } from './open-log';
import { TooLarge } from './row-files';
import type { SkipReason } from './skip-reasons';
import type { Tally } from './tally';

/** Receives the contents of logs. */
export interface LogSink {
  record(record: JsonObject, file: LogFile): void;
  /** Returns false if the line cannot be parsed. */
  accessLogLine(line: string, file: LogFile): boolean | void;
}

/** Records are at most a few levels below the value of a file. */
const DEEPEST = 32;

/** CloudTrail delivers a record within minutes, and late ones within two days. */
const MOST_DAYS_TO_DELIVERY = 2;

/**
 * Reads one log in any of the formats that AWS or an auditor's tools produce. Never throws for the contents of a file.
 * Calls `done` with the number of bytes read; in total, they add up to the size of the file.
 */
export async function readLog(
  file: LogFile, sink: LogSink, tally: Tally, done: (bytes: number) => void = () => {},
): Promise<void> {
  tally.files++;
  tally.bytes += file.size;
  let left = file.size;
  const went = (bytes: number) => {
    // A file may grow while it is read.
    const more = Math.min(bytes, left);
    left -= more;
    done(more);
  };
  const reader = new LogReader(file, sink, tally);
  for await (const bytes of openLog(file, tally, went)) {
    reader.push(bytes);
    if (reader.isRefused) {
      break;
    }
  }
  reader.end();
  done(left);
}

class LogReader {
  isRefused = false;
  private decoding?: TextDecoding;
  /** The first piece, until it is known whether there is a second one. */
  private first?: string;
  private format?: Format;
  private readonly undated: LogFile;

  constructor(private readonly file: LogFile, private readonly sink: LogSink, private readonly tally: Tally) {
    this.undated = { ...file, day: undefined };
  }

  push(bytes: Buffer): void {
    if (!this.decoding) {
      const refused = refusedKind(bytes);
      if (refused) {
        this.isRefused = true;
        this.skip(refused);
        return;
      }
      this.decoding = decodingOf(bytes);
    }
    const piece = this.decoding.write(bytes);
    if (this.first === undefined) {
      this.first = piece;
    } else {
      this.format ??= this.begin(this.first);
      this.format.push(piece);
    }
  }

  end(): void {
    const { decoding, first } = this;
    if (this.isRefused || !decoding || first === undefined) {
      return;
    }
    const rest = decoding.end();
    if (!this.format) {
      const text = first + rest;
      // Most files are one JSON document, which is parsed at once.
      const value = parsed(text);
      if (value !== undefined) {
        this.value(value);
      } else if (text.trim() !== '') {
        this.begin(text).end();
      }
      return;
    }
    this.format.push(rest);
    this.format.end();
  }

  private begin(first: string): Format {
    const format = formatOf(first, {
      value: (value) => this.value(value),
      accessLogLine: (line) => this.accessLogLine(line),
      skip: (reason, count) => this.skip(reason, count),
    });
    format.push(first);
    return format;
  }

  private value(value: unknown, depth = 0): void {
    const contents = depth > DEEPEST ? { kind: 'skip', reason: 'no record' } as const : contentsOf(value);
    switch (contents.kind) {
      case 'record':
        this.record(contents.record, contents.note);
        break;
      case 'line':
        this.accessLogLine(contents.line);
        break;
      case 'values':
        contents.values.forEach((each) => this.value(each, depth + 1));
        break;
      case 'text':
        this.text(contents.text, depth + 1);
        break;
      case 'skip':
        this.skip(contents.reason);
        break;
      case 'nothing':
    }
  }

  private text(text: string, depth: number): void {
    const value = parsed(text);
    if (value === undefined) {
      this.skip('no json');
    } else {
      this.value(value, depth);
    }
  }

  private record(record: JsonObject, note: SkipReason | undefined): void {
    const isHanded = this.hand(() => this.sink.record(record, this.fileOf(record)));
    if (isHanded) {
      this.tally.records++;
      if (note) {
        this.skip(note);
      }
    }
  }

  /** The file of a record, without its day of delivery if that cannot be the record's. */
  private fileOf({ eventTime }: JsonObject): LogFile {
    const { day } = this.file;
    const own = typeof eventTime === 'string' ? eventTime.slice(0, 10) : undefined;
    if (day === undefined || own === undefined || own === day || microsecondsOf(eventTime as string) === undefined) {
      return this.file;
    }
    if (own < day && day <= dayAfter(own, MOST_DAYS_TO_DELIVERY)) {
      return this.file;
    }
    this.skip('other delivery day');
    return this.undated;
  }

  private accessLogLine(line: string): void {
    let isParsed = true;
    const isHanded = this.hand(() => {
      isParsed = this.sink.accessLogLine(line, this.file) !== false;
    });
    if (isHanded && isParsed) {
      this.tally.accessLogLines++;
    } else if (isHanded) {
      this.skip('no access log');
    }
  }

  private hand(give: () => void): boolean {
    try {
      give();
      return true;
    } catch (error) {
      // JSON.stringify throws a RangeError for values that are nested too deeply.
      if (!(error instanceof TooLarge || error instanceof RangeError)) {
        throw error;
      }
      this.skip(error instanceof TooLarge ? 'too large' : 'no record');
      return false;
    }
  }

  private skip(reason: SkipReason, count = 1): void {
    this.tally.skip(reason, this.file.name, count);
  }
}
