import { EXIT, Failure } from '../../runtime/failure';

export type DuckDb = typeof import('@duckdb/node-api');

/** An optional dependency: users who only push and pull do not need a database binary. */
export async function installed(): Promise<DuckDb> {
  return import('@duckdb/node-api');
}

export async function requireDuckDb(find: () => Promise<DuckDb>): Promise<DuckDb> {
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
