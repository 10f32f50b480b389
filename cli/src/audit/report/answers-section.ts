import { type BytesOverTime, bytesOverTime } from './chart-data';
import { bytes, count } from './figures';
import { type Html, html } from './html';
import type { Report } from './report';
import { answerTable, plainTable } from './tables';

const ROWS_OF_A_REPORT = 50;
const ROWS_OF_ONE_QUERY = 5_000;

/** The command that runs one query again on the same evidence. */
export function commandFor({ days, sources, of }: Report, query: string): string {
  const word = (text: string) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replace(/'/g, '\'\\\'\'')}'`);
  const places = sources.map(({ option, place }) => `${option} ${word(place)}`);
  const narrowed = of !== undefined && query === 'custody' ? [`--of ${word(of)}`] : [];
  return ['model-store audit query', query, ...places, `--from ${days.from} --to ${days.to}`, ...narrowed].join(' ');
}

/** All results that have rows: those of findings first, then the rest. */
export function answersSection(report: Report): Html {
  const { answers, findings, queries } = report;
  const rank = (name: string) => {
    const place = findings.findIndex(({ query }) => query === name);
    return place < 0 ? findings.length : place;
  };
  const unknown = new Set(findings.filter(({ state }) => state === 'unknown').map(({ query }) => query));
  // The rows of a check that was not possible prove nothing, so they are not shown.
  const withRows = queries.filter(({ name }) => answers.get(name)!.rows.length > 0 && !unknown.has(name))
    .sort((a, b) => rank(a.name) - rank(b.name));
  const drawn = ['egress-by-day', 'log-coverage'];
  const rows = queries.length === 1 ? ROWS_OF_ONE_QUERY : ROWS_OF_A_REPORT;
  const listed = withRows.filter(({ name }) => queries.length === 1 || !drawn.includes(name));
  const tables = listed.map(({ name, title }) => {
    const answer = answers.get(name)!;
    const heading = queries.length === 1 ? '' : html`<h3>${title}</h3>`;
    const size = count(answer.rows.length, 'row');
    return html`<section id="${name}">${heading}<p class="soft"><code>${name}</code>, ${size}</p>
${answerTable(answer, { label: title, rows, command: commandFor(report, name) })}</section>\n`;
  });
  const empty = unknown.size === 0 ? 'No rows.' : 'This could not be checked.';
  return html`<section id="answers"><h2>${queries.length === 1 ? 'Result' : 'Full results'}</h2>
${tables.length === 0 ? html`<p>${empty}</p>` : tables}${
  queries.length === 1 ? '' : overTimeTable(report)}</section>`;
}

/** The numbers behind the chart. */
function overTimeTable({ answers, days }: Report): Html | string {
  const byDay = answers.get('egress-by-day');
  if (!byDay || byDay.rows.length === 0) {
    return '';
  }
  const time: BytesOverTime = bytesOverTime(byDay, days);
  const number = (value: number) =>
    ({ text: value === 0 ? html`<span class="none">–</span>` : bytes(value), kind: 'number' as const });
  const all = (index: number) => time.series.reduce((total, { values }) => total + values[index], 0);
  return html`<section id="over-time"><h3>By principal and ${time.step}</h3>
<p class="soft">The principals in the chart. Exact bytes for every principal are in <code>egress-by-day</code>.</p>
${plainTable(`Bytes by principal and ${time.step}`,
  [
    { text: time.step }, ...time.series.map(({ name }) => ({ text: name, kind: 'number' as const })),
    { text: 'total', kind: 'number' },
  ],
  time.steps.map((step, index) => [
    { text: step }, ...time.series.map(({ values }) => number(values[index])), number(all(index)),
  ]))}</section>`;
}
