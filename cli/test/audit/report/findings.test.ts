import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { answer, coverageOf, findingOf, NOTHING, reportOf, type Row } from './answers';
import type { QueryResult } from '../../../src/audit/database/query-result';
import { namedQueries } from '../../../src/audit/queries/queries';
import { exampleOf, verifyCommand } from '../../../src/audit/report/commands';
import { guidanceFor } from '../../../src/audit/report/guidance';
import { CHECKS, REFERENCES } from '../../../src/audit/report/report';

test('every query has a check or is listed as a reference', () => {
  expect([...CHECKS.map(({ query }) => query), ...REFERENCES].sort()).toEqual(
    namedQueries().map(({ name }) => name).sort(),
  );
});

test('rows of a query without a check are findings', () => {
  expect(findingOf({ answers: { 'brand-new': answer({ principal: 'eve', bytes_out: 2048 }) } })).toMatchObject({
    state: 'found', severity: 'medium', count: 1, sentence: '1 row for eve: 2.00 KiB',
  });
});

describe('findings come first, by severity; then checks that were not possible; then checks without findings', () => {
  const report = reportOf({
    answers: {
      'first-time-readers': answer({ principal: 'ada', bytes_out: 1, reads: 1 }),
      'repeated-denials': answer({ principal: 'eve', denied: 7 }),
      deletions: answer({ principal: 'eve', what: 'deletion', result: 'ok' }),
      'copies-to-other-buckets': NOTHING,
      'egress-outside-perimeter': NOTHING,
    },
  });

  test('in this order', () => {
    expect(
      report.findings.filter(({ query }) => query !== undefined).map(({ query, state }) => [query, state]),
    ).toEqual([
      ['deletions', 'found'], ['repeated-denials', 'found'], ['first-time-readers', 'found'],
      ['egress-outside-perimeter', 'unknown'], ['copies-to-other-buckets', 'nothing'],
    ]);
  });
});

test('a newcomer with many files is a finding, and the caveats say which newcomers are not checked', () => {
  const day = {
    principal: 'eve', event_day: '2026-11-03', files: 1023, median_files: 0, earlier_days: 0, models: 5, bytes_out: 1,
  };
  expect(findingOf({ answers: { 'file-count-anomalies': answer(day) } })).toMatchObject({
    state: 'found', caveat: expect.stringContaining('For principals without such days, it is 0 files') as unknown,
  });
  expect(findingOf({ answers: { 'volume-anomalies': NOTHING } })).toMatchObject({
    caveat: expect.stringContaining('Principals with fewer than 3 such days were not checked') as unknown,
  });
});

