import { formatBytes, formatCount, formatTable } from '../../runtime/format';
import type { QueryResult, ResultColumn, Cell } from '../database/query-result';
import type { LeftOutReason } from '../reader/log-source';
import type { Tally } from '../reader/tally';

export function table({ columns, rows }: QueryResult): string {
  if (rows.length === 0) {
    return 'no rows\n';
  }
  const heads = columns.map(({ name }) => name.toUpperCase().replace(/_/g, ' '));
  const numbers = columns.flatMap(({ type }, index) => (type === 'number' ? [index] : []));
  return formatTable([heads, ...rows.map((row) => row.map((cell, index) => shown(cell, columns[index])))], numbers);
}

function shown(cell: Cell, { type }: ResultColumn): string {
  if (cell === null) {
    return '-';
  }
  if (type !== 'number') {
    return String(cell);
  }
  // Numbers beyond the safe integers arrive as text.
  return (typeof cell === 'string' ? BigInt(cell) : Number(cell)).toLocaleString('en-US');
}

/** CSV as in RFC 4180, with a header row. */
export function csv({ columns, rows }: QueryResult): string {
  const line = (cells: readonly string[]) => `${cells.join(',')}\n`;
  return line(columns.map(({ name }) => name))
    + rows.map((row) => line(row.map((cell, index) => csvCell(cell, columns[index])))).join('');
}

function csvCell(cell: Cell, { type }: ResultColumn): string {
  if (cell === null) {
    return '';
  }
  const text = type === 'number' && NUMBER.test(String(cell)) ? String(cell) : withoutFormulas(String(cell));
  return /[",\r\n\u0085\u2028\u2029]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

const NUMBER = /^-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?$/i;

/** What spreadsheets take for the start of a formula; in East Asian locales also in full width. */
const FORMULA = /[=+\-@\u2212\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b]/;

/** Spreadsheets split lines at a semicolon or a tab in some locales, regardless of quotation marks inside a line. */
const SEPARATOR = /[;\t|\r\n\u0085\u2028\u2029]/;

/** What spreadsheets skip before a formula. */
const SKIPPED = /[\s\p{C}\p{Default_Ignorable_Code_Point}"']/u;

/**
 * Callers choose keys and user agents, which a spreadsheet would evaluate if they start like a formula. An apostrophe
 * before the formula makes it text. https://owasp.org/www-community/attacks/CSV_Injection
 */
function withoutFormulas(text: string): string {
  if (!FORMULA.test(text) && !/^[\t\r]/.test(text)) {
    return text;
  }
  let atStart = true;
  let safe = /^[\t\r]/.test(text) ? '\'' : '';
  for (const character of text) {
    safe += atStart && FORMULA.test(character) ? `'${character}` : character;
    atStart = SEPARATOR.test(character) || (atStart && SKIPPED.test(character));
  }
  return safe;
}

/** The rows as objects, keyed by column name. */
export function records({ columns, rows }: QueryResult): { readonly [column: string]: Cell }[] {
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])));
}

/** Summarizes what was read, and lists every problem and what was skipped. */
export function readSummary(tally: Tally): string[] {
  const { files, cachedFiles, bytes, skipped, leftOut } = tally;
  const cached = cachedFiles > 0 ? ` (${formatCount(cachedFiles, 'file')} from the cache)` : '';
  const read = `read ${formatCount(files, 'file')}${cached}, ${formatBytes(bytes)}: `
    + `${formatCount(tally.records, 'record')}, `
    + formatCount(tally.accessLogLines, 'access log line');
  const left = Object.entries(NOT_OPENED).flatMap(([reason, text]) => {
    const count = leftOut[reason as LeftOutReason];
    return count > 0 ? [text(count)] : [];
  });
  return [...summaryOf(read, skipped), ...(left.length === 0 ? [] : [`not opened: ${left.join(', ')}`])];
}

/** Why files were not opened, in words. */
const NOT_OPENED: { readonly [reason in LeftOutReason]: (count: number) => string } = {
  'other days': (count) => `${formatCount(count, 'file')} for other days`,
  'digest or Insights': (count) => formatCount(count, 'digest or Insights file'),
  aggregated: (count) => `${formatCount(count, 'file')} of aggregated events, which are not records of requests`,
  hidden: (count) => formatCount(count, 'hidden or special file'),
};

function summaryOf(read: string, skipped: Tally['skipped']): string[] {
  return skipped.length === 0 ? [`${read}; nothing skipped`] : [
    `${read}; ${formatCount(skipped.length, 'problem')}:`,
    ...skipped.map(({ count, message, examples }) => {
      const files = `${examples.join(', ')}${count > examples.length ? ', …' : ''}`;
      return `  ${count.toLocaleString('en-US')} ${message} (${files})`;
    }),
  ];
}
