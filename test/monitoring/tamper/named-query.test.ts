import type { Attempt, WatchedNames } from './support/attempt';
import { allAttempts } from './support/attempts';
import { but, DEPLOYMENT_ROLE_ARN } from './support/records';
import { WatchedStore } from './support/watched-store';
import { dayParameters } from '../../../src/contract/audit-questions';
import { ask, queryText, type Row } from '../../audit/support/evidence';
import { ACCOUNT, REGION } from '../../storage/support/policies';

/** The names of a deployed store. Those that CloudFormation generates begin with the name of the stack. */
const NAMES: WatchedNames = {
  account: ACCOUNT,
  region: REGION,
  trail: 'models-trail',
  logGroup: '/aws/cloudtrail/models',
  artifactBucket: 'artifacts',
  trailBucket: 'trail-logs',
  accessLogBucket: 'access-logs',
  artifactKeyId: '1234abcd-12ab-34cd-56ef-1234567890ab',
  archiveKeyId: '5678abcd-12ab-34cd-56ef-1234567890ab',
  sessionRole: 'Store-DownloadSession',
  executionRole: 'Store-DownloadFunction',
  executionRoleArn: `arn:aws:iam::${ACCOUNT}:role/Store-DownloadFunction`,
  directRole: 'Training',
  sessionPolicy: `arn:aws:iam::${ACCOUNT}:policy/Store-SessionPermissions`,
  furtherPolicy: `arn:aws:iam::${ACCOUNT}:policy/Store-FunctionPermissions`,
  function: 'Store-download',
  api: 'api0123456',
  userPool: `${REGION}_Pool01`,
  topicArn: `arn:aws:sns:${REGION}:${ACCOUNT}:Store-Alarms`,
  rulePrefix: 'Store-Tamper-',
  stackName: 'Store',
  insightRule: 'Store-EgressByPerson',
  database: 'store_analytics',
  workGroup: 'Store-Analytics',
  namedQuery: '4d1a9d8a-7b8a-4c1e-9d2e-0b8a1d2c3e4f',
  parameter: '/secure-model-artifact-store/models',
  canaryModel: 'payments-fraud-v2',
};

const SETTINGS: Row = {
  artifact_bucket: NAMES.artifactBucket,
  log_buckets: `${NAMES.trailBucket},${NAMES.accessLogBucket}`,
  direct_role_arns: `arn:aws:iam::${ACCOUNT}:role/batch/Training`,
  deployment_role_arns: DEPLOYMENT_ROLE_ARN,
  watched_resources: [
    NAMES.trail, NAMES.logGroup, NAMES.artifactKeyId, NAMES.archiveKeyId, NAMES.sessionRole, NAMES.executionRole, NAMES.function, NAMES.api,
    NAMES.userPool, NAMES.database, NAMES.workGroup,
  ].join(','),
  watched_prefix: 'Store-',
  canary_models: NAMES.canaryModel,
};

/** Rules on data events, which other queries list. */
const QUERY_OF_RULE: { readonly [rule: string]: string } = {
  Evidence: 'deletions', RetentionBypass: 'deletions', Canaries: 'canary-reads',
};
const QUERY = 'protection-changes';
const QUERIES = [QUERY, 'deletions', 'direct-invocations', 'canary-reads'];

/** What the query shows although no watch reports it, and why. */
const SHOWN_ONLY: { readonly [done: string]: string } = {
  'a trail of the same name in another Region is stopped': 'the settings have the name of the trail, not its ARN',
  'a call names nothing': 'what does not say what it is about is shown',
  'another key is disabled': 'an alias does not say which key it stands for',
  'another parameter is changed': 'the settings do not have the name of the store',
  'a question of others is changed': 'the settings do not have the IDs of the named queries',
  'another topic is deleted': 'its name begins with the name of the stack',
  'somebody is unsubscribed from another topic': 'its name begins with the name of the stack',
  'what others count by is disabled': 'its name begins with the name of the stack',
};

/** Names in the query that no watch has, and why. */
const NAMED_ONLY_IN_QUERY: { readonly [name: string]: string } = {
  'logs.amazonaws.com PutAccountPolicy': 'reported by what it changes, like every change of the log group',
  'sts.amazonaws.com AssumeRoot': 'recorded in the account that calls it; the session is reported as use of the root user',
};
/** Names in the watches that the query does not have, and why. */
const NAMED_ONLY_IN_WATCHES: { readonly [name: string]: string } = {
  'iam.amazonaws.com AttachRolePolicy': 'names a role, by which the query judges it',
  'iam.amazonaws.com DetachRolePolicy': 'names a role, by which the query judges it',
};

