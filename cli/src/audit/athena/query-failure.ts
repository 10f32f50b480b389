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
    hint: 'The workgroup ends a query that reads more than its limit: ask for fewer days, or raise the property audit.analytics.scanLimit of the store.',
  },
  {
    reason: /access ?denied|insufficient permissions|not authorized/i, exitCode: EXIT.FORBIDDEN,
    hint: 'Athena reads the logs in your name: take on the auditor role of the store, or another that grantAudit() allowed to read the evidence.',
  },
  {
    reason: /COLUMN_NOT_FOUND|TABLE_NOT_FOUND|INVALID_VIEW|SCHEMA_NOT_FOUND|FUNCTION_NOT_FOUND|VIEW_IS_STALE/, exitCode: EXIT.FAILURE,
    hint: 'The SQL comes with this command, the views with the store: install the version of model-store that belongs to the version of the store.',
  },
  {
    reason: /exhausted resources|timeout|timed out/i, exitCode: EXIT.FAILURE,
    hint: 'Ask for fewer days.',
  },
];

/** Why a query failed, as Athena says it, and what can be done about it. */
export function queryFailure(id: string, { StateChangeReason: reason, AthenaError: error }: QueryExecutionStatus, requestId?: string): Failure {
  const why = reason ?? error?.ErrorMessage ?? 'Athena does not say why';
  const known = KNOWN.find((each) => each.reason.test(why));
  return new Failure(`the query failed in Athena: ${why}`, {
    code: 'query_failed',
    exitCode: known?.exitCode ?? (error?.Retryable === true ? EXIT.UNAVAILABLE : EXIT.FAILURE),
    details: [{ field: 'query execution', message: id }],
    hint: known?.hint ?? (error?.Retryable === true ? 'Athena says that the same query may succeed when it is asked again.' : undefined),
    requestId,
  });
}
