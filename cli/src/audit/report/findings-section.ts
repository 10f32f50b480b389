import { count } from './figures';
import { type Html, html } from './html';
import type { Finding, Report } from './report';

const caveat = (finding: Finding) => (finding.caveat === undefined ? '' : html` <span class="caveat">${finding.caveat}</span>`);

/** What a reader has to know if nothing else is read. */
export function findingsSection({ findings, questions }: Report): Html | string {
  const those = (state: Finding['state']) => findings.filter((finding) => finding.state === state);
  const [found, unknown, nothing] = [those('found'), those('unknown'), those('nothing')];
  if (questions.length === 1 && found.length + unknown.length === 0) {
    return '';
  }
  return html`<section id="findings"><h2>Findings</h2>
${found.length === 0 ? html`<p>Nothing was found.</p>` : html`<ul class="findings">${found.map((finding) => html`<li><span class="mark ${finding.severity}">${
  finding.severity}</span><div><p class="name">${finding.asks}</p><p>${finding.sentence}.</p>${who(finding)}${
  finding.caveat === undefined ? '' : html`<p class="caveat">${finding.caveat}</p>`}</div><p class="rows">${details(finding)}</p></li>\n`)}</ul>`}
${unknown.length === 0 ? '' : html`<h3 id="unknown">Unknown</h3>
<p class="soft">That nothing is said here is no sign that nothing happened.</p>
<ul class="findings">${byReason(unknown).map(({ reason, those: alike }) => html`<li><span class="mark unknown">unknown</span><div>${
  alike.map(({ asks }) => html`<p class="name">${asks}</p>`)}<p>${reason}.${caveat(alike[0])}</p></div></li>\n`)}</ul>`}
${nothing.length === 0 ? '' : html`<h3 id="nothing-found">Looked for, nothing found</h3>
<ul class="clear">${nothing.map((finding) => html`<li>${finding.asks}${finding.question === undefined ? ` ${finding.sentence}.` : ''}${caveat(finding)}</li>\n`)}</ul>`}
</section>`;
}

/** What is unknown for the same reason is told together. */
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
  const names = principals.slice(0, NAMES_SHOWN).map((name, index) => html`${index === 0 ? '' : ', '}<b><bdi>${name}</bdi></b>`);
  return html`<p>Who: ${names}${left > 0 ? ` and ${left.toLocaleString('en-US')} more` : ''}</p>`;
}

function details({ question, count: found }: Finding): Html | string {
  return question === undefined ? html`<a href="#evidence">evidence</a>` : html`<a href="#${question}">${count(found, 'row')}</a>`;
}
