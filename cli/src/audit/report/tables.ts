import { definitionOf } from './definitions';
import { digits, exact } from './figures';
import { type Html, html } from './html';
import { personOf } from './people';
import { formatBytes } from '../../runtime/format';
import type { QueryResult, ResultColumn, Cell } from '../database/query-result';
import type { AuditSettings } from '../database/settings';

export interface TableOptions {
  /** The table's accessible name, for screen readers. */
  readonly label: string;
  readonly caption?: Html;
  readonly rows: number;
  /** The command that prints all rows. */
  readonly command: string;
  /** What describes the roles of principals. */
  readonly settings: AuditSettings;
}

/** A result, with the meaning of its columns below it. */
export function answerTable(answer: QueryResult, options: TableOptions): Html {
  const { label, caption, rows, command, settings } = options;
  const shown = answer.rows.slice(0, rows);
  const left = answer.rows.length - shown.length;
  const { columns } = answer;
  const filled = inReadingOrder(columns).filter((index) => answer.rows.some((row) => row[index] !== null));
  const seen = new Set<Cell>();
  const empty = columns.filter((_, index) => !filled.includes(index)).map(({ name }) => words(name));
  return html`${plainTable(label, filled.map((index) => headOf(columns[index])),
    shown.map((row) => filled.map((index) => cellOf(row[index], columns[index], settings, seen))), caption)}${
    left === 0 ? '' : html`<p class="more">and ${digits(left)} more: run <code>${command}</code></p>`}${
    meanings(filled.map((index) => columns[index].name))}${
    empty.length === 0 ? '' : html`<p class="more">Empty in every row: ${empty.join(', ')}.</p>`}`;
}

/** The bytes follow the principal, or else the first column: on a narrow page, the last columns are out of sight. */
function inReadingOrder(columns: readonly ResultColumn[]): number[] {
  const order = columns.map((_, index) => index);
  const bytes = columns.findIndex(({ name }) => name === 'bytes_out');
  if (bytes < 0) {
    return order;
  }
  const others = order.filter((index) => index !== bytes);
  const principal = columns.findIndex(({ name }) => name === 'principal');
  const place = others.indexOf(principal) + 1 || 1;
  return [...others.slice(0, place), bytes, ...others.slice(place)];
}

/** What each column means, directly below its table. */
function meanings(names: readonly string[]): Html | string {
  const known = names.flatMap((name) => {
    const meaning = definitionOf(name);
    return meaning === undefined ? [] : [html`<div><dt>${words(name)}</dt><dd>${meaning}</dd></div>`];
  });
  return known.length === 0 ? '' : html`<dl class="columns">${known}</dl>`;
}

export function words(name: string): string {
  return name.replace(/_/g, ' ');
}

export interface TableCell {
  readonly text: Html | string;
  readonly kind?: 'number' | 'long';
}

/** Tables with more columns need smaller print. */
const MOST_COLUMNS = 11;

/** The caption repeats the label for screen readers only, unless another one is given. */
export function plainTable(
  label: string, heads: readonly TableCell[], rows: readonly (readonly TableCell[])[], caption?: Html,
): Html {
  const cell = ({ text, kind }: TableCell) => html`<td${kind ? html` class="${kind}"` : ''}>${text}</td>`;
  const head = heads.map(({ text, kind }) => html`<th scope="col"${kind ? html` class="${kind}"` : ''}>${text}</th>`);
  return html`<div class="table" role="region" tabindex="0" aria-label="${label}"><table${
    heads.length > MOST_COLUMNS ? html` class="wide"` : ''}>${
    caption === undefined ? html`<caption class="unseen">${label}</caption>` : html`<caption>${caption}</caption>`
  }<thead><tr>${head}</tr></thead><tbody>${
    rows.map((row) => html`<tr>${row.map(cell)}</tr>\n`)}</tbody></table></div>`;
}

function headOf({ name, type }: ResultColumn): TableCell {
  return { text: words(name), kind: type === 'number' ? 'number' : undefined };
}

/** Longer text may break anywhere. */
const LONG = 24;

/** Columns that name a principal. */
const PRINCIPAL = /^(?:one_)?principal$|opened_by$/;

function cellOf(cell: Cell, { name, type }: ResultColumn, settings: AuditSettings, seen: Set<Cell>): TableCell {
  if (cell === null) {
    return { text: html`<span class="none">–</span>`, kind: type === 'number' ? 'number' : undefined };
  }
  if (PRINCIPAL.test(name)) {
    const isNew = !seen.has(cell);
    seen.add(cell);
    return { text: personText(cell, settings, isNew) };
  }
  switch (type) {
    case 'number': return { text: numberOf(cell, name), kind: 'number' };
    case 'boolean': return { text: cell ? 'yes' : 'no' };
    case 'time': return { text: timeOf(String(cell)) };
    case 'text': return { text: String(cell), kind: String(cell).length > LONG ? 'long' : undefined };
  }
}

/** The name and the role of a person, and the full identifier in small print, which a table has once for each. */
export function personText(cell: Cell, settings: AuditSettings, withIdentifier = true): Html {
  const { name, role, identifier } = personOf(cell, settings);
  return html`<span class="person"><b><bdi>${name}</bdi></b>${
    role === undefined ? '' : html` <span class="role">(<bdi>${role}</bdi>)</span>`}${
    identifier === undefined || !withIdentifier ? '' : html` <small><bdi>${identifier}</bdi></small>`}</span>`;
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
