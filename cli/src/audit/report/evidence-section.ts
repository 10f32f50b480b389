import { commandFor } from './answers-section';
import { definitionOf } from './definitions';
import { bytes, count } from './figures';
import { type Html, html } from './html';
import { cidrOf } from './networks';
import type { Report } from './report';
import { answerTable, plainTable, words } from './tables';
import { AUDIT_SETTING_COLUMNS } from '../../../../src/contract/egress-events';
import type { Cell } from '../database/engine';
import { SKIPPED } from '../reader/tally';

const DAYS_SHOWN = 400;

/** What the report stands on. */
export function evidenceSection(report: Report): Html {
  const { answers, read, questions } = report;
  const byDay = questions.length === 1 ? undefined : answers.get('evidence-by-day');
  return html`<section id="evidence"><h2>Evidence</h2>
<p>${count(read.files, 'file')}, ${bytes(read.bytes)} as they lie there: ${count(read.records, 'record')} of the trail, ${
  count(read.accessLogLines, 'line')} of S3 access logs. Questions that compare with other days had these read too, as far as there are logs.</p>
${read.skipped.length === 0 ? html`<p>Nothing was skipped.</p>` : html`<h3>What is not as it should be</h3>
${plainTable('What is not as it should be', [{ text: 'times', kind: 'number' }, { text: 'what' }, { text: 'such as' }],
  read.skipped.map(({ reason, count: times, examples }) => [
    { text: times.toLocaleString('en-US'), kind: 'number' }, { text: SKIPPED[reason] },
    { text: html`${examples.map((file, index) => html`${index === 0 ? '' : ', '}<code>${file}</code>`)}${times > examples.length ? ', …' : ''}`, kind: 'long' },
  ]))}`}
${byDay === undefined || byDay.rows.length === 0 ? '' : html`<section id="evidence-by-day"><h3>Evidence by day</h3>
${answerTable(byDay, { label: 'Evidence by day', rows: DAYS_SHOWN, command: commandFor(report, 'evidence-by-day') })}</section>`}
</section>`;
}

/** What one needs to check the report: the questions, the settings and what the words mean. */
export function appendixSections(report: Report): Html {
  return html`${questionsSection(report)}${settingsSection(report)}${columnsSection(report)}`;
}

function questionsSection({ answers, questions }: Report): Html {
  return html`<section id="questions"><h2>Questions</h2>
<p class="soft">Each is a file of SQL that comes with the command, <code>sql/queries/</code>; the same text runs in Athena under the same name.</p>
${plainTable('Questions', [{ text: 'name' }, { text: 'question' }, { text: 'rows', kind: 'number' }], questions.map(({ name, asks }) => [
  { text: html`<code>${name}</code>` }, { text: asks }, { text: answers.get(name)!.rows.length.toLocaleString('en-US'), kind: 'number' },
]))}</section>`;
}

function settingsSection({ settings }: Report): Html {
  const shown = (cell: Cell | undefined) => (cell === null || cell === undefined ? html`<span class="none">unknown</span>`
    : html`${String(cell).split(',').map((part, index) => html`${index === 0 ? '' : html`,<br>`}${part}`)}`);
  const networks = settings.networks.map(({ first_key, last_key }) => cidrOf(String(first_key), String(last_key)));
  return html`<section id="settings"><h2>Settings</h2>
<p class="soft">What the questions know besides the logs, with <code>--settings</code> or by default.</p>
${plainTable('Settings', [{ text: 'name' }, { text: 'value' }, { text: 'meaning' }], [
  ...AUDIT_SETTING_COLUMNS.map(({ name, description }) => [
    { text: html`<code>${name}</code>` }, { text: shown(settings.row[name]), kind: 'long' as const }, { text: description },
  ]),
  [{ text: html`<code>perimeter_networks</code>` }, { text: shown(networks.length === 0 ? null : networks.join(',')), kind: 'long' }, { text: 'Networks of the perimeter' }],
])}</section>`;
}

function columnsSection({ answers, questions }: Report): Html {
  const names = new Set(questions.flatMap(({ name }) => answers.get(name)!.columns.map((column) => column.name)));
  return html`<section id="columns"><h2>Columns</h2>
${plainTable('Columns', [{ text: 'column' }, { text: 'meaning' }], [...names].sort().map((name) => [
  { text: words(name) }, { text: definitionOf(name) ?? '' },
]))}</section>`;
}
