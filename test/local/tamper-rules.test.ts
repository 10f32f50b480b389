import { CloudFormationClient, paginateListStackResources, type StackResourceSummary } from '@aws-sdk/client-cloudformation';
import { clientConfiguration } from './rig/clients';
import { LocalHttp } from './rig/local-http';
import type { LocalStore } from './rig/local-store';
import { STACK_NAME } from './rig/stack-names';
import { storeUnderTest } from './rig/store-under-test';
import type { WatchedNames } from '../monitoring/tamper/support/attempt';
import { allAttempts } from '../monitoring/tamper/support/attempts';
import { envelope } from '../monitoring/tamper/support/records';
import { hasEventRuler, matchingRules } from '../tools/event-ruler';

/** AWS services that are used only here, in their JSON protocol. */
class JsonServices {
  private readonly http: LocalHttp;

  constructor(private readonly store: LocalStore) {
    this.http = new LocalHttp(store.localAws.authorityFile);
  }

  public async call<T = any>(service: 'events' | 'sqs', target: string, body: object): Promise<T> {
    const { endpoint, root, region } = this.store.localAws;
    const { status, text } = await this.http.sendSigned({
      method: 'POST',
      url: `${endpoint}/`,
      headers: { 'content-type': `application/x-amz-json-1.${service === 'sqs' ? 0 : 1}`, 'x-amz-target': target },
      body: JSON.stringify(body),
    }, root, service, region);
    if (status !== 200) throw new Error(`${target} answered ${status}: ${text}`);
    return (text === '' ? {} : JSON.parse(text)) as T;
  }

  public async query(service: 'sns', action: string, parameters: Record<string, string>): Promise<void> {
    const { endpoint, root, region } = this.store.localAws;
    const { status, text } = await this.http.sendSigned({
      method: 'POST',
      url: `${endpoint}/`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ Action: action, Version: '2010-03-31', ...parameters }).toString(),
    }, root, service, region);
    if (status !== 200) throw new Error(`${action} answered ${status}: ${text}`);
  }

  public close(): void {
    this.http.close();
  }
}

