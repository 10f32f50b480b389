import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { WatchedStore } from './support/watched-store';
import { EgressAnalytics } from '../../../src/audit/egress-analytics';
import { DEFAULT_RUNBOOK_URL } from '../../../src/monitoring/runbook';
import { TamperDetection } from '../../../src/monitoring/tamper/tamper-detection';
import { ArtifactBucket } from '../../../src/storage/artifact-bucket';
import { LogArchive } from '../../../src/storage/log-archive';
import { unacknowledgedFindings } from '../../support/findings';

const rulesOf = (stack: Stack) => Object.values<any>(Template.fromStack(stack).findResources('AWS::Events::Rule')).map(({ Properties }) => Properties);
const alarmsOf = (stack: Stack) => Object.values<any>(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);

describe('the message of a rule', () => {
  const store = new WatchedStore();
  const rules = rulesOf(store);
  const targetOf = (name: string) => rules.find(({ Name }) => Name.endsWith(`-${name}`))!.Targets[0];

  /** The message that EventBridge creates from the template; missing fields are empty. */
  const said = (name: string, event: { readonly [path: string]: string }) => {
    const { InputPathsMap, InputTemplate } = targetOf(name).InputTransformer;
    const template: string = typeof InputTemplate === 'string' ? InputTemplate
      : InputTemplate['Fn::Join'][1].map((part: unknown) => (typeof part === 'string' ? part : 'trail-logs')).join('');
    return template.replace(/<([\w-]+)>/g, (_all, key: string) => event[InputPathsMap[key]] ?? '');
  };
  const event = {
    '$.detail.userIdentity.type': 'AssumedRole', '$.detail.userIdentity.arn': 'arn:aws:sts::111122223333:assumed-role/Admin/mallory',
    '$.detail.userIdentity.accountId': '111122223333', '$.detail.eventName': 'StopLogging', '$.detail.eventTime': '2026-11-21T12:00:00Z',
    '$.detail.sourceIPAddress': '203.0.113.5', '$.account': '111122223333', '$.region': 'eu-central-1', '$.detail.eventID': '0c6d',
    '$.detail.requestParameters.bucketName': 'model-bucket',
  };

  test('names caller, call, resource, time, source, account and Region in one sentence, with a runbook link', () => {
    expect(said('Trail', event)).toBe('"Tampering: AssumedRole arn:aws:sts::111122223333:assumed-role/Admin/mallory of account 111122223333 '
      + 'called StopLogging on the trail models at 2026-11-21T12:00:00Z from 203.0.113.5, in account 111122223333, Region eu-central-1 '
      + `(error code if denied: []; event 0c6d). Runbook: ${DEFAULT_RUNBOOK_URL}#tampering-with-the-trail"`);
    expect(said('Buckets', { ...event, '$.detail.eventName': 'PutBucketPolicy', '$.detail.errorCode': 'AccessDenied' }))
      .toContain('called PutBucketPolicy on the bucket model-bucket at 2026-11-21T12:00:00Z');
    expect(said('Buckets', { ...event, '$.detail.errorCode': 'AccessDenied' })).toContain('if denied: [AccessDenied]');
  });

  test('contains nothing from a request except the name of the resource', () => {
    const paths = rules.flatMap(({ Targets: [{ InputTransformer: { InputPathsMap } }] }) => Object.values<string>(InputPathsMap));
    const parameters = [...new Set(paths.filter((path) => /requestParameters|responseElements|additionalEventData/.test(path)))].sort();
    expect(parameters).toEqual(['bucketName', 'functionName', 'key', 'keyId', 'policyArn', 'resourceArn', 'restApiId', 'roleName', 'userPoolId'].map((name) => `$.detail.requestParameters.${name}`));
    expect(paths.filter((path) => /accessKey|session|token/i.test(path))).toEqual([]);
  });

  test('goes to the topic, and EventBridge can publish and use its key', () => {
    const template = Template.fromStack(store);
    expect(rules.map(({ Targets }) => Targets.map(({ Arn }: any) => Arn))).toEqual(rules.map(() => [store.resolve(store.topic.topicArn)]));
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Principal: { Service: 'events.amazonaws.com' }, Action: 'sns:Publish', Effect: 'Allow' })]) },
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([Match.objectLike({ Principal: { Service: 'events.amazonaws.com' }, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'] })]),
      },
    });
  });

  test('is not blocked by a policy condition that EventBridge does not satisfy', () => {
    const [{ Properties }] = Object.values<any>(Template.fromStack(store).findResources('AWS::SNS::TopicPolicy'));
    const [statement] = Properties.PolicyDocument.Statement.filter(({ Principal }: any) => Principal.Service === 'events.amazonaws.com');
    expect(statement).not.toHaveProperty('Condition');
  });

  test('has the custom format of chat channels', () => {
    const chat = rulesOf(new WatchedStore({ messagesForChat: true })).find(({ Name }) => Name.endsWith('-Buckets'))!.Targets[0].InputTransformer;
    const message = JSON.parse(chat.InputTemplate.replace(/<[\w-]+>/g, 'x'));
    expect(message).toEqual({
      version: '1.0',
      source: 'custom',
      content: { textType: 'client-markdown', title: 'Tampering: model artifact store', description: expect.stringMatching(/^Tampering: x x of account x called x on/) },
    });
  });
});

