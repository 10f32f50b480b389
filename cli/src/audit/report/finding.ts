import type { Severity } from './check';
import type { Remedy } from './not-checked';
import type { QueryResult } from '../database/query-result';
import type { AuditSettings } from '../database/settings';
import type { NamedQuery } from '../queries/queries';
import type { Days } from '../reader/days';
import type { EvidenceFile } from '../reader/file-digests';
import type { TallyCounts } from '../reader/tally';

/** What the person who prepares a report says about it. */
export interface AboutReport {
  readonly title?: string;
  readonly caseNumber?: string;
  readonly preparedBy?: string;
}

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
  /** The files that were read, with their digests, if these were requested. */
  readonly files?: readonly EvidenceFile[];
  readonly about?: AboutReport;
  /** Milliseconds since 1970. */
  readonly madeAt: number;
  /** The version of this command. */
  readonly version: string;
}

/** What a reader needs to understand a finding and to act on it. */
export interface Guidance {
  /** What the check says if it finds nothing. */
  readonly nothing: string;
  readonly meaning: string;
  /** What to do. In the texts of the checks, `{name}` stands for a query. */
  readonly action: string;
  /** The entry of the runbook, by its heading. */
  readonly runbook?: string;
}

/** The outcome of a check. */
export interface Finding {
  /** The name of the query, or the ID of a check of the evidence itself. */
  readonly id: string;
  /** The query of the check; undefined for a check of the evidence itself. */
  readonly query?: string;
  /** What the check asks. */
  readonly title: string;
  readonly severity: Severity;
  /** `nothing` only where the evidence would have shown it; otherwise `unknown`. */
  readonly state: 'found' | 'nothing' | 'unknown';
  /** The number of rows, or of problems with the evidence. */
  readonly count: number;
  /** What was found, why the check was not possible, or that nothing was found. */
  readonly sentence: string;
  /** The distinct principals concerned, in the order of the result. */
  readonly principals: readonly string[];
  readonly caveat?: string;
  /** For a finding. */
  readonly guidance?: Guidance;
  /** For a check that was not possible. */
  readonly remedy?: Remedy;
}
