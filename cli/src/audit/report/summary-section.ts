import { SEVERITIES } from './fail-on';
import { bytes, count, digits } from './figures';
import type { Finding } from './finding';
import { markOf } from './findings-section';
import { type Html, html } from './html';
import type { Report } from './report';

/** The first screen of a report: totals, and what was found. */
export function summarySection(report: Report): Html | string {
  const { queries, findings } = report;
  if (queries.length === 1) {
    return '';
  }
  const found = findings.filter(({ state }) => state === 'found');
  return html`<section id="summary"><h2 class="unseen">Summary</h2>
${totals(report)}
<p class="verdict">${verdict(findings)}</p>
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
${unknown === 0 ? 'everything was checked' : html`<a href="#unknown">${count(unknown, 'check')} not made</a>`} ·
${nothing === 0 ? 'no check without findings' : html`<a href="#nothing-found">${
  count(nothing, 'check')} found nothing</a>`}`;
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
