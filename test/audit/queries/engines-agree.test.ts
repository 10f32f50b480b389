import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { settingsOf } from '../../../cli/src/audit/database/settings';
import { namedQueries } from '../../../cli/src/audit/queries/queries';
import { auditAll } from '../../../cli/src/audit/queries/run-queries';
import { FolderSource } from '../../../cli/src/audit/reader/log-source';
import { createProgress } from '../../../cli/src/runtime/progress';
import { auditQueries } from '../../../src/audit/audit-queries';
import { dayParameters } from '../../../src/contract/audit-questions';
import type { QueryResult } from '../../tools/audit-sql';
import { EVERY_KIND, on } from '../support/every-kind';
import { ask, type Row, viewsOf } from '../support/evidence';
import { objectEvent } from '../support/records';

/** On every engine of this test run: `test/engines/trino` compares the rows of DuckDB with those of Trino. */
describe('records and lines of every kind have rows', () => {
  const statements = [
    ...[
      'egress_events', 'trail_events', 'access_log_requests', 'invocations', 'opened_sessions', 'session_chains',
    ].map((view) => ({ name: view, sql: `SELECT * FROM ${view} ORDER BY ALL`, parameters: [] })),
    ...auditQueries().map(
      ({ name, sql }) => ({ name, sql, parameters: dayParameters(sql, '2026-03-02', '2026-03-03') }),
    ),
  ];
  let answers: QueryResult[];

  beforeAll(async () => {
    answers = await ask(EVERY_KIND, statements);
  });

  test.each(statements.map(({ name }, index) => [name, index] as const))('in %s', (_, index) => {
    expect(answers[index].rows.length).toBeGreaterThan(0);
  });
});

const SILENT = createProgress('none', { stderr: process.stderr, now: Date.now });

describe('a record that was delivered twice', () => {
  const records = [
    ...on('2026-03-02', [
      ...Array<Row>(2).fill(objectEvent({ bytes: 7, record: { eventID: 'one' } })),
      objectEvent({ bytes: 20, record: { eventID: 'two' } }),
      // Without an ID, it is unknown whether they are duplicates.
      objectEvent({ bytes: 100, record: { eventID: null } }), objectEvent({ bytes: 100, record: { eventID: null } }),
    ]),
  ];
  const total = {
    name: 'total',
    sql: 'SELECT count(*) AS reads, CAST(sum(bytes_out) AS bigint) AS bytes_out FROM egress_events',
    parameters: [],
  };

  test('is counted once in DuckDB, and reported by the command', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'delivered-twice-'));
    try {
      fs.writeFileSync(path.join(folder, 'first.json'), JSON.stringify({ Records: records.slice(0, 2) }));
      fs.writeFileSync(
        path.join(folder, 'second.json'), JSON.stringify({ Records: [...records.slice(2), records[2], records[0]] }),
      );
      const skippedRecords: object[] = [];
      const answers = await auditAll({ environment: { signal: new AbortController().signal }, progress: SILENT }, {
        sources: [{ label: '--logs', source: new FolderSource(folder) }],
        days: { from: '2026-03-02', to: '2026-03-02' }, settings: settingsOf({}),
        queries: namedQueries().filter(
          ({ name }) => name === 'egress-by-principal',
        ), onRead: ({ skipped }) => skippedRecords.push(...skipped),
      });
      const { columns, rows } = answers.get('egress-by-principal')!;
      const [row] = rows.map((cells) => Object.fromEntries(cells.map((cell, index) => [columns[index].name, cell])));
      expect(row).toMatchObject({ reads: 4, bytes_out: 227 });
      expect(skippedRecords).toMatchObject([{ reason: 'delivered again', count: 3 }]);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });

  test('is counted once by the views', async () => {
    const [{ rows }] = await ask({ records }, [total]);
    expect(rows).toEqual([{ reads: 4, bytes_out: 227 }]);
  });

  test('is only detected within the requested days, so that Athena scans only these', () => {
    const views = viewsOf('athena');
    expect(views).toContain('WINDOW same_request AS (PARTITION BY day, request_name, eventname ');
  });
});