describe('a check reports "nothing found" only if the evidence would have shown it', () => {
  test('without trail records, no check is possible', () => {
    const states = CHECKS.map(
      ({ query }) => findingOf({ answers: { [query]: NOTHING }, read: { records: 0 } }).state,
    );
    expect(new Set(states)).toEqual(new Set(['unknown']));
  });

  test.each([
    ['egress-outside-perimeter', { perimeter_networks: ['10.0.0.0/8'] }, 'define no perimeter'],
    ['egress-outside-perimeter', { perimeter_vpc_endpoints: ['vpce-1'] }, 'define no perimeter'],
    ['auditor-model-reads', { auditor_role_arns: ['arn:aws:iam::1:role/a'] }, 'name no auditor roles'],
    ['canary-reads', { canary_models: ['payments-fraud-v2'] }, 'name no canary models'],
    ['direct-role-elsewhere', { direct_role_arns: ['arn:aws:iam::1:role/a'] }, 'name no roles that read directly'],
    ['paths-out', { artifact_bucket: 'models' }, 'do not name the artifact bucket'],
    ['misnamed-sessions', { caller_role_arns: ['arn:aws:iam::1:role/a'] }, 'do not name the roles that call the API'],
  ])('%s needs settings', (query, settings, reported) => {
    expect(findingOf({ answers: { [query]: NOTHING } })).toMatchObject({
      state: 'unknown', sentence: expect.stringContaining(reported) as unknown,
    });
    expect(findingOf({ answers: { [query]: NOTHING }, settings })).toMatchObject({ state: 'nothing' });
  });

  const enough = {
    perimeter_networks: ['10.0.0.0/8'], auditor_role_arns: ['arn:aws:iam::1:role/a'], caller_role_arns: ['arn:aws:iam::1:role/a'],
    canary_models: ['payments-fraud-v2'],
    artifact_bucket: 'models', direct_role_arns: ['arn:aws:iam::1:role/a'],
  };

  test.each(namedQueries().filter(({ name }) => !REFERENCES.includes(name) && name !== 'reconciliation').flatMap(
    ({ name, needs }) => needs.evidence.map((kind) => [name, kind] as const),
  ))('%s needs %s', (query, kind) => {
    const known = (coverage: QueryResult) => findingOf({ answers: { [query]: NOTHING }, settings: enough, coverage });
    expect(known(coverageOf())).toMatchObject({ state: 'nothing' });
    expect(known(coverageOf({ [kind]: 0 }))).toMatchObject({
      state: 'unknown', sentence: expect.stringMatching(/^(?:The trail has no .* for these days: there were none, or it does not record them|No S3 access logs were read|Only S3 access logs were read)/) as unknown,
    });
  });

  test('an artifact bucket that no record is about is reported with the buckets that the records are about', () => {
    const coverage = coverageOf({ object_reads: 0, object_writes: 0, requests_to_other_buckets: 33, one_other_bucket: 'acme-models' });
    const report = reportOf({ answers: { 'direct-reads': NOTHING, 'log-coverage': coverage }, settings: { artifact_bucket: 'acme-modles' } });
    expect(report.findings.find(({ query }) => query === 'direct-reads')).toMatchObject({
      state: 'unknown', sentence: expect.stringContaining('No record is about the artifact bucket "acme-modles", but 33 requests') as unknown,
    });
    expect(report.findings.find(({ title }) => title.startsWith('Are all requests'))).toMatchObject({
      state: 'found', sentence: '33 requests are for other buckets, such as "acme-models", and not included',
    });
  });

  test('what is found is a finding, even if other evidence is missing', () => {
    const answers = { deletions: answer({ principal: 'eve', what: 'deletion', result: 'ok' }) };
    expect(findingOf({ answers, coverage: coverageOf({ management_changes: 0, management_events: 0 }) })).toMatchObject({
      state: 'found', caveat: expect.stringContaining('no management events') as unknown,
    });
  });

  test('direct-invocations needs an API', () => {
    expect(findingOf({ answers: { 'direct-invocations': NOTHING }, settings: { invoking_service: 'none' }, coverage: coverageOf() })).toMatchObject({
      state: 'unknown', sentence: expect.stringContaining('Functions are invoked directly') as unknown,
    });
  });

  test.each([
    'new-networks', 'many-new-models', 'bulk-egress-by-new-principals',
  ])('%s needs logs of earlier days', (query) => {
    const readers = (...names: string[]) => answer(
      ...names.map((principal) => ({
        principal, bytes_out: 1, reads: 1, reads_of_unknown_size: 0, unchecked_reads: 0,
      })),
    );
    const known = (before: string[]) => ({
      answers: {
        [query]: NOTHING,
        'egress-by-principal': readers('ada', 'bob'),
        'first-time-readers': readers(...['ada', 'bob'].filter((name) => !before.includes(name))),
      },
    });
    expect(findingOf(known([]))).toMatchObject({
      state: 'unknown', sentence: expect.stringContaining('no reads before 2026-11-01') as unknown,
    });
    expect(findingOf(known(['bob']))).toMatchObject({ state: 'nothing' });
  });
});

