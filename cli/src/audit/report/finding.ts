import type { Severity } from './check';
import type { QueryResult } from '../database/query-result';
import type { AuditSettings } from '../database/settings';
import type { NamedQuery } from '../queries/queries';
import type { Days } from '../reader/days';
import type { TallyCounts } from '../reader/tally';

/** What a report is generated from. */
export interface ReportInput {
  readonly days: Days;
  readonly queries: readonly NamedQuery[];
  /** The results by query name. */
  readonly answers: ReadonlyMap<string, QueryResult>;
  /** What the logs have, by day: the result of `log-coverage`, which is run even if it was not requested. */
  readonly coverage?: QueryResult;
  readonly read: TallyCounts;
  readonly settings: AuditSettings;
  /** Where the evidence was read from: the options and their values as given. */
  readonly sources: readonly { readonly option: string; readonly place: string }[];
  /** The model or version that the results are limited to, if any. */
  readonly of?: string;
  /** Milliseconds since 1970. */
  readonly madeAt: number;
  /** The version of this command. */
  readonly version: string;
}

/** The outcome of a check. */
export interface Finding {
  /** The query of the check; undefined for a check of the evidence itself. */
  readonly query?: string;
  readonly title: string;
  readonly severity: Severity;
  /** `nothing` only where the evidence would have shown it; otherwise `unknown`. */
  readonly state: 'found' | 'nothing' | 'unknown';
  /** The number of rows, or of problems with the evidence. */
  readonly count: number;
  readonly sentence: string;
  /** The distinct principals concerned, in the order of the result. */
  readonly principals: readonly string[];
  readonly caveat?: string;
}
