import { column, count, sum } from './figures';
import { NO_ACCESS_LOGS, type NotChecked } from './not-checked';
import type { Cell, QueryResult } from '../database/query-result';
import type { AuditSettings } from '../database/settings';
import type { Evidence } from '../queries/needs';

const WHAT: { readonly [kind in Evidence]: string } = {
  trail_records: 'records',
  object_reads: 'object reads',
  object_writes: 'object writes',
  evidence_reads: 'reads of the log archive',
  management_changes: 'management events that change something',
  sessions_opened: 'records of opened sessions (such as AssumeRole)',
  invocations: 'function invocations',
  access_log_lines: 'S3 access logs',
};

/** What shows what a trail records. */
const SEE_SELECTORS = {
  text: 'See what the trail records, and use the logs of a trail that records this',
  example: 'aws cloudtrail get-event-selectors --trail-name TRAIL',
};

const ONLY_ACCESS_LOGS: NotChecked = {
  reason: 'Only S3 access logs were read, which name sessions but not people, and no trail records',
  remedy: {
    text: 'Pass the CloudTrail logs with --logs PLACE. To see what the access logs alone show',
    example: 'model-store audit query egress-by-requester --access-logs PLACE',
  },
};

/** How many requests for objects are for other buckets than the one in the settings, and one of those buckets. */
export interface OtherBuckets {
  readonly requests: bigint;
  readonly example: Cell;
}

export function otherBuckets(coverage: QueryResult): OtherBuckets {
  return {
    requests: sum(coverage, 'requests_to_other_buckets'),
    example: column(coverage, 'one_other_bucket').find((bucket) => bucket !== null) ?? null,
  };
}

/** Why a query without rows does not mean that there was nothing to find; undefined if it does. */
export function notChecked(
  evidence: readonly Evidence[], coverage: QueryResult, { row: { artifact_bucket: bucket } }: AuditSettings,
): NotChecked | undefined {
  const missing = evidence.filter((kind) => sum(coverage, kind) === 0n);
  if (missing.length === 0) {
    return undefined;
  }
  const ofObjects = (kind: Evidence) => kind === 'object_reads' || kind === 'object_writes';
  const other = otherBuckets(coverage);
  if (missing.some(ofObjects) && other.requests > 0n && !isAbout(coverage)) {
    return {
      reason: `No record is about the artifact bucket "${bucket}", but ${count(other.requests, 'request')} are for `
        + `other buckets, such as "${other.example}"`,
      remedy: {
        text: 'Correct artifact_bucket in the settings file (--settings FILE), or read the logs of this bucket',
        example: JSON.stringify({ artifact_bucket: other.example }),
      },
    };
  }
  if (missing.includes('access_log_lines')) {
    return NO_ACCESS_LOGS;
  }
  if (sum(coverage, 'trail_records') === 0n && sum(coverage, 'access_log_lines') > 0n) {
    return ONLY_ACCESS_LOGS;
  }
  const what = missing.map((kind) => WHAT[kind]).join(' and no ');
  return {
    reason: `The trail has no ${what} for these days: there were none, or it does not record them`,
    remedy: SEE_SELECTORS,
  };
}

/** Whether any record is about an object in the artifact bucket. */
function isAbout(coverage: QueryResult): boolean {
  return sum(coverage, 'object_reads') + sum(coverage, 'object_writes') > 0n;
}
