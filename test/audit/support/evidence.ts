import * as fs from 'node:fs';
import * as path from 'node:path';
import { ACCESS_LOG_FIELDS, accessLogFields } from '../../../src/contract/access-log-line';
import { dayParameters } from '../../../src/contract/audit-questions';
import {
  AUDIT_SETTING_COLUMNS, PERIMETER_NETWORK_COLUMNS, TRAIL_RECORD_FIELDS,
} from '../../../src/contract/egress-events';
import { runOnDuckDb, type QueryResult, type Table } from '../../tools/audit-sql';

export const AUDIT_FOLDER = path.join(__dirname, '..', '..', '..', 'src', 'audit');
export const QUERIES_FOLDER = path.join(AUDIT_FOLDER, 'queries');

export const QUERY_NAMES: readonly string[] = fs.readdirSync(QUERIES_FOLDER).filter((file) => file.endsWith('.sql'))
  .map((file) => path.basename(file, '.sql')).sort();

export function queryText(name: string): string {
  return fs.readFileSync(path.join(QUERIES_FOLDER, `${name}.sql`), 'utf8');
}

export type Row = { readonly [column: string]: unknown };

/** CloudTrail records, lines of access logs, and the settings of the deployed store. */
export interface Evidence {
  readonly records?: readonly Row[];
  readonly lines?: readonly string[];
  readonly settings?: Row;
  /** First and last key of each network of the perimeter. */
  readonly networks?: readonly (readonly [string, string])[];
}

/** The default settings of a store, as `EgressAnalytics` generates them. */
export const SETTINGS: Row = {
  artifact_bucket: 'artifacts',
  log_buckets: 'trail-logs,access-logs',
  session_role_arns: 'arn:aws:iam::111122223333:role/UploadSession,arn:aws:iam::111122223333:role/DownloadSession',
  auditor_role_arns: 'arn:aws:iam::111122223333:role/Auditor',
  function_role_arns: 'arn:aws:iam::111122223333:role/UploadFunction,arn:aws:iam::111122223333:role/DownloadFunction',
  direct_role_arns: 'arn:aws:iam::111122223333:role/Training',
  deployment_role_arns: 'arn:aws:iam::111122223333:role/Deployment',
  watched_resources: 'models-trail,1234abcd-12ab-34cd-56ef-1234567890ab,DownloadSession,models-download,/aws/cloudtrail/models,models_audit,models-questions,api0123456,eu-central-1_Pool01',
  caller_role_arns: 'arn:aws:iam::111122223333:role/DataScientist,arn:aws:iam::111122223333:role/Auditor',
  invoking_service: 'apigateway.amazonaws.com',
  watched_prefix: 'ModelStore-',
  canary_models: 'payments-fraud-v2',
  perimeter_vpc_endpoints: 'vpce-0123456789abcdef0',
  bulk_egress_bytes: 1000,
  median_factor: 5,
  median_floor_bytes: 100,
  median_floor_objects: 10,
  week_factor: 2,
  many_new_models: 3,
  link_seconds: 3600,
  repeated_denials: 3,
  business_days: '12345',
  business_start_hour: 7,
  business_end_hour: 20,
  utc_offset_minutes: 0,
  custody_model: null,
  custody_version: null,
};

function table(columns: readonly { readonly name: string; readonly type: string }[], rows: readonly Row[]): Table {
  return {
    columns: columns.map(({ name, type }) => [name, type] as const),
    rows: rows.map((row) => columns.map(({ name, type }) => {
      const value = row[name];
      if (value === undefined || value === null) return null;
      return type === 'json' ? JSON.stringify(value) : type === 'varchar' ? String(value) : value;
    })),
  };
}

/** The day of a record or line without a time, as every row has a day in Athena. */
export const ANY_DAY = '2026-03-02';

/** The day under which a line is delivered. */
export function dayOfLine(line: string): string {
  const [, day, month, year] = /\[(\d\d)\/(\w{3})\/(\d{4}):/.exec(line) ?? [];
  return day === undefined ? ANY_DAY : new Date(`${day} ${month} ${year} 00:00:00 UTC`).toISOString().slice(0, 10);
}

export function tablesOf(evidence: Evidence): { readonly [name: string]: Table } {
  return {
    trail_records: table([...TRAIL_RECORD_FIELDS, { name: 'delivery_day', type: 'varchar' }], evidence.records ?? []),
    access_log_records: {
      columns: [...ACCESS_LOG_FIELDS, 'delivery_day'].map((field) => [field, 'varchar'] as const),
      rows: (evidence.lines ?? []).map((line) => {
        const fields = accessLogFields(line) ?? ACCESS_LOG_FIELDS.map(() => undefined);
        return [...fields.map((value) => value ?? null), dayOfLine(line)];
      }),
    },
    audit_settings: table(AUDIT_SETTING_COLUMNS, [{ ...SETTINGS, ...evidence.settings }]),
    perimeter_networks: {
      columns: PERIMETER_NETWORK_COLUMNS.map(({ name, type }) => [name, type] as const), rows: evidence.networks ?? [],
    },
  };
}

/** The SQL of the views, with those that both engines share. */
export function viewsOf(engine: 'athena' | 'duckdb'): string {
  return [engine, 'shared'].map((name) => fs.readFileSync(path.join(AUDIT_FOLDER, 'views', `${name}.sql`), 'utf8')).join('\n');
}

export const DUCKDB_VIEWS = viewsOf('duckdb');

export interface Statement {
  readonly sql: string;
  readonly parameters?: readonly unknown[];
}

/** Runs statements on the evidence and returns their results. */
export type Ask = (evidence: Evidence, statements: readonly Statement[]) => Promise<QueryResult[]>;

/** Runs statements only on DuckDB. */
export const onDuckDb: Ask = (evidence, statements) => runOnDuckDb(DUCKDB_VIEWS, tablesOf(evidence), statements);

let askWith: Ask = onDuckDb;

/**
 * Replaces how statements are run. `test/engines/trino` also runs every test here on Trino and compares the results.
 */
export function askBy(ask: Ask): void {
  askWith = ask;
}

/** Runs statements on the evidence, on every engine of this test run. */
export const ask: Ask = (evidence, statements) => askWith(evidence, statements);

/** Runs any SQL on the evidence. */
export async function select(
  evidence: Evidence, sql: string, parameters: readonly unknown[] = [],
): Promise<QueryResult> {
  const [result] = await ask(evidence, [{ sql, parameters }]);
  return result;
}

/** Returns the result of a named query for these days. */
export async function answerOf(
  name: string, evidence: Evidence, firstDay: string, lastDay: string,
): Promise<readonly Row[]> {
  return (await select(evidence, queryText(name), dayParameters(queryText(name), firstDay, lastDay))).rows;
}
