import { type Check, plainSentence } from './check';
import type { Circumstances } from './circumstances';
import { notChecked } from './coverage';
import { evidenceFindings } from './evidence-findings';
import { SEVERITIES } from './fail-on';
import { column, distinct, nameOf, sum } from './figures';
import type { Finding, ReportInput } from './finding';
import { GRAVE_CHECKS } from './grave-checks';
import { guidanceFor } from './guidance';
import { noTrail } from './not-checked';
import { UNUSUAL_CHECKS } from './unusual-checks';
import type { QueryResult } from '../database/query-result';
import type { Evidence } from '../queries/needs';
import { COVERAGE_QUERY, type NamedQuery } from '../queries/queries';

/** All checks, in the order in which findings of the same severity are listed. */
export const CHECKS: readonly Check[] = [...GRAVE_CHECKS, ...UNUSUAL_CHECKS];

/** Queries that list what happened. Their rows are not findings. */
export const REFERENCES: readonly string[] = [
  'activity', 'auditor-reads', 'custody', 'denied-requests',
  'egress-by-day', 'egress-by-model', 'egress-by-network', 'egress-by-principal', 'egress-by-requester',
  'other-requests', COVERAGE_QUERY,
];

export interface Totals {
  readonly bytesOut: bigint;
  readonly reads: bigint;
  readonly readsOfUnknownSize: bigint;
  readonly principals: number;
  readonly models?: number;
  readonly addresses?: number;
}

export interface Report extends ReportInput {
  /** Findings first, by severity; then checks that were not possible; then checks without findings. */
  readonly findings: readonly Finding[];
  readonly totals?: Totals;
}

const STATES: readonly Finding['state'][] = ['found', 'unknown', 'nothing'];

export function makeReport(input: ReportInput): Report {
  const { answers, coverage, queries } = input;
  const known = circumstances(input);
  const checked = checksOf(queries).map(({ check, title, evidence }): Finding => {
    const answer = answers.get(check.query)!;
    const found = check.rows?.(answer) ?? answer;
    const unknown = noTrail(known) ?? check.unknown?.(known, answer)
      ?? (found.rows.length === 0 && coverage ? notChecked(evidence, coverage, input.settings) : undefined);
    const state = unknown !== undefined ? 'unknown' : found.rows.length > 0 ? 'found' : 'nothing';
    const guidance = guidanceFor(check.query);
    return {
      id: check.query,
      query: check.query,
      title,
      severity: state === 'found' ? check.severityOf?.(found) ?? check.severity : check.severity,
      state,
      count: state === 'found' ? found.rows.length : 0,
      sentence: state === 'found' ? (check.sentence ?? plainSentence)(found, known)
        : unknown?.reason ?? guidance?.nothing ?? `Nothing found: ${title}`,
      principals: state === 'found' ? principalsOf(found) : [],
      caveat: check.caveat?.(known, answer),
      ...(state === 'found' && { guidance }),
      remedy: unknown?.remedy,
    };
  });
  const findings = [...evidenceFindings(input), ...checked];
  const rank = ({ state, severity }: Finding) =>
    STATES.indexOf(state) * SEVERITIES.length + (state === 'nothing' ? 0 : SEVERITIES.indexOf(severity));
  return { ...input, findings: findings.sort((a, b) => rank(a) - rank(b)), totals: totalsOf(answers) };
}

/** The checks to make. A query without a separate check counts as a finding, too. */
function checksOf(
  queries: readonly NamedQuery[],
): { readonly check: Check; readonly title: string; readonly evidence: readonly Evidence[] }[] {
  const order = CHECKS.map(({ query }) => query);
  const place = ({ query }: Check) => (order.includes(query) ? order.indexOf(query) : order.length);
  return queries.filter(({ name }) => !REFERENCES.includes(name))
    .map(({ name, title, needs }) => {
      const check = CHECKS.find(({ query }) => query === name) ?? { query: name, severity: 'medium' as const };
      return { check, title, evidence: needs.evidence };
    })
    .sort((a, b) => place(a.check) - place(b.check));
}

function principalsOf(found: QueryResult): string[] {
  return found.columns.some(({ name }) => name === 'principal')
    ? [...new Set(column(found, 'principal').map(nameOf))] : [];
}

function circumstances({ answers, coverage, days, read, settings }: ReportInput): Circumstances {
  return {
    settings,
    trailRecords: read.records,
    accessLogLines: read.accessLogLines,
    managementEvents: coverage && Number(sum(coverage, 'management_events')),
    principals: answers.get('egress-by-principal')?.rows.length,
    newPrincipals: answers.get('first-time-readers')?.rows.length,
    firstDay: days.from,
  };
}

function totalsOf(answers: ReadonlyMap<string, QueryResult>): Totals | undefined {
  const byPrincipal = answers.get('egress-by-principal');
  if (!byPrincipal) {
    return undefined;
  }
  const [byModel, byNetwork] = [answers.get('egress-by-model'), answers.get('egress-by-network')];
  return {
    bytesOut: sum(byPrincipal, 'bytes_out'),
    reads: sum(byPrincipal, 'reads'),
    readsOfUnknownSize: sum(byPrincipal, 'reads_of_unknown_size'),
    principals: byPrincipal.rows.length,
    models: byModel && distinct(byModel, 'model'),
    addresses: byNetwork && distinct(byNetwork, 'source_ip'),
  };
}
