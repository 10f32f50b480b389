import { count } from './figures';
import type { Finding } from './finding';
import { type Html, html } from './html';
import type { Report } from './report';

const caveat = (finding: Finding) =>
  (finding.caveat === undefined ? '' : html` <span class="caveat">${finding.caveat}</span>`);

/** The findings, the checks that were not possible, and the checks without findings. */
export function findingsSection({ findings, queries }: Report): Html | string {
  const those = (state: Finding['state']) => findings.filter((finding) => finding.state === state);
  const [found, unknown, nothing] = [those('found'), those('unknown'), those('nothing')];
  if (queries.length === 1 && found.length + unknown.length === 0) {
    return '';
  }
  const none = unknown.length === 0 ? 'No findings.' : 'No findings in the checks that were possible.';
  return html`<section id="findings"><h2>Findings</h2>
${found.length === 0 ? html`<p>${none}</p>` : html`<ul class="findings">${found.map(foundItem)}</ul>`}
${unknown.length === 0 ? '' : html`<h3 id="unknown">Not checked</h3>
<p class="soft">These checks could not be made. Do not read this as “nothing happened”.</p>
<ul class="findings">${byReason(unknown).map(({ reason, those: alike }) => unknownItem(reason, alike))}</ul>`}
${nothing.length === 0 ? '' : html`<h3 id="nothing-found">Checked, nothing found</h3>
<ul class="clear">${nothing.map(clearItem)}</ul>`}
</section>`;
}

function foundItem(finding: Finding): Html {
  const { title, caveat: limits, sentence, severity } = finding;
  const mark = html`<span class="mark ${severity}">${severity}</span>`;
  return html`<li>${mark}<div><p class="name">${title}</p><p>${sentence}.</p>${
    who(finding)}${limits === undefined ? '' : html`<p class="caveat">${limits}</p>`}</div><p class="rows">${
    details(finding)}</p></li>\n`;
}

function unknownItem(reason: string, findings: readonly Finding[]): Html {
  const names = findings.map(({ title }) => html`<p class="name">${title}</p>`);
  return html`<li><span class="mark unknown">unknown</span><div>${names}<p>${reason}.${
    caveat(findings[0])}</p></div></li>\n`;
}

function clearItem(finding: Finding): Html {
  const { title, query, sentence } = finding;
  return html`<li>${title}${query === undefined ? ` ${sentence}.` : ''}${caveat(finding)}</li>\n`;
}

/** Groups checks that were not possible for the same reason. */
function byReason(findings: readonly Finding[]): { readonly reason: string; readonly those: readonly Finding[] }[] {
  const reasons = [...new Set(findings.map(({ sentence }) => sentence))];
  return reasons.map((reason) => ({ reason, those: findings.filter(({ sentence }) => sentence === reason) }));
}

const NAMES_SHOWN = 5;

function who({ principals }: Finding): Html | string {
  if (principals.length === 0) {
    return '';
  }
  const left = principals.length - NAMES_SHOWN;
  const names = principals.slice(0, NAMES_SHOWN)
    .map((name, index) => html`${index === 0 ? '' : ', '}<b><bdi>${name}</bdi></b>`);
  return html`<p>Who: ${names}${left > 0 ? ` and ${left.toLocaleString('en-US')} more` : ''}</p>`;
}

function details({ query, count: found }: Finding): Html | string {
  return query === undefined ? html`<a href="#evidence">evidence</a>`
    : html`<a href="#${query}">${count(found, 'row')}</a>`;
}