describe('protection-changes, on the calls that the tamper rules are tested with', () => {
  const attempts = allAttempts(NAMES);
  let shown: Map<string, ReadonlySet<unknown>>;
  let invocations: number;

  beforeAll(async () => {
    const records = attempts.map(([, record], index) => but(record, { eventID: `event-${index}` }));
    const day = String(records[0].eventTime).slice(0, 10);
    const results = await ask(
      { records, settings: SETTINGS },
      QUERIES.map((name) => ({ sql: queryText(name), parameters: dayParameters(queryText(name), day, day) })),
    );
    shown = new Map(results.map(({ rows }, index) => [QUERIES[index], new Set(rows.map(({ event_id }) => event_id))]));
    invocations = results[QUERIES.indexOf('direct-invocations')].rows.reduce((sum, row) => sum + Number(row.invocations), 0);
  });

  const isShown = (query: string, index: number) => shown.get(query)!.has(`event-${index}`);
  const withIndex = attempts.map(([done, , ...rules]: Attempt, index) => ({ done, rules, index }));

  // [C-14] in docs/compliance.md
  test('shows every call that a rule reports', () => {
    const reported = withIndex.filter(({ rules }) => rules.length > 0 && !rules.includes('Invocations'));
    const missing = reported.filter(({ rules, index }) => !rules.every((rule) => isShown(QUERY_OF_RULE[rule] ?? QUERY, index)));
    expect(reported.length).toBeGreaterThan(150);
    expect(missing.map(({ done }) => done)).toEqual([]);
  });

  test('leaves invocations to direct-invocations, which counts each of them', () => {
    // It leaves out invocations by a deployment, which invokes functions of its own.
    const byOthers = withIndex.filter(({ done, rules }) => rules.includes('Invocations') && !done.startsWith('a deployment '));
    expect(invocations).toBe(byOthers.length);
  });

  test('shows no call that no rule reports, except those with a reason', () => {
    const others = withIndex.filter(({ rules, index }) => rules.length === 0 && isShown(QUERY, index));
    expect(others.map(({ done }) => done).sort()).toEqual(Object.keys(SHOWN_ONLY).sort());
  });
});

describe('the names of events in protection-changes', () => {
  const sql = queryText(QUERY);
  const [conditions, exemption] = sql.slice(sql.indexOf('FROM judged')).split('by_cloudformation');
  const watches = new WatchedStore().watches().filter(({ category }) => category === 'management');
  const named = (name: string) => name.replace(/[*%]$/, '');
  const quoted = (text: string) => [...text.matchAll(/'([A-Z][A-Za-z0-9]+%?)'/g)].map(([, name]) => named(name)).filter((name) => name !== 'AWSService');
  const inQuery = conditions.split('event_source = ').slice(1)
    .flatMap((part) => quoted(part).map((name) => `${/^'([^']+)'/.exec(part)![1]} ${name}`));
  const inWatches = watches.flatMap(({ eventSource, events = [], except = [] }) => [...events, ...except].map((name) => `${eventSource} ${named(name)}`));

  test('are those of the watches, except names with a reason', () => {
    const [query, watched] = [new Set(inQuery), new Set(inWatches)];
    expect([...query].filter((name) => !watched.has(name)).sort()).toEqual(Object.keys(NAMED_ONLY_IN_QUERY).sort());
    expect([...watched].filter((name) => !query.has(name)).sort()).toEqual(Object.keys(NAMED_ONLY_IN_WATCHES).sort());
  });

  test('are of every service that is watched', () => {
    const services = new Set([...conditions.matchAll(/event_source = '([^']+)'/g)].map(([, service]) => service));
    expect(watches.map(({ eventSource }) => eventSource).filter((service) => !services.has(service))).toEqual([]);
  });

  test('include those that are reported even if a deployment makes the call', () => {
    const always = watches.flatMap(({ evenByDeployments }) => (evenByDeployments === 'all' ? [] : evenByDeployments));
    expect(quoted(exemption.slice(exemption.indexOf('No ordinary deployment'))).sort()).toEqual([...new Set(always)].sort());
  });
});
