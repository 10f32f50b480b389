import { type MonthOfEvidence, SETTINGS_FILE } from '../../../../test/support/audit/month-of-evidence';
import { honestMonth, plantedMonth } from '../../../../test/support/audit/planted-month';
import { writeEvidence } from '../../../../test/support/audit/write-evidence';
import { CHECKS } from '../../../src/audit/report/report';
import { Auditor, NOVEMBER_DAYS } from '../auditor';

interface Finding {
  readonly query?: string;
  readonly state: string;
  readonly severity: string;
  readonly principals: readonly string[];
}

async function findingsOf(month: MonthOfEvidence): Promise<readonly Finding[]> {
  const auditor = new Auditor();
  try {
    const { logs, accessLogs } = writeEvidence(auditor.archive.folder, month);
    const settings = auditor.archive.file('store.json', JSON.stringify(SETTINGS_FILE));
    const places = ['--logs', logs, '--access-logs', accessLogs, '--settings', settings];
    const { stdout } = await auditor.audit('report', '--json', ...places, ...NOVEMBER_DAYS);
    return (JSON.parse(stdout) as { readonly findings: readonly Finding[] }).findings;
  } finally {
    await auditor.leave();
  }
}

describe('a report over a whole month with both kinds of logs and the settings of the store', () => {
  test('has no findings in ordinary work but new principals, and only the signatures are not checked', async () => {
    const findings = await findingsOf(honestMonth());
    expect(
      findings.filter(({ state }) => state === 'found').map(({ query, severity }) => [query, severity]),
    ).toEqual([['first-time-readers', 'notice']]);
    expect(findings.filter(({ state, query }) => state === 'unknown' && query !== undefined)).toEqual([]);
  });

  test('has a finding for every check, with the right principals, in a month with simulated exfiltration', async () => {
    const findings = await findingsOf(plantedMonth());
    expect(findings.filter(({ state, query }) => state === 'found' && query !== undefined).map(
      ({ query }) => query,
    ))
      .toEqual(CHECKS.map(({ query }) => query));
    expect(findings.filter(({ state, principals }) => state === 'found' && principals.length === 0)).toEqual([]);
  });
});
