import { exampleOf, moreAbout } from './commands';
import { count, digits } from './figures';
import type { Finding } from './finding';
import { runbookUrl } from './guidance';
import { type Html, html } from './html';
import { MARKS } from './marks';
import type { Report } from './report';
import { personText } from './tables';

/** The mark of a finding: its severity, or that it could not be checked. */
export function markOf(mark: string): Html {
  return html`<span class="mark ${mark.replace(' ', '-')}">${mark}</span>`;
}

const caveat = (finding: Finding) =>
  (finding.caveat === undefined ? '' : html` <span class="caveat">${finding.caveat}</span>`);

/** The findings, the checks that were not possible, and the checks without findings. */
export function findingsSection(report: Report): Html | string {
  const { findings, queries } = report;
  const those = (state: Finding['state']) => findings.filter((finding) => finding.state === state);
  const [found, unknown, nothing] = [those('found'), those('unknown'), those('nothing')];
  if (queries.length === 1 && found.length + unknown.length === 0) {
    return '';
  }
  const none = unknown.length === 0 ? 'No findings.' : 'No findings in the checks that were possible.';
  return html`<section id="findings"><h2>Findings</h2>
<dl class="marks">${MARKS.map(([mark, meaning]) => html`<dt>${markOf(mark)}</dt><dd>${meaning}</dd>`)}</dl>
${found.length === 0 ? html`<p>${none}</p>`
  : html`<ul class="findings">${found.map((finding) => foundItem(report, finding))}</ul>`}</section>
${unknown.length === 0 ? '' : html`<section id="unknown"><h2>Not checked</h2>
<p class="soft">These checks could not be made. Do not read this as “nothing happened”.</p>
<ul class="findings">${byReason(unknown).map(({ reason, alike }) => unknownItem(report, reason, alike))}</ul>
</section>`}
${nothing.length === 0 ? '' : html`<section id="nothing-found"><h2>Checked, nothing found</h2>
<ul class="clear">${nothing.map((finding) => html`<li>${finding.sentence}.${caveat(finding)}</li>\n`)}</ul>
</section>`}`;
}

function foundItem(report: Report, finding: Finding): Html {
  const { caveat: limits, guidance, id, sentence, severity } = finding;
  const runbook = guidance?.runbook;
  const rows: readonly (readonly [string, Html | string | undefined])[] = [
    ['Who', who(report, finding)],
    ['What it means', guidance?.meaning],
    ['What to do', guidance && html`${guidance.action}${
      runbook === undefined ? '' : html` Runbook: <a href="${runbookUrl(runbook)}">${runbook}</a>.`}`],
    ['Limits', limits],
    ['Show more', html`${details(finding)} or <code>${moreAbout(report, finding)}</code>`],
  ];
  return html`<li id="finding-${id}">${markOf(severity)}<div><h3>${sentence}</h3><dl>${
    rows.map(([name, text]) => (text === undefined ? '' : html`<dt>${name}</dt><dd>${text}</dd>`))}</dl></div></li>\n`;
}

function unknownItem(report: Report, reason: string, findings: readonly Finding[]): Html {
  const [{ remedy }] = findings;
  const examples = [...new Set(findings.map((finding) => exampleOf(report, finding)))].slice(0, 1);
  return html`<li>${markOf('not checked')}<div><h3>${reason}</h3><dl>
<dt>Checks</dt><dd>${findings.map(({ title }, index) => html`${index === 0 ? '' : html`<br>`}${title}`)}${
  caveat(findings[0])}</dd>
${remedy === undefined ? '' : html`<dt>To check</dt><dd>${remedy.text}${
  examples.map((example) => (example === undefined ? '.' : html`: <code>${example}</code>`))}</dd>`}</dl></div></li>\n`;
}

/** Groups checks that were not possible for the same reason. */
function byReason(findings: readonly Finding[]): { readonly reason: string; readonly alike: readonly Finding[] }[] {
  const reasons = [...new Set(findings.map(({ sentence }) => sentence))];
  return reasons.map((reason) => ({ reason, alike: findings.filter(({ sentence }) => sentence === reason) }));
}

const NAMES_SHOWN = 5;

function who({ settings }: Report, { principals }: Finding): Html | undefined {
  if (principals.length === 0) {
    return undefined;
  }
  const left = principals.length - NAMES_SHOWN;
  const names = principals.slice(0, NAMES_SHOWN)
    .map((name, index) => html`${index === 0 ? '' : ', '}${personText(name, settings)}`);
  return html`${names}${left > 0 ? ` and ${digits(left)} more` : ''}`;
}

function details({ query, count: found }: Finding): Html {
  return query === undefined ? html`<a href="#evidence">Evidence</a>`
    : html`<a href="#${query}">${count(found, 'row')}</a>`;
}
