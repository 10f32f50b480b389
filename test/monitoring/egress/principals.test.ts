import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { changed, EgressCounts, oneRead, ordinaryRecords } from './support';
import { READS } from '../../../src/monitoring/egress/egress-patterns';
import { STORE } from '../../support/audit/trail-record';
import { contributorsOf } from '../../support/contributor-insights';
import { alarmsOf, byName, deployed, MonitoredStack } from '../fixtures';

const month = ordinaryRecords(20_000);
const read = oneRead(month);
const GIB = 1024 ** 3;

const identity = (userIdentity: object) => changed(read, { userIdentity, 'additionalEventData.bytesTransferredOut': 5 * GIB });
const outsideSessions = [
  identity({ type: 'IAMUser', principalId: 'AIDAEXAMPLE', arn: 'arn:aws:iam::111122223333:user/mallory', accountId: '111122223333', userName: 'mallory' }),
  identity({ type: 'Root', principalId: '111122223333', arn: 'arn:aws:iam::111122223333:root', accountId: '111122223333' }),
  identity({ type: 'AWSAccount', principalId: 'AROAEXAMPLE:job', accountId: '444455556666' }),
  identity({ type: 'AWSAccount', principalId: '', accountId: 'ANONYMOUS_PRINCIPAL' }),
  identity({ type: 'AWSService', invokedBy: 'sagemaker.amazonaws.com' }),
];
const renamedForEveryFile = Array.from({ length: 50 }, (_, index) => changed(read, {
  'userIdentity.arn': `arn:aws:sts::111122223333:assumed-role/Training/job-${index}`,
  'userIdentity.sessionContext.sessionIssuer.arn': 'arn:aws:iam::111122223333:role/Training',
  'userIdentity.sessionContext.sourceIdentity': undefined,
  'additionalEventData.bytesTransferredOut': 3 * GIB,
}));
const noReads = [
  changed(read, { errorCode: 'AccessDenied', 'additionalEventData.bytesTransferredOut': 243 * GIB }),
  changed(read, { 'requestParameters.bucketName': `${STORE.bucket}-logs` }),
  changed(read, { eventName: 'PutObject' }),
  changed(read, { eventName: 'HeadObject' }),
  changed(read, { eventName: 'CopyObject', 'additionalEventData.bytesTransferredOut': 300 }),
  changed(read, { requestParameters: null }),
];
const withoutBytes = [changed(read, { additionalEventData: undefined }), changed(read, { 'additionalEventData.bytesTransferredOut': undefined })];
const records = [...month, ...outsideSessions, ...renamedForEveryFile, ...noReads, ...withoutBytes];

/** Bytes by principal, computed directly from the records. */
function truth(principalOf: (userIdentity: any) => string | undefined): Map<string, number> {
  const sums = new Map<string, number>();
  for (const record of [...month, ...outsideSessions, ...renamedForEveryFile] as any[]) {
    const principal = record.eventName === 'GetObject' && record.requestParameters.bucketName === STORE.bucket && principalOf(record.userIdentity);
    if (principal) {
      sums.set(principal, (sums.get(principal) ?? 0) + record.additionalEventData.bytesTransferredOut);
    }
  }
  return new Map([...sums].sort(([, a], [, b]) => b - a));
}

const total = (sums: Map<string, number>) => [...sums.values()].reduce((sum, value) => sum + value, 0);
const roleOf = (userIdentity: any) => userIdentity.sessionContext?.sessionIssuer.arn;
const personOf = (userIdentity: any) => userIdentity.sessionContext?.sourceIdentity;

describe('egress of one principal', () => {
  const counts = new EgressCounts();
  const byPerson = contributorsOf(counts.rule('EgressByPersonRule')!, records);
  const byRole = contributorsOf(counts.rule('EgressByRoleRule')!, records);
  const outside = counts.sum('EgressBytesOutsideSessionsFilter', records);

  test('is the bytes read by each person, with the largest first', () => {
    expect(byPerson.size).toBeGreaterThan(40);
    expect([...byPerson]).toEqual([...truth(personOf)]);
  });

  test('is counted by role for sessions that do not identify a person, whatever their names', () => {
    const truly = truth((userIdentity) => (personOf(userIdentity) ? undefined : roleOf(userIdentity)));
    expect([...byRole]).toEqual([...truly]);
    expect(byRole.get('arn:aws:iam::111122223333:role/Training')).toBe(150 * GIB);
  });

  test('is counted together for callers without a session', () => {
    expect(outside).toBe(outsideSessions.length * 5 * GIB);
  });

  // [C-13] in docs/compliance.md
  test('no bytes are missed or counted twice', () => {
    const all = counts.sum('EgressBytesFilter', records);
    expect(all).toBe(total(truth((userIdentity) => JSON.stringify(userIdentity))));
    expect(total(byPerson) + total(byRole) + outside).toBe(all);
    for (const record of [...outsideSessions, ...renamedForEveryFile, ...month.slice(0, 500)]) {
      const places = [
        contributorsOf(counts.rule('EgressByPersonRule')!, [record]).size > 0,
        contributorsOf(counts.rule('EgressByRoleRule')!, [record]).size > 0,
        counts.counts('EgressBytesOutsideSessionsFilter', record),
      ].filter(Boolean);
      expect(places).toHaveLength(counts.counts('EgressBytesFilter', record) ? 1 : 0);
    }
  });

  test.each(noReads.map((record, index) => [index, record]))('a record that is not a successful read of the bucket is not counted (%d)', (_index, record) => {
    expect(contributorsOf(counts.rule('EgressByPersonRule')!, [record]).size).toBe(0);
    expect(counts.counts('EgressBytesFilter', record)).toBe(false);
    expect(counts.counts('EgressBytesOutsideSessionsFilter', record)).toBe(false);
  });

  test.each(['athena', 'duckdb'])('the same reads are counted as in the audit on %s, without the copies', (engine) => {
    const views = readFileSync(join(__dirname, `../../../src/audit/views/${engine}.sql`), 'utf8');
    const [, list] = /coalesce\(\s*[\w.]+ IN \(([^)]+)\), false\s*\)\s+AND [\w.]*result = 'ok'/.exec(views)!;
    const actions = [...list.matchAll(/'(\w+)'/g)].map(([, action]) => action);
    expect(actions).toEqual([...READS, 'CopyObject', 'UploadPartCopy']);
  });

  test('a fractional number of bytes is counted unchanged', () => {
    const record = changed(read, { 'additionalEventData.bytesTransferredOut': 1024.5 });
    expect(counts.sum('EgressBytesFilter', [record])).toBe(1024.5);
    expect(total(contributorsOf(counts.rule('EgressByPersonRule')!, [record]))).toBe(1024.5);
  });
});

