import { expectSameAnswers, trino } from './support/both-engines';
import { ODD_LINES, ODD_RECORDS } from './support/oddities';
import { auditQueries } from '../../../src/audit/audit-queries';
import { dayParameters } from '../../../src/contract/audit-questions';
import { proves } from '../../fidelity/proves';
import { hasTrino, TRINO } from '../../tools/trino';

const VIEWS = ['trail_events', 'egress_events', 'access_log_requests', 'invocations', 'opened_sessions', 'session_chains'];

(hasTrino() ? describe : describe.skip)('odd values in the logs', () => {
  afterAll(async () => (await trino()).stop());

  test('have the same results in the Athena views and in DuckDB', async () => {
    const answers = await expectSameAnswers(
      { records: ODD_RECORDS, lines: ODD_LINES },
      VIEWS.map((view) => ({ sql: `SELECT * FROM ${view} ORDER BY ALL` })),
    );
    expect(answers[0].rows).toHaveLength(ODD_RECORDS.length);
    expect(answers[2].rows).toHaveLength(ODD_LINES.length);
    proves(TRINO, 'athena.views');
  }, 1_800_000);

  test('have the same results in every named query', async () => {
    await expectSameAnswers(
      { records: ODD_RECORDS, lines: ODD_LINES },
      auditQueries().map(({ sql }) => ({
        sql,
        parameters: dayParameters(sql, '2026-03-02', '2026-03-02'),
      })),
    );
    proves(TRINO, 'athena.named-queries');
  }, 1_800_000);
});
