import { digits, exact } from './figures';
import { type Html, html } from './html';
import { formatBytes } from '../../runtime/format';
import type { QueryResult, ResultColumn, Cell } from '../database/query-result';

export interface TableOptions {
  /** The table's accessible name, for screen readers. */
  readonly label: string;
  readonly rows: number;
  /** The command that prints all rows. */
  readonly command: string;
}

export function answerTable(answer: QueryResult, { label, rows, command }: TableOptions): Html {
  const shown = answer.rows.slice(0, rows);
  const left = answer.rows.length - shown.length;
  const filled = answer.columns.flatMap((_, index) => (answer.rows.some((row) => row[index] !== null) ? [index] : []));
  const empty = answer.columns.filter((_, index) => !filled.includes(index)).map(({ name }) => words(name));
  return html`${plainTable(label, filled.map((index) => headOf(answer.columns[index])),
    shown.map((row) => filled.map((index) => cellOf(row[index], answer.columns[index]))))}${
    left === 0 ? '' : html`<p class="more">and ${digits(left)} more: run <code>${command}</code></p>`}${
    empty.length === 0 ? '' : html`<p class="more">Empty in every row: ${empty.join(', ')}.</p>`}`;
}

export function words(name: string): string {
  return name.replace(/_/g, ' ');
}

export interface TableCell {
  readonly text: Html | string;
  readonly kind?: 'number' | 'long';
}

export function plainTable(label: string, heads: readonly TableCell[], rows: readonly (readonly TableCell[])[]): Html {
  const cell = ({ text, kind }: TableCell) => html`<td${kind ? html` class="${kind}"` : ''}>${text}</td>`;
  const head = heads.map(({ text, kind }) => html`<th scope="col"${kind ? html` class="${kind}"` : ''}>${text}</th>`);
  return html`<div class="table" role="region" tabindex="0" aria-label="${label}"><table><thead><tr>${
    head}</tr></thead><tbody>${
    rows.map((row) => html`<tr>${row.map(cell)}</tr>\n`)}</tbody></table></div>`;
}

function headOf({ name, type }: ResultColumn): TableCell {
  return { text: words(name), kind: type === 'number' ? 'number' : undefined };
}

const LONG = 40;

function cellOf(cell: Cell, { name, type }: ResultColumn): TableCell {
  if (cell === null) {
    return { text: html`<span class="none">–</span>`, kind: type === 'number' ? 'number' : undefined };
  }
  switch (type) {
    case 'number': return { text: numberOf(cell, name), kind: 'number' };
    case 'boolean': return { text: cell ? 'yes' : 'no' };
    case 'time': return { text: timeOf(String(cell)) };
    case 'text': return { text: String(cell), kind: String(cell).length > LONG ? 'long' : undefined };
  }
}

function numberOf(cell: Cell, name: string): Html | string {
  const number = digits(exact(cell));
  return /(?:^|_)bytes(?:_|$)|^fullest_week/.test(name) && Number(cell) >= 1024
    ? html`<b>${formatBytes(Number(cell))}</b> <small>${number}</small>` : number;
}

/** To the second, the precision of a trail. */
function timeOf(time: string): Html {
  const [, day, clock] = /^(.{10})T(.{8})/.exec(time) ?? [undefined, time, ''];
  return html`<time datetime="${time}"><span>${day}</span> <span>${clock}</span></time>`;
}
