import { commandFor } from './answers-section';
import { definitionOf } from './definitions';
import { bytes, count, withoutColumns } from './figures';
import { type Html, html } from './html';
import type { Report } from './report';
import { answerTable, plainTable, words } from './tables';
import { AUDIT_SETTING_COLUMNS } from '../../../../src/contract/egress-events';
import { cidrOf } from '../database/networks';
import type { Cell } from '../database/query-result';
import { skippedText } from '../reader/skip-reasons';

const DAYS_SHOWN = 400;
/** Columns for which the table would be too wide for paper. A finding sums up the first two. */
const NOT_SHOWN = ['requests_to_other_buckets', 'one_other_bucket', 'management_changes', 'sessions_opened'];

/** What was read for the report. */
export function evidenceSection(report: Report): Html {
  const { answers, read, queries } = report;
  const byDay = queries.length === 1 ? undefined : answers.get('log-coverage');
  const command = commandFor(report, 'log-coverage');
  return html`<section id="evidence"><h2>Evidence</h2>
<p>${count(read.files, 'file')}, ${bytes(read.bytes)} as stored: ${count(read.records, 'trail record')} and ${
  count(read.accessLogLines, 'S3 access log line')}. Queries that compare with other days also read the logs of those
days, if there are any.</p>
${read.skipped.length === 0 ? html`<p>Nothing was skipped.</p>` : html`<h3>Problems</h3>
${plainTable('Problems', [{ text: 'count', kind: 'number' }, { text: 'problem' }, { text: 'examples' }],
  read.skipped.map(({ reason, count: times, examples }) => [
    { text: times.toLocaleString('en-US'), kind: 'number' }, { text: skippedText(reason, times) },
    { text: exampleFiles(examples, times), kind: 'long' },
  ]))}`}
${byDay === undefined || byDay.rows.length === 0 ? '' : html`<section id="log-coverage"><h3>Evidence by day</h3>
${answerTable(withoutColumns(byDay, NOT_SHOWN), { label: 'Evidence by day', rows: DAYS_SHOWN, command })}</section>`}
</section>`;
}

function exampleFiles(examples: readonly string[], times: number): Html {
  const files = examples.map((file, index) => html`${index === 0 ? '' : ', '}<code>${file}</code>`);
  return html`${files}${times > examples.length ? ', …' : ''}`;
}

/** What a reader needs to check the report: queries, settings and the meaning of columns. */
export function appendixSections(report: Report): Html {
  return html`${queriesSection(report)}${settingsSection(report)}${columnsSection(report)}`;
}

function queriesSection({ answers, queries }: Report): Html {
  const heads = [{ text: 'name' }, { text: 'answers' }, { text: 'rows', kind: 'number' }] as const;
  return html`<section id="queries"><h2>Queries</h2>
<p class="soft">Each query is an SQL file that ships with the command in <code>sql/queries/</code>. The named query of
the same name in Athena runs the same SQL.</p>
${plainTable('Queries', heads, queries.map(({ name, title }) => [
  { text: html`<code>${name}</code>` }, { text: title },
  { text: answers.get(name)!.rows.length.toLocaleString('en-US'), kind: 'number' },
]))}</section>`;
}

function settingsSection({ settings }: Report): Html {
  const shown = (cell: Cell | undefined) => (cell === null || cell === undefined
    ? html`<span class="none">unknown</span>`
    : html`${String(cell).split(',').map((part, index) => html`${index === 0 ? '' : html`,<br>`}${part}`)}`);
  const networks = settings.networks.map(({ first_key, last_key }) => cidrOf(String(first_key), String(last_key)));
  return html`<section id="settings"><h2>Settings</h2>
<p class="soft">What the queries know in addition to the logs: from the store, from <code>--settings</code>, or by
default.</p>
${plainTable('Settings', [{ text: 'name' }, { text: 'value' }, { text: 'meaning' }], [
  ...AUDIT_SETTING_COLUMNS.map(({ name, description }) => [
    { text: html`<code>${name}</code>` },
    { text: shown(settings.row[name]), kind: 'long' as const }, { text: description },
  ]),
  [
    { text: html`<code>perimeter_networks</code>` },
    { text: shown(networks.length === 0 ? null : networks.join(',')), kind: 'long' },
    { text: 'Networks of the perimeter' },
  ],
])}</section>`;
}

function columnsSection({ answers, queries }: Report): Html {
  const names = new Set(queries.flatMap(({ name }) => answers.get(name)!.columns.map((column) => column.name)));
  return html`<section id="columns"><h2>Columns</h2>
${plainTable('Columns', [{ text: 'column' }, { text: 'meaning' }], [...names].sort().map((name) => [
  { text: words(name) }, { text: definitionOf(name) ?? '' },
]))}</section>`;
}