describe('the reconciliation', () => {
  const missing = (missing_in: string, action = 'GetObject') => (
    { missing_in, action, bytes_out: 2_048, requests: 1, note: null }
  );
  const noLogs = {
    missing_in: 'access logs',
    action: null,
    bytes_out: 1,
    requests: 40,
    note: 'no access logs for 2026-11-02: requests on this day cannot be compared',
  };
  const finding = (rows: readonly Row[], accessLogLines = 10) =>
    findingOf({ answers: { reconciliation: answer(...rows) }, read: { accessLogLines } });

  test('rates a request that is missing in the trail higher than one missing in the access logs', () => {
    expect(finding([missing('trail'), missing('access logs')])).toMatchObject({
      state: 'found', severity: 'high', count: 2,
      sentence: '1 download is missing from the trail: 2.00 KiB; 1 download is missing from the access logs: 2.00 KiB',
    });
    expect(finding([missing('access logs')])).toMatchObject({ state: 'found', severity: 'notice' });
  });

  test('is unknown without access logs, whatever the result', () => {
    expect(finding([noLogs], 0)).toMatchObject({
      state: 'unknown', count: 0, sentence: expect.stringContaining('No S3 access logs were read') as unknown,
    });
  });

  test('is unknown if nothing could be compared, and counts those requests', () => {
    expect(finding([noLogs])).toMatchObject({
      state: 'unknown', sentence: 'Access logs are missing or incomplete for 1 day, so 40 requests cannot be compared',
    });
    expect(finding([noLogs, missing('trail')])).toMatchObject({
      state: 'found', count: 1,
      caveat: 'Access logs are missing or incomplete for 1 day, so 40 requests cannot be compared.',
    });
  });
});

describe('a finding is described in one sentence', () => {
  const GIB = 1024 ** 3;
  const read = (principal: string, source_ip: string, bytes_out: number | string | null) =>
    ({ principal, source_ip, bytes_out, reads: 2, reads_of_unknown_size: 0 });

  test.each<[string, readonly Row[], string]>([
    ['egress-outside-perimeter', [read('ada', '1.1.1.1', GIB), read('eve', '2.2.2.2', 3 * GIB)],
      'ada and eve downloaded models from outside the perimeter: 4.00 GiB in 4 reads, from 2 addresses; most by eve: 3.00 GiB'],
    ['direct-reads', [read('eve', '2.2.2.2', null)],
      'eve read models directly from S3: 0 B in 2 reads'],
    ['direct-invocations', [
      { principal: 'eve', function_name: 'download', result: 'ok', invocations: 3 },
      { principal: 'eve', function_name: 'upload', result: 'denied', invocations: 1 },
    ],
    'eve invoked 2 functions of the store 4 times, bypassing the API: 1 request succeeded, 1 denied'],
    ['misnamed-sessions', [{ principal: 'eve', opened_session_name: 'ada', sessions: 2 }],
      'eve opened 2 sessions under 1 other name'],
    ['copies-to-other-buckets', [
      { principal: 'eve', to_another_bucket: true, bytes_out: null },
      { principal: 'eve', to_another_bucket: false, bytes_out: GIB },
    ],
    'eve copied model files in 2 requests, 1 of them into another bucket: 1.00 GiB, and 1 request of unknown size'],
    ['copies-to-other-buckets', [
      { principal: 'eve', to_another_bucket: true, bytes_out: GIB }, { principal: 'eve', to_another_bucket: true, bytes_out: GIB },
    ], 'eve copied model files in 2 requests, all into another bucket: 2.00 GiB'],
    ['copies-to-other-buckets', [{ principal: 'eve', to_another_bucket: true, bytes_out: GIB }],
      'eve copied model files in 1 request, into another bucket: 1.00 GiB'],
    ['copies-to-other-buckets', [{ principal: 'eve', to_another_bucket: false, bytes_out: GIB }],
      'eve copied model files in 1 request, not into another bucket: 1.00 GiB'],
    ['deletions', [
      { principal: 'eve', what: 'retention bypassed', result: 'ok' },
      { principal: 'eve', what: 'deletion', result: 'denied' },
    ],
    'eve deleted models or evidence, or changed their retention: 1 request succeeded, 1 denied; 1 request to bypass retention'],
    ['deletions', [{ principal: 'eve', what: 'deletion', result: 'denied' }],
      'eve tried to delete models or evidence, or to change their retention: 1 request denied'],
    ['replication-changes', [{ principal: 'eve', result: 'error' }],
      'eve tried to change the replication of the store\'s buckets: 1 request failed'],
    ['repeated-denials', [{ principal: 'ada', denied: 5 }, { principal: 'eve', denied: 900 }],
      'ada and eve had at least 5 requests denied in a row, or on at least 5 models in one day; most: 900 requests by eve'],
    ['off-hours-bulk-egress', [{ principal: 'eve', night_of: '2026-11-07', bytes_out: 20 * GIB }],
      'eve downloaded at least 10.0 GiB in one night or on one day off; largest: 20.0 GiB on 2026-11-07'],
    ['first-time-readers', [read(null as unknown as string, '1.1.1.1', '9007199254740993')],
      '1 principal downloaded models for the first time: 8192.0 TiB in 2 reads'],
  ])('%s', (query, rows, sentence) => {
    expect(findingOf({
      answers: { [query]: answer(...rows) },
      settings: { perimeter_networks: ['10.0.0.0/8'], caller_role_arns: ['arn:aws:iam::1:role/a'] },
    })).toMatchObject({ sentence, state: 'found' });
  });
});

