import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { asLackOfResources, databaseMegabytes } from '../../src/audit/database/resources';
import { Failure } from '../../src/runtime/failure';

const SORT = 'SELECT count(*) FROM (SELECT md5(CAST(i AS varchar)) AS a FROM range(3000000) t(i) ORDER BY a LIMIT 2999999)';

async function failureOf(settings: Record<string, string>, before = 'SELECT 1'): Promise<unknown> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1', ...settings });
  const connection = await instance.connect();
  try {
    await connection.run(before);
    await connection.run(SORT);
    throw new Error('it fit');
  } catch (error) {
    return asLackOfResources(error, 384, '/tmp/a');
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

test('a query that does not fit into memory says so, and how to need less', async () => {
  const failure = await failureOf({ memory_limit: '20MB', temp_directory: '' });
  expect(failure).toBeInstanceOf(Failure);
  expect(failure).toMatchObject({
    code: 'out_of_memory', message: expect.stringContaining('384 MB'), hint: expect.stringContaining('--from and --to'),
  });
});

test('a query that fills the disk says which', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'resources-'));
  const failure = await failureOf({ memory_limit: '40MB', temp_directory: folder }, 'SET max_temp_directory_size = \'1MB\'')
    .finally(() => rmSync(folder, { recursive: true, force: true }));
  expect(failure).toMatchObject({
    code: 'out_of_disk', message: expect.stringContaining('/tmp/a'), hint: expect.stringContaining('TMPDIR'),
  });
});

test('other failures are reported as they are', () => {
  const error = new Error('Parser Error: syntax error');
  expect(asLackOfResources(error, 384, '/tmp/a')).toBe(error);
});

test('the database may use a quarter of the memory, and as much as a million records need', () => {
  expect(databaseMegabytes(2)).toBeGreaterThanOrEqual(384);
  expect(databaseMegabytes(2)).toBeLessThanOrEqual(Math.max(384, totalmem() / 4 / 1e6));
});
