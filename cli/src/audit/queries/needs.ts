import { type Days, dayAfter } from '../reader/days';

/** The views and tables that queries read. */
export type AuditRelation =
  'egress_events' | 'trail_events' | 'session_chains' | 'access_log_requests' | 'audit_settings'
  | 'perimeter_networks';

export interface QueryNeeds {
  readonly reads: readonly AuditRelation[];
  /** How many days before the requested ones it reads, for comparison. */
  readonly earlierDays?: number | 'all';
  readonly laterDays?: number;
}

/** What each query reads. Tests run each query with nothing else in the database. */
export const QUERY_NEEDS: { readonly [query: string]: QueryNeeds } = {
  'auditor-model-reads': { reads: ['egress_events', 'audit_settings'] },
  'auditor-reads': { reads: ['egress_events', 'audit_settings'] },
  'bulk-egress-by-new-principals': { reads: ['egress_events', 'audit_settings'], earlierDays: 28 },
  'copies-to-other-buckets': { reads: ['egress_events'] },
  custody: { reads: ['egress_events', 'audit_settings'] },
  deletions: { reads: ['trail_events', 'audit_settings'] },
  'direct-invocations': { reads: ['trail_events', 'audit_settings'] },
  'direct-reads': { reads: ['egress_events', 'audit_settings'] },
  'direct-writes': { reads: ['trail_events', 'audit_settings'] },
  'egress-by-day': { reads: ['egress_events'] },
  'egress-by-model': { reads: ['egress_events'] },
  'egress-by-network': { reads: ['egress_events', 'audit_settings', 'perimeter_networks'] },
  'egress-by-principal': { reads: ['egress_events'] },
  'egress-outside-perimeter': { reads: ['egress_events', 'audit_settings', 'perimeter_networks'] },
  'file-count-anomalies': { reads: ['egress_events', 'audit_settings'], earlierDays: 28 },
  'first-time-readers': { reads: ['egress_events'], earlierDays: 'all' },
  'log-coverage': { reads: ['trail_events', 'access_log_requests'] },
  'long-lived-presigned-urls': { reads: ['egress_events', 'audit_settings'] },
  'many-new-models': { reads: ['egress_events', 'audit_settings'], earlierDays: 'all' },
  'misnamed-sessions': { reads: ['session_chains', 'audit_settings'] },
  'new-networks': { reads: ['egress_events', 'audit_settings', 'perimeter_networks'], earlierDays: 'all' },
  'off-hours-bulk-egress': { reads: ['egress_events', 'audit_settings'] },
  'presigned-url-from-other-address': { reads: ['egress_events', 'audit_settings', 'perimeter_networks'] },
  'protection-changes': { reads: ['trail_events', 'audit_settings'] },
  reconciliation: { reads: ['egress_events', 'access_log_requests', 'audit_settings'], earlierDays: 1, laterDays: 1 },
  'repeated-denials': { reads: ['egress_events', 'audit_settings'] },
  'replication-changes': { reads: ['trail_events', 'audit_settings'] },
  'unexpected-role-assumption': { reads: ['egress_events', 'session_chains', 'audit_settings'] },
  'unnamed-sessions': { reads: ['egress_events', 'trail_events', 'audit_settings'] },
  'unsigned-versions': { reads: ['egress_events'], earlierDays: 1, laterDays: 1 },
  'volume-anomalies': { reads: ['egress_events', 'audit_settings'], earlierDays: 28 },
  'weekly-volume-anomalies': { reads: ['egress_events', 'audit_settings'], earlierDays: 27 },
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
