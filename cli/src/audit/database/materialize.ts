import { join } from 'node:path';
import type { Answer } from './engine';

/** Where worked out things are kept: in a file of their own, since they may be more than memory holds. */
const PLACE = 'kept';

export function makePlace(folder: string): string {
  return `ATTACH '${join(folder, 'kept.duckdb').replace(/'/g, "''")}' AS ${PLACE}`;
}

/** Fewer different texts than these are numbered: a number is joined, grouped and sorted faster than its text, and is smaller. */
const MOST_TEXTS = 1_000_000;

type Run = (statement: string) => Promise<Answer>;

async function columnsOf(run: Run, relation: string): Promise<{ readonly name: string; readonly type: string }[]> {
  return (await run(`SELECT column_name, column_type FROM (DESCRIBE ${relation})`)).rows.map(([name, type]) => ({ name: String(name), type: String(type) }));
}

/** Works a view out once. Views that stand on it stand on the result from then on. */
export async function keep(run: Run, view: string): Promise<void> {
  await run(`CREATE TABLE ${PLACE}.${view} AS FROM ${view}`);
  await run(`CREATE OR REPLACE VIEW ${view} AS FROM ${PLACE}.${view}`);
}

/** Takes the memory back of what nothing reads any more. */
export async function forget(run: Run, view: string): Promise<void> {
  await run(`DROP VIEW ${view}`);
  await run(`DROP TABLE ${PLACE}.${view}`);
}

/**
 * Works a view out once, its texts as numbers of texts in their order, so that they compare as texts do. What stands on it takes the numbers
 * over. It is for what has few rows in comparison with the facts.
 */
export async function keepNumbered(run: Run, view: string): Promise<void> {
  const texts = `${PLACE}.${view}_texts`;
  await run(`CREATE TABLE ${texts} AS FROM ${view}`);
  const numbered = (await columnsOf(run, texts)).filter(({ type }) => type === 'VARCHAR').map(({ name }) => name);
  const { rows: [counts] } = await run(`SELECT ${numbered.map((name) => `count(DISTINCT ${name})`).join(', ')} FROM ${texts}`);
  const replaced: string[] = [];
  for (const [index, name] of numbered.entries()) {
    const count = Number(counts[index]);
    if (count > 0 && count < MOST_TEXTS) {
      await run(`CREATE TYPE ${PLACE}.${view}_${name} AS ENUM (SELECT DISTINCT ${name} FROM ${texts} WHERE ${name} IS NOT NULL ORDER BY ${name})`);
      replaced.push(`CAST(${name} AS ${PLACE}.${view}_${name}) AS ${name}`);
    }
  }
  await run(`CREATE TABLE ${PLACE}.${view} AS SELECT *${replaced.length > 0 ? ` REPLACE (${replaced.join(', ')})` : ''} FROM ${texts}`);
  await run(`DROP TABLE ${texts}`);
  await run(`CREATE OR REPLACE VIEW ${view} AS FROM ${PLACE}.${view}`);
}

/** Works out once what `readers` read of a view. A column that none of them names is null from then on. */
export async function keepRead(run: Run, view: string, readers: readonly string[]): Promise<void> {
  const words = new Set(readers.flatMap((text) => text.match(/\w+/g) ?? []));
  const columns = await columnsOf(run, view);
  const read = columns.filter(({ name }) => words.has(name)).map(({ name }) => name);
  await run(`CREATE TABLE ${PLACE}.${view} AS SELECT ${read.join(', ')} FROM ${view}`);
  const all = columns.map(({ name, type }) => (words.has(name) ? name : `CAST(NULL AS ${type.startsWith('ENUM') ? 'VARCHAR' : type}) AS ${name}`));
  await run(`CREATE OR REPLACE VIEW ${view} AS SELECT ${all.join(', ')} FROM ${PLACE}.${view}`);
}
