import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance, DuckDBTypeId, DuckDBValue } from '@duckdb/node-api';
import { FactTable } from './fact-table';
import {
  ACCESS_LOG_COLUMNS_READ, EGRESS_COLUMNS_READ, forget, keep, keepColumns, keepNumbered, makePlace,
} from './materialize';
import type { Cell, QueryResult, ResultColumn } from './query-result';
import { FACTS, partsOfRecords, type Repetition, REPETITIONS, tablesBelowTheViews } from './record-tables';
import type { AuditSettings } from './settings';
import { AUDIT_SETTING_COLUMNS, PERIMETER_NETWORK_COLUMNS } from '../../../../src/contract/egress-events';
import { EXIT, Failure } from '../../runtime/failure';
import type { FactBatch } from '../reader/fact-batch';

export interface EngineOptions {
  /** A dedicated folder for the reader's files and for data that does not fit into memory. The caller deletes it. */
  readonly folder: string;
  readonly memoryMegabytes: number;
  readonly threads: number;
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
    { folder, memoryMegabytes, threads }: EngineOptions, find: () => Promise<DuckDb> = installed,
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
    const facts = await FactTable.create(connection, duckDb, FACTS);
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

  /** Finishes loading and removes records that repeat others. Returns how many were removed, and an example. */
  async dropRepetitions(): Promise<readonly DroppedRecords[]> {
    this.facts.close();
    for (const statement of [...tablesBelowTheViews(this.folder), ...partsOfRecords(this.folder)]) {
      await this.connection.run(statement);
    }
    const dropped: DroppedRecords[] = [];
    for (const { reason, find, drop } of REPETITIONS) {
      const { rows: [[count, example]] } = await this.run(find);
      if (count !== 0) {
        await this.connection.run(drop);
        dropped.push({ reason, count: Number(count), example: String(example) });
      }
    }
    return dropped;
  }

  /**
   * Loads the rest of the reader's files, creates the views, and materializes what several of the queries read. `reads`
   * has the views and tables that each query reads. No other file can be read afterwards.
   */
  async load(views: string, settings: AuditSettings, reads: readonly (readonly string[])[] = []): Promise<void> {
    await this.fill('audit_settings', AUDIT_SETTING_COLUMNS, [settings.row]);
    await this.fill('perimeter_networks', PERIMETER_NETWORK_COLUMNS, settings.networks);
    await this.connection.run(views);
    for (const statement of partsOfRecords(this.folder)) {
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
