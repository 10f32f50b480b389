import { SEVERITIES } from './fail-on';
import { bytes, count, digits } from './figures';
import type { Finding } from './finding';
import { markOf, MARKS } from './findings-section';
import { runbookUrl } from './guidance';
import { type Html, html } from './html';
import { distinctLabels } from './people';
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
${start(report, found)}
<ol class="glance">${found.map(({ id, severity, sentence }) =>
  html`<li>${markOf(severity)} <a href="#finding-${id}">${sentence}</a></li>\n`)}</ol></section>`;
}

function verdict(findings: readonly Finding[]): Html {
  const number = (state: Finding['state']) => findings.filter((finding) => finding.state === state).length;
  const [found, unknown, nothing] = [number('found'), number('unknown'), number('nothing')];
  const severe = SEVERITIES.flatMap((severity) => {
    const those = findings.filter((finding) => finding.state === 'found' && finding.severity === severity).length;
    return those === 0 ? [] : [`${those} ${severity}`];
  });
  return html`<b>${count(found, 'finding')}</b>${severe.length === 0 ? '' : `: ${severe.join(', ')}`} ·
${unknown === 0 ? 'everything was checked' : html`<a href="#unknown">${digits(unknown)} not checked</a>`} ·
${nothing === 0 ? 'no check came back clean' : html`<a href="#nothing-found">${
  count(nothing, 'check')} found nothing</a>`}`;
}

const NAMES_SHOWN = 3;

/** How bad the most severe findings are, what to do about the first one, and who is named in several of them. */
function start({ settings }: Report, [first, ...others]: readonly Finding[]): Html | string {
  if (first === undefined || first.severity === 'notice') {
    return '';
  }
  const { guidance, severity } = first;
  const times = new Map<string, number>();
  [first, ...others].filter((finding) => finding.severity === severity).flatMap(({ principals }) => principals)
    .forEach((principal) => times.set(principal, (times.get(principal) ?? 0) + 1));
  const several = [...times].filter(([, number]) => number > 1).sort(([, a], [, b]) => b - a);
  const labels = distinctLabels(several.map(([principal]) => principal), settings);
  const names = several.slice(0, NAMES_SHOWN).map(([, number], index) =>
    `${labels[index]} in ${digits(number)}${index === 0 ? ` ${severity} findings` : ''}`).join(', ');
  const more = several.length - NAMES_SHOWN;
  const rows: readonly (readonly [string, Html | string | undefined])[] = [
    [`“${severity}” means`, MARKS.find(([mark]) => mark === severity)?.[1]],
    ['What to do first', guidance && html`${guidance.action}${guidance.runbook === undefined ? ''
      : html` Runbook: <a href="${runbookUrl(guidance.runbook)}">${guidance.runbook}</a>.`}`],
    ['Named most often', names === '' ? undefined
      : `${names}${more > 0 ? `, and ${count(more, 'other')} in at least 2` : ''}`],
  ];
  return html`<dl class="facts">${rows.map(([name, text]) =>
    (text === undefined ? '' : html`<dt>${name}</dt><dd>${text}</dd>\n`))}</dl>`;
}

function totals({ totals: all }: Report): Html | string {
  if (all === undefined) {
    return '';
  }
  const tile = (name: string, value: string, more?: string) =>
    html`<div><dt>${name}</dt><dd>${value}${more === undefined ? '' : html`<small>${more}</small>`}</dd></div>`;
  return html`<dl class="totals">${[
    tile('Model egress', bytes(all.bytesOut), `${digits(all.bytesOut)} bytes`),
    tile('Reads', digits(all.reads), all.readsOfUnknownSize === 0n ? 'all of known size'
      : `${digits(all.readsOfUnknownSize)} of unknown size`),
    tile('Principals', digits(all.principals)),
    ...(all.models === undefined ? [] : [tile('Models', digits(all.models))]),
    ...(all.addresses === undefined ? [] : [tile('Addresses', digits(all.addresses))]),
  ]}</dl>`;
}
