import { join } from 'node:path';
import { ACCESS_LOG_FIELDS } from '../../../../src/contract/access-log-line';
import { TRAIL_RECORD_FIELDS } from '../../../../src/contract/egress-events';
import { FACT_COLUMNS } from '../reader/fact-batch';
import { MAX_ROW_BYTES } from '../reader/row-files';
import { CONTEXT_FIELDS } from '../reader/trail-rows';

/** The database with the rows of the logs, which may be a cache. Everything else depends on the query. */
export const ROWS = 'rows_of_logs';

/** The table that collects the facts during reading. */
export const FACTS = `${ROWS}.facts`;
const TEXTS = `${ROWS}.texts`;

const texts = (names: readonly string[]) => names.map((name) => [name, 'VARCHAR'] as const);

/** The tables that the reader fills by files of JSON lines: the names of the files, and the types of the columns. */
const READ_TABLES: { readonly [table: string]: readonly (readonly [column: string, type: string])[] } = {
  'access-log': texts([...ACCESS_LOG_FIELDS, 'delivery_day']),
  repeats: texts(['day', 'event', 'request', 'action', 'account', 'namelessness', 'replaces']),
  'cached-files': [...texts(['place', 'tag', 'day', 'tally']), ['size', 'BIGINT']],
  texts: [['id', 'INTEGER'], ['text', 'VARCHAR']],
  identities: [['id', 'INTEGER'], ['userIdentity', 'JSON']],
  contexts: [['id', 'INTEGER'], ...texts([...CONTEXT_FIELDS, 'askedFrom', 'bucketAccount'])],
  requests: [
    ['id', 'INTEGER'], ['requestParameters', 'JSON'], ['responseElements', 'JSON'], ['additionalEventData', 'JSON'],
    ['resourceBucket', 'VARCHAR'],
  ],
};

export const quoted = (value: string) => `'${value.replace(/'/g, "''")}'`;
const tableOf = (name: string) => `${ROWS}.${name.replace('-', '_')}`;
/** The file of JSON lines with the log files that were read, if the rows are kept. */
export const CACHED_FILES_LINES = 'cached-files-0.jsonl';

/** Opens the database of the rows and creates its tables, unless it has them. */
export function openRows(file: string): string[] {
  return [
    `ATTACH ${quoted(file)} AS ${ROWS}`,
    `CREATE TABLE IF NOT EXISTS ${FACTS} (${FACT_COLUMNS.map(({ name, type }) => `${name} ${type}`).join(', ')})`,
    ...Object.entries(READ_TABLES).map(([name, columns]) =>
      `CREATE TABLE IF NOT EXISTS ${tableOf(name)} (${columns.map((column) => column.join(' ')).join(', ')})`),
    `CREATE TABLE IF NOT EXISTS ${DROPPED} (reason VARCHAR, count BIGINT, example VARCHAR)`,
    `CREATE TABLE IF NOT EXISTS ${DROPPED_DAYS} (next_number BIGINT, day DATE)`,
    // `id` changes whenever rows are added, and `first_id` never.
    `CREATE TABLE IF NOT EXISTS ${GENERATION} AS SELECT uuid() AS id, uuid() AS first_id`,
  ];
}

/** Opens a database of rows that is only read, so several processes can do so at once. */
export function openKeptRows(file: string): string[] {
  return [`ATTACH ${quoted(file)} AS ${ROWS} (READ_ONLY)`];
}

/** Has one row, which changes whenever rows are added. */
export const GENERATION = `${ROWS}.generation`;

/** The log files whose rows are in the database, if it is kept. */
export const CACHED_FILES = `${ROWS}.cached_files`;

/** What was deleted because it repeats other records, if the database is kept. */
export const DROPPED = `${ROWS}.dropped_records`;

/** The days of the records in it, and the next free number when they were deleted. */
export const DROPPED_DAYS = `${ROWS}.dropped_days`;

/** Statements that add what the reader wrote to a folder. */
export function addRows(folder: string): string[] {
  return Object.entries(READ_TABLES).map(([name, columns]) => {
    const types = columns.map(([column, type]) => `${column}: '${type}'`).join(', ');
    const files = quoted(join(folder, `${name}-*.jsonl`));
    return `INSERT INTO ${tableOf(name)} FROM read_json(${files}, format = 'newline_delimited', columns = {${types}},
      maximum_object_size = ${MAX_ROW_BYTES})`;
  });
}

