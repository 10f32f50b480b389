import { join } from 'node:path';
import { ACCESS_LOG_FIELDS } from '../../../../src/contract/access-log-line';
import { TRAIL_RECORD_FIELDS } from '../../../../src/contract/egress-events';
import { MAX_ROW_BYTES } from '../reader/row-files';
import { CONTEXT_FIELDS } from '../reader/trail-rows';

/** The table that collects the facts during reading. */
export const FACTS = 'read_facts';

const REPEATS = ['day', 'event', 'request', 'action', 'account', 'namelessness'];

const text = (value: string) => `'${value.replace(/'/g, "''")}'`;

function jsonLines(folder: string, name: string, columns: string): string {
  const files = text(join(folder, `${name}-*.jsonl`));
  return `read_json(${files}, format = 'newline_delimited', columns = {${columns}},
    maximum_object_size = ${MAX_ROW_BYTES})`;
}

/** The tables that the views are built on. */
export function tablesBelowTheViews(folder: string): string[] {
  const fields = [...TRAIL_RECORD_FIELDS, { name: 'delivery_day', type: 'varchar' }];
  return [
    // Empty: the parts of records are loaded separately.
    `CREATE TABLE trail_records (${fields.map(({ name, type }) => `${name} ${type}`).join(', ')})`,
    `CREATE TABLE access_log_records AS FROM ${jsonLines(folder, 'access-log',
      [...ACCESS_LOG_FIELDS, 'delivery_day'].map((field) => `${field}: 'VARCHAR'`).join(', '))}`,
    `CREATE TABLE read_repeats AS FROM ${jsonLines(folder, 'repeats',
      [...REPEATS, 'replaces'].map((field) => `${field}: 'VARCHAR'`).join(', '))}`,
    `CREATE TABLE read_texts AS FROM ${jsonLines(folder, 'texts', "id: 'INTEGER', text: 'VARCHAR'")}`,
  ];
}

/** Views over the record parts that the reader wrote. They replace the views that take the parts from whole records. */
export function partsOfRecords(folder: string): string[] {
  const nothing = 'TIMESTAMP \'1969-12-31 23:59:59.999999\'';
  return [
    `CREATE OR REPLACE VIEW trail_identities AS FROM ${jsonLines(folder, 'identities',
      "id: 'INTEGER', userIdentity: 'JSON'")}`,
    `CREATE OR REPLACE VIEW trail_contexts AS FROM ${jsonLines(folder, 'contexts',
      `id: 'INTEGER', ${[...CONTEXT_FIELDS, 'askedFrom', 'bucketAccount'].map((field) => `${field}: 'VARCHAR'`).join(', ')}`)}`,
    `CREATE OR REPLACE VIEW trail_requests AS FROM ${jsonLines(folder, 'requests',
      "id: 'INTEGER', requestParameters: 'JSON', responseElements: 'JSON', additionalEventData: 'JSON', resourceBucket: 'VARCHAR'")}`,
    `CREATE OR REPLACE VIEW trail_facts AS
    SELECT
      nullif(f.event_time, ${nothing}) AS event_time,
      CAST(f.day AS varchar) AS event_day,
      CASE WHEN f.request_text = -1 THEN f.request_letters END AS request_letters,
      r.text AS request_text,
      CASE WHEN f.event_text = -1 THEN f.event_uuid END AS event_uuid,
      e.text AS event_text,
      f.identity,
      f.context,
      f.request,
      nullif(f.bytes, -1) AS bytes,
      nullif(f.link_signed_at, ${nothing}) AS link_signed_at,
      CAST(nullif(f.link_lifetime_seconds, -1) AS bigint) AS link_lifetime_seconds
    FROM ${FACTS} f
    LEFT JOIN read_texts r ON f.request_text = r.id
    LEFT JOIN read_texts e ON f.event_text = e.id`,
  ];
}

/** Why a record is not counted, in the words of the tally, and the statements that find and delete such records. */
export interface Repetition {
  readonly reason: 'delivered again' | 'recorded twice' | 'replaced';
  /** Returns the number of rows to delete, and the event ID of one of them. */
  readonly find: string;
  readonly drop: string;
}

const eventId = (facts: string) =>
  `CASE WHEN ${facts}.event_text = -1 THEN CAST(${facts}.event_uuid AS varchar) ELSE t.text END`;

/** Event IDs that several rows have. IDs that are not UUIDs are compared as text. */
const SEVERAL = `
  SELECT f.rowid AS fact
  FROM ${FACTS} f
  JOIN (SELECT event_uuid FROM ${FACTS} WHERE event_text = -1 GROUP BY event_uuid HAVING count(*) > 1) u
    ON f.event_text = -1 AND f.event_uuid = u.event_uuid
  UNION ALL
  SELECT f.rowid
  FROM ${FACTS} f
  JOIN read_texts t ON f.event_text = t.id
  JOIN (
    SELECT t.text FROM ${FACTS} f JOIN read_texts t ON f.event_text = t.id GROUP BY t.text HAVING count(*) > 1
  ) s ON t.text = s.text`;

/** The rows after the first with the same ID and content. The first is the one of the earliest day. */
const DELIVERED_AGAIN = `
  SELECT f.rowid AS fact, ${eventId('f')} AS event
  FROM ${FACTS} f
  JOIN (${SEVERAL}) s ON f.rowid = s.fact
  LEFT JOIN read_texts t ON f.event_text = t.id
  LEFT JOIN read_texts q ON f.request_text = q.id
  LEFT JOIN trail_identities i ON f.identity = i.id
  LEFT JOIN trail_contexts c ON f.context = c.id
  LEFT JOIN trail_requests r ON f.request = r.id
  QUALIFY row_number() OVER (
    PARTITION BY event, f.event_time, f.bytes, f.link_signed_at, f.link_lifetime_seconds, f.request_letters, q.text,
      i.userIdentity, ${CONTEXT_FIELDS.map((field) => `c.${field}`).join(', ')}, c.askedFrom,
      r.requestParameters, r.responseElements, r.additionalEventData
    ORDER BY f.day, f.rowid
  ) > 1`;

/** Records of a second account about the same request. The one that names the caller is kept. */
const RECORDED_TWICE = `
  SELECT event FROM (
    SELECT event, account, first_value(account) OVER (
      PARTITION BY day, request, action ORDER BY namelessness, event
    ) AS kept_account
    FROM read_repeats
  ) WHERE account <> kept_account`;

const REPLACED = 'SELECT DISTINCT replaces AS event FROM read_repeats WHERE replaces IS NOT NULL';

function byEvent(events: string): string {
  return `SELECT f.rowid AS fact, e.event
    FROM ${FACTS} f LEFT JOIN read_texts t ON f.event_text = t.id
    JOIN (${events}) e ON e.event = ${eventId('f')}`;
}

function repetition(reason: Repetition['reason'], rows: string): Repetition {
  const table = `${reason.replace(' ', '_')}_facts`;
  return {
    reason,
    find: `CREATE TEMP TABLE ${table} AS ${rows}; SELECT count(*), min(event) FROM ${table}`,
    drop: `DELETE FROM ${FACTS} WHERE rowid IN (SELECT fact FROM ${table})`,
  };
}

/** In this order: duplicates of a record that is replaced are replaced as well. */
export const REPETITIONS: readonly Repetition[] = [
  repetition('delivered again', DELIVERED_AGAIN),
  repetition('recorded twice', byEvent(RECORDED_TWICE)),
  repetition('replaced', byEvent(REPLACED)),
];
