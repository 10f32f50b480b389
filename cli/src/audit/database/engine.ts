import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { type DuckDb, installed, requireDuckDb } from './duck-db';
import { FactTable } from './fact-table';
import { type MadeViews, rowsNow, USE_VIEWS, useOrMakeViews, type ViewFiles, VIEWS } from './kept-views';
import { keepDays, KEPT_DAYS } from './materialize';
import type { Cell, QueryResult } from './query-result';
import {
  addRows, CACHED_FILES, CACHED_FILES_LINES, DROPPED, FACTS, GENERATION, NEXT_NUMBER, openKeptRows, openRows, quoted,
  ROWS,
} from './record-tables';
import { type Repetition, REPETITIONS } from './repetitions';
import type { AuditSettings } from './settings';
import { ask, fill, run, type Statement } from './statements';
import { createViews, materializeViews } from './views';
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
  /** A file with the rows of all logs, which is only read. By default, the engine has a new one in its folder. */
  readonly keptRows?: string;
}

/** Records that repeat others, with the event ID of one of them. */
export interface DroppedRecords {
  readonly reason: Repetition['reason'];
  readonly count: number;
  readonly example: string;
}

/** The files that an engine writes into its folder. */
export const rowsIn = (folder: string) => join(folder, 'rows.duckdb');
export const viewsIn = (folder: string) => join(folder, 'audit.duckdb');
export const recentViewsIn = (folder: string) => join(folder, 'recent.duckdb');

/** The files of earlier audits. */
export interface CachedViews extends ViewFiles {
  /** A query with a row for each day, whose result is kept. */
  readonly coverage: Statement;
}

