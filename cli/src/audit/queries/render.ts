import { formatBytes, formatCount, formatTable } from '../../runtime/format';
import type { QueryResult, ResultColumn, Cell } from '../database/query-result';
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
  // Callers choose keys and user agents. A spreadsheet would evaluate text that starts like this as a formula.
  // https://owasp.org/www-community/attacks/CSV_Injection
  const text = type === 'text' && /^[=+\-@\t\r]/.test(String(cell)) ? `'${cell}` : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/** The rows as objects, keyed by column name. */
export function records({ columns, rows }: QueryResult): { readonly [column: string]: Cell }[] {
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])));
}

/** Summarizes what was read, and lists every problem and what was skipped. */
export function readSummary(tally: Tally): string[] {
  const { files, bytes, skipped, leftOut } = tally;
  const read = `read ${formatCount(files, 'file')}, ${formatBytes(bytes)}: ${formatCount(tally.records, 'record')}, `
    + formatCount(tally.accessLogLines, 'access log line');
  const left = [
    ...(leftOut['other days'] > 0 ? [`${formatCount(leftOut['other days'], 'file')} for other days`] : []),
    ...(leftOut['no records'] > 0 ? [`${formatCount(leftOut['no records'], 'digest or Insights file')}`] : []),
  ];
  return [...summaryOf(read, skipped), ...(left.length === 0 ? [] : [`not opened: ${left.join(' and ')}`])];
}

function summaryOf(read: string, skipped: Tally['skipped']): string[] {
  return skipped.length === 0 ? [`${read}; nothing skipped`] : [
    `${read}; ${formatCount(skipped.length, 'problem')}:`,
    ...skipped.map(({ count, message, examples }) => {
      const files = `${examples.join(', ')}${count > examples.length ? ', …' : ''}`;
      return `  ${count.toLocaleString('en-US')} ${message} (${files})`;
    }),
  ];
}