describe('tamper detection with no options', () => {
  const store = new WatchedStore();

  test('has an alarm for each kind of change, which the first call triggers and which notifies the topic', () => {
    const alarms = alarmsOf(store);
    expect(store.tamper.alarms.map(({ node }) => node.id)).toEqual([
      'Trail', 'Evidence', 'Bucket', 'Key', 'Role', 'Function', 'Invocation', 'Monitoring', 'Canary', 'Organization', 'LargeRequest', 'RootUse',
    ]);
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({
        Threshold: 1, Period: 300, EvaluationPeriods: 1, Statistic: 'Maximum', ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        TreatMissingData: 'notBreaching', AlarmActions: [store.resolve(store.topic.topicArn)],
      });
    }
  });

  test('uses the metric of its filters in each alarm, with a name that is unique to the store', () => {
    const counted = Object.values<any>(Template.fromStack(store).findResources('AWS::Logs::MetricFilter'))
      .map(({ Properties }) => Properties.MetricTransformations[0]);
    expect(new Set(alarmsOf(store).map(({ MetricName }) => MetricName))).toEqual(new Set(counted.map(({ MetricName }) => MetricName)));
    expect(new Set(counted.map(({ MetricName }) => MetricName.split('/')[2])).size).toBe(1);
    expect(counted[0].MetricName).toMatch(/^Tampering\/Trail\/Store-Tamper-/);
  });

  test('has no unexplained finding in any of the six rule packs', () => {
    expect(unacknowledgedFindings(store.tamper)).toEqual([]);
    expect(unacknowledgedFindings(store.topic)).toEqual([]);
  });
});

describe('options of tamper detection', () => {
  test('without a log group, there are no metric filters', () => {
    const store = new WatchedStore({ trailLogGroup: undefined });
    expect(store.tamper.alarms).toEqual([]);
    Template.fromStack(store).resourceCountIs('AWS::Logs::MetricFilter', 0);
    expect(store.tamper.rules.length).toBeGreaterThan(0);
  });

  test('without management events in the log group, metric filters count data events only', () => {
    const store = new WatchedStore({ trailRecordsManagementEvents: false });
    expect(store.tamper.alarms.map(({ node }) => node.id)).toEqual(['Evidence', 'Invocation', 'Canary']);
    for (const patterns of store.filters().values()) {
      for (const pattern of patterns) expect(pattern).toContain('$.managementEvent IS FALSE');
    }
  });

  test('functions without an API are invoked directly, which is not reported', () => {
    const store = new WatchedStore({ functionsOfApis: undefined });
    expect([...store.rules().keys()]).not.toContain('Invocations');
    expect([...store.filters().keys()]).not.toContain('Invocation');
  });

  test('notifications about the root user can be disabled', () => {
    const store = new WatchedStore({ options: { rootUse: false } });
    expect([...store.rules().keys()]).not.toContain('RootUse');
    expect([...store.filters().keys()]).not.toContain('RootUse');
  });

  test('the runbook can be set', () => {
    const store = new WatchedStore({ runbookUrl: 'https://wiki.example.com/models' });
    for (const { Description } of rulesOf(store)) expect(Description).toContain('Runbook: https://wiki.example.com/models#');
  });

  test('only existing resources are watched', () => {
    const stack = new Stack(new App(), 'Archive');
    new TamperDetection(stack, 'Tamper', { logBuckets: [s3.Bucket.fromBucketName(stack, 'Logs', 'central-logs')], topic: new sns.Topic(stack, 'Topic'),
    });
    expect(rulesOf(stack).map(({ Name }) => Name.replace(/^.*-/, ''))).toEqual(
      ['Evidence', 'Buckets', 'BucketAccess', 'Organization', 'TrailAccess', 'Alarms', 'Rules', 'Topic', 'LargeRequests', 'RootUse'],
    );
  });
});

