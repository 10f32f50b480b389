import type { QueryResult } from './query-result';

/** The schema of materialized views. */
export const PLACE = 'kept';

export const MAKE_PLACE = `CREATE SCHEMA ${PLACE}`;

/**
 * Columns with fewer distinct texts become enums, which are smaller and faster to join, group and sort than text. With
 * more, queries spend more time on the dictionaries than they save.
 */
const MOST_TEXTS = 20_000;

export type Run = (statement: string) => Promise<QueryResult>;

async function columnsOf(run: Run, relation: string): Promise<{ readonly name: string; readonly type: string }[]> {
  const { rows } = await run(`SELECT column_name, column_type FROM (DESCRIBE ${relation})`);
  return rows.map(([name, type]) => ({ name: String(name), type: String(type) }));
}

/** The result of a query with one row per day, for all days. */
export const DAYS_OF_LOGS = `${PLACE}.days_of_logs`;

export const KEPT_DAYS = `SELECT * FROM ${DAYS_OF_LOGS} WHERE event_day BETWEEN ? AND ? ORDER BY event_day`;

export const keepDays = (query: string) => `CREATE TABLE ${DAYS_OF_LOGS} AS ${query}`;

/** Materializes a view. Views that depend on it use the result from then on. */
export async function keep(run: Run, view: string): Promise<void> {
  await run(`CREATE TABLE ${PLACE}.${view} AS FROM ${view}`);
  await run(`CREATE OR REPLACE VIEW ${view} AS FROM ${PLACE}.${view}`);
}

/** Drops a materialized view that nothing reads any more, to free memory. */
export async function forget(run: Run, view: string): Promise<void> {
  await run(`DROP VIEW ${view}`);
  await run(`DROP TABLE ${PLACE}.${view}`);
}

/**
 * Materializes a view with its text columns as enums in sorted order, so that they compare as the texts do. Views that
 * depend on it inherit the enums. Meant for views with few rows compared with the facts.
 */
export async function keepNumbered(run: Run, view: string): Promise<void> {
  const texts = `${PLACE}.${view}_texts`;
  await run(`CREATE TABLE ${texts} AS FROM ${view}`);
  const numbered = (await columnsOf(run, texts)).filter(({ type }) => type === 'VARCHAR').map(({ name }) => name);
  const distinct = numbered.map((name) => `count(DISTINCT ${name})`).join(', ');
  const { rows: [counts] } = await run(`SELECT ${distinct} FROM ${texts}`);
  const replaced: string[] = [];
  for (const [index, name] of numbered.entries()) {
    const count = Number(counts[index]);
    if (count > 0 && count < MOST_TEXTS) {
      await run(`CREATE TYPE ${PLACE}.${view}_${name} AS ENUM (
        SELECT DISTINCT ${name} FROM ${texts} WHERE ${name} IS NOT NULL ORDER BY ${name})`);
      replaced.push(`CAST(${name} AS ${PLACE}.${view}_${name}) AS ${name}`);
    }
  }
  const numbers = replaced.length > 0 ? ` REPLACE (${replaced.join(', ')})` : '';
  await run(`CREATE TABLE ${PLACE}.${view} AS SELECT *${numbers} FROM ${texts}`);
  await run(`DROP TABLE ${texts}`);
  await run(`CREATE OR REPLACE VIEW ${view} AS FROM ${PLACE}.${view}`);
}

/** The columns of `access_log_requests` that the queries and `egress_records` read. */
export const ACCESS_LOG_COLUMNS_READ: readonly string[] = [
  'event_time', 'event_day', 'bucket', 'source_ip', 'source_ip_key', 'requester', 'request_id', 'operation',
  'object_key',
  'http_status', 'error_code', 'bytes_sent', 'object_size', 'version_id',
];

/** The columns of `egress_records` that the queries read through `egress_events`. */
export const EGRESS_COLUMNS_READ: readonly string[] = [
  'event_time', 'event_day', 'principal', 'principal_type', 'principal_account', 'session_name', 'source_identity',
  'role_arn', 'access_key_id', 'source_ip', 'source_ip_key', 'vpc_endpoint', 'user_agent', 'event_source', 'action',
  'bucket', 'object_key', 'destination', 'object_kind', 'is_bookkeeping', 'model', 'version', 'digest', 'alias',
  'egress', 'bytes_out',
  'bytes_source', 'presigned', 'link_signed_at', 'link_lifetime_seconds', 'link_asked_from', 'link_asked_from_key',
  'principal_source', 'result', 'error_code', 'event_category', 'request_letters', 'request_text', 'event_uuid',
  'event_text',
];

/** Materializes the named columns of a view. A query that reads any other column fails from then on. */
export async function keepColumns(run: Run, view: string, names: readonly string[]): Promise<void> {
  await run(`CREATE TABLE ${PLACE}.${view} AS SELECT ${names.join(', ')} FROM ${view}`);
  await showColumns(run, view, names);
}

/** Replaces a view by the columns of it that are kept. */
export async function showColumns(run: Run, view: string, names: readonly string[]): Promise<void> {
  const all = (await columnsOf(run, view)).map(({ name, type }) => (names.includes(name) ? name
    : `CAST(error('${view}.${name} is not kept') AS ${type.startsWith('ENUM') ? 'VARCHAR' : type}) AS ${name}`));
  await run(`CREATE OR REPLACE VIEW ${view} AS SELECT ${all.join(', ')} FROM ${PLACE}.${view}`);
}
