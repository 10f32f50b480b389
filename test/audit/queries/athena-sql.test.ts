import * as fs from 'node:fs';
import * as path from 'node:path';
import { AUDIT_VIEWS } from '../../../src/contract/egress-events';
import { parseAsAthena, resolveNames } from '../../tools/audit-sql';
import { AUDIT_FOLDER, QUERY_NAMES, queryText } from '../support/evidence';

describe('as Athena\'s SQL', () => {
  test('every named query parses', async () => {
    const problems = await parseAsAthena(QUERY_NAMES.map(queryText));
    expect(QUERY_NAMES.map((name, index) => [name, problems[index]])).toEqual(QUERY_NAMES.map((name) => [name, null]));
  });

  test('every view parses', async () => {
    const views = fs.readFileSync(path.join(AUDIT_FOLDER, 'views', 'athena.sql'), 'utf8');
    expect(await parseAsAthena([views])).toEqual([null]);
  });

  test('what is no SQL does not parse', async () => {
    const problems = await parseAsAthena(['SELECT FROM WHERE', 'SELEKT principal FROM egress_events', 'SELECT (1']);
    expect(problems).toEqual([expect.any(String), expect.any(String), expect.any(String)]);
  });
});