/** The tables that the views are built on, and views of the rows in place of those that read whole records. */
export function tablesBelowTheViews(days?: readonly string[]): string[] {
  const lines = days === undefined ? '' : ` WHERE ${DAY_OF_LINE} IN (${list(days)}) OR delivery_day IN (${list(days)})`;
  return [
    // Empty: the parts of records are loaded separately.
    `CREATE TABLE trail_records (${
      [...TRAIL_RECORD_FIELDS, { name: 'delivery_day', type: 'varchar' }]
        .map(({ name, type }) => `${name} ${type}`).join(', ')
    })`,
    `CREATE VIEW access_log_records AS FROM ${tableOf('access-log')}${lines}`,
  ];
}

const NOTHING = "TIMESTAMP '1969-12-31 23:59:59.999999'";

/** The views over the parts of records. They replace the views that take the parts from whole records. */
export function partsOfRecords(days?: readonly string[]): string[] {
  const facts = days === undefined ? '' : ` WHERE f.day IN (${list(days)})`;
  const ofFacts = (number: string) => (days === undefined ? ''
    : ` WHERE id IN (SELECT f.${number} FROM ${FACTS} f${facts})`);
  return [
    `CREATE OR REPLACE VIEW trail_identities AS FROM ${tableOf('identities')}${ofFacts('identity')}`,
    `CREATE OR REPLACE VIEW trail_contexts AS FROM ${tableOf('contexts')}${ofFacts('context')}`,
    `CREATE OR REPLACE VIEW trail_requests AS FROM ${tableOf('requests')}${ofFacts('request')}`,
    `CREATE OR REPLACE VIEW trail_facts AS
    SELECT
      nullif(f.event_time, ${NOTHING}) AS event_time,
      CAST(f.day AS varchar) AS event_day,
      CASE WHEN f.request_text = -1 THEN f.request_letters END AS request_letters,
      r.text AS request_text,
      CASE WHEN f.event_text = -1 THEN f.event_uuid END AS event_uuid,
      e.text AS event_text,
      f.identity,
      f.context,
      f.request,
      nullif(f.bytes, -1) AS bytes,
      nullif(f.link_signed_at, ${NOTHING}) AS link_signed_at,
      CAST(nullif(f.link_lifetime_seconds, -1) AS bigint) AS link_lifetime_seconds
    FROM ${FACTS} f
    LEFT JOIN ${TEXTS} r ON f.request_text = r.id
    LEFT JOIN ${TEXTS} e ON f.event_text = e.id${facts}`,
  ];
}

/** The day that a line of an access log has, before its offset from UTC is considered. */
const DAY_OF_LINE = `CAST(CAST(TRY_CAST(try_strptime(substr(request_time, 1, 11), '%d/%b/%Y') AS timestamp)
  AS date) AS varchar)`;

/**
 * The days for which rows were added or deleted since `next_number` was the next free number and there were `lines`
 * lines of access logs. The parts of added records have numbers from there on. Null if a day is unknown.
 */
export const CHANGED_DAYS = `
SELECT CAST(day AS varchar) AS day FROM ${FACTS} WHERE greatest(identity, context, request) >= $next_number
UNION
SELECT CAST(day AS varchar) FROM ${DROPPED_DAYS} WHERE next_number > $next_number
UNION
SELECT coalesce(${DAY_OF_LINE}, delivery_day) FROM ${tableOf('access-log')} WHERE rowid >= $lines`;

/** What is compared with the views that were made from an earlier state of the rows. */
export const STATE_OF_ROWS = `
SELECT
  CAST(first_id AS varchar) AS first_id,
  (SELECT count(*) FROM ${tableOf('access-log')}) AS lines,
  (SELECT count(DISTINCT day) FROM ${FACTS}) AS days
FROM ${GENERATION}`;

export const list = (days: readonly string[]) => days.map(quoted).join(', ');

/** The first number that no part of a record has yet. */
export const NEXT_NUMBER = `SELECT 1 + coalesce(max(id), -1) FROM (${
  ['texts', 'identities', 'contexts', 'requests'].map((part) => `SELECT max(id) AS id FROM ${tableOf(part)}`)
    .join(' UNION ALL ')
})`;
