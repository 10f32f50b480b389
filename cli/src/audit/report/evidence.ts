import { column, count } from './figures';
import type { Finding, ReportInput } from './report';
import type { Answer } from '../database/engine';
import { dayAfter } from '../reader/days';
import { SKIPPED, type SkipReason } from '../reader/tally';

/** What of these is skipped may have held anything; the rest is of no account, or is counted all the same. */
const LOST: readonly SkipReason[] = ['unreadable', 'truncated', 'damaged', 'cut off', 'too large', 'no json', 'no day'];

const UNPROVED: Finding = {
  asks: 'Are the log files those that CloudTrail delivered?',
  severity: 'notice',
  state: 'unknown',
  count: 0,
  principals: [],
  sentence: 'No signature was checked for this report: "model-store audit verify-trail" does that',
};

/** What is to be said of the evidence before anything that it says. */
export function evidenceFindings({ answers, days, read, madeAt }: ReportInput): Finding[] {
  const lost = read.skipped.filter(({ reason }) => LOST.includes(reason));
  const byDay = answers.get('evidence-by-day');
  return [
    evidence('Was all of the evidence read?', 'high', lost.map(({ reason, count: times }) => `${times.toLocaleString('en-US')} ${SKIPPED[reason]}`)),
    ...(byDay === undefined || read.records === 0 ? [] : [
      evidence('Are there records of the trail of every day?', 'notice', daysWithout(byDay, days, madeAt)),
    ]),
    ...unknownSizes(answers.get('egress-by-principal')),
    ...(byDay === undefined ? [] : [UNPROVED]),
  ];
}

function evidence(asks: string, severity: Finding['severity'], problems: readonly string[]): Finding {
  return problems.length === 0
    ? { asks, severity, state: 'nothing', count: 0, sentence: 'Yes', principals: [] }
    : { asks, severity, state: 'found', count: problems.length, sentence: `No: ${problems.join('; ')}`, principals: [] };
}

const DAYS_NAMED = 10;

function daysWithout(byDay: Answer, { from, to }: ReportInput['days'], madeAt: number): string[] {
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
  return without.length === 0 ? [] : [`${count(without.length, 'day has', 'days have')} none (${named}${without.length > DAYS_NAMED ? ', …' : ''})`];
}

function unknownSizes(byPrincipal: Answer | undefined): Finding[] {
  const unknown = byPrincipal ? column(byPrincipal, 'reads_of_unknown_size').reduce<number>((total, cell) => total + Number(cell), 0) : 0;
  return byPrincipal === undefined ? [] : [
    evidence('Are the sizes of all reads known?', 'notice', unknown === 0 ? [] : [`${count(unknown, 'read')} of unknown size: every sum of bytes is a least one`]),
  ];
}
