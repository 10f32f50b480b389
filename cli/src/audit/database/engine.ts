import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance, DuckDBTypeId, DuckDBValue } from '@duckdb/node-api';
import { FactTable } from './fact-table';
import { forget, keep, keepNumbered, keepRead, makePlace } from './materialize';
import type { AuditSettings } from './settings';
import { COPIES, FACTS, partsOfRecords, tablesBelowTheViews } from './tables';
import { AUDIT_SETTING_COLUMNS, PERIMETER_NETWORK_COLUMNS } from '../../../../src/contract/egress-events';
import { EXIT, Failure } from '../../runtime/failure';
import type { FactBatch } from '../reader/fact-batch';

/** A whole number that a JSON number cannot hold is text. Times are text too: 2026-11-30T09:30:00Z. */
export type Cell = string | number | boolean | null;

export interface AnswerColumn {
  readonly name: string;
  readonly type: 'text' | 'number' | 'boolean' | 'time';
}

export interface Answer {
  readonly columns: readonly AnswerColumn[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface EngineOptions {
  /** A folder of its own, with what the reader wrote, and for what does not fit into memory; removed by whoever made it. */
  readonly folder: string;
  readonly memoryMegabytes: number;
  readonly threads: number;
}

type DuckDb = typeof import('@duckdb/node-api');

/** It is optional: whoever only pushes and pulls need not have a database's binary. */
async function installed(): Promise<DuckDb> {
  return import('@duckdb/node-api');
}

async function requireDuckDb(find: () => Promise<DuckDb>): Promise<DuckDb> {
  try {
    return await find();
  } catch (error) {
    throw new Failure('an audit needs DuckDB, which is not installed here, or not for this platform', {
      code: 'no_duckdb',
      exitCode: EXIT.FAILURE,
      details: [{ field: '@duckdb/node-api', message: (error as Error).message.split('\n')[0] }],
      hint: 'Install model-store again with its optional dependencies (npm install --include=optional), on a platform that DuckDB has a binary for.',
      cause: error,
    });
  }
}

/** DuckDB, in this process, over what the reader wrote down. */
export class Engine {
  static async open({ folder, memoryMegabytes, threads }: EngineOptions, find: () => Promise<DuckDb> = installed): Promise<Engine> {
    const duckDb = await requireDuckDb(find);
    const instance = await duckDb.DuckDBInstance.create(join(folder, 'audit.duckdb'), {
      memory_limit: `${memoryMegabytes}MB`,
      temp_directory: join(folder, 'spill'),
      threads: `${threads}`,
      // Nothing here needs the network, whatever a query says.
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      preserve_insertion_order: 'false',
    });
    const connection = await instance.connect();
    return new Engine(duckDb.DuckDBTypeId.ENUM, instance, connection, await FactTable.create(connection, duckDb, FACTS), folder);
  }

  private constructor(
    private readonly numberedText: DuckDBTypeId, private readonly instance: DuckDBInstance, private readonly connection: DuckDBConnection,
    private readonly facts: FactTable, private readonly folder: string,
  ) {}

  /** What the reader reads of records. */
  append(batch: FactBatch): void {
    this.facts.append(batch);
  }

  /** Ends the reading. CloudTrail delivers at least once: of records with the same id, one stays. How many went, and the id of one of them. */
  async dropCopies(): Promise<{ readonly count: number; readonly example?: string }> {
    this.facts.close();
    for (const statement of tablesBelowTheViews(this.folder)) {
      await this.connection.run(statement);
    }
    let count = 0;
    let example: string | undefined;
    for (const { find, drop } of COPIES) {
      const { rows: [[twice, id]] } = await this.run(find);
      if (twice !== 0) {
        example = String(id);
        count += Number((await this.run(drop)).rows[0][0]);
      }
    }
    return { count, example };
  }

  /**
   * Loads what else the reader wrote, then makes the views, and works out once what several of the questions, or one of them several
   * times, would work out again. Afterwards nothing but this can be read.
   */
  async load(views: string, settings: AuditSettings, questions: readonly string[] = []): Promise<void> {
    await this.fill('audit_settings', AUDIT_SETTING_COLUMNS, [settings.row]);
    await this.fill('perimeter_networks', PERIMETER_NETWORK_COLUMNS, settings.networks);
    await this.connection.run(views);
    for (const statement of partsOfRecords(this.folder)) {
      await this.connection.run(statement);
    }
    await this.connection.run(makePlace(this.folder));
    const run = async (statement: string) => this.run(statement);
    // Numbered before they are put together: there are more callers than identities and contexts.
    await keepNumbered(run, 'record_identities');
    await keepNumbered(run, 'record_contexts');
    await keep(run, 'record_requests');
    await this.connection.run('SET enable_external_access = false');
    await this.connection.run('SET lock_configuration = true');
    const asking = (view: string) => questions.filter((sql) => new RegExp(`\\b${view}\\b`).test(sql));
    await keepNumbered(run, 'record_callers');
    await forget(run, 'record_identities');
    await forget(run, 'record_contexts');
    if (asking('access_log_requests').length > 1) {
      await keepRead(run, 'access_log_requests', [...questions, 'operation object_size']);
    }
    if (asking('egress_events').length > 1) {
      await keepNumbered(run, 'record_objects');
      await keepRead(run, 'egress_records', [...questions, 'request_letters request_text event_uuid event_text']);
      await forget(run, 'record_objects');
    }
  }

  /** What one SELECT answers. */
  async ask(question: string, values: readonly Cell[] = []): Promise<Answer> {
    const prepared = await this.connection.prepare(question);
    const numbered = Array.from({ length: prepared.columnCount }, (_, index) => index)
      .filter((index) => prepared.columnTypeId(index) === this.numberedText).map((index) => prepared.columnName(index));
    prepared.destroySync();
    if (numbered.length === 0) {
      return this.run(question, values);
    }
    // Handed over as numbers, every 2,048 rows would bring all texts with them that there are.
    return this.run(`SELECT * REPLACE (${numbered.map((name) => `CAST("${name}" AS varchar) AS "${name}"`).join(', ')}) FROM (${question}\n)`, values);
  }

  private async run(statement: string, values: readonly Cell[] = []): Promise<Answer> {
    const reader = await this.connection.runAndReadAll(statement, values as DuckDBValue[]);
    const names = reader.columnNames();
    const types = reader.columnTypes().map(String);
    const columns = types.map((type, index) => ({ name: names[index], type: kindOf(type) }));
    const rows = reader.getRowsJson().map((row) => row.map((cell, index) => cellOf(cell, columns[index].type)));
    return { columns, rows };
  }

  /** Ends the statement that runs; it then fails. */
  interrupt(): void {
    this.connection.interrupt();
  }

  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }

  private async fill(
    table: string, columns: readonly { readonly name: string; readonly type: string }[], rows: readonly { readonly [column: string]: Cell }[],
  ): Promise<void> {
    await this.connection.run(`CREATE TABLE ${table} (${columns.map(({ name, type }) => `${name} ${type}`).join(', ')})`);
    for (const row of rows) {
      const values = columns.map(({ name }) => row[name] ?? null);
      await this.connection.run(`INSERT INTO ${table} VALUES (${columns.map(() => '?').join(', ')})`, values as DuckDBValue[]);
    }
  }
}

function kindOf(type: string): AnswerColumn['type'] {
  if (/^(?:(?:U?(?:TINY|SMALL|BIG|HUGE))?INT(?:EGER)?|DOUBLE|FLOAT|DECIMAL.*)$/.test(type)) {
    return 'number';
  }
  return type === 'BOOLEAN' ? 'boolean' : type.startsWith('TIMESTAMP') ? 'time' : 'text';
}

function cellOf(cell: unknown, type: AnswerColumn['type']): Cell {
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
