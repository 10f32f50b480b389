import { exampleOf, moreAbout } from './commands';
import { bytes, count, digits } from './figures';
import type { Finding } from './finding';
import { firstSteps } from './first-steps';
import { runbookUrl } from './guidance';
import type { Report, Totals } from './report';
import { unfinishedDays } from './unfinished-days';
import { visibleText } from '../../../../src/contract/visible-text';
import { formatTable } from '../../runtime/format';

const HEADS: { readonly [state in Finding['state']]: string } = {
  found: 'FINDINGS', unknown: 'NOT CHECKED', nothing: 'CHECKED, NOTHING FOUND',
};

/** A summary of the report for the terminal. */
export function summary(report: Report): string {
  const { days, findings, totals } = report;
  const row = ({ id, severity, count: found, sentence, state }: Finding) => (state === 'nothing' ? [`  ${sentence}`]
    : [`  ${severity}`, id, state === 'found' ? digits(found) : '-', sentence]);
  const sections = (['found', 'unknown', 'nothing'] as const).flatMap((state) => {
    const those = findings.filter((finding) => finding.state === state);
    const remedies = state === 'unknown' ? remediesOf(report, those) : '';
    return those.length === 0 ? [] : [`${HEADS[state]}\n${formatTable(those.map(row), [2])}${remedies}`];
  });
  const total = totals && `${bytes(totals.bytesOut)} in ${count(totals.reads, 'read')}`
    + `${totals.models === undefined ? '' : ` of ${count(totals.models, 'model')}`}, by ${callers(totals)}\n`;
  const unfinished = unfinishedDays(report);
  const start = firstRows(report);
  return [
    `${days.from} to ${days.to}\n${unfinished === undefined ? '' : `${unfinished.sentence}\n`}`,
    ...(total === undefined ? [] : [total]),
    ...(start.length === 0 ? [] : [formatTable(start)]),
    ...sections,
  ].join('\n');
}

function callers({ principals: number }: Totals): string {
  return `${count(number, 'principal')} (${number === 1 ? 'a person, job, service or account'
    : 'people, jobs, services and accounts'})`;
}

/** What the first screen of the page has, too. */
function firstRows(report: Report): string[][] {
  const steps = firstSteps(report);
  if (steps === undefined) {
    return [];
  }
  const { guidance, meaning, namedMost, severity } = steps;
  const runbook = guidance?.runbook === undefined ? '' : ` Runbook: ${runbookUrl(guidance.runbook)}`;
  return [
    [`"${severity}" means`, meaning],
    ...(guidance === undefined ? [] : [['What to do first', `${guidance.action}${runbook}`]]),
    ...(namedMost === undefined ? [] : [['Named most often', namedMost]]),
  ];
}

/** What makes the checks possible, once for all that need the same. */
function remediesOf(report: Report, unknown: readonly Finding[]): string {
  const lines = unknown.flatMap((finding) => {
    const example = exampleOf(report, finding);
    return finding.remedy === undefined ? []
      : [`  to check: ${finding.remedy.text}${example === undefined ? '' : `: ${example}`}`];
  });
  return [...new Set(lines)].map((line) => `${visibleText(line)}\n`).join('');
}

export function findingsAsJson(report: Report): object {
  const { findings, totals } = report;
  return {
    findings: findings.map((finding) => findingAsJson(report, finding)),
    ...(totals && {
      totals: {
        bytes_out: asNumber(totals.bytesOut), reads: asNumber(totals.reads),
        reads_of_unknown_size: asNumber(totals.readsOfUnknownSize),
        principals: totals.principals, models: totals.models, addresses: totals.addresses,
      },
    }),
  };
}

function findingAsJson(report: Report, finding: Finding): object {
  const { id, query, title, state, severity, count: found, sentence, principals, caveat, guidance, remedy } = finding;
  return {
    id, ...(query !== undefined && { query }), title, state, severity, count: found, sentence, principals,
    ...(caveat !== undefined && { caveat }),
    ...(guidance && {
      meaning: guidance.meaning, action: guidance.action,
      ...(guidance.runbook !== undefined && { runbook: runbookUrl(guidance.runbook) }),
    }),
    ...(state === 'found' && { command: moreAbout(report, finding) }),
    ...(remedy && { remedy: remedy.text, example: exampleOf(report, finding) }),
  };
}

/** Integers beyond the safe range become text, as in query results. */
function asNumber(value: bigint): number | string {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value);
}
