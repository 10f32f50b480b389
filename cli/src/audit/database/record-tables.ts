import { join } from 'node:path';
import { TRAIL_RECORD_FIELDS } from '../../../../src/contract/egress-events';
import { MAX_ROW_BYTES } from '../reader/row-files';
import { CONTEXT_FIELDS } from '../reader/trail-rows';

/** The table that collects the facts during reading. */
export const FACTS = 'read_facts';

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
    `CREATE TABLE access_log_lines AS FROM ${jsonLines(folder, 'access-log', "line: 'VARCHAR'")}`,
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
      `id: 'INTEGER', ${[...CONTEXT_FIELDS, 'askedFrom'].map((field) => `${field}: 'VARCHAR'`).join(', ')}`)}`,
    `CREATE OR REPLACE VIEW trail_requests AS FROM ${jsonLines(folder, 'requests',
      "id: 'INTEGER', requestParameters: 'JSON', responseElements: 'JSON', additionalEventData: 'JSON'")}`,
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

const isUuid = 'event_text = -1';

/**
 * Statements that find and delete records with the same event ID. `find` returns how many IDs are duplicated and one
 * of them. `drop` keeps the record of the earliest day, whichever thread read it first. IDs that are not UUIDs are
 * compared as text.
 */
export const COPIES: readonly { readonly find: string; readonly drop: string }[] = [
  {
    find: `CREATE TEMP TABLE uuids_twice AS SELECT event_uuid, arg_min(rowid, day) AS first FROM ${FACTS}
      WHERE ${isUuid} GROUP BY event_uuid HAVING count(*) > 1;
      SELECT count(*), CAST(min(event_uuid) AS varchar) FROM uuids_twice`,
    drop: `DELETE FROM ${FACTS} USING uuids_twice t
      WHERE ${isUuid} AND ${FACTS}.event_uuid = t.event_uuid AND ${FACTS}.rowid <> t.first`,
  },
  {
    find: `CREATE TEMP TABLE texts_twice AS SELECT t.text, arg_min(f.rowid, f.day) AS first
      FROM ${FACTS} f JOIN read_texts t ON f.event_text = t.id
      GROUP BY t.text HAVING count(*) > 1;
      SELECT count(*), min(text) FROM texts_twice`,
    drop: `DELETE FROM ${FACTS} USING texts_twice t, read_texts i
      WHERE ${FACTS}.event_text = i.id AND i.text = t.text AND ${FACTS}.rowid <> t.first`,
  },
];