describe('who a finding is about', () => {
  const reader = (principal: string | null, bytes_out: number) => ({ principal, bytes_out, reads: 1, reads_of_unknown_size: 0 });
  const sentence = (...rows: readonly Row[]) => findingOf({ answers: { 'direct-reads': answer(...rows) } }).sentence;

  test('is named up to two principals, and counted beyond that', () => {
    expect(sentence(reader('eve', 1), reader('eve', 1))).toMatch(/^eve read models directly from S3/);
    expect(sentence(reader('eve', 1), reader('Admin=ada', 1))).toMatch(/^eve and ada \(Admin\) read models directly from S3/);
    expect(sentence(reader('eve', 1), reader('ada', 1), reader('bob', 1))).toMatch(/^3 principals read models directly from S3/);
    expect(sentence(reader(null, 1))).toMatch(/^1 principal read models directly from S3/);
  });

  test('is who has the most in all rows together, not in the largest row', () => {
    expect(sentence(reader('ada', 3_000), reader('eve', 2_048), reader('eve', 2_048), reader('bob', 1))).toMatch(/; most by eve: 4\.00 KiB$/);
  });
});

describe('every check', () => {
  const headings = readFileSync(join(__dirname, '../../../../docs/runbook.md'), 'utf8').split('\n').filter((line) => line.startsWith('## '));

  test.each(CHECKS.map(({ query }) => query))('%s says what it means, what to do, and that nothing was found', (query) => {
    const guidance = guidanceFor(query)!;
    expect(guidance.meaning).toMatch(/^[A-Z].*\.$/s);
    expect(guidance.action).toMatch(/^[A-Z].*\.$/s);
    expect(guidance.nothing).toMatch(/^[A-Z].*[^.]$/);
    if (guidance.runbook !== undefined) {
      expect(headings).toContain(`## ${guidance.runbook}`);
    }
  });

  test('that sends its reader to another query gives the title and the name of the query', () => {
    const texts = CHECKS.map(({ query }) => guidanceFor(query)!.action).join('\n');
    expect(texts).toContain('look for changes to it with the query "Who changed or tried to change the protection of models or evidence outside of a deployment?" (protection-changes).');
    const names = namedQueries().map(({ name }) => name).filter((name) => name.includes('-'));
    for (const [place, name] of names.flatMap((each) => [...texts.matchAll(new RegExp(each, 'g'))].map(({ index }) => [index, each] as const))) {
      expect(texts.slice(0, place)).toMatch(/\?" \($/);
      expect(texts).toContain(`"${namedQueries().find((query) => query.name === name)!.title}" (${name})`);
    }
    expect(texts).not.toMatch(/[{}]/);
  });

  test('that is not possible says what makes it possible', () => {
    const states = CHECKS.flatMap(({ query }) => [
      findingOf({ answers: { [query]: NOTHING }, read: { records: 0 } }),
      findingOf({ answers: { [query]: NOTHING }, read: { accessLogLines: 0 }, settings: { invoking_service: 'none' } }),
    ]).filter(({ state }) => state === 'unknown');
    expect(states.length).toBeGreaterThan(CHECKS.length);
    expect(states.filter(({ remedy }) => !remedy || remedy.text.endsWith('.'))).toEqual([]);
  });
});

describe('a command in a finding', () => {
  test('repeats the options that were given, quoted for a shell', () => {
    const report = { ...reportOf({ answers: { reconciliation: NOTHING }, read: { accessLogLines: 0 } }), sources: [
      { option: '--store', place: 'models' }, { option: '--region', place: 'eu-central-1' }, { option: '--settings', place: 'my settings.json' },
    ] };
    expect(exampleOf(report, report.findings.find(({ query }) => query === 'reconciliation')!)).toBe(
      'model-store audit query reconciliation --store models --region eu-central-1 --settings \'my settings.json\' '
        + '--from 2026-11-01 --to 2026-11-30 --access-logs PLACE',
    );
    expect(verifyCommand(report)).toBe('model-store audit verify-trail --store models --region eu-central-1 --from 2026-11-01 --to 2026-11-30');
    expect(verifyCommand({ ...report, sources: [{ option: '--logs', place: 'trail' }] })).toBe(
      'model-store audit verify-trail --logs trail --public-keys FILE --from 2026-11-01 --to 2026-11-30',
    );
  });
});

describe('the evidence itself', () => {
  const about = (asks: RegExp, known: Parameters<typeof reportOf>[0]) => reportOf(known).findings.find(
    (finding) => asks.test(finding.title),
  );

  test('is the first finding if it was not read completely', () => {
    const report = reportOf({
      answers: { deletions: answer({ principal: 'eve', what: 'deletion', result: 'ok' }) },
      read: { skipped: [
        { reason: 'truncated', count: 2, examples: ['a.gz'] },
        { reason: 'unknown format', count: 9, examples: ['notes.txt'] },
      ] },
    });
    expect(report.findings[0]).toMatchObject({
      severity: 'high', state: 'found', sentence: expect.stringMatching(/^2 files are truncated/) as unknown,
    });
    expect(report.findings[0].sentence).not.toContain('formats that this command does not read');
  });

  test('has the days without trail records up to today', () => {
    const [first, third] = [
      coverageOf({ event_day: '2026-11-01', trail_records: 1 }), coverageOf({ event_day: '2026-11-03', trail_records: 0 }),
    ];
    const byDay = { columns: first.columns, rows: [...first.rows, ...third.rows] };
    const known = {
      answers: { 'log-coverage': byDay },
      days: { from: '2026-11-01', to: '2026-11-30' },
      madeAt: Date.UTC(2026, 10, 4, 12),
    };
    expect(about(/for every day/, known)).toMatchObject({
      state: 'found', sentence: '3 days have no trail records: 2026-11-02, 2026-11-03, 2026-11-04',
    });
    expect(about(
      /for every day/, { ...known, days: { from: '2026-11-01', to: '2026-11-01' } },
    )).toMatchObject({ state: 'nothing' });
    expect(about(/for every day/, { ...known, madeAt: Date.UTC(2026, 11, 1) })?.sentence).toMatch(
      /^29 days have no trail records: 2026-11-02, .*, 2026-11-11 and 19 more$/,
    );
  });

  test('has a finding for reads of unknown size', () => {
    const readers = answer({ principal: 'ada', bytes_out: 1, reads: 3, reads_of_unknown_size: 2, unchecked_reads: 0 });
    expect(about(/sizes/, { answers: { 'egress-by-principal': readers } })).toMatchObject({
      state: 'found', severity: 'notice',
    });
  });

  test('has a finding for reads whose principal could not be checked', () => {
    const readers = (unchecked_reads: number) => ({
      answers: {
        'egress-by-principal': answer({
          principal: 'ada', bytes_out: 1, reads: 3, reads_of_unknown_size: 0, unchecked_reads,
        }),
      },
    });
    expect(about(/principals/, readers(2))).toMatchObject({
      state: 'found', severity: 'medium',
      sentence: expect.stringMatching(/^2 reads are attributed to the principal that the session claims, because/) as unknown,
    });
    expect(about(/principals/, readers(0))).toMatchObject({ state: 'nothing' });
  });

  test('says nothing about the sizes and principals of reads if there are none', () => {
    const { columns } = answer({ principal: 'ada', bytes_out: 1, reads: 3, reads_of_unknown_size: 0, unchecked_reads: 0 });
    const without = { answers: { 'egress-by-principal': { columns, rows: [] } } };
    expect(about(/sizes/, without)).toBeUndefined();
    expect(about(/principals/, without)).toBeUndefined();
  });
});
