import { ACCESS_LOG_RECORD_COLUMNS } from '../../../src/audit/access-log-table';
import { athenaViews, auditQueries } from '../../../src/audit/audit-queries';
import { networksView, settingsView } from '../../../src/audit/settings-view';
import { TRAIL_RECORD_COLUMNS } from '../../../src/audit/trail-table';
import { AUDIT_VIEWS } from '../../../src/contract/egress-events';
import { parseAsAthena, resolveNames, type Schema } from '../../tools/audit-sql';
import { SETTINGS, QUERY_NAMES } from '../support/evidence';

const TABLES: Schema = {
  trail_records: { ...TRAIL_RECORD_COLUMNS, account: 'string', region: 'string', day: 'string' },
  access_log_records: { ...ACCESS_LOG_RECORD_COLUMNS, day: 'string' },
};
const VIEWS: Schema = Object.fromEntries(Object.entries(AUDIT_VIEWS).map(([view, columns]) => [
  view, Object.fromEntries(columns.map(({ name, type }) => [name, type])),
]));
const VIEW_SQL: { readonly [view: string]: string } = {
  ...athenaViews(),
  audit_settings: settingsView(SETTINGS as { [column: string]: string | number | null }),
  perimeter_networks: networksView(['198.51.100.0/24']),
};

describe('in Athena\'s SQL dialect', () => {
  test('every named query parses', async () => {
    const queries = auditQueries();
    expect(queries.map(({ name }) => name)).toEqual(QUERY_NAMES);
    const problems = await parseAsAthena(queries.map(({ sql }) => sql));
    expect(queries.map(({ name }, index) => [name, problems[index]])).toEqual(queries.map(({ name }) => [name, null]));
  });

  test('every view parses', async () => {
    expect(Object.keys(VIEW_SQL).sort()).toEqual(Object.keys(AUDIT_VIEWS).sort());
    const problems = await parseAsAthena(Object.values(VIEW_SQL));
    expect(problems).toEqual(Object.keys(VIEW_SQL).map(() => null));
  });

  test('invalid SQL does not parse', async () => {
    const problems = await parseAsAthena(['SELECT FROM WHERE', 'SELEKT principal FROM egress_events', 'SELECT (1']);
    expect(problems).toEqual([expect.any(String), expect.any(String), expect.any(String)]);
  });

  test('a parameter outside of WHERE is not allowed', async () => {
    expect(await parseAsAthena(['SELECT CASE WHEN event_day < ? THEN 1 END FROM egress_events', 'SELECT 1 FROM egress_events WHERE event_day < ?']))
      .toEqual([expect.stringContaining('outside of WHERE'), null]);
  });

  test('every identifier in a named query is in the contract', async () => {
    const queries = auditQueries();
    const answers = await resolveNames(queries.map(({ sql }) => sql), VIEWS);
    expect(answers.map(({ error }) => error)).toEqual(queries.map(() => undefined));
  });

  test('an identifier that is in no view is detected', async () => {
    const [answer] = await resolveNames(['SELECT principle FROM egress_events'], VIEWS);
    expect(answer.error).toMatch(/principle/);
  });

  test.each(
    Object.keys(AUDIT_VIEWS),
  )('%s has the columns of the contract, derived from columns of the tables', async (view) => {
    const [answer] = await resolveNames([VIEW_SQL[view]], { ...TABLES, ...VIEWS });
    expect(answer.error).toBeUndefined();
    // In this order, because the catalog identifies the columns of a view by position.
    expect(answer.columns).toEqual(AUDIT_VIEWS[view].map(({ name }) => name));
  });
});
