import { createRequire } from 'node:module';
import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';
import { FACT_COLUMNS, FACT_OFFSETS, type FactBatch } from '../reader/fact-batch';

type Api = Pick<
  typeof import('@duckdb/node-api'), 'DuckDBDataChunk' | 'TIMESTAMP' | 'BIGINT' | 'UUID' | 'DATE' | 'INTEGER'
>;
type Bindings = Pick<typeof import('@duckdb/node-bindings'), 'copy_data_to_vector' | 'data_chunk_get_vector'>;

/** A DuckDB table that takes whole columns of a batch at once, instead of value by value. */
export class FactTable {
  /** `name` is `<database>.<table>`. */
  static async open(connection: DuckDBConnection, api: Api, name: string): Promise<FactTable> {
    const [database, table] = name.split('.');
    // A dependency of the API, resolved from where the API finds it.
    const bindings = createRequire(require.resolve('@duckdb/node-api'))('@duckdb/node-bindings') as Bindings;
    return new FactTable(api, bindings, await connection.createAppender(table, null, database));
  }

  private constructor(
    private readonly api: Api, private readonly bindings: Bindings, private readonly appender: DuckDBAppender,
  ) {}

  append({ rows, columns }: FactBatch): void {
    const { api, bindings } = this;
    const chunk = api.DuckDBDataChunk.create(FACT_COLUMNS.map(({ type }) => api[type]), rows);
    FACT_COLUMNS.forEach(({ bytes }, index) => {
      const vector = bindings.data_chunk_get_vector(chunk.chunk, index);
      bindings.copy_data_to_vector(vector, 0, columns, FACT_OFFSETS[index], rows * bytes);
    });
    this.appender.appendDataChunk(chunk);
  }

  close(): void {
    this.appender.closeSync();
  }
}