describe('egress of one principal, with known session roles', () => {
  const storeRoles = new Set(month.map(({ userIdentity }: any) => (personOf(userIdentity) ? roleOf(userIdentity) : undefined)).filter(Boolean));
  const counts = new EgressCounts({ sessionRoles: [...storeRoles].map((roleArn) => ({ roleArn }) as iam.IRole) });
  const theft = (role: string | undefined, person: string) => changed(read, {
    'userIdentity.sessionContext.sessionIssuer': role && { type: 'Role', arn: `arn:aws:iam::111122223333:role/${role}` },
    'userIdentity.sessionContext.sourceIdentity': person,
    'additionalEventData.bytesTransferredOut': 3 * GIB,
  });
  const inEveryName = Array.from({ length: 50 }, (_, index) => theft('Mallory', `colleague-${index}`));
  const all = [...records, ...inEveryName, theft(undefined, 'nobody')];
  const byPerson = contributorsOf(counts.rule('EgressByPersonRule')!, all);
  const byRole = contributorsOf(counts.rule('EgressByRoleRule')!, all);

  test('is counted for a person only in sessions of the store with their name', () => {
    expect(storeRoles.size).toBeGreaterThan(0);
    expect([...byPerson]).toEqual([...truth(personOf)]);
  });

  test('is counted by role for another session with the name of a person', () => {
    expect(byRole.get('arn:aws:iam::111122223333:role/Mallory')).toBe(150 * GIB);
    expect([...byRole.keys()].filter((role) => storeRoles.has(role))).toEqual([]);
  });

  test('no bytes are missed or counted twice', () => {
    const outside = counts.sum('EgressBytesOutsideSessionsFilter', all);
    expect(total(byPerson) + total(byRole) + outside).toBe(counts.sum('EgressBytesFilter', all));
    expect(outside).toBe(outsideSessions.length * 5 * GIB + 3 * GIB);
  });
});

describe('egress of one principal, without an API', () => {
  const counts = new EgressCounts({ api: undefined });

  test('is counted by role, because session names are per request and would each be a principal', () => {
    expect(counts.rule('EgressByPersonRule')).toBeUndefined();
    expect([...contributorsOf(counts.rule('EgressByRoleRule')!, records)]).toEqual([...truth(roleOf)]);
  });

  test('includes every principal', () => {
    const session = changed(read, { 'userIdentity.sessionContext.sessionIssuer': undefined });
    const all = [...records, session];
    const byRole = total(contributorsOf(counts.rule('EgressByRoleRule')!, all));
    expect(byRole + counts.sum('EgressBytesOutsideSessionsFilter', all)).toBe(counts.sum('EgressBytesFilter', all));
  });
});

describe('the alarms on the egress of one principal', () => {
  const template = Template.fromStack(new MonitoredStack());
  const alarms = alarmsOf(template);
  const rules = byName(template, 'AWS::CloudWatch::InsightRule');

  test.each(['EgressByPerson', 'EgressByRole'])('%s uses the principal with the most bytes within an hour, from a rule that is created first', (name) => {
    const rule = rules[`${name}Rule`];
    expect(alarms[name]).toMatchObject({
      Threshold: 50 * GIB, ComparisonOperator: 'GreaterThanOrEqualToThreshold', EvaluationPeriods: 1, TreatMissingData: 'notBreaching',
      Metrics: [{ Expression: `INSIGHT_RULE_METRIC("${rule.RuleName}", "MaxContributorValue")`, Period: 3600, ReturnData: true }],
    });
    const [resource] = Object.entries(template.findResources('AWS::CloudWatch::Alarm')).filter(([id]) => id.startsWith(`Monitoring${name}`));
    expect(resource[1].DependsOn).toEqual([expect.stringMatching(`^Monitoring${name}Rule`)]);
  });

  test('rules count only in the log group of the trail, from their creation', () => {
    for (const rule of Object.values(rules)) {
      expect(rule.RuleState).toBe('ENABLED');
      expect(JSON.parse(deployed(rule.RuleBody)).LogGroupNames).toEqual([expect.stringMatching(/^<TrailLogs/)]);
    }
  });

  test('rule names are short enough, and differ between stores', () => {
    const names = Object.values(rules).map(({ RuleName }) => RuleName);
    expect(new Set(names).size).toBe(2);
    for (const name of names) {
      expect(name).toMatch(/^[A-Za-z0-9-]{1,128}$/);
    }
  });
});
