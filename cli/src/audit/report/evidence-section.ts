import { commandFor } from './commands';
import { checksumList, filesByDay, sha256 } from './evidence-files';
import { bytes, count, digits, withoutColumns } from './figures';
import { type Html, html } from './html';
import { bucketOf, moment } from './page-words';
import type { Report } from './report';
import { answerTable, plainTable } from './tables';
import type { EvidenceFile } from '../reader/file-digests';
import { skippedText } from '../reader/skip-reasons';

const DAYS_SHOWN = 400;
/** More files than this are shown by day. */
const FILES_SHOWN = 40;
/** Columns for which the table would be too wide for paper. A finding sums up the first two. */
const NOT_SHOWN = [
  'requests_to_other_buckets', 'one_other_bucket', 'management_changes', 'sessions_opened', 'evidence_writes',
  'other_data_events', 'other_events', 'unreadable_lines',
];

/** What was read for the report. */
export function evidenceSection(report: Report): Html {
  const { answers, read, queries, settings } = report;
  const byDay = queries.length === 1 ? undefined : answers.get('log-coverage');
  const command = commandFor(report, 'log-coverage');
  return html`<section id="evidence"><h2>Evidence</h2>
${facts(report)}
${read.skipped.length === 0 ? '' : html`<h3>Problems</h3>
${plainTable('Problems', [{ text: 'count', kind: 'number' }, { text: 'problem' }, { text: 'examples' }],
  read.skipped.map(({ reason, count: times, examples }) => [
    { text: digits(times), kind: 'number' }, { text: skippedText(reason, times) },
    { text: exampleFiles(examples, times), kind: 'long' },
  ]))}`}
${filesSection(report.files)}
${byDay === undefined || byDay.rows.length === 0 ? '' : html`<section id="log-coverage"><h3>Records by day</h3>
${answerTable(withoutColumns(byDay, NOT_SHOWN), { label: 'Records by day', rows: DAYS_SHOWN, command, settings })}
</section>`}
</section>`;
}

function facts(report: Report): Html {
  const { days, madeAt, read, sources, version } = report;
  const lost = read.skipped.reduce((all, { count: times }) => all + times, 0);
  const rows: [string, Html | string][] = [
    ['Period', `${days.from} to ${days.to}, inclusive. Days are days of delivery, in UTC.`],
    ['Artifact bucket', bucketOf(report) ?? 'all buckets in the logs: the settings name none (artifact_bucket)'],
    ['Read', html`${count(read.files, 'file')}, ${bytes(read.bytes)} as stored: ${
      count(read.records, 'trail record')}, ${
      read.accessLogLines === 0 ? 'no S3 access logs' : count(read.accessLogLines, 'S3 access log line')}; ${
      lost === 0 ? 'nothing was skipped' : 'with the problems below'}. Queries that compare with other days also read
the logs of those days, if there are any.`],
    ['Sources', html`${sources.map(({ option, place }, index) =>
      html`${index === 0 ? '' : ', '}<code>${option} ${place}</code>`)}`],
    ['Generated', `${moment(madeAt)}, by ${version}`],
  ];
  return html`<dl class="facts">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>\n`)}</dl>`;
}

function exampleFiles(examples: readonly string[], times: number): Html {
  const files = examples.map((file, index) => html`${index === 0 ? '' : ', '}<code>${file}</code>`);
  return html`${files}${times > examples.length ? ', …' : ''}`;
}

/** The files with their SHA-256: one by one, or by day if there are many. */
function filesSection(files: readonly EvidenceFile[] | undefined): Html | string {
  if (files === undefined || files.length === 0) {
    return '';
  }
  const digest = (text: string | undefined) => ({
    text: text === undefined ? html`<span class="none">not read</span>` : html`<code>${text}</code>`,
  });
  const size = (number: number) => ({ text: bytes(number), kind: 'number' as const });
  const isLong = files.length > FILES_SHOWN;
  const table = isLong
    ? plainTable('Files by day', [
      { text: 'day' }, { text: 'files', kind: 'number' }, { text: 'size', kind: 'number' },
      { text: 'SHA-256 of the list' },
    ], filesByDay(files).map(({ day, files: those, bytes: all, sha256: of }) => [
      { text: day ?? 'not in the name' }, { text: digits(those.length), kind: 'number' }, size(all), digest(of),
    ]))
    : plainTable('Files', [{ text: 'file' }, { text: 'size', kind: 'number' }, { text: 'day' }, { text: 'SHA-256' }],
      files.map(({ file, bytes: of, day, sha256: content }) => [
        { text: html`<code>${file}</code>` }, size(of), { text: day ?? html`<span class="none">–</span>` },
        digest(content),
      ]));
  return html`<section id="files"><h3>Files that were read</h3>
<p class="soft">The SHA-256 of each file as stored, computed while it was read. A list has a line for each file,
sorted by name, as <code>sha256sum</code> prints it; <code>--export</code> writes the complete list to
<code>evidence.sha256</code>. Its SHA-256: <code>${sha256(checksumList(files))}</code></p>
${table}</section>`;
}
