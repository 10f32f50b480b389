import { bytes, count, countWhere, distinct, largest, nameOf, sum } from './figures';
import type { QueryResult } from '../database/query-result';
import type { AuditSettings } from '../database/settings';

/** How urgently a finding needs attention. */
export type Severity = 'high' | 'medium' | 'notice';

/** What a check knows in addition to the result of its query. */
export interface Circumstances {
  readonly settings: AuditSettings;
  readonly trailRecords: number;
  readonly accessLogLines: number;
  /** Undefined if the query was not run. */
  readonly managementEvents?: number;
  readonly principals?: number;
  /** How many of the principals were seen for the first time; undefined if the query was not run. */
  readonly newPrincipals?: number;
  readonly firstDay: string;
}

/** A named query of which every row is a finding. */
export interface Check {
  readonly query: string;
  readonly severity: Severity;
  /** The severity by result, where not every finding weighs the same. */
  readonly severityOf?: (found: QueryResult) => Severity;
  /** Why the check is not possible, whatever the query returned. */
  readonly unknown?: (circumstances: Circumstances, answer: QueryResult) => string | undefined;
  /** The rows that are findings. By default, all of them. */
  readonly rows?: (answer: QueryResult) => QueryResult;
  /** Describes at least one finding in one sentence. By default, the number of rows, principals and bytes. */
  readonly sentence?: (found: QueryResult, circumstances: Circumstances) => string;
  /** What limits the result. */
  readonly caveat?: (circumstances: Circumstances, answer: QueryResult) => string | undefined;
}

export const principals = (answer: QueryResult) => count(distinct(answer, 'principal'), 'principal');
export const reads = (answer: QueryResult) =>
  `${bytes(sum(answer, 'bytes_out'))} in ${count(sum(answer, 'reads'), 'read')}`;

export function most(answer: QueryResult): string {
  const top = largest(answer, 'bytes_out');
  return answer.rows.length === 1 ? '' : `; top principal: ${nameOf(top('principal'))} (${bytes(top('bytes_out'))})`;
}

/** The default sentence of a finding. */
export function plainSentence(found: QueryResult): string {
  const has = (name: string) => found.columns.some((each) => each.name === name);
  return [
    `${count(found.rows.length, 'row')}${has('principal') ? ` for ${principals(found)}` : ''}`,
    ...(has('bytes_out') ? [`: ${bytes(sum(found, 'bytes_out'))}`] : []),
    ...(has('bytes_out') && has('principal') ? [most(found)] : []),
  ].join('');
}

export const noTrail = ({ trailRecords }: Circumstances) =>
  (trailRecords === 0 ? 'No trail records were read' : undefined);

export const USUAL = 'The baseline is the median of the principal\'s own days with reads in the previous 28 days';

export const NO_MANAGEMENT_EVENTS = 'The trail has no management events for these days';

export const noAuditors = ({ settings }: Circumstances) => (settings.row.auditor_role_arns ? undefined
  : 'The settings name no auditor roles (auditor_role_arns)');

/** Without earlier logs, everyone is new, and nothing can be called unusual. */
export const noHistory = (known: Circumstances) => {
  const { firstDay, newPrincipals, principals: all } = known;
  const isEveryoneNew = newPrincipals !== undefined && newPrincipals > 0 && newPrincipals === all;
  return isEveryoneNew
    ? `The logs that were read show no reads before ${firstDay} by any of these principals, so there is no baseline`
    : undefined;
};

/** How many requests succeeded, were denied and failed. */
export function outcomes(answer: QueryResult): string {
  const total = (result: string) => countWhere(answer, 'result', (cell) => cell === result);
  const [succeeded, denied] = [total('ok'), total('denied')];
  const failed = answer.rows.length - succeeded - denied;
  return [
    `${succeeded.toLocaleString('en-US')} succeeded`, `${denied.toLocaleString('en-US')} denied`,
    ...(failed > 0 ? [`${failed.toLocaleString('en-US')} failed`] : []),
  ].join(', ');
}
