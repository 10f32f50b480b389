import { DuckDBInstance } from '@duckdb/node-api';
import { dayParameters } from '../../../src/contract/audit-questions';
import {
  ACCESS_LOG_COLUMNS, AUDIT_SETTING_COLUMNS, EGRESS_EVENT_COLUMNS, HABITUAL_READ_COLUMNS, PERIMETER_NETWORK_COLUMNS,
  SESSION_CHAIN_COLUMNS, TRAIL_EVENT_COLUMNS,
} from '../../../src/contract/egress-events';
import { type AuditRelation, QUERY_NEEDS } from '../../src/audit/queries/needs';
import { namedQueries } from '../../src/audit/queries/queries';

const COLUMNS: { readonly [relation in AuditRelation]: readonly { readonly name: string; readonly type: string }[] } = {
  egress_events: EGRESS_EVENT_COLUMNS,
  habitual_reads: HABITUAL_READ_COLUMNS,
  trail_events: TRAIL_EVENT_COLUMNS,
  session_chains: SESSION_CHAIN_COLUMNS,
  access_log_requests: ACCESS_LOG_COLUMNS,
  audit_settings: AUDIT_SETTING_COLUMNS,
  perimeter_networks: PERIMETER_NETWORK_COLUMNS,
};

/** Runs a query in a database with these tables, all empty, and nothing else. */
async function runWith(relations: readonly AuditRelation[], sql: string): Promise<void> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    for (const relation of relations) {
      await connection.run(
        `CREATE TABLE ${relation} (${COLUMNS[relation].map(({ name, type }) => `${name} ${type}`).join(', ')})`,
      );
    }
    await connection.run(sql, dayParameters(sql, '2026-11-01', '2026-11-30'));
  } finally {
    connection.closeSync();
  }
}

test('every query declares what it reads', () => {
  expect(Object.keys(QUERY_NEEDS)).toEqual(namedQueries().map(({ name }) => name));
});

describe.each(namedQueries().map(
  ({ name, sql, needs }) => ({ name, sql, reads: needs.reads }),
))('$name', ({ sql, reads }) => {
  test('runs with nothing but what it declares', async () => {
    await expect(runWith(reads, sql)).resolves.toBeUndefined();
  });

  test.each(reads)('does not run without %s', async (relation) => {
    await expect(runWith(reads.filter((each) => each !== relation), sql)).rejects.toThrow(
      `Table with name ${relation} does not exist`,
    );
  });
});
