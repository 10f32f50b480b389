import { allAttempts } from './support/attempts';
import { envelope } from './support/records';
import { WatchedStore } from './support/watched-store';
import { DeploymentChanges } from '../../../src/monitoring/tamper/tamper-options';
import { EVENT_RULER } from '../../fidelity/engines';
import { proves } from '../../fidelity/proves';
import { matchesPattern } from '../../support/filter-pattern';
import { hasEventRuler, matchingRules } from '../../tools/event-ruler';

const KIND_OF_RULE: { readonly [rule: string]: string } = {
  Trail: 'Trail', TrailLogs: 'Trail', Evidence: 'Evidence', RetentionBypass: 'Evidence', Buckets: 'Bucket', Keys: 'Key', KeysRefused: 'Key',
  Roles: 'Role', Policies: 'Role', Policies2: 'Role', Functions: 'Function', Invokers: 'Function', Invocations: 'Invocation', Alarms: 'Monitoring', Rules: 'Monitoring', Topic: 'Monitoring', RootUse: 'RootUse',
  Organization: 'Organization', TrailAccess: 'Trail', BucketAccess: 'Bucket', LargeRequests: 'LargeRequest', Canaries: 'Canary',
  Api: 'Function', UserPool: 'Function', InsightRules: 'Monitoring', Tables: 'Monitoring', Questions: 'Monitoring', Questions2: 'Monitoring', Parameters: 'Monitoring',
};

const store = new WatchedStore();
const attempts = allAttempts(store.names());

(hasEventRuler() ? describe : describe.skip)('EventBridge, with its own rule matcher', () => {
  let matched: string[][];
  beforeAll(async () => {
    matched = await matchingRules(store.rules(), attempts.map(([, record]) => envelope(record)));
  });

  test.each(attempts.map(([done, , ...rules], index) => [done, rules, index] as const))('%s: %j', (_done, rules, index) => {
    expect(matched[index]).toEqual(rules);
  });

  // [C-14] in docs/compliance.md
  test('has a rule for each kind of change, and each rule both matches and excludes some of these calls', () => {
    expect([...store.rules().keys()].sort()).toEqual(Object.keys(KIND_OF_RULE).sort());
    for (const rule of Object.keys(KIND_OF_RULE)) {
      expect([rule, matched.some((rules) => rules.includes(rule)), matched.some((rules) => !rules.includes(rule))])
        .toEqual([rule, true, true]);
    }
    proves(EVENT_RULER, 'events.patterns');
  });

  // [C-14] in docs/compliance.md
  test('accepts events only from AWS', async () => {
    const forged = attempts.map(([, record]) => ({ ...envelope(record), source: 'mallory' }));
    expect((await matchingRules(store.rules(), forged)).flat()).toEqual([]);
    proves(EVENT_RULER, 'events.patterns');
  });

  test('reports deployments as notifications if configured, each change once', async () => {
    const calm = new WatchedStore({ options: { deployments: DeploymentChanges.NOTIFY } });
    const both = await matchingRules(calm.rules(), attempts.map(([, record]) => envelope(record)));
    attempts.forEach(([done, , ...rules], index) => {
      expect([done, both[index].filter((rule) => !rule.startsWith('Deployments'))]).toEqual([done, rules]);
      const byDeployment = done.startsWith('a deployment ') && rules.length === 0 && done !== 'a deployment makes the bucket';
      expect([done, both[index].filter((rule) => rule.startsWith('Deployments')).length]).toEqual([done, byDeployment ? 1 : 0]);
    });
  });

  test('reports deployments like any other change if configured', async () => {
    const strict = new WatchedStore({ options: { deployments: DeploymentChanges.ALARM } });
    const rules = await matchingRules(strict.rules(), attempts.map(([, record]) => envelope(record)));
    const silent = attempts.filter(([done], index) => done.startsWith('a deployment ') && rules[index].length === 0);
    expect(silent.map(([done]) => done)).toEqual(['a deployment makes the bucket']);
  });
});

describe('CloudWatch Logs, with metric filters on the same records', () => {
  const filters = [...store.filters()];

  test.each(attempts.map(([done, record, ...rules]) => ({ done, record, rules })))('$done', ({ record, rules }) => {
    const line = JSON.stringify(record);
    const counted = filters.filter(([, patterns]) => patterns.some((pattern) => matchesPattern(pattern, line))).map(([kind]) => kind);
    expect(counted).toEqual(rules.map((rule) => KIND_OF_RULE[rule]));
  });

  test('counts each call once for each alarm', () => {
    for (const [done, record] of attempts) {
      for (const [kind, patterns] of filters) {
        const matching = patterns.filter((pattern) => matchesPattern(pattern, JSON.stringify(record)));
        expect([done, kind, matching.length <= 1]).toEqual([done, kind, true]);
      }
    }
  });
});
