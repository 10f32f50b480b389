import { type Days, dayAfter } from '../reader/days';

/** The views and tables that queries read. */
export type AuditRelation =
  'egress_events' | 'habitual_reads' | 'trail_events' | 'session_chains' | 'access_log_requests' | 'audit_settings'
  | 'perimeter_networks';

/** Kinds of records, by the column of `log-coverage` that counts them. */
export type Evidence =
  'trail_records' | 'object_reads' | 'object_writes' | 'evidence_reads' | 'management_changes' | 'sessions_opened'
  | 'invocations' | 'access_log_lines';

export interface QueryNeeds {
  readonly reads: readonly AuditRelation[];
  /** Without records of each of these kinds, no rows do not mean that there was nothing to find. */
  readonly evidence: readonly Evidence[];
  /** How many days before the requested ones it reads, for comparison. */
  readonly earlierDays?: number | 'all';
  readonly laterDays?: number;
  /** Whether it is too long for a report, which then does not run it. */
  readonly notInReports?: boolean;
}

/** What each query reads. Tests run each query with nothing else in the database. */
export const QUERY_NEEDS: { readonly [query: string]: QueryNeeds } = {
  activity: {
    reads: ['egress_events', 'trail_events', 'audit_settings'],
    evidence: ['object_reads', 'object_writes', 'management_changes'],
    notInReports: true,
  },
  'alias-moves': {
    reads: ['egress_events', 'audit_settings'],
    evidence: ['object_writes'],
    earlierDays: 'all',
  },
  'auditor-model-reads': { reads: ['egress_events', 'audit_settings'], evidence: ['object_reads'] },
  'auditor-reads': { reads: ['egress_events', 'audit_settings'], evidence: ['object_reads'] },
  'bulk-egress-by-new-principals': {
    reads: ['habitual_reads', 'audit_settings'],
    evidence: ['object_reads'],
    earlierDays: 28,
  },
  'canary-reads': { reads: ['egress_events', 'audit_settings'], evidence: ['object_reads'] },
  'conflicting-records': { reads: ['trail_events'], evidence: ['trail_records'] },
  'contradicting-logs': {
    reads: ['egress_events', 'access_log_requests'], evidence: ['access_log_lines'], earlierDays: 1, laterDays: 1,
  },
  'copies-to-other-buckets': { reads: ['egress_events'], evidence: ['object_writes'] },
  custody: { reads: ['egress_events', 'audit_settings'], evidence: ['object_reads', 'object_writes'] },
  deletions: { reads: ['trail_events', 'audit_settings'], evidence: ['object_writes', 'management_changes'] },
  'denied-requests': {
    reads: ['trail_events', 'access_log_requests', 'audit_settings'],
    evidence: ['object_reads'],
    earlierDays: 1, laterDays: 1,
  },
  'direct-invocations': { reads: ['trail_events', 'audit_settings'], evidence: ['invocations'] },
  'direct-reads': { reads: ['egress_events', 'audit_settings'], evidence: ['object_reads'] },
  'direct-role-elsewhere': {
    reads: ['egress_events', 'audit_settings'],
    evidence: ['object_reads'],
    earlierDays: 30,
  },
  'direct-writes': { reads: ['trail_events', 'audit_settings'], evidence: ['object_writes'] },
  'egress-by-day': { reads: ['egress_events'], evidence: ['object_reads'] },
  'egress-by-model': { reads: ['egress_events'], evidence: ['object_reads'] },
  'egress-by-network': {
    reads: ['egress_events', 'audit_settings', 'perimeter_networks'],
    evidence: ['object_reads'],
  },
  'egress-by-principal': { reads: ['egress_events'], evidence: ['object_reads'] },
  'egress-by-requester': { reads: ['access_log_requests', 'audit_settings'], evidence: ['access_log_lines'] },
  'egress-outside-perimeter': {
    reads: ['egress_events', 'audit_settings', 'perimeter_networks'],
    evidence: ['object_reads'],
  },
  'evidence-reads': { reads: ['egress_events', 'audit_settings'], evidence: ['evidence_reads'] },
  'file-count-anomalies': { reads: ['habitual_reads', 'audit_settings'], evidence: ['object_reads'], earlierDays: 28 },
  'first-time-readers': { reads: ['egress_events'], evidence: ['object_reads'], earlierDays: 'all' },
  'log-coverage': { reads: ['trail_events', 'access_log_requests', 'audit_settings'], evidence: [] },
  'long-lived-presigned-urls': { reads: ['egress_events', 'audit_settings'], evidence: ['object_reads'] },
  'many-new-models': { reads: ['habitual_reads', 'audit_settings'], evidence: ['object_reads'], earlierDays: 'all' },
  'misnamed-sessions': { reads: ['session_chains', 'audit_settings'], evidence: ['sessions_opened'] },
  'new-networks': {
    reads: ['egress_events', 'audit_settings', 'perimeter_networks'],
    evidence: ['object_reads'],
    earlierDays: 'all',
  },
  'object-enumeration': { reads: ['egress_events', 'audit_settings'], evidence: ['object_reads'] },
  'off-hours-bulk-egress': { reads: ['habitual_reads', 'audit_settings'], evidence: ['object_reads'] },
  'other-requests': { reads: ['trail_events', 'audit_settings'], evidence: ['trail_records'] },
  'paths-out': { reads: ['trail_events', 'audit_settings'], evidence: ['management_changes'] },
  'presigned-url-from-other-address': {
    reads: ['egress_events', 'audit_settings', 'perimeter_networks'],
    evidence: ['object_reads'],
  },
  'protection-changes': { reads: ['trail_events', 'audit_settings'], evidence: ['management_changes'] },
  'read-then-delete': {
    reads: ['egress_events', 'trail_events', 'audit_settings'],
    evidence: ['object_reads', 'object_writes', 'management_changes'],
    earlierDays: 1,
  },
  reconciliation: {
    reads: ['egress_events', 'access_log_requests', 'audit_settings'],
    evidence: ['access_log_lines'],
    earlierDays: 1, laterDays: 1,
  },
  'repeated-denials': { reads: ['egress_events', 'audit_settings'], evidence: ['object_reads'] },
  'replication-changes': { reads: ['trail_events', 'audit_settings'], evidence: ['management_changes'] },
  'reused-presigned-urls': { reads: ['egress_events', 'access_log_requests'], evidence: ['object_reads'] },
  'two-places': {
    reads: ['egress_events', 'audit_settings', 'perimeter_networks'],
    evidence: ['object_reads'],
  },
  'unexpected-role-assumption': {
    reads: ['egress_events', 'session_chains', 'audit_settings'],
    evidence: ['object_reads', 'sessions_opened'],
  },
  'unnamed-sessions': { reads: ['egress_events', 'trail_events', 'audit_settings'], evidence: ['object_reads'] },
  'unsigned-versions': { reads: ['egress_events'], evidence: ['object_writes'], earlierDays: 1, laterDays: 1 },
  'unused-presigned-urls': {
    reads: ['egress_events', 'trail_events', 'audit_settings'],
    evidence: ['object_reads', 'sessions_opened'],
    laterDays: 1,
  },
  'unusual-user-agents': {
    reads: ['egress_events', 'audit_settings'],
    evidence: ['object_reads'],
    earlierDays: 28,
  },
  'volume-anomalies': { reads: ['habitual_reads', 'audit_settings'], evidence: ['object_reads'], earlierDays: 28 },
  'weekly-volume-anomalies': {
    reads: ['habitual_reads', 'audit_settings'],
    evidence: ['object_reads'],
    earlierDays: 27,
  },
};

/** Sessions span midnight, so the records of who opened one may be in the logs of the day before or after. */
const SESSION_DAYS = 1;

/** The range of days whose logs these queries need. */
export function daysToRead(queries: readonly QueryNeeds[], { from, to }: Days): Days {
  const before = Math.max(...queries.map(({ earlierDays = 0 }) => (earlierDays === 'all' ? Infinity : earlierDays)));
  const after = Math.max(...queries.map(({ laterDays = 0 }) => laterDays));
  return {
    from: before === Infinity ? '0000-00-00' : dayAfter(from, -before - SESSION_DAYS),
    to: dayAfter(to, after + SESSION_DAYS),
  };
}
