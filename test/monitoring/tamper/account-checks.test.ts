import { Template } from 'aws-cdk-lib/assertions';
import * as logs from 'aws-cdk-lib/aws-logs';
import { but, byDeployment, change, refused, type CloudTrailRecord } from './support/records';
import { WatchedStore } from './support/watched-store';
import type { StoreMonitoring } from '../../../src/monitoring/store-monitoring';
import type { TamperDetection } from '../../../src/monitoring/tamper/tamper-detection';
import type { TamperOptions } from '../../../src/monitoring/tamper/tamper-options';
import { matchesPattern } from '../../support/filter-pattern';
import { MonitoredStack } from '../fixtures';

const tamperDetectionOf = (monitoring: StoreMonitoring) => monitoring.node.tryFindChild('Tamper') as TamperDetection | undefined;

const NAMES = ['UnauthorizedCalls', 'SignInsWithoutSecondFactor', 'FailedSignIns', 'PolicyChanges'];
const store = new WatchedStore({ options: { accountChecks: true } });
const filters = [...store.filters()].filter(([kind]) => NAMES.includes(kind));

const signIn = (result: 'Success' | 'Failure', secondFactor: 'Yes' | 'No', userIdentity: object = { type: 'IAMUser', userName: 'ada' }) =>
  but(change('signin', 'ConsoleLogin', null), {
    userIdentity,
    eventType: 'AwsConsoleSignIn',
    ...(result === 'Failure' ? { errorMessage: 'Failed authentication' } : {}),
    responseElements: { ConsoleLogin: result },
    additionalEventData: { LoginTo: 'https://console.aws.amazon.com/console/home', MobileVersion: 'No', MFAUsed: secondFactor },
  });
const policy = change('iam', 'PutUserPolicy', { userName: 'ada', policyName: 'a', policyDocument: '{}' });

const RECORDS: ReadonlyArray<readonly [string, CloudTrailRecord, ...string[]]> = [
  ['a call that is not allowed', refused(change('ec2', 'RunInstances', {})), 'UnauthorizedCalls'],
  ['the same in the words of EC2', but(change('ec2', 'RunInstances', {}), { errorCode: 'Client.UnauthorizedOperation' }), 'UnauthorizedCalls'],
  ['a call that fails otherwise', but(change('ec2', 'RunInstances', {}), { errorCode: 'Client.InvalidParameterValue' })],
  ['a call that succeeds', change('ec2', 'RunInstances', {})],
  ['a sign-in without a second factor', signIn('Success', 'No'), 'SignInsWithoutSecondFactor'],
  ['a sign-in with one', signIn('Success', 'Yes')],
  ['a sign-in by way of an identity provider', signIn('Success', 'No', { type: 'AssumedRole' })],
  ['a sign-in that fails', signIn('Failure', 'No'), 'FailedSignIns'],
  ['a change of a policy', policy, 'PolicyChanges'],
  ['a change of a policy that is refused', refused(policy), 'UnauthorizedCalls', 'PolicyChanges'],
  ['a change of a policy by a deployment', byDeployment(policy)],
  ['a look at a policy', but(change('iam', 'GetPolicy', { policyArn: 'arn' }), { readOnly: true })],
];

describe('the account-wide checks', () => {
  test.each(
    RECORDS.map(([done, record, ...expected]) => ({ done, record, expected })),
  )('$done is counted as $expected', ({ record, expected }) => {
    const line = JSON.stringify(record);
    const counted = filters.filter(([, patterns]) => patterns.some((pattern) => matchesPattern(pattern, line))).map(([kind]) => kind);
    expect(counted).toEqual(expected);
  });

  test('exist only if they are enabled', () => {
    expect(filters.map(([kind]) => kind)).toEqual(NAMES);
    expect([...new WatchedStore().filters().keys()].filter((kind) => NAMES.includes(kind))).toEqual([]);
  });

  const thresholds = (options: TamperOptions) => Object.fromEntries(
    new WatchedStore({ options: { accountChecks: true, ...options } }).tamper.alarms.filter(({ node }) => NAMES.includes(node.id))
      .map((alarm) => [alarm.node.id, (alarm.node.defaultChild as any).threshold]));

  test('have the documented thresholds', () => {
    expect(thresholds({})).toEqual({ UnauthorizedCalls: 20, SignInsWithoutSecondFactor: 1, FailedSignIns: 3, PolicyChanges: 1 });
    expect(thresholds({ unauthorizedCallsThreshold: 5, failedSignInsThreshold: 10 })).toMatchObject({ UnauthorizedCalls: 5, FailedSignIns: 10 });
  });

  test('reject thresholds that would always be exceeded', () => {
    expect(() => new MonitoredStack(() => ({ tampering: { unauthorizedCallsThreshold: 5 } })))
      .toThrow('tampering.unauthorizedCallsThreshold is set, but account-wide alarms are not enabled');
    const tampering = { accountChecks: true, unauthorizedCallsThreshold: 0, failedSignInsThreshold: 1.5 };
    expect(() => new MonitoredStack(() => ({ tampering }))).toThrow(
      /tampering\.unauthorizedCallsThreshold is 0; [\s\S]*tampering\.failedSignInsThreshold is 1\.5; use a whole number/);
  });
});

describe('a store with all monitoring', () => {
  test('exposes its alarms and its tamper detection', () => {
    const stack = new MonitoredStack((scope) => ({
      protectedResources: { artifactBuckets: [scope.artifactBucket.bucket], trailLogGroup: new logs.LogGroup(scope, 'Logs') },
    }));
    const { monitoring } = stack;
    expect(monitoring.alarms).toEqual(expect.arrayContaining(tamperDetectionOf(monitoring)!.alarms));
    expect(tamperDetectionOf(monitoring)!.alarms.map(({ node }) => node.id)).toEqual(['Trail', 'Evidence', 'Bucket', 'Key', 'Organization', 'Monitoring', 'LargeRequest', 'RootUse']);
  });

  test('watches the key of its topic, which notifications need', () => {
    const stack = new MonitoredStack((scope) => ({ protectedResources: { artifactBuckets: [scope.artifactBucket.bucket] } }));
    const rules = Object.values<any>(Template.fromStack(stack).findResources('AWS::Events::Rule'))
      .filter(({ Properties }) => Properties.Name.endsWith('-Keys'));
    const { keyArn } = stack.monitoring.topic.masterKey!;
    expect(rules.map(({ Properties }) => Properties.EventPattern.detail.resources.ARN)).toEqual([[stack.resolve(keyArn)]]);
  });

  test('has no tamper detection if it is disabled, or if nothing is protected', () => {
    for (const props of [{}, { protectedResources: { trailArnOrName: 'models' }, tampering: { enabled: false } }]) {
      const stack = new MonitoredStack(() => props);
      expect(tamperDetectionOf(stack.monitoring)).toBeUndefined();
      Template.fromStack(stack).resourceCountIs('AWS::Events::Rule', 0);
    }
  });
});