describe('a log archive in a separate account', () => {
  const stack = new Stack(new App(), 'Archive');
  const archive = new LogArchive(stack, 'Logs');
  const tamper = new TamperDetection(stack, 'Tamper', { logBuckets: [archive.trailBucket, archive.accessLogBucket], keys: [archive.encryptionKey!],
  });

  test('is watched there, with its own topic, which is also watched', () => {
    expect(rulesOf(stack).map(({ Name }) => Name.replace(/^.*-/, '')))
      .toEqual(['Evidence', 'Buckets', 'BucketAccess', 'Keys', 'KeysRefused', 'Organization', 'TrailAccess', 'Alarms', 'Rules', 'Topic', 'LargeRequests', 'RootUse']);
    const [keys] = rulesOf(stack).filter(({ Name }) => Name.endsWith('-Keys'));
    const watched = [archive.encryptionKey!, tamper.topic.masterKey!];
    expect(keys.EventPattern.detail.resources.ARN).toEqual(watched.map(({ keyArn }) => stack.resolve(keyArn)));
  });

  test('causes no findings in any rule pack', () => {
    expect(unacknowledgedFindings(tamper)).toEqual([]);
  });
});

test('policies of a role are watched however they were attached, and those of other roles are not', () => {
  const stack = new Stack(new App(), 'Store');
  const role = new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
  const other = new iam.Role(stack, 'Other', { assumedBy: new iam.AccountRootPrincipal() });
  const policy = (id: string, roles: iam.IRole[] = []) => new iam.ManagedPolicy(stack, id, {
    roles, statements: [new iam.PolicyStatement({ actions: ['s3:ListAllMyBuckets'], resources: ['*'] })],
  });
  const [named, attached] = [policy('Named', [other, role]), policy('Attached')];
  role.addManagedPolicy(attached);
  role.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess'));
  policy('OfOthers', [other]);
  new TamperDetection(stack, 'Tamper', { roles: [role], topic: new sns.Topic(stack, 'Topic') });

  const [rule] = rulesOf(stack).filter(({ Name }) => Name.endsWith('-Policies'));
  const { policyArn } = rule.EventPattern.detail.requestParameters;
  expect(policyArn).toEqual([named, attached].map(({ managedPolicyArn }) => stack.resolve(managedPolicyArn)));
});

describe('the events of IAM, which EventBridge delivers in one Region', () => {
  const build = (region: string | undefined, withLogGroup: boolean) => {
    const stack = new Stack(new App(), 'Store', { env: { account: '111122223333', region } });
    new TamperDetection(stack, 'Tamper', { roles: [new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() })],
      trailLogGroup: withLogGroup ? new logs.LogGroup(stack, 'Logs') : undefined,
      topic: new sns.Topic(stack, 'Topic'),
    });
    const warnings = Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data));
    return {
      rule: rulesOf(stack).some(({ Name }) => Name.endsWith('-Roles')),
      filter: Object.keys(Template.fromStack(stack).findResources('AWS::Logs::MetricFilter')).some((id) => id.includes('RoleFilter')),
      warnings: warnings.filter((warning) => warning.includes('Changes to roles are not detected')).length,
    };
  };

  test.each([
    ['in that Region', 'us-east-1', true, { rule: true, filter: true, warnings: 0 }],
    ['where the Region is only known at deployment', undefined, true, { rule: true, filter: true, warnings: 0 }],
    [
      'in another Region, where a rule would never match',
      'eu-central-1', true, { rule: false, filter: true, warnings: 0 },
    ],
    [
      'in another Region without metric filters: a warning says so',
      'eu-central-1', false, { rule: false, filter: false, warnings: 1 },
    ],
  ])('%s', (_where, region, withLogGroup, expected) => {
    expect(build(region, withLogGroup)).toEqual(expected);
  });
});

