import { formatBytes } from '../../runtime/format';
import type { QueryResult, Cell } from '../database/query-result';

/** The cells of the named column. */
export function column(answer: QueryResult, name: string): Cell[] {
  const index = answer.columns.findIndex((each) => each.name === name);
  if (index < 0) {
    throw new Error(`no column "${name}" in the result; it has ${answer.columns.map((each) => each.name).join(', ')}`);
  }
  return answer.rows.map((row) => row[index]);
}

/** Large integers are text in a result. Unknown values count as 0, because the queries count them separately. */
export function exact(cell: Cell): bigint {
  return cell === null ? 0n : BigInt(cell);
}

export function sum(answer: QueryResult, name: string): bigint {
  return column(answer, name).reduce<bigint>((total, cell) => total + exact(cell), 0n);
}

export function distinct(answer: QueryResult, name: string): number {
  return new Set(column(answer, name)).size;
}

export function countWhere(answer: QueryResult, name: string, wanted: (cell: Cell) => boolean): number {
  return column(answer, name).filter(wanted).length;
}

/** The first row with the largest number in a column. */
export function largest(answer: QueryResult, name: string): (name: string) => Cell {
  const cells = column(answer, name).map(exact);
  const place = cells.reduce((best, cell, index) => (cell > cells[best] ? index : best), 0);
  return (wanted) => column(answer, wanted)[place];
}

export function where(answer: QueryResult, name: string, wanted: (cell: Cell) => boolean): QueryResult {
  const cells = column(answer, name);
  return { columns: answer.columns, rows: answer.rows.filter((_, index) => wanted(cells[index])) };
}

export function withoutColumns({ columns, rows }: QueryResult, names: readonly string[]): QueryResult {
  const kept = columns.flatMap(({ name }, index) => (names.includes(name) ? [] : [index]));
  return { columns: kept.map((index) => columns[index]), rows: rows.map((row) => kept.map((index) => row[index])) };
}

export function bytes(number: bigint | Cell): string {
  return formatBytes(Number(number));
}

/** Kept, because creating a formatter costs more than formatting. */
const DIGITS = new Intl.NumberFormat('en-US');

export function digits(number: bigint | number): string {
  return DIGITS.format(number);
}

export function count(number: bigint | number, singular: string, plural = `${singular}s`): string {
  return `${digits(number)} ${number === 1n || number === 1 ? singular : plural}`;
}

const UNITS = [[86_400, 'day'], [3_600, 'hour'], [60, 'minute']] as const;

/** In the largest unit that leaves no remainder: "7 days", "1 hour", "90 minutes", "45 seconds". */
export function duration(seconds: number): string {
  const [size, unit] = UNITS.find(([each]) => seconds >= each && seconds % each === 0) ?? [1, 'second'];
  return count(seconds / size, unit);
}

/** Shown instead of a name that the logs do not contain. */
export const NAMELESS = '(unknown)';

export function nameOf(cell: Cell): string {
  return cell === null ? NAMELESS : String(cell);
}
