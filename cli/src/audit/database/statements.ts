import type { DuckDBConnection, DuckDBTypeId, DuckDBValue } from '@duckdb/node-api';
import type { Cell, QueryResult, ResultColumn } from './query-result';

/** Not imported, because that would load the database. */
const ENUM: DuckDBTypeId.ENUM = 23;

/** An SQL statement and the values of its parameters. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly Cell[];
}

/** Runs one SELECT statement. */
export async function ask(connection: DuckDBConnection, { sql, values }: Statement): Promise<QueryResult> {
  const prepared = await connection.prepare(sql);
  const columns = Array.from({ length: prepared.columnCount }, (_, index) => index);
  const numbered = columns.filter((index) => prepared.columnTypeId(index) === ENUM)
    .map((index) => prepared.columnName(index));
  prepared.destroySync();
  if (numbered.length === 0) {
    return run(connection, sql, values);
  }
  // Converted to text here: with enum columns, DuckDB would send the whole dictionary with every 2,048 rows.
  const texts = numbered.map((name) => `CAST("${name}" AS varchar) AS "${name}"`).join(', ');
  return run(connection, `SELECT * REPLACE (${texts}) FROM (${sql}\n)`, values);
}

/** Runs one statement, and returns its rows as they are shown. */
export async function run(
  connection: DuckDBConnection, statement: string, values: readonly Cell[] = [],
): Promise<QueryResult> {
  const reader = await connection.runAndReadAll(statement, values as DuckDBValue[]);
  const names = reader.columnNames();
  const types = reader.columnTypes().map(String);
  const columns = types.map((type, index) => ({ name: names[index], type: kindOf(type) }));
  const rows = reader.getRowsJson().map((row) => row.map((cell, index) => cellOf(cell, columns[index].type)));
  return { columns, rows };
}

/** Creates a table and fills it with few rows. */
export async function fill(
  connection: DuckDBConnection, table: string, columns: readonly { readonly name: string; readonly type: string }[],
  rows: readonly { readonly [column: string]: Cell }[],
): Promise<void> {
  const definitions = columns.map(({ name, type }) => `${name} ${type}`).join(', ');
  await connection.run(`CREATE TABLE ${table} (${definitions})`);
  for (const row of rows) {
    const values = columns.map(({ name }) => row[name] ?? null);
    const places = columns.map(() => '?').join(', ');
    await connection.run(`INSERT INTO ${table} VALUES (${places})`, values as DuckDBValue[]);
  }
}

function kindOf(type: string): ResultColumn['type'] {
  if (/^(?:(?:U?(?:TINY|SMALL|BIG|HUGE))?INT(?:EGER)?|DOUBLE|FLOAT|DECIMAL.*)$/.test(type)) {
    return 'number';
  }
  return type === 'BOOLEAN' ? 'boolean' : type.startsWith('TIMESTAMP') ? 'time' : 'text';
}

function cellOf(cell: unknown, type: ResultColumn['type']): Cell {
  if (cell === null || cell === undefined) {
    return null;
  }
  if (type === 'number') {
    const number = Number(cell);
    return Number.isSafeInteger(number) || typeof cell === 'number' ? number : String(cell);
  }
  if (type === 'time') {
    return `${String(cell).replace(' ', 'T')}Z`;
  }
  return typeof cell === 'boolean' || typeof cell === 'string' ? cell : JSON.stringify(cell);
}
