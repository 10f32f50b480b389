import { bytes, count, countWhere, distinct, largest, nameOf, sum } from './figures';
import type { Answer } from '../database/engine';
import type { AuditSettings } from '../database/settings';

/** How soon somebody should look at what was found. */
export type Severity = 'high' | 'medium' | 'notice';

/** What is known besides the answer to the question itself. */
export interface Circumstances {
  readonly settings: AuditSettings;
  readonly trailRecords: number;
  readonly accessLogLines: number;
  /** Undefined if it was not asked. */
  readonly managementEvents?: number;
  readonly principals?: number;
  /** How many of the principals were seen for the first time; undefined if it was not asked. */
  readonly newPrincipals?: number;
  readonly firstDay: string;
}

/** A named query whose every row is worth a look. */
export interface Check {
  readonly question: string;
  readonly severity: Severity;
  /** Where not all that may be found weighs the same. */
  readonly severityOf?: (found: Answer) => Severity;
  /** Why the answer, whatever it is, says nothing. */
  readonly unknown?: (circumstances: Circumstances, answer: Answer) => string | undefined;
  /** Which rows are worth a look; all of them by default. */
  readonly rows?: (answer: Answer) => Answer;
  /** What was found, in one sentence, of at least one row; by default how many rows, of whom, and how many bytes. */
  readonly sentence?: (found: Answer, circumstances: Circumstances) => string;
  /** What limits the answer. */
  readonly caveat?: (circumstances: Circumstances, answer: Answer) => string | undefined;
}

export const principals = (answer: Answer) => count(distinct(answer, 'principal'), 'principal');
export const reads = (answer: Answer) => `${bytes(sum(answer, 'bytes_out'))} in ${count(sum(answer, 'reads'), 'read')}`;

export function most(answer: Answer): string {
  const top = largest(answer, 'bytes_out');
  return answer.rows.length === 1 ? '' : `; the most by ${nameOf(top('principal'))}, ${bytes(top('bytes_out'))}`;
}

/** For questions whose rows speak for themselves. */
export function plainSentence(found: Answer): string {
  const has = (name: string) => found.columns.some((each) => each.name === name);
  return [
    `${count(found.rows.length, 'row')}${has('principal') ? `, of ${principals(found)}` : ''}`,
    ...(has('bytes_out') ? [`: ${bytes(sum(found, 'bytes_out'))}`] : []),
    ...(has('bytes_out') && has('principal') ? [most(found)] : []),
  ].join('');
}

export const noTrail = ({ trailRecords }: Circumstances) => (trailRecords === 0 ? 'No record of a trail was read' : undefined);

export const USUAL = 'Usual is the median of a principal\'s own days with reads among the 28 before';

export const NO_MANAGEMENT_EVENTS = 'The trail holds no management events of these days';
export const WITHOUT_MANAGEMENT_EVENTS = `${NO_MANAGEMENT_EVENTS}, and it is these that would tell`;

export const noAuditors = (known: Circumstances) => noTrail(known) ?? (known.settings.row.auditor_role_arns ? undefined
  : 'The settings name no roles of auditors (auditor_role_arns)');

/** What is new is only known where something is old. */
export const noHistory = (known: Circumstances) => noTrail(known) ?? (known.newPrincipals !== undefined && known.newPrincipals > 0
  && known.newPrincipals === known.principals
  ? `Nobody who read in these days had read before ${known.firstDay} in the logs that were read, so nothing can be told from what is usual` : undefined);

/** How many succeeded and how many did not. */
export function outcomes(answer: Answer): string {
  const total = (result: string) => countWhere(answer, 'result', (cell) => cell === result);
  const [succeeded, denied] = [total('ok'), total('denied')];
  const failed = answer.rows.length - succeeded - denied;
  return [
    `${succeeded.toLocaleString('en-US')} succeeded`, `${denied.toLocaleString('en-US')} denied`,
    ...(failed > 0 ? [`${failed.toLocaleString('en-US')} failed`] : []),
  ].join(', ');
}
