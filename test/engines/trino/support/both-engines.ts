import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expectSame } from './same-answers';
import { DATABASE, synthesisedDatabase, withSql, type SynthesisedDatabase } from './synthesised-database';
import { settingsView } from '../../../../src/audit/settings-view';
import { ANY_DAY, dayOfLine, type Evidence, onDuckDb, type Row, SETTINGS, type Statement } from '../../../audit/support/evidence';
import { ACCOUNT } from '../../../audit/support/records';
import type { QueryResult } from '../../../tools/audit-sql';
import { Trino } from '../../../tools/trino';

const BUCKETS = { artifacts: 'artifacts', trail: 'trail-logs', accessLogs: 'access-logs' } as const;
const REGION = 'eu-central-1';

let engine: Promise<Trino> | undefined;
let synthesised: SynthesisedDatabase | undefined;
/** Trino has one database at a time, and tests can run concurrently. */
let before: Promise<unknown> = Promise.resolve();

/** One Trino for all tests in a file. */
export function trino(): Promise<Trino> {
  return (engine ??= Trino.start());
}

/**
 * Expects that the Athena views and SQL on Trino return the same rows as DuckDB for the same evidence, and
 * returns them. The evidence is written to gzip files as AWS does; views and tables are those in the synthesized
 * template.
 */
export function expectSameAnswers(evidence: Evidence, statements: readonly Statement[]): Promise<QueryResult[]> {
  const answers = before.then(() => answersOf(evidence, statements));
  before = answers.catch(() => undefined);
  return answers;
}

async function answersOf(evidence: Evidence, statements: readonly Statement[]): Promise<QueryResult[]> {
  const records = asDelivered(evidence.records ?? []);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'both-engines-'));
  try {
    writeRecords(path.join(folder, BUCKETS.trail), records);
    writeLines(path.join(folder, BUCKETS.accessLogs), evidence.lines ?? []);
    const engineOfAthena = await trino();
    await engineOfAthena.open({
      name: DATABASE,
      tables: Object.values(tablesFor(evidence)),
      buckets: Object.fromEntries(
        [BUCKETS.trail, BUCKETS.accessLogs].map((bucket) => [bucket, path.join(folder, bucket)]),
      ),
    });
    const duckDb = await onDuckDb({ ...evidence, records }, statements);
    for (const [index, { sql, parameters }] of statements.entries()) {
      const inOrder = /\bORDER BY (?!ALL\b)[^()]*$/i.test(sql);
      const answer = await engineOfAthena.query(sql.replace(/\bORDER BY ALL\s*$/i, ''), (parameters ?? []).map(String));
      const { columns, rows } = duckDb[index];
      expectSame(sql, answer, { columns, rows: rows.map((row) => columns.map(([name]) => row[name])) }, inOrder);
    }
    return duckDb;
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** With a day for each record, as every record has in Athena. */
function asDelivered(records: readonly Row[]): Row[] {
  return records.map((record): Row => ({ ...record, delivery_day: record.delivery_day ?? dayOf(record.eventTime) }));
}

function dayOf(eventTime: unknown): string {
  return /^\d{4}-\d\d-\d\d(?=T)/.exec(String(eventTime))?.[0] ?? ANY_DAY;
}

function writeRecords(folder: string, records: readonly Row[]): void {
  for (const [day, ofDay] of grouped(records, ({ delivery_day }) => String(delivery_day))) {
    const content = gzipSync(
      JSON.stringify({ Records: ofDay.map((record) => ({ ...record, delivery_day: undefined })) }),
    );
    const name = `${ACCOUNT}_CloudTrail_${REGION}_${day.replace(/-/g, '')}T0000Z_AbCdEfGhIjKlMnOp.json.gz`;
    write(path.join(folder, 'AWSLogs', ACCOUNT, 'CloudTrail', REGION, ...day.split('-'), name), content);
  }
}

function writeLines(folder: string, lines: readonly string[]): void {
  for (const [day, ofDay] of grouped(lines, dayOfLine)) {
    const file = path.join(
      folder,
      'artifact-bucket',
      ACCOUNT,
      REGION,
      BUCKETS.artifacts,
      ...day.split('-'),
      `${day}-23-59-59-LINES.gz`,
    );
    write(file, gzipSync(`${ofDay.join('\n')}\n`));
  }
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  items.forEach((item) => groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]));
  return groups;
}

function write(file: string, content: Buffer): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
}

/** The tables and views in the template, with the settings of a fixture. */
function tablesFor({ settings, networks = [] }: Evidence): SynthesisedDatabase['tables'] {
  synthesised ??= synthesisedDatabase(BUCKETS, { directInvocations: true });
  const { tables } = synthesised;
  const rows = networks.map(([first, last]) => `('${first}', '${last}')`).join(', ');
  const columns = 'CAST(first_key AS varchar) AS first_key, CAST(last_key AS varchar) AS last_key';
  const values =
    rows === ''
      ? '(NULL, NULL)) AS networks (first_key, last_key) WHERE false'
      : `${rows}) AS networks (first_key, last_key)`;
  return {
    ...tables,
    audit_settings: withSql(
      tables.audit_settings,
      settingsView({ ...SETTINGS, ...settings } as Parameters<typeof settingsView>[0]),
    ),
    perimeter_networks: withSql(tables.perimeter_networks, `SELECT ${columns} FROM (VALUES ${values}`),
  };
}
