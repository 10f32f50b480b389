import { rmSync } from 'node:fs';
import { type MonthOfEvidence, SETTINGS_FILE } from '../../../../test/support/audit/month-of-evidence';
import { honestMonth, plantedMonth } from '../../../../test/support/audit/planted-month';
import { writeEvidence } from '../../../../test/support/audit/write-evidence';
import { CHECKS } from '../../../src/audit/report/checks';
import { Person } from '../../person';
import { Archive } from '../archive';

interface Finding {
  readonly question?: string;
  readonly state: string;
  readonly severity: string;
  readonly principals: readonly string[];
}

async function findingsOf(month: MonthOfEvidence): Promise<readonly Finding[]> {
  const person = new Person();
  const archive = new Archive();
  try {
    const { logs, accessLogs } = writeEvidence(archive.folder, month);
    const settings = archive.file('store.json', JSON.stringify(SETTINGS_FILE));
    const days = ['--from', '2026-11-01', '--to', '2026-11-30'];
    const places = ['--logs', logs, '--access-logs', accessLogs, '--settings', settings];
    const { stdout } = await person.runAt(undefined, 'audit', 'report', '--json', ...places, ...days);
    return (JSON.parse(stdout) as { readonly findings: readonly Finding[] }).findings;
  } finally {
    rmSync(person.home, { recursive: true });
    archive.leave();
  }
}

describe('a report over a whole month with both kinds of logs and the settings of the store', () => {
  test('finds nothing in honest work but who is new, and leaves nothing unknown but the signatures of the log files', async () => {
    const findings = await findingsOf(honestMonth());
    expect(findings.filter(({ state }) => state === 'found').map(({ question, severity }) => [question, severity])).toEqual([['first-seen', 'notice']]);
    expect(findings.filter(({ state, question }) => state === 'unknown' && question !== undefined)).toEqual([]);
  });

  test('finds in a month with planted thefts what every check is there for, and says who', async () => {
    const findings = await findingsOf(plantedMonth());
    expect(findings.filter(({ state, question }) => state === 'found' && question !== undefined).map(({ question }) => question))
      .toEqual(CHECKS.map(({ question }) => question));
    expect(findings.filter(({ state, principals }) => state === 'found' && principals.length === 0)).toEqual([]);
  });
});
