import type { AuditSettings } from '../database/settings';

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
