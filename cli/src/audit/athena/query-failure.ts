import type { QueryExecutionStatus } from '@aws-sdk/client-athena';
import { EXIT, Failure } from '../../runtime/failure';

interface Known {
  readonly reason: RegExp;
  readonly exitCode: number;
  readonly hint: string;
}

/** https://docs.aws.amazon.com/athena/latest/ug/troubleshooting-athena.html */
const KNOWN: readonly Known[] = [
  {
    reason: /bytes scanned limit was exceeded/i, exitCode: EXIT.FAILURE,
    hint: 'The workgroup cancels queries that scan more than its limit. Query fewer days, or raise the property'
      + ' audit.analytics.scanLimit of the store.',
  },
  {
    reason: /access ?denied|insufficient permissions|not authorized/i, exitCode: EXIT.FORBIDDEN,
    hint: 'Athena reads the logs with your permissions. Assume the store\'s auditor role, or a role that was granted'
      + ' access with grantAudit().',
  },
  {
    reason: /COLUMN_NOT_FOUND|TABLE_NOT_FOUND|INVALID_VIEW|SCHEMA_NOT_FOUND|FUNCTION_NOT_FOUND|VIEW_IS_STALE/,
    exitCode: EXIT.FAILURE,
    hint: 'The views are deployed with the store, and the SQL ships with this command. Install the version of'
      + ' model-store that matches the version of the store.',
  },
  {
    reason: /exhausted resources|timeout|timed out/i, exitCode: EXIT.FAILURE,
    hint: 'Query fewer days.',
  },
];

/** Athena's reason for a failed query, with a hint. */
export function queryFailure(
  id: string, { StateChangeReason: reason, AthenaError: error }: QueryExecutionStatus, requestId?: string,
): Failure {
  const why = reason ?? error?.ErrorMessage ?? 'no reason given';
  const known = KNOWN.find((each) => each.reason.test(why));
  return new Failure(`the query failed in Athena: ${why}`, {
    code: 'query_failed',
    exitCode: known?.exitCode ?? (error?.Retryable === true ? EXIT.UNAVAILABLE : EXIT.FAILURE),
    details: [{ field: 'query execution', message: id }],
    hint: known?.hint ?? (error?.Retryable === true ? 'Athena reports that a retry may succeed.' : undefined),
    requestId,
  });
}
