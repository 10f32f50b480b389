import { verifyCommand } from './commands';
import { otherBuckets } from './coverage';
import { column, count, digits, sum } from './figures';
import type { Finding, ReportInput } from './finding';
import { guidanceFor } from './guidance';
import type { QueryResult } from '../database/query-result';
import { COVERAGE_QUERY } from '../queries/queries';
import { dayAfter } from '../reader/days';
import { losesEvidence, skippedText } from '../reader/skip-reasons';

/** Whether CloudTrail delivered these files is checked by another command. */
export const UNPROVED = 'unverified-logs';

function unproved(input: ReportInput): Finding {
  return {
    id: UNPROVED,
    title: 'Are the log files the ones that CloudTrail delivered?',
    severity: 'notice',
    state: 'unknown',
    count: 0,
    principals: [],
    sentence: 'This report does not verify CloudTrail\'s signatures, so altered log files would go unnoticed',
    remedy: { text: 'Verify the logs against CloudTrail\'s digest files', example: verifyCommand(input) },
  };
}

/** The findings about the evidence itself. */
export function evidenceFindings(input: ReportInput): Finding[] {
  const { answers, days, read, madeAt } = input;
  const lost = read.skipped.filter(({ reason }) => losesEvidence(reason));
  const byDay = answers.get(COVERAGE_QUERY);
  return [
    evidence('incomplete-logs', 'Were all log files read completely?', 'high', lost.map(({ reason, count: times }) =>
      `${times.toLocaleString('en-US')} ${skippedText(reason, times)}`)),
    ...(byDay === undefined || read.records === 0 ? [] : [
      evidence('missing-days', 'Are there trail records for every day?', 'notice', daysWithout(byDay, days, madeAt)),
    ]),
    ...(byDay === undefined ? [] : [inOtherBuckets(byDay)]),
    ...unknownSizes(answers.get('egress-by-principal')),
    ...uncheckedPrincipals(answers.get('egress-by-principal')),
    ...(byDay === undefined ? [] : [unproved(input)]),
  ];
}

function evidence(id: string, title: string, severity: Finding['severity'], problems: readonly string[]): Finding {
  const guidance = guidanceFor(id)!;
  return {
    id, title, severity, count: problems.length, principals: [],
    ...(problems.length === 0 ? { state: 'nothing', sentence: guidance.nothing }
      : { state: 'found', sentence: problems.join('; '), guidance }),
  };
}

const DAYS_NAMED = 10;

function daysWithout(byDay: QueryResult, { from, to }: ReportInput['days'], madeAt: number): string[] {
  const records = column(byDay, 'trail_records');
  const present = new Set(column(byDay, 'event_day').filter((_, index) => Number(records[index]) > 0));
  const last = [to, new Date(madeAt).toISOString().slice(0, 10)].sort()[0];
  const without: string[] = [];
  for (let day = from; day <= last; day = dayAfter(day)) {
    if (!present.has(day)) {
      without.push(day);
    }
  }
  const named = without.slice(0, DAYS_NAMED).join(', ');
  const more = without.length > DAYS_NAMED ? ` and ${digits(without.length - DAYS_NAMED)} more` : '';
  return without.length === 0 ? [] : [
    `${count(without.length, 'day has', 'days have')} no trail records: ${named}${more}`,
  ];
}

/** Not counted, because the settings name another bucket. */
function inOtherBuckets(byDay: QueryResult): Finding {
  const { requests, example } = otherBuckets(byDay);
  const title = 'Are all requests for objects about the artifact bucket?';
  return evidence('other-buckets', title, 'notice', requests === 0n ? []
    : [`${count(requests, 'request is', 'requests are')} for other buckets, such as "${example}", and not included`]);
}

function unknownSizes(byPrincipal: QueryResult | undefined): Finding[] {
  if (byPrincipal === undefined || byPrincipal.rows.length === 0) {
    return [];
  }
  const unknown = Number(sum(byPrincipal, 'reads_of_unknown_size'));
  const problem = `${count(unknown, 'read has', 'reads have')} an unknown size, so all byte totals are lower bounds`;
  return [evidence('unknown-sizes', 'Are the sizes of all reads known?', 'notice', unknown === 0 ? [] : [problem])];
}

/** A function believes its event, so a session of the store proves its caller only with the record of both. */
function uncheckedPrincipals(byPrincipal: QueryResult | undefined): Finding[] {
  if (byPrincipal === undefined || byPrincipal.rows.length === 0) {
    return [];
  }
  const unchecked = Number(sum(byPrincipal, 'unchecked_reads'));
  const problem = `${count(unchecked, 'read is', 'reads are')} attributed to the principal that the session claims, `
    + 'because the trail lacks the AssumeRole record of the session, its tag invocation-id, or the Invoke record of '
    + 'the function';
  const title = 'Are the principals of all reads checked?';
  return [evidence('unchecked-principals', title, 'medium', unchecked === 0 ? [] : [problem])];
}