/** An embedded DuckDB that queries what the reader stored. */
export class Engine {
  static async open(
    { folder, memoryMegabytes, threads, keptRows }: EngineOptions, find: () => Promise<DuckDb> = installed,
  ): Promise<Engine> {
    const duckDb = await requireDuckDb(find);
    const instance = await duckDb.DuckDBInstance.create(':memory:', {
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
      for (const statement of keptRows === undefined ? openRows(rowsIn(folder)) : openKeptRows(keptRows)) {
        await connection.run(statement);
      }
    } catch (error) {
      connection.closeSync();
      instance.closeSync();
      throw keptRows === undefined ? error : unusable(keptRows, error);
    }
    const facts = keptRows === undefined ? await FactTable.open(connection, duckDb, FACTS) : undefined;
    return new Engine(instance, connection, facts, folder, threads);
  }

  private readonly asking = new Set<DuckDBConnection>();
  private isInterrupted = false;
  private isClosed = false;

  private constructor(
    private readonly instance: DuckDBInstance, private readonly connection: DuckDBConnection,
    private readonly facts: FactTable | undefined, private readonly folder: string, private readonly threads: number,
  ) {}

  /** What the reader reads of records. */
  append(batch: FactBatch): void {
    this.facts!.append(batch);
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

  /** Differs if rows were added. */
  async generation(): Promise<string> {
    return String((await this.run(`SELECT CAST(id AS varchar) FROM ${GENERATION}`)).rows[0][0]);
  }

  /** Adds the rest of what was read, and remembers the files if the rows are kept. */
  async finish(files: readonly CachedFile[] = []): Promise<void> {
    this.facts!.close();
    const lines = files.map(({ tally, ...file }) => `${JSON.stringify({ ...file, tally: JSON.stringify(tally) })}\n`);
    await writeFile(join(this.folder, CACHED_FILES_LINES), lines.join(''), { mode: 0o600 });
    for (const statement of [...addRows(this.folder), `UPDATE ${GENERATION} SET id = uuid()`]) {
      await this.connection.run(statement);
    }
  }

  /** Removes records that repeat others. Returns how many were removed, also from kept rows, and an example. */
  async dropRepetitions(): Promise<readonly DroppedRecords[]> {
    // Kept rows have no repetitions.
    for (const { reason, find, drop } of this.facts ? REPETITIONS : []) {
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
   * Creates the views, and materializes what several of the queries read. `reads` has the views and tables that each
   * query reads. No other file can be read afterwards. With `cached`, everything is materialized, unless the files have
   * it from an earlier audit of these rows with these settings. If rows were added since, only their days are made
   * again. Returns which of the files in the engine's folder is new.
   */
  async load(
    views: string, settings: AuditSettings, reads: readonly (readonly string[])[] = [], cached?: CachedViews,
  ): Promise<MadeViews> {
    const execute = async (statement: string) => this.run(statement);
    const create = async (days?: readonly string[]) => {
      await fill(this.connection, 'audit_settings', AUDIT_SETTING_COLUMNS, [settings.row]);
      await fill(this.connection, 'perimeter_networks', PERIMETER_NETWORK_COLUMNS, settings.networks);
      await createViews(execute, views, days);
    };
    let made: MadeViews = 'all';
    if (cached === undefined) {
      await this.run(`ATTACH ${quoted(viewsIn(this.folder))} AS ${VIEWS}`);
      await this.run(USE_VIEWS);
      await create();
      await materializeViews(execute, reads);
    } else {
      const { sql, values } = cached.coverage;
      const keepCoverage = async () => { await this.run(keepDays(sql), values); };
      const now = await rowsNow(execute, JSON.stringify([views, settings]));
      const newFiles = { all: viewsIn(this.folder), recent: recentViewsIn(this.folder) };
      made = await useOrMakeViews({ run: execute, create, keepCoverage }, cached, newFiles, now);
    }
    await this.run('SET enable_external_access = false');
    await this.run('SET lock_configuration = true');
    return made;
  }

  async askDays(from: string, to: string): Promise<QueryResult> {
    return this.ask(KEPT_DAYS, [from, to]);
  }

  /**
   * Runs SELECT statements, as many at a time as there are threads, because much of a statement uses only one thread:
   * its planning, and the end of its sorts and aggregations. Returns the results in the order of the statements.
   */
  async askAll(statements: readonly Statement[]): Promise<QueryResult[]> {
    const left = [...statements.entries()];
    const results: QueryResult[] = [];
    const connections = Array.from({ length: Math.min(this.threads, statements.length) });
    const outcomes = await Promise.allSettled(connections.map(async () => {
      const connection = await this.instance.connect();
      this.asking.add(connection);
      try {
        await connection.run(USE_VIEWS);
        for (let next = left.shift(); next && !this.isInterrupted; next = left.shift()) {
          const [place, statement] = next;
          results[place] = await ask(connection, statement);
        }
      } catch (error) {
        left.length = 0;
        throw error;
      } finally {
        this.asking.delete(connection);
        connection.closeSync();
      }
    }));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) {
      throw failed.reason;
    }
    return results;
  }

  /** Runs one SELECT statement. */
  async ask(question: string, values: readonly Cell[] = []): Promise<QueryResult> {
    return ask(this.connection, { sql: question, values });
  }

  private async run(statement: string, values: readonly Cell[] = []): Promise<QueryResult> {
    return run(this.connection, statement, values);
  }

  /** Interrupts the running statements, which then fail. */
  interrupt(): void {
    this.isInterrupted = true;
    [this.connection, ...this.asking].forEach((connection) => connection.interrupt());
  }

  /** Writes what it added to its files, so that they can be moved after the engine is closed. */
  async checkpoint(): Promise<void> {
    await this.connection.run(`CHECKPOINT ${this.facts ? ROWS : VIEWS}`);
  }

  /** Can be called again. */
  close(): void {
    if (!this.isClosed) {
      this.isClosed = true;
      this.connection.closeSync();
      this.instance.closeSync();
    }
  }
}

function unusable(rows: string, error: unknown): Failure {
  return new Failure(`cannot open the audit cache ${rows}`, {
    code: 'unusable_cache',
    exitCode: EXIT.FAILURE,
    details: [{ field: rows, message: (error as Error).message.split('\n')[0] }],
    hint: 'Run "model-store audit cache clear", or leave out --cache.',
    cause: error,
  });
}
