import { DROPPED_DAYS, FACTS, NEXT_NUMBER, ROWS } from './record-tables';
import { CONTEXT_FIELDS } from '../reader/trail-rows';

const TEXTS = `${ROWS}.texts`;
const REPEATS = `${ROWS}.repeats`;

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
  JOIN ${TEXTS} t ON f.event_text = t.id
  JOIN (
    SELECT t.text FROM ${FACTS} f JOIN ${TEXTS} t ON f.event_text = t.id GROUP BY t.text HAVING count(*) > 1
  ) s ON t.text = s.text`;

/** The rows after the first with the same ID and content. The first is the one of the earliest day. */
const DELIVERED_AGAIN = `
  SELECT f.rowid AS fact, ${eventId('f')} AS event
  FROM ${FACTS} f
  JOIN (${SEVERAL}) s ON f.rowid = s.fact
  LEFT JOIN ${TEXTS} t ON f.event_text = t.id
  LEFT JOIN ${TEXTS} q ON f.request_text = q.id
  LEFT JOIN ${ROWS}.identities i ON f.identity = i.id
  LEFT JOIN ${ROWS}.contexts c ON f.context = c.id
  LEFT JOIN ${ROWS}.requests r ON f.request = r.id
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
    FROM ${REPEATS}
  ) WHERE account <> kept_account`;

const REPLACED = `SELECT DISTINCT replaces AS event FROM ${REPEATS} WHERE replaces IS NOT NULL`;

function byEvent(events: string): string {
  return `SELECT f.rowid AS fact, e.event
    FROM ${FACTS} f LEFT JOIN ${TEXTS} t ON f.event_text = t.id
    JOIN (${events}) e ON e.event = ${eventId('f')}`;
}

function repetition(reason: Repetition['reason'], rows: string): Repetition {
  const table = `${reason.replace(' ', '_')}_facts`;
  return {
    reason,
    find: `CREATE TEMP TABLE ${table} AS ${rows}; SELECT count(*), min(event) FROM ${table}`,
    drop: `
    INSERT INTO ${DROPPED_DAYS}
      SELECT DISTINCT (${NEXT_NUMBER}), day FROM ${FACTS} WHERE rowid IN (SELECT fact FROM ${table});
    DELETE FROM ${FACTS} WHERE rowid IN (SELECT fact FROM ${table})`,
  };
}

/** In this order: duplicates of a record that is replaced are replaced as well. */
export const REPETITIONS: readonly Repetition[] = [
  repetition('delivered again', DELIVERED_AGAIN),
  repetition('recorded twice', byEvent(RECORDED_TWICE)),
  repetition('replaced', byEvent(REPLACED)),
];