describe('patterns stay within the limits of AWS', () => {
  /** The store with the most and longest names possible, all of them literal. */
  const stack = new Stack(new App(), 'S'.repeat(100));
  const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));
  const account = '111122223333';
  const roles = many(20, (index) => {
    const role = new iam.Role(stack, `Role${index}`, { assumedBy: new iam.AccountRootPrincipal(), roleName: `${index}`.padEnd(64, 'r') });
    new iam.ManagedPolicy(role, 'Permissions', { roles: [role], statements: [new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn'] })] });
    return role;
  });
  const functions = many(3, (index) => lambda.Function.fromFunctionAttributes(stack, `Function${index}`, {
    functionArn: `arn:aws-us-gov:lambda:us-gov-west-1:${account}:function:${`${index}`.padEnd(64, 'f')}`,
    role: iam.Role.fromRoleArn(stack, `FunctionRole${index}`, `arn:aws-us-gov:iam::${account}:role/${`${index}`.padEnd(64, 'r')}`),
  }));
  new TamperDetection(stack, 'Tamper', { trailArnOrName: 't'.repeat(128),
    trailLogGroup: new logs.LogGroup(stack, 'Logs'),
    artifactBuckets: many(2, (index) => s3.Bucket.fromBucketName(stack, `Models${index}`, `${index}`.padEnd(63, 'm'))),
    logBuckets: many(3, (index) => s3.Bucket.fromBucketName(stack, `Logs${index}`, `${index}`.padEnd(63, 'l'))),
    keys: many(6, (index) => kms.Key.fromKeyArn(stack, `Key${index}`, `arn:aws-us-gov:kms:us-gov-west-1:${account}:key/${`mrk-${index}`.padEnd(36, 'k')}`)),
    roles,
    functions,
    functionsOfApis: functions,
    apis: [apigateway.RestApi.fromRestApiId(stack, 'Api', 'a'.repeat(10))],
    userPools: [cognito.UserPool.fromUserPoolId(stack, 'Pool', `us-gov-west-1_${'p'.repeat(41)}`)],
    insightRules: many(2, (index) => new cloudwatch.CfnInsightRule(stack, `Counts${index}`, {
      ruleName: `${index}`.padEnd(128, 'c'), ruleState: 'ENABLED', ruleBody: '{}',
    })),
    analytics: new EgressAnalytics(stack, 'Analytics', {
      artifactBucket: ArtifactBucket.fromArtifactBucketAttributes(stack, 'Artifacts', { bucketName: 'models' }),
      logArchive: LogArchive.fromLogArchiveAttributes(stack, 'Archive', { trailBucketName: 'trail', accessLogBucketName: 'access' }),
      databaseName: 'd'.repeat(128),
      workGroupName: 'w'.repeat(128),
      storeName: 's'.repeat(128),
    }),
    canaryModels: many(10, (index) => `${index}`.padEnd(128, 'm')),
    parameterNames: [`/secure-model-artifact-store/${'s'.repeat(128)}`],
    topic: new sns.Topic(stack, 'Topic'),
  });

  /** The longest value that a reference can resolve to. */
  const longest = (value: any): string => {
    if (Array.isArray(value)) return `[${value.map((item) => (typeof item === 'object' ? longest(item) : JSON.stringify(item))).join(',')}]`;
    if (typeof value !== 'object') return JSON.stringify(value);
    if (value['Fn::Join']) return JSON.stringify(value['Fn::Join'][1].map((part: any) => (typeof part === 'string' ? part : JSON.parse(longest(part)))).join(''));
    // The ID of a named query.
    if (value['Fn::GetAtt']?.[1] === 'NamedQueryId') return JSON.stringify('q'.repeat(36));
    if (value.Ref) return JSON.stringify('x'.repeat(lengthOf(value.Ref)));
    return `{${Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${longest(item)}`).join(',')}}`;
  };
  const lengthOf = (ref: string): number => {
    if (ref.startsWith('AWS::')) return { 'AWS::StackName': 128, 'AWS::Partition': 10, 'AWS::Region': 14, 'AWS::AccountId': 12 }[ref]!;
    const { Type } = Template.fromStack(stack).toJSON().Resources[ref];
    return { 'AWS::IAM::ManagedPolicy': 44 + 128, 'AWS::IAM::Role': 64, 'AWS::Logs::LogGroup': 320, 'AWS::SNS::Topic': 320, 'AWS::Lambda::Function': 64 }[Type as string]!;
  };

  test.each(rulesOf(stack).map(({ Name, EventPattern }) => [Name.replace(/^.*-/, ''), EventPattern]))('the rule %s has no more than 2,048 characters', (_name, pattern) => {
    expect(longest(pattern).length).toBeLessThanOrEqual(2_048);
  });

  test('a metric filter has no more than 1,024 characters, and a log group no more than 100 of them', () => {
    const filters = Object.entries<any>(Template.fromStack(stack).findResources('AWS::Logs::MetricFilter'));
    for (const [id, { Properties }] of filters) {
      const length = JSON.parse(longest(Properties.FilterPattern)).length;
      expect([id, length, length <= 1_024]).toEqual([id, length, true]);
    }
    expect(filters.length).toBeLessThan(80);
  });

  test('rule names have no more than 64 characters', () => {
    for (const { Name } of rulesOf(stack)) expect(Name.length).toBeLessThanOrEqual(64);
  });
});
