import * as fs from 'node:fs';
import { CHECKS, REFERENCES } from '../../cli/src/audit/report/report';
import { FINDINGS, LISTS } from '../support/audit/ask-evidence';
import { AUDIT_DOCUMENT, sectionsOfCode, withSections } from '../support/audit/audit-document';

test('the audit guide lists all queries and settings (npx tsx scripts/audit-document.ts)', () => {
  const document = fs.readFileSync(AUDIT_DOCUMENT, 'utf8');
  expect(document).toBe(withSections(document, sectionsOfCode()));
});

test('the queries that the guide lists as findings are findings in the report', () => {
  const checked = CHECKS.map(({ query }) => query);
  expect(FINDINGS.filter((name) => !checked.includes(name))).toEqual([]);
  expect(REFERENCES.filter((name) => !LISTS.includes(name))).toEqual([]);
});
