import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance, DuckDBTypeId, DuckDBValue } from '@duckdb/node-api';
import { FactTable } from './fact-table';
import {
  ACCESS_LOG_COLUMNS_READ, EGRESS_COLUMNS_READ, forget, keep, keepColumns, keepNumbered, makePlace,
} from './materialize';
import type { Cell, QueryResult, ResultColumn } from './query-result';
import {
  addRows, CACHED_FILES, DROPPED, FACTS, NEXT_NUMBER, openRows, PARTS_OF_RECORDS, TABLES_BELOW_THE_VIEWS,
} from './record-tables';
import { type Repetition, REPETITIONS } from './repetitions';
import type { AuditSettings } from './settings';
import { AUDIT_SETTING_COLUMNS, PERIMETER_NETWORK_COLUMNS } from '../../../../src/contract/egress-events';
import { EXIT, Failure } from '../../runtime/failure';
import { type CachedFile, CachedFiles } from '../cache/cached-files';
import type { FactBatch } from '../reader/fact-batch';
import type { TallyState } from '../reader/tally';

export interface EngineOptions {
  /** A dedicated folder for the reader's files and for data that does not fit into memory. The caller deletes it. */
  readonly folder: string;
  readonly memoryMegabytes: number;
  readonly threads: number;
  /** The file with the rows of the logs, which is kept. By default, it is in the folder. */
  readonly rows?: string;
}

/** Records that repeat others, with the event ID of one of them. */
export interface DroppedRecords {
  readonly reason: Repetition['reason'];
  readonly count: number;
  readonly example: string;
}

type DuckDb = typeof import('@duckdb/node-api');

/** An optional dependency: users who only push and pull do not need a database binary. */
async function installed(): Promise<DuckDb> {
  return import('@duckdb/node-api');
}

async function requireDuckDb(find: () => Promise<DuckDb>): Promise<DuckDb> {
  try {
    return await find();
  } catch (error) {
    throw new Failure('an audit needs DuckDB, which is not installed or not available for this platform', {
      code: 'no_duckdb',
      exitCode: EXIT.FAILURE,
      details: [{ field: '@duckdb/node-api', message: (error as Error).message.split('\n')[0] }],
      hint: 'Reinstall model-store with its optional dependencies (npm install --include=optional),'
        + ' on a platform that DuckDB supports.',
      cause: error,
    });
  }
}

/** An embedded DuckDB that queries what the reader stored. */
export class Engine {
  static async open(
    { folder, memoryMegabytes, threads, rows = join(folder, 'rows.duckdb') }: EngineOptions,
    find: () => Promise<DuckDb> = installed,
  ): Promise<Engine> {
    const duckDb = await requireDuckDb(find);
    const instance = await duckDb.DuckDBInstance.create(join(folder, 'audit.duckdb'), {
      memory_limit: `${memoryMegabytes}MB`,
      temp_directory: join(folder, 'spill'),
      threads: `${threads}`,
      // No query may use the network.
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      preserve_insertion_order: 'false',
    });
    const connection = await instance.connect();
    try {
      for (const statement of openRows(rows)) {
        await connection.run(statement);
      }
    } catch (error) {
      connection.closeSync();
      instance.closeSync();
      throw unusable(rows, error);
    }
    const facts = await FactTable.open(connection, duckDb, FACTS);
    return new Engine(duckDb.DuckDBTypeId.ENUM, instance, connection, facts, folder);
  }

  private constructor(
    private readonly numberedText: DuckDBTypeId,
    private readonly instance: DuckDBInstance, private readonly connection: DuckDBConnection,
    private readonly facts: FactTable, private readonly folder: string,
  ) {}

  /** What the reader reads of records. */
  append(batch: FactBatch): void {
    this.facts.append(batch);
  }

  /** The log files whose rows the database already has. */
  async cachedFiles(): Promise<CachedFiles> {
    const { rows } = await this.run(`SELECT place, size, tag, day, tally FROM ${CACHED_FILES}`);
    return new CachedFiles(rows.map(([place, size, tag, day, tally]) => ({
      place: String(place), size: Number(size), tag: String(tag), day: day === null ? undefined : String(day),
      tally: JSON.parse(String(tally)) as TallyState,
    })));
  }

  /** The first number for the parts of records that is not used. */
  async nextNumber(): Promise<number> {
    return Number((await this.run(NEXT_NUMBER)).rows[0][0]);
  }

  /** Begins to keep what is read. If the process ends before `finish`, nothing of it is kept. */
  async begin(): Promise<void> {
    await this.connection.run('BEGIN TRANSACTION');
  }

  /** Adds the rest of what was read, and remembers the files if the rows are kept. */
  async finish(files?: readonly CachedFile[]): Promise<void> {
    this.facts.close();
    for (const statement of addRows(this.folder)) {
      await this.connection.run(statement);
    }
    if (files) {
      for (const { place, size, tag, day, tally } of files) {
        await this.connection.run(
          `INSERT INTO ${CACHED_FILES} VALUES (?, ?, ?, ?, ?)`,
          [place, size, tag, day ?? null, JSON.stringify(tally)],
        );
      }
      await this.connection.run('COMMIT');
    }
  }

