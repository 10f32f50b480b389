import { JsonValues } from './json-values';
import { CsvRows, Lines } from './lines';
import type { SkipReason } from './skip-reasons';

/** Reads the text of a file, in pieces. */
export interface Format {
  push(piece: string): void;
  end(): void;
}

export interface FormatSink {
  /** A JSON value, or the row of a table as an object. */
  value(value: unknown): void;
  accessLogLine(line: string): void;
  skip(reason: SkipReason, count?: number): void;
}

/** The limit for one value. CloudTrail records have at most 1 MB, and memory is limited. */
const MAX_VALUE_CHARACTERS = 64 * 1024 * 1024;

/** The lines at the beginning that may be damaged without hiding the format of a file. */
const LINES_LOOKED_AT = 5;

/** `<canonical user id> <bucket> [30/Nov/2026:…` */
const ACCESS_LOG_LINE = /^\S+ +\S+ +\[\d{2}\/[A-Z][a-z]{2}\/\d{4}:/;
/** The prefix that `aws logs tail` and exports to S3 put before the message. */
const CLOUD_WATCH_LINE = /^\d{4}-\d{2}-\d{2}T\S+ (?:\S+ )?(?=\{)/;

/** Columns of a CSV file that contain whole records, in lower case. */
const RECORD_COLUMNS = ['eventjson', '@message', 'message', '_raw', 'cloudtrailevent', 'event.original'];
const NEEDED_COLUMNS = ['eventname', 'eventtime', 'useridentity'];

/** JSON text as a value; undefined if it is invalid. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text) as unknown;
  } catch {
    return undefined;
  }
}

/** How to read a file, from the beginning of its text. */
export function formatOf(head: string, sink: FormatSink): Format {
  const text = head.replace(/^[\ufeff\s]+/, '');
  const [firstLine, ...following] = text.split('\n', LINES_LOOKED_AT).map((line) => line.replace(/\r$/, ''));
  if ([firstLine, ...following].some((line) => ACCESS_LOG_LINE.test(line))) {
    return lines(sink, 'no access log');
  }
  if (CLOUD_WATCH_LINE.test(firstLine)) {
    return lines(sink, 'no json');
  }
  if (/^[{[]/.test(text)) {
    return text.includes('\n') && isWholeJson(firstLine) ? lines(sink, 'no json') : jsonValues(sink);
  }
  return csv(firstLine, sink);
}

function isWholeJson(line: string): boolean {
  if (parsed(line) !== undefined) {
    return true;
  }
  const values = new JsonValues();
  return [...values.push(line)].length > 0 && values.isWhole;
}

/** One record or access log line in each line. */
function lines(sink: FormatSink, otherwise: SkipReason): Format {
  const give = (line: string) => {
    if (!line.startsWith('{') && ACCESS_LOG_LINE.test(line)) {
      sink.accessLogLine(line);
      return;
    }
    const json = line.replace(CLOUD_WATCH_LINE, '');
    const value = parsed(json);
    if (value === undefined) {
      giveEach(json, sink, otherwise);
    } else {
      sink.value(value);
    }
  };
  return new Lines(give, MAX_VALUE_CHARACTERS, () => sink.skip('too large'));
}

/** Some tools write several documents into a line, without a separator. */
function giveEach(line: string, sink: FormatSink, otherwise: SkipReason): void {
  const splitter = new JsonValues();
  const values = [...splitter.push(line)].map(parsed);
  values.forEach((value) => (value === undefined ? sink.skip('no json') : sink.value(value)));
  if (!splitter.isWhole || values.length === 0) {
    if (otherwise === 'no access log') {
      // Passed on, so that queries count it with the lines that cannot be parsed.
      sink.accessLogLine(line);
      return;
    }
    sink.skip(otherwise);
  }
}

/** JSON in any layout. */
function jsonValues(sink: FormatSink): Format {
  const splitter = new JsonValues();
  let isTooLarge = false;
  return {
    push: (piece) => {
      if (isTooLarge) {
        return;
      }
      for (const text of splitter.push(piece)) {
        const value = parsed(text);
        if (value === undefined) {
          sink.skip('no json');
        } else {
          sink.value(value);
        }
      }
      if (splitter.pending.length > MAX_VALUE_CHARACTERS) {
        isTooLarge = true;
        sink.skip('too large');
      }
    },
    end: () => {
      if (splitter.junk > 0) {
        sink.skip('no json', splitter.junk);
      }
      if (splitter.cutOff && !isTooLarge) {
        sink.skip('cut off');
        giveLinesAfter(splitter.pending, sink);
      }
    },
  };
}

/** Reads the records that follow one that is cut off, if each is in a line. */
function giveLinesAfter(cutOff: string, sink: FormatSink): void {
  const following = cutOff.split('\n').slice(1);
  const isRecord = (line: string) => /^\{.*\}\r?$/.test(line) && parsed(line) !== undefined;
  if (following.some(isRecord)) {
    const format = lines(sink, 'no json');
    format.push(following.join('\n'));
    format.end();
  }
}

function csv(header: string, sink: FormatSink): Format {
  const names = header.split(',').map((name) => name.trim().replace(/^"|"$/g, '').toLowerCase());
  const column = RECORD_COLUMNS.find((name) => names.includes(name));
  const cutOff = () => sink.skip('cut off');
  if (column !== undefined) {
    return new CsvRows((row) => {
      const value = parsed(row.get(column) ?? '');
      if (value === undefined) {
        sink.skip('no json');
      } else {
        sink.value(value);
      }
    }, cutOff);
  }
  if (names.includes('eventname')) {
    const isWhole = NEEDED_COLUMNS.every((name) => names.includes(name));
    return isWhole ? new CsvRows((row) => sink.value(objectOf(row)), cutOff) : refused(sink, 'csv columns');
  }
  const isOfConsole = names.includes('event name') && names.includes('event time');
  return refused(sink, isOfConsole ? 'event history' : 'unknown format');
}

/** The cells of a row that are not empty. */
function objectOf(row: ReadonlyMap<string, string>): object {
  return Object.fromEntries([...row].filter(([, cell]) => cell !== ''));
}

function refused(sink: FormatSink, reason: SkipReason): Format {
  sink.skip(reason);
  return { push: () => {}, end: () => {} };
}
