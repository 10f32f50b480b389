import { answer, reportOf } from './answers';
import { reportAsJson } from '../../../src/audit/report/report-json';
import { summary } from '../../../src/audit/report/summary';

const eve = { principal: 'Admin=eve', what: 'deletion', result: 'ok', bytes_out: 1, reads: 1 };

describe('the summary in the terminal', () => {
  test('starts with what the gravest findings mean, what to do first, and who is named in several of them', () => {
    const text = summary(reportOf({ answers: { 'direct-reads': answer(eve, { ...eve, principal: 'ada' }), deletions: answer(eve) } }));
    const [start] = text.split('FINDINGS');
    expect(start).toContain('"high" means      Models or evidence may be lost, or cannot be trusted. Investigate today.\n');
    expect(start).toMatch(/^What to do first {2}Ask who allowed the role to read the bucket\..* Runbook: https:\S+#egress-of-one-principal$/m);
    expect(start).toContain('Named most often  eve (Admin) in 2 high findings\n');
  });

  test('does not say what to do first if there are only notices', () => {
    const text = summary(reportOf({ answers: { 'first-time-readers': answer(eve) } }));
    expect(text).toMatch(/notice +first-time-readers/);
    expect(text).not.toMatch(/means|What to do first|Named most often/);
  });

  test('lists every finding', () => {
    const all = ['direct-reads', 'read-then-delete', 'deletions', 'evidence-reads', 'protection-changes', 'two-places', 'misnamed-sessions',
      'weekly-volume-anomalies', 'first-time-readers'];
    const row = { ...eve, deletions: 1, times: 1, sessions: 1, opened_session_name: 'ada' };
    const text = summary(reportOf({
      answers: Object.fromEntries(all.map((name) => [name, answer(row)])), settings: { caller_role_arns: ['arn:aws:iam::1:role/a'] },
    }));
    const [, found] = /FINDINGS\n(.*?)\n\n/s.exec(text)!;
    expect(found.split('\n').map((line) => line.split(/ +/)[2]).sort()).toEqual([...all].sort());
  });

  test('says what is counted as a principal', () => {
    const reader = { principal: 'ada', bytes_out: 2048, reads: 3, reads_of_unknown_size: 0, unchecked_reads: 0 };
    const of = (...names: readonly string[]) => summary(reportOf({
      answers: { 'egress-by-principal': answer(...names.map((principal) => ({ ...reader, principal }))), 'egress-by-model': answer({ model: 'fraud' }) },
    }));
    expect(of('ada')).toContain('\n2.00 KiB in 3 reads of 1 model, by 1 principal (a person, job, service or account)\n');
    expect(of('ada', 'bob')).toContain(', by 2 principals (people, jobs, services and accounts)\n');
  });
});

test('the summary and the JSON document say which day is incomplete, and when to run the report again', () => {
  const at = (madeAt: number) => reportOf({ answers: { deletions: answer(eve) }, madeAt });
  const unfinished = at(Date.UTC(2026, 10, 30, 12));
  const sentence = '2026-11-30 is incomplete: this report was generated before the day ended. '
    + 'Run the report again after 2026-12-01 06:00 UTC.';
  expect(summary(unfinished)).toContain(`2026-11-01 to 2026-11-30\n${sentence}\n`);
  expect(reportAsJson(unfinished)).toMatchObject({
    unfinished: { from: '2026-11-30', to: '2026-11-30', sentence, repeatAfter: '2026-12-01T06:00:00Z' },
  });
  expect(summary(at(Date.UTC(2026, 11, 2)))).not.toContain('incomplete');
  expect(reportAsJson(at(Date.UTC(2026, 11, 2)))).not.toHaveProperty('unfinished');
});
