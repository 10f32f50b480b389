import { createHash } from 'node:crypto';
import { answersSection } from './answers-section';
import { chartsSection } from './charts-section';
import { appendixSections, evidenceSection } from './evidence-section';
import { bytes, count } from './figures';
import { findingsSection } from './findings-section';
import { Html, html } from './html';
import { REPORT_MARK } from './page-file';
import type { Report } from './report';
import { STYLE } from './style';

/** A browser that reads the page runs nothing, loads nothing, and takes no other style than this one. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`;

/** The report as one page that needs nothing else. */
export function reportPage(report: Report): string {
  const title = titleOf(report);
  const page = html`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="generator" content="model-store ${report.version}">
<title>${title}, ${report.days.from} to ${report.days.to}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="lead">${subtitle(report)}</p>
${verdict(report)}
${facts(report)}
</header>
<main>
${[findingsSection(report), totalsSection(report), chartsSection(report), answersSection(report), evidenceSection(report), appendixSections(report)]}
</main>
<footer><p>Made by model-store ${report.version} at ${moment(report.madeAt)}. All times and days are in UTC. Characters that cannot be seen, or that would
change the order of a text, are shown as <code>\\u{…}</code>.</p></footer>
</body>
</html>
`;
  return REPORT_MARK + page.text;
}

function onlyQuestion({ questions }: Report) {
  return questions.length === 1 ? questions[0] : undefined;
}

function titleOf(report: Report): string {
  return onlyQuestion(report)?.asks ?? 'Egress report';
}

function bucketOf({ settings }: Report): string | undefined {
  const bucket = settings.row.artifact_bucket;
  return typeof bucket === 'string' ? bucket : undefined;
}

function subtitle(report: Report): Html {
  const { days, of } = report;
  return html`${bucketOf(report) ?? 'Models in S3'}${of === undefined ? '' : `, ${of}`}, ${days.from} to ${days.to}`;
}

function moment(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function verdict({ findings, questions }: Report): Html | string {
  const number = (state: string) => findings.filter((finding) => finding.state === state).length;
  const [found, unknown, nothing] = ['found', 'unknown', 'nothing'].map(number);
  if (questions.length === 1) {
    return '';
  }
  const severe = (['high', 'medium', 'notice'] as const).map((severity) =>
    ({ severity, times: findings.filter((finding) => finding.state === 'found' && finding.severity === severity).length }));
  const said = severe.filter(({ times }) => times > 0).map(({ severity, times }) => `${times} ${severity}`).join(', ');
  return html`<p class="verdict"><b>${count(found, 'finding')}</b>${said === '' ? '' : ` (${said})`}, ${unknown.toLocaleString('en-US')} unknown,
${nothing.toLocaleString('en-US')} looked for without finding anything.</p>`;
}

function facts(report: Report): Html {
  const { days, madeAt, read, sources, version } = report;
  const today = new Date(madeAt).toISOString().slice(0, 10);
  const lost = read.skipped.reduce((all, { count: times }) => all + times, 0);
  const rows: [string, Html | string][] = [
    ['Period', html`${days.from} to ${days.to}, both included${days.to < today ? '' : html` — <b>not over when this report was made</b>`}`],
    ['Artifact bucket', bucketOf(report) ?? 'every bucket in the logs: the settings name none (artifact_bucket)'],
    ['Evidence', html`${count(read.files, 'file')}, ${bytes(read.bytes)}: ${count(read.records, 'record')} of the trail, ${
      read.accessLogLines === 0 ? 'no S3 access logs' : count(read.accessLogLines, 'line of S3 access logs', 'lines of S3 access logs')}${
      lost === 0 ? '; nothing was skipped' : html`; <a href="#evidence">not all of it is as it should be</a>`}`],
    ['Read from', html`${sources.map(({ option, place }, index) => html`${index === 0 ? '' : ', '}<code>${option} ${place}</code>`)}`],
    ['Made', `${moment(madeAt)}, by model-store ${version}`],
  ];
  return html`<dl class="facts">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>\n`)}</dl>`;
}

function totalsSection({ totals }: Report): Html | string {
  if (totals === undefined) {
    return '';
  }
  const tile = (name: string, value: string, more?: string) => html`<div><dt>${name}</dt><dd>${value}${more === undefined ? '' : html`<small>${more}</small>`}</dd></div>`;
  const plain = (value: number | bigint) => value.toLocaleString('en-US');
  return html`<section id="totals"><h2>Totals</h2>
<dl class="totals">${[
  tile('Bytes of models that left', bytes(totals.bytesOut), `${plain(totals.bytesOut)} bytes`),
  tile('Reads', plain(totals.reads), totals.readsOfUnknownSize === 0n ? 'all of known size' : `${plain(totals.readsOfUnknownSize)} of unknown size`),
  tile('Principals', plain(totals.principals)),
  ...(totals.models === undefined ? [] : [tile('Models', plain(totals.models))]),
  ...(totals.addresses === undefined ? [] : [tile('Addresses', plain(totals.addresses))]),
]}</dl></section>`;
}
