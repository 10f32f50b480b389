import { type BytesOverTime, bytesOverTime } from './chart-data';
import { commandFor } from './commands';
import { PRINCIPAL_DEFINITION } from './definitions';
import { bytes, count, digits } from './figures';
import { type Html, html } from './html';
import type { Report } from './report';
import { answerTable, plainTable } from './tables';

const ROWS_OF_A_REPORT = 50;
const ROWS_OF_ONE_QUERY = 5_000;

/** Results that are shown elsewhere: as a chart with a table, and as evidence. */
const DRAWN = ['egress-by-day', 'log-coverage'];

/** All results: a list of the queries, then the tables of those that have rows, those of findings first. */
export function answersSection(report: Report): Html {
  const { answers, findings, queries, settings } = report;
  const rank = (name: string) => {
    const place = findings.findIndex(({ query }) => query === name);
    return place < 0 ? findings.length : place;
  };
  const unknown = unknownQueries(report);
  // The rows of a check that was not possible prove nothing, so they are not shown.
  const withRows = queries.filter(({ name }) => answers.get(name)!.rows.length > 0 && !unknown.has(name))
    .sort((a, b) => rank(a.name) - rank(b.name));
  const isOne = queries.length === 1;
  const rows = isOne ? ROWS_OF_ONE_QUERY : ROWS_OF_A_REPORT;
  const listed = withRows.filter(({ name }) => isOne || !DRAWN.includes(name));
  const tables = listed.map(({ name, title }) => {
    const answer = answers.get(name)!;
    const caption = html`<code>${name}</code>, ${count(answer.rows.length, 'row')}`;
    return html`<section id="${name}">${isOne ? '' : html`<h3>${title}</h3>`}
${answerTable(answer, { label: title, caption, rows, command: commandFor(report, name), settings })}</section>\n`;
  });
  const empty = unknown.size === 0 ? 'No rows.' : 'This could not be checked.';
  return html`<section id="answers"><h2>${isOne ? 'Result' : 'Full results'}</h2>
${isOne ? '' : queriesTable(report, listed.map(({ name }) => name))}
${tables.length === 0 ? html`<p>${empty}</p>` : tables}${isOne ? '' : overTimeTable(report)}</section>`;
}

function unknownQueries({ findings }: Report): Set<string | undefined> {
  return new Set(findings.filter(({ state }) => state === 'unknown').map(({ query }) => query));
}

/** Every query that was run, with a link to its table. */
function queriesTable(report: Report, listed: readonly string[]): Html {
  const { answers, queries } = report;
  const unknown = unknownQueries(report);
  const places: { readonly [query: string]: string } = { 'egress-by-day': 'over-time', 'log-coverage': 'log-coverage' };
  const name = (query: string) => {
    const place = listed.includes(query) ? query : answers.get(query)!.rows.length > 0 ? places[query] : undefined;
    return place === undefined ? html`<code>${query}</code>` : html`<a href="#${place}"><code>${query}</code></a>`;
  };
  const heads = [{ text: 'query' }, { text: 'rows', kind: 'number' }, { text: 'answers' }] as const;
  return html`<section id="queries"><h3>Queries</h3>
<p class="soft">The principal is ${PRINCIPAL_DEFINITION}.</p>
<p class="soft">Each query is an SQL file that ships with the command in <code>sql/queries/</code>. The named query of
the same name in Athena runs the same SQL.</p>
${plainTable('Queries', heads, queries.map((query) => [
  { text: name(query.name) },
  {
    text: unknown.has(query.name) ? html`<a href="#unknown">not checked</a>`
      : digits(answers.get(query.name)!.rows.length),
    kind: 'number',
  },
  { text: query.title },
]))}</section>`;
}

/** The numbers behind the chart. */
function overTimeTable(report: Report): Html | string {
  const { answers, days, settings } = report;
  const byDay = answers.get('egress-by-day');
  if (!byDay || byDay.rows.length === 0) {
    return '';
  }
  const time: BytesOverTime = bytesOverTime(byDay, days, settings);
  const number = (value: number) =>
    ({ text: value === 0 ? html`<span class="none">–</span>` : bytes(value), kind: 'number' as const });
  const all = (index: number) => time.series.reduce((total, { values }) => total + values[index], 0);
  return html`<section id="over-time"><h3>By principal and ${time.step}</h3>
<p class="soft">The principals in the chart. Exact bytes for every principal:
<code>${commandFor(report, 'egress-by-day')}</code></p>
${plainTable(`Bytes by principal and ${time.step}`,
  [
    { text: time.step }, { text: 'total', kind: 'number' },
    ...time.series.map(({ name }) => ({ text: name, kind: 'number' as const })),
  ],
  time.steps.map((step, index) => [
    { text: step }, number(all(index)), ...time.series.map(({ values }) => number(values[index])),
  ]))}</section>`;
}
