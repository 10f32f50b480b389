import type { Circumstances } from './circumstances';
import { bytes, column, count, countWhere, digits, distinct, exact, largest, nameOf, sum } from './figures';
import type { NotChecked } from './not-checked';
import { distinctLabels, labelOf } from './people';
import type { Cell, QueryResult } from '../database/query-result';

/** How urgently a finding needs attention. */
export type Severity = 'high' | 'medium' | 'notice';

/** A named query of which every row is a finding. */
export interface Check {
  readonly query: string;
  readonly severity: Severity;
  /** The severity by result, where not every finding weighs the same. */
  readonly severityOf?: (found: QueryResult) => Severity;
  /** Why the check is not possible, whatever the query returned. */
  readonly unknown?: (circumstances: Circumstances, answer: QueryResult) => NotChecked | undefined;
  /** The rows that are findings. By default, all of them. */
  readonly rows?: (answer: QueryResult) => QueryResult;
  /** States what was found, at least one row, in one sentence. By default, the number of rows, principals and bytes. */
  readonly sentence?: (found: QueryResult, circumstances: Circumstances) => string;
  /** What limits the result. */
  readonly caveat?: (circumstances: Circumstances, answer: QueryResult) => string | undefined;
}

const LONGEST_NAME = 60;

/** One or two principals by name, or their number. */
export function principals(answer: QueryResult, { settings }: Pick<Circumstances, 'settings'>): string {
  const all = [...new Set(column(answer, 'principal'))];
  const names = all.length > 2 || all.includes(null) ? [] : distinctLabels(all.map(nameOf), settings);
  return names.length > 0 && names.every(({ length }) => length <= LONGEST_NAME)
    ? names.join(' and ') : count(all.length, 'principal');
}

export const reads = (answer: QueryResult) =>
  `${bytes(sum(answer, 'bytes_out'))} in ${count(sum(answer, 'reads'), 'read')}`;

/** The first row with the largest number in a column, and whose it is, if there are several principals. */
export function top(answer: QueryResult, name: string, { settings }: Pick<Circumstances, 'settings'>) {
  const cell = largest(answer, name);
  const isOne = distinct(answer, 'principal') === 1;
  return { cell, by: isOne ? '' : ` by ${labelOf(cell('principal'), settings)}` };
}

/** Who has the most bytes, if there are several principals. */
export function most(answer: QueryResult, known: Pick<Circumstances, 'settings'>): string {
  const sizes = column(answer, 'bytes_out');
  const totals = new Map<Cell, bigint>();
  column(answer, 'principal').forEach((principal, index) => (
    totals.set(principal, (totals.get(principal) ?? 0n) + exact(sizes[index]))));
  const [[principal, size]] = [...totals].sort(([, a], [, b]) => (a < b ? 1 : a > b ? -1 : 0));
  return totals.size === 1 ? '' : `; most by ${labelOf(principal, known.settings)}: ${bytes(size)}`;
}

/** The default sentence of a finding. */
export function plainSentence(found: QueryResult, known: Pick<Circumstances, 'settings'>): string {
  const has = (name: string) => found.columns.some((each) => each.name === name);
  return [
    `${count(found.rows.length, 'row')}${has('principal') ? ` for ${principals(found, known)}` : ''}`,
    ...(has('bytes_out') ? [`: ${bytes(sum(found, 'bytes_out'))}`] : []),
    ...(has('bytes_out') && has('principal') ? [most(found, known)] : []),
  ].join('');
}

export const USUAL = 'The baseline is the median of the principal\'s own days with reads in the previous 28 days';

export const NO_MANAGEMENT_EVENTS = 'The trail has no management events for these days';

/** What was done, if any request succeeded, or else what was attempted. */
export function done(answer: QueryResult, past: string, infinitive: string): string {
  return countWhere(answer, 'result', (cell) => cell === 'ok') > 0 ? past : `tried to ${infinitive}`;
}

/** How many requests succeeded, were denied and failed. */
export function outcomes(answer: QueryResult): string {
  const total = (result: string) => countWhere(answer, 'result', (cell) => cell === result);
  const [succeeded, denied] = [total('ok'), total('denied')];
  const failed = answer.rows.length - succeeded - denied;
  return ([[succeeded, 'succeeded'], [denied, 'denied'], [failed, 'failed']] as const)
    .filter(([number]) => number > 0)
    .map(([number, word], index) => `${index === 0 ? count(number, 'request') : digits(number)} ${word}`).join(', ');
}
