import { billedBytes, costDollars, formatDollars, LIST_PRICE_DOLLARS_PER_TERABYTE } from './cost';
import { runQuery } from './run-query';
import { QueryWatch } from './watch';
import { dayParameters } from '../../../../src/contract/audit-questions';
import { visibleText } from '../../../../src/contract/visible-text';
import type { Environment } from '../../runtime/environment';
import { usageFailure } from '../../runtime/failure';
import { formatBytes, formatSeconds } from '../../runtime/format';
import type { ProgressStyle } from '../../runtime/progress';
import { readAuditDescription, storeNameOf } from '../../store/audit-description';
import type { Cell, QueryResult } from '../database/query-result';
import { type AuditSettings, settingsOf } from '../database/settings';
import type { AuditedModel, NamedQuery } from '../queries/queries';
import type { Days } from '../reader/days';

export interface AthenaContext {
  readonly environment: Environment;
  readonly options: { readonly store?: string; readonly region?: string; readonly json?: boolean };
  readonly progressStyle: ProgressStyle;
}

export interface AthenaAudit {
  readonly query: NamedQuery;
  readonly days: Days;
  readonly of?: AuditedModel;
  /** Without a price, the list price. */
  readonly dollarsPerTerabyte?: number;
}

/** The query execution and its cost, as `--json` prints them. */
export interface AthenaRun {
  readonly queryExecutionId: string;
  readonly workGroup: string;
  readonly database: string;
  readonly region: string;
  readonly scannedBytes: number;
  readonly billedBytes: number;
  readonly milliseconds: number;
  readonly queuedMilliseconds: number;
  readonly dollars: number;
  readonly dollarsPerTerabyte: number;
}

/** Runs a query in the Athena workgroup of a store. */
export async function auditOnAthena(
  { environment, options, progressStyle }: AthenaContext, { query, days, of, dollarsPerTerabyte }: AthenaAudit,
): Promise<{ readonly answer: QueryResult; readonly athena: AthenaRun; readonly settings: AuditSettings }> {
  const storeName = storeNameOf(environment, options);
  if (storeName === undefined) {
    throw usageFailure('no store given', [],
      'Name the store with --store NAME. The query runs in its Athena workgroup and database.');
  }
  const { athena, region, settings } = await readAuditDescription(environment, storeName, options.region);
  const watch = new QueryWatch(progressStyle, environment);
  const say = (line: string, json: object) =>
    environment.stderr.write(options.json ? `${JSON.stringify(json)}\n` : `${visibleText(line)}\n`);
  const { id, scannedBytes, milliseconds, queuedMilliseconds, answer } = await runQuery(environment, {
    athena,
    region,
    query: {
      sql: query.sql, parameters: dayParameters(query.sql, days.from, days.to).map((day) => `'${day}'`),
    },
    onProgress: (progress) => watch.see(progress),
    onStopped: (stopped, failure) => {
      watch.end();
      say(failure ? `the query ${stopped} may still be running in Athena: ${failure.message}`
        : `stopped the query ${stopped} in Athena; the data it scanned is billed`,
      { stopped: failure === undefined, queryExecutionId: stopped, ...(failure && { message: failure.message }) });
    },
  }).finally(() => watch.end());
  const price = dollarsPerTerabyte ?? LIST_PRICE_DOLLARS_PER_TERABYTE;
  const run: AthenaRun = {
    queryExecutionId: id, ...athena, region, scannedBytes, billedBytes: billedBytes(scannedBytes),
    milliseconds, queuedMilliseconds,
    dollars: costDollars(scannedBytes, price), dollarsPerTerabyte: price,
  };
  // Printed even with --quiet, because it costs money.
  say(`Athena scanned ${formatBytes(scannedBytes)} in ${formatSeconds(milliseconds)}: ${formatDollars(run.dollars)}`
    + ` at ${formatDollars(price)} per TB${dollarsPerTerabyte === undefined ? ', the list price' : ''}`
    + ' (10 MB minimum per query; S3 and KMS requests are extra)', { athena: run });
  return { answer: onlyOf(answer, of), athena: run, settings: settingsOf(settings) };
}

/**
 * Keeps the rows of one model or version, because the query in Athena has no parameter for it. A row without a version
 * applies to every version.
 */
function onlyOf(answer: QueryResult, { model, version }: AuditedModel = {}): QueryResult {
  if (model === undefined) {
    return answer;
  }
  const [ofModel, ofVersion] = ['model', 'version']
    .map((name) => answer.columns.findIndex((column) => column.name === name));
  const isOfVersion = (of: Cell) => version === undefined || of === null || of === version;
  const rows = answer.rows.filter((row) => row[ofModel] === model && isOfVersion(row[ofVersion]));
  return { columns: answer.columns, rows };
}