  /** Removes records that repeat others. Returns how many were removed, also from kept rows, and an example. */
  async dropRepetitions(): Promise<readonly DroppedRecords[]> {
    for (const { reason, find, drop } of REPETITIONS) {
      const { rows: [[count, example]] } = await this.run(find);
      if (count !== 0) {
        await this.connection.run(drop);
        await this.connection.run(`INSERT INTO ${DROPPED} VALUES (?, ?, ?)`, [reason, Number(count), String(example)]);
      }
    }
    const { rows } = await this.run(
      `SELECT reason, CAST(sum(count) AS bigint), min(example) FROM ${DROPPED} GROUP BY reason ORDER BY min(rowid)`,
    );
    return rows.map(([reason, count, example]) => (
      { reason: reason as DroppedRecords['reason'], count: Number(count), example: String(example) }
    ));
  }

  /**
   * Loads the rest of the reader's files, creates the views, and materializes what several of the queries read. `reads`
   * has the views and tables that each query reads. No other file can be read afterwards.
   */
  async load(views: string, settings: AuditSettings, reads: readonly (readonly string[])[] = []): Promise<void> {
    await this.fill('audit_settings', AUDIT_SETTING_COLUMNS, [settings.row]);
    await this.fill('perimeter_networks', PERIMETER_NETWORK_COLUMNS, settings.networks);
    for (const statement of [...TABLES_BELOW_THE_VIEWS, views, ...PARTS_OF_RECORDS]) {
      await this.connection.run(statement);
    }
    await this.connection.run(makePlace(this.folder));
    const run = async (statement: string) => this.run(statement);
    // Numbered before the join, because there are more callers than identities and contexts.
    await keepNumbered(run, 'record_identities');
    await keepNumbered(run, 'record_contexts');
    await keep(run, 'record_requests');
    await this.connection.run('SET enable_external_access = false');
    await this.connection.run('SET lock_configuration = true');
    await keepNumbered(run, 'record_callers');
    await forget(run, 'record_identities');
    await forget(run, 'record_contexts');
    const isReadOften = (view: string) => reads.filter((ofQuery) => ofQuery.includes(view)
      || (view === 'egress_events' && ofQuery.includes('habitual_reads'))).length > 1;
    if (isReadOften('access_log_requests')) {
      await keepColumns(run, 'access_log_requests', ACCESS_LOG_COLUMNS_READ);
    }
    if (isReadOften('egress_events') || isReadOften('session_chains')) {
      await keep(run, 'opened_sessions');
    }
    if (isReadOften('egress_events')) {
      await keepNumbered(run, 'record_objects');
      await keepColumns(run, 'egress_records', EGRESS_COLUMNS_READ);
      await forget(run, 'record_objects');
    }
  }

  /** Runs one SELECT statement. */
  async ask(question: string, values: readonly Cell[] = []): Promise<QueryResult> {
    const prepared = await this.connection.prepare(question);
    const numbered = Array.from({ length: prepared.columnCount }, (_, index) => index)
      .filter((index) => prepared.columnTypeId(index) === this.numberedText).map((index) => prepared.columnName(index));
    prepared.destroySync();
    if (numbered.length === 0) {
      return this.run(question, values);
    }
    // Converted to text here: with enum columns, DuckDB would send the whole dictionary with every 2,048 rows.
    const texts = numbered.map((name) => `CAST("${name}" AS varchar) AS "${name}"`).join(', ');
    return this.run(`SELECT * REPLACE (${texts}) FROM (${question}\n)`, values);
  }

  private async run(statement: string, values: readonly Cell[] = []): Promise<QueryResult> {
    const reader = await this.connection.runAndReadAll(statement, values as DuckDBValue[]);
    const names = reader.columnNames();
    const types = reader.columnTypes().map(String);
    const columns = types.map((type, index) => ({ name: names[index], type: kindOf(type) }));
    const rows = reader.getRowsJson().map((row) => row.map((cell, index) => cellOf(cell, columns[index].type)));
    return { columns, rows };
  }

  /** Interrupts the running statement, which then fails. */
  interrupt(): void {
    this.connection.interrupt();
  }

  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }

  private async fill(
    table: string, columns: readonly { readonly name: string; readonly type: string }[],
    rows: readonly { readonly [column: string]: Cell }[],
  ): Promise<void> {
    const definitions = columns.map(({ name, type }) => `${name} ${type}`).join(', ');
    await this.connection.run(`CREATE TABLE ${table} (${definitions})`);
    for (const row of rows) {
      const values = columns.map(({ name }) => row[name] ?? null);
      const places = columns.map(() => '?').join(', ');
      await this.connection.run(`INSERT INTO ${table} VALUES (${places})`, values as DuckDBValue[]);
    }
  }
}

function unusable(rows: string, error: unknown): Failure {
  return new Failure(`cannot open the audit cache ${rows}`, {
    code: 'cache_in_use',
    exitCode: EXIT.FAILURE,
    details: [{ field: rows, message: (error as Error).message.split('\n')[0] }],
    hint: 'Another audit may be using it: wait until it ends, or leave out --cache. If not, run '
      + '"model-store audit cache clear".',
    cause: error,
  });
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
