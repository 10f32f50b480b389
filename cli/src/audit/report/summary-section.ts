import { SEVERITIES } from './fail-on';
import { bytes, count, digits } from './figures';
import type { Finding } from './finding';
import { markOf } from './findings-section';
import { firstSteps } from './first-steps';
import { runbookUrl } from './guidance';
import { type Html, html } from './html';
import type { Report } from './report';

/** The first screen of a report: totals, what to do first, who stands out, and what was found. */
export function summarySection(report: Report): Html | string {
  const { queries, findings } = report;
  if (queries.length === 1) {
    return '';
  }
  const found = findings.filter(({ state }) => state === 'found');
  return html`<section id="summary"><h2 class="unseen">Summary</h2>
${totals(report)}
<p class="verdict">${verdict(findings)}</p>
${start(report)}
${glance(found)}</section>`;
}

function verdict(findings: readonly Finding[]): Html {
  const number = (state: Finding['state']) => findings.filter((finding) => finding.state === state).length;
  const [found, unknown, nothing] = [number('found'), number('unknown'), number('nothing')];
  const severe = bySeverity(findings.filter(({ state }) => state === 'found'));
  return html`<b>${count(found, 'finding')}</b>${severe === '' ? '' : `: ${severe}`} ·
${unknown === 0 ? 'everything was checked' : html`<a href="#unknown">${digits(unknown)} not checked</a>`} ·
${nothing === 0 ? 'no check came back clean' : html`<a href="#nothing-found">${
  count(nothing, 'check')} found nothing</a>`}`;
}

/** Such as "2 high, 1 notice". */
function bySeverity(findings: readonly Finding[]): string {
  return SEVERITIES.flatMap((severity) => {
    const those = findings.filter((finding) => finding.severity === severity).length;
    return those === 0 ? [] : [`${digits(those)} ${severity}`];
  }).join(', ');
}

/** How bad the most severe findings are, what to do about the first one, and who is named in several of them. */
function start(report: Report): Html | string {
  const steps = firstSteps(report);
  if (steps === undefined) {
    return '';
  }
  const { guidance, meaning, namedMost, severity } = steps;
  const rows: readonly (readonly [string, Html | string | undefined])[] = [
    [`“${severity}” means`, meaning],
    ['What to do first', guidance && html`${guidance.action}${guidance.runbook === undefined ? ''
      : html` Runbook: <a href="${runbookUrl(guidance.runbook)}">${guidance.runbook}</a>.`}`],
    ['Named most often', namedMost],
  ];
  return html`<dl class="facts">${rows.map(([name, text]) =>
    (text === undefined ? '' : html`<dt>${name}</dt><dd>${text}</dd>\n`))}</dl>`;
}

const FINDINGS_SHOWN = 8;

/** The most severe findings, and how many more there are. */
function glance(found: readonly Finding[]): Html {
  const left = found.slice(FINDINGS_SHOWN);
  return html`<ol class="glance">${found.slice(0, FINDINGS_SHOWN).map(({ id, severity, sentence }) =>
    html`<li>${markOf(severity)} <a href="#finding-${id}">${sentence}</a></li>\n`)}</ol>${
    left.length === 0 ? '' : html`
<p class="rest"><a href="#finding-${left[0].id}">${digits(left.length)} more</a> under Findings: ${
  bySeverity(left)}</p>`}`;
}

function totals({ totals: all }: Report): Html | string {
  if (all === undefined) {
    return '';
  }
  const tile = (name: string, value: string, more?: string) =>
    html`<div><dt>${name}</dt><dd>${value}${more === undefined ? '' : html`<small>${more}</small>`}</dd></div>`;
  return html`<dl class="totals">${[
    tile('Model egress', bytes(all.bytesOut), `${digits(all.bytesOut)} bytes`),
    tile('Reads', digits(all.reads), all.readsOfUnknownSize === 0n ? 'size known for every read'
      : `${digits(all.readsOfUnknownSize)} of unknown size`),
    tile('Principals', digits(all.principals), 'people, jobs, services and accounts that read'),
    ...(all.models === undefined ? [] : [tile('Models', digits(all.models), 'that were read')]),
    ...(all.addresses === undefined ? [] : [tile('Addresses', digits(all.addresses), 'that reads came from')]),
  ]}</dl>`;
}
