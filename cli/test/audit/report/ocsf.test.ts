import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import { answer, reportOf } from './answers';
import { ocsfSchema } from '../../../../test/tools/ocsf';
import { namedQueries } from '../../../src/audit/queries/queries';
import { findingsAsOcsf } from '../../../src/audit/report/ocsf';
import { CHECKS } from '../../../src/audit/report/report';

interface Event {
  readonly class_uid: number;
  readonly severity: string;
  readonly count: number;
  readonly message: string;
  readonly finding_info: { readonly uid: string };
  readonly resources: unknown;
  readonly evidences: readonly { readonly actor: { readonly user: object } }[];
}

const events = (known: Parameters<typeof reportOf>[0]) => findingsAsOcsf(reportOf(known)).trim().split('\n')
  .map((line) => JSON.parse(line) as Event);

const direct = { 'direct-reads': answer({ principal: 'Admin=eve', bytes_out: 2_048, reads: 3 }) };

describe('a finding as an event for a SIEM', () => {
  const validators = new Map<string, ValidateFunction>();

  beforeAll(async () => {
    for (const version of ['1.1.0', '1.3.0', '1.8.0']) {
      validators.set(version, new Ajv2020({ strict: false, allErrors: true }).compile(await ocsfSchema(version, 2004)));
    }
  });

  /** A row of each check, as far as its sentence needs it. */
  const row = {
    principal: 'Admin=eve', opened_by: 'bob', bytes_out: 2_048, reads: 3, writes: 1, requests: 1, uses: 2, invocations: 1, sessions: 1, denied: 9,
    files: 300, models: 9, link_lifetime_seconds: 604_800, missing_in: 'trail', action: 'GetObject', note: null, what: 'deletion', result: 'ok',
    function_name: 'upload', source_ip: '203.0.113.9', used_from: '203.0.113.9', model: 'fraud', object_key: 'models/fraud/x', role_name: 'Admin',
    to_another_bucket: true, event_id: 'e', event_source: 's3.amazonaws.com', deletions: 2, role_arn: 'arn:aws:iam::1:role/a', times: 3,
    objects: 9, tool: 'rclone', alias: 'production', opened_session_name: 'ada', event_day: '2026-11-03', night_of: '2026-11-03', since: '2026-11-01', until: '2026-11-03',
  };
  const everything = { answers: Object.fromEntries(CHECKS.map(({ query }) => [query, answer(row)])), settings: {
    artifact_bucket: 'models', perimeter_networks: ['10.0.0.0/8'],
    canary_models: ['canary'], direct_role_arns: ['arn:aws:iam::1:role/b'], auditor_role_arns: ['arn:aws:iam::1:role/a'], caller_role_arns: ['arn:aws:iam::1:role/a'],
  } };

  test.each(['1.1.0', '1.3.0', '1.8.0'])('is a valid Detection Finding of OCSF %s, for every check', (version) => {
    const validate = validators.get(version)!;
    const found = events(everything);
    expect(found).toHaveLength(CHECKS.length);
    for (const event of found) {
      validate(event);
      expect(validate.errors ?? []).toEqual([]);
    }
    expect(validate({ ...found[0], severity_id: 42 })).toBe(false);
    expect(validate({ ...found[0], invented: 1 })).toBe(false);
  });

  test('has the statement, the severity, the bucket and who it is about', () => {
    const [event] = events({ answers: direct, settings: { artifact_bucket: 'models' } });
    expect(event).toMatchObject({
      class_uid: 2004, severity: 'High', count: 1,
      message: 'eve (Admin) read models directly from S3: 2.00 KiB in 3 reads',
      resources: [{ type: 'AWS::S3::Bucket', name: 'models' }],
      evidences: [{ actor: { user: { name: 'eve', uid: 'Admin=eve' } } }],
    });
  });

  test('has the same ID in every report on the same days, and another one for other days', () => {
    const id = (from: string, madeAt: number) => events({ answers: direct, days: { from, to: '2026-11-30' }, madeAt })[0].finding_info.uid;
    expect(id('2026-11-01', 1)).toBe(id('2026-11-01', 2));
    expect(id('2026-11-01', 1)).not.toBe(id('2026-11-02', 1));
  });

  test('is only what was found', () => {
    const nothing = { columns: [{ name: 'note', type: 'text' as const }], rows: [] };
    expect(namedQueries().length).toBeGreaterThan(0);
    expect(findingsAsOcsf(reportOf({ answers: { 'direct-reads': nothing, 'egress-outside-perimeter': nothing } }))).toBe('');
  });
});
