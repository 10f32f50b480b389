import { AuditCache } from './cache/cache-place';
import { type AskedSettings, readSettings, settingsOf } from './database/settings';
import { COVERAGE_QUERY, type NamedQuery, requireQuery } from './queries/queries';
import { readSummary } from './queries/render';
import { auditAll } from './queries/run-queries';
import type { Days } from './reader/days';
import type { EvidenceFile } from './reader/file-digests';
import { Tally, type TallyCounts } from './reader/tally';
import type { AboutReport } from './report/finding';
import { type Destinations, type MadeReport, prepareReport } from './report/make-report';
import { logsOf } from './sources/logs-of';
import { visibleText } from '../../../src/contract/visible-text';
import type { Environment } from '../runtime/environment';
import type { Progress } from '../runtime/progress';

export interface LogAuditContext {
  readonly environment: Environment;
  readonly options: {
    readonly store?: string;
    readonly region?: string;
    readonly json?: boolean;
    readonly quiet?: boolean;
  };
  readonly progress: Progress;
}

/** Where the evidence is, and how to read it. */
export interface EvidenceOptions {
  readonly logs?: string;
  readonly accessLogs?: string;
  readonly settings?: string;
  /** Whether to keep what is read of the logs, so that the next audit reads only new files. */
  readonly cache?: boolean;
}

export interface LogAudit extends EvidenceOptions, Destinations {
  readonly queries: readonly NamedQuery[];
  readonly days: Days;
  readonly about?: AboutReport;
  /** The model, person, address or file that the results are limited to. */
  readonly of?: { readonly text: string; readonly asked: AskedSettings };
}

export interface AuditedLogs extends MadeReport {
  readonly read: TallyCounts;
}

/** Reads the logs, runs the queries on them with DuckDB, evaluates the results and writes the page if requested. */
export async function auditLogs(context: LogAuditContext, audit: LogAudit): Promise<AuditedLogs> {
  const { environment, options: { json, quiet, region } } = context;
  const { queries, days, of, about } = audit;
  const ofFile = audit.settings === undefined ? {} : await readSettings(audit.settings);
  const { sources, store, description } = await logsOf(context, audit);
  const settings = settingsOf({ ...description?.settings, ...ofFile }, of?.asked);
  const report = await prepareReport({ environment, quiet: Boolean(json || quiet) }, audit);
  let read = new Tally().counts();
  let files: readonly EvidenceFile[] = [];
  const all = await auditAll(context, {
    queries: queries.some(({ name }) => name === COVERAGE_QUERY) ? queries : [...queries, requireQuery(COVERAGE_QUERY)],
    sources, days, settings, digests: audit.html !== undefined || audit.export !== undefined,
    cache: audit.cache ? await AuditCache.of(environment, sources) : undefined,
    onRead: (tally, readFiles) => {
      read = tally.counts();
      files = readFiles;
      // Printed even with --quiet: a result is only as good as the evidence behind it.
      const lines = json ? [JSON.stringify({ read })] : readSummary(tally).map(visibleText);
      environment.stderr.write(lines.map((line) => `${line}\n`).join(''));
    },
  });
  const given = {
    '--store': store, '--region': region,
    '--logs': audit.logs, '--access-logs': audit.accessLogs, '--settings': audit.settings,
  };
  const coverage = all.get(COVERAGE_QUERY)!;
  const answers = new Map(queries.map(({ name }) => [name, all.get(name)!]));
  const made = await report({
    days, queries, answers, coverage, read, settings, of: of?.text, files, about,
    sources: Object.entries(given).flatMap(([option, place]) => (place === undefined ? [] : [{ option, place }])),
  });
  return { ...made, read };
}