describe('The deployed tamper rules', () => {
  const store = storeUnderTest();
  const services = new JsonServices(store);
  let resources: StackResourceSummary[];
  let rules: Map<string, object>;
  let rulePrefix: string;

  beforeAll(async () => {
    const client = new CloudFormationClient(clientConfiguration(store.localAws, store.localAws.root));
    resources = [];
    for await (const page of paginateListStackResources({ client }, { StackName: STACK_NAME })) {
      resources.push(...page.StackResourceSummaries ?? []);
    }
    client.destroy();
    // Other tests deploy more stores, so the rules of this one may be on a later page.
    const all: any[] = [];
    for (let NextToken: string | undefined, more = true; more; more = NextToken !== undefined) {
      const page = await services.call('events', 'AWSEvents.ListRules', { NextToken });
      all.push(...page.Rules);
      NextToken = page.NextToken;
    }
    const ofThisStore = new Set(resources.filter(({ ResourceType }) => ResourceType === 'AWS::Events::Rule').map(({ PhysicalResourceId }) => PhysicalResourceId));
    const own = all.filter(({ Name, Description }: any) => ofThisStore.has(Name) && /#(tampering-with|root-user-activity|direct-invocations-of|changes-to-the-organization|changes-without)-?/.test(Description ?? ''));
    rules = new Map(own.map(({ Name, EventPattern }: any) => [Name.replace(/^.*-/, ''), JSON.parse(EventPattern)]));
    rulePrefix = own[0].Name.replace(/[^-]*$/, '');
  });
  afterAll(() => services.close());

  /** The physical name of a resource in the store. */
  const physical = (logicalId: RegExp): string => {
    const found = resources.filter(({ LogicalResourceId }) => logicalId.test(LogicalResourceId!));
    expect([String(logicalId), found.map(({ LogicalResourceId }) => LogicalResourceId)]).toEqual([String(logicalId), [expect.anything()]]);
    return found[0].PhysicalResourceId!;
  };

  /** The conditions of a rule for request parameters. */
  const named = (rule: string): any => (rules.get(rule) as any).detail.requestParameters;

  const names = (): WatchedNames => ({
    account: store.localAws.account,
    region: store.localAws.region,
    // The local AWS has no trails; the name is in the template.
    trail: named('Trail').$or[0].name[0],
    logGroup: physical(/^ModelsAuditTrailLogGroup(?!Key)/),
    artifactBucket: store.bucketName,
    trailBucket: store.outputs[Object.keys(store.outputs).find((name) => name.includes('TrailBucketName'))!],
    accessLogBucket: store.outputs[Object.keys(store.outputs).find((name) => name.includes('AccessLogBucketName'))!],
    artifactKeyId: physical(/^ModelsArtifactsKey/),
    archiveKeyId: physical(/^ModelsLogArchiveTrailBucketKey/),
    sessionRole: physical(/^ModelsSessionRolesDownloadSessionRole(?!Permissions)/),
    executionRole: physical(/^ModelsSessionRolesDownloadExecutionRole(?!Permissions)/),
    executionRoleArn: `arn:aws:iam::${store.localAws.account}:role/${physical(/^ModelsSessionRolesDownloadExecutionRole(?!Permissions)/)}`,
    sessionPolicy: physical(/^ModelsSessionRolesDownloadSessionRolePermissions/),
    furtherPolicy: physical(/^ModelsRolesAuditorPermissions2/),
    function: physical(/^ModelsFunctionsDownload(?!Logs|Permissions|Alias|Version)[0-9A-F]{8}$/),
    api: named('Api').restApiId[0],
    topicArn: store.outputs[Object.keys(store.outputs).find((name) => name.includes('AlarmTopicArn'))!],
    rulePrefix,
    stackName: STACK_NAME,
    insightRule: named('InsightRules').$or[0].ruleName[0],
    database: named('Tables').$or[0].databaseName[0],
    // The local AWS has neither named queries nor a rule for them.
    workGroup: '',
    parameter: named('Parameters').$or[0].name[0],
  });

  (hasEventRuler() ? test : test.skip)('match exactly the intended calls, with the deployed names', async () => {
    const attempts = allAttempts(names());
    const matched = await matchingRules(rules, attempts.map(([, record]) => envelope(record)));
    const mismatches = attempts.map(([done, , ...expected], index) => ({ done, expected, actual: matched[index] }))
      .filter(({ expected, actual }) => JSON.stringify(expected) !== JSON.stringify(actual));
    expect(mismatches).toEqual([]);
    expect(attempts.length).toBeGreaterThan(100);
  });

  test('match the same events in the local AWS', async () => {
    const attempts = allAttempts(names());
    for (const [rule, pattern] of rules) {
      const [matching] = attempts.filter(([, , ...expected]) => expected.includes(rule));
      const [other] = attempts.filter(([, , ...expected]) => expected.length === 0);
      const answers = await Promise.all([matching, other].map(async ([, record]) => {
        const { Result } = await services.call('events', 'AWSEvents.TestEventPattern', {
          EventPattern: JSON.stringify(pattern), Event: JSON.stringify(envelope(record)),
        });
        return Result;
      }));
      expect([rule, ...answers]).toEqual([rule, true, false]);
    }
  });

  test('publish their message to the topic', async () => {
    const { topicArn, artifactBucket } = names();
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{
        Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: '*', Condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
      }],
    });
    const { QueueUrl } = await services.call('sqs', 'AmazonSQS.CreateQueue', { QueueName: 'tamper-rules', Attributes: { Policy } });
    const { Attributes } = await services.call('sqs', 'AmazonSQS.GetQueueAttributes', { QueueUrl, AttributeNames: ['QueueArn'] });
    await services.query('sns', 'Subscribe', {
      TopicArn: topicArn, Protocol: 'sqs', Endpoint: Attributes.QueueArn, 'Attributes.entry.1.key': 'RawMessageDelivery', 'Attributes.entry.1.value': 'true',
    });
    // Only AWS can send events with its sources, so a copy of the rule with the same target matches test events.
    const { Targets } = await services.call('events', 'AWSEvents.ListTargetsByRule', { Rule: `${rulePrefix}Buckets` });
    await services.call('events', 'AWSEvents.PutRule', { Name: 'twin', EventPattern: JSON.stringify({ source: ['test'] }) });
    await services.call('events', 'AWSEvents.PutTargets', { Rule: 'twin', Targets });
    const [, record] = allAttempts(names()).find(([done]) => done === 'PutBucketPolicy on the models')!;
    await services.call('events', 'AWSEvents.PutEvents', {
      Entries: [{ Source: 'test', DetailType: 'AWS API Call via CloudTrail', Detail: JSON.stringify(record) }],
    });

    const { Messages } = await services.call('sqs', 'AmazonSQS.ReceiveMessage', { QueueUrl, WaitTimeSeconds: 5 });
    await services.call('events', 'AWSEvents.RemoveTargets', { Rule: 'twin', Ids: Targets.map(({ Id }: any) => Id) });
    await services.call('events', 'AWSEvents.DeleteRule', { Name: 'twin' });
    expect(Messages.map(({ Body }: any) => Body)).toEqual([expect.stringMatching(new RegExp(
      `^"?Tampering: AssumedRole arn:aws:sts::\\d{12}:assumed-role/\\S+/mallory of account \\d{12} called PutBucketPolicy on the bucket ${artifactBucket} `
      + `at 2026-11-21T12:00:00Z from 203\\.0\\.113\\.5, in account ${store.localAws.account}, Region ${store.localAws.region} `
      + '\\(error code if denied: \\[\\]; event 0c6d4d39-4b8e-4a57-9d5f-222222222222\\)\\. Runbook: \\S+#tampering-with-buckets"?$'))]);
  });
});
