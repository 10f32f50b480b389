import { join } from 'node:path';
import type { QueryResult } from './query-result';

/** The database for materialized views: a separate file, because they may not fit into memory. */
const PLACE = 'kept';

export function makePlace(folder: string): string {
  return `ATTACH '${join(folder, 'kept.duckdb').replace(/'/g, "''")}' AS ${PLACE}`;
}

/** Columns with fewer distinct texts become enums, which are smaller and faster to join, group and sort than text. */
const MOST_TEXTS = 1_000_000;

type Run = (statement: string) => Promise<QueryResult>;

async function columnsOf(run: Run, relation: string): Promise<{ readonly name: string; readonly type: string }[]> {
  const { rows } = await run(`SELECT column_name, column_type FROM (DESCRIBE ${relation})`);
  return rows.map(([name, type]) => ({ name: String(name), type: String(type) }));
}

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

/** Materializes the columns of a view that `readers` mention. Every other column is null from then on. */
export async function keepRead(run: Run, view: string, readers: readonly string[]): Promise<void> {
  const words = new Set(readers.flatMap((text) => text.match(/\w+/g) ?? []));
  const columns = await columnsOf(run, view);
  const read = columns.filter(({ name }) => words.has(name)).map(({ name }) => name);
  await run(`CREATE TABLE ${PLACE}.${view} AS SELECT ${read.join(', ')} FROM ${view}`);
  const all = columns.map(({ name, type }) =>
    (words.has(name) ? name : `CAST(NULL AS ${type.startsWith('ENUM') ? 'VARCHAR' : type}) AS ${name}`));
  await run(`CREATE OR REPLACE VIEW ${view} AS SELECT ${all.join(', ')} FROM ${PLACE}.${view}`);
}
