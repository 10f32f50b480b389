import { CfnParameter, Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { alarmsOf, MonitoredStack, periodOf } from './fixtures';
import { matchesPattern } from '../support/filter-pattern';
import { unacknowledgedFindings } from '../support/findings';

describe('monitoring with no options', () => {
  const stack = new MonitoredStack();
  const template = Template.fromStack(stack);
  const alarms = alarmsOf(template);

  test('watches each function, concurrency, the API, denied access, egress, and the delivery of evidence', () => {
    expect(Object.keys(alarms).sort()).toEqual([
      'AccessDenied', 'AccountConcurrency', 'ApiClientErrorRate', 'ApiLatency', 'ApiServerErrorRate', 'ApiServerErrors', 'ArchiveStalled', 'CopiesOut',
      'DownloadDuration', 'DownloadErrors', 'DownloadFailedRequests', 'DownloadThrottles',
      'EgressAnomaly', 'EgressByPerson', 'EgressByRole', 'EgressOutsideSessions', 'ReadsThroughAccessPoints',
      'RegistryDuration', 'RegistryErrors', 'RegistryFailedRequests', 'RegistryThrottles', 'TrailStalled',
      'UploadDuration', 'UploadErrors', 'UploadFailedRequests', 'UploadThrottles',
    ]);
    expect(stack.monitoring.alarms).toHaveLength(26);
  });

  test.each([
    ['UploadErrors', 'AWS/Lambda', 'Errors', 1],
    ['UploadThrottles', 'AWS/Lambda', 'Throttles', 1],
    ['ApiServerErrors', 'AWS/ApiGateway', '5XXError', 1],
    ['AccessDenied', 'SecureModelArtifactStore', 'AccessDenied', 5],
  ])('%s is triggered by one period of five minutes', (name, namespace, metric, threshold) => {
    expect(alarms[name]).toMatchObject({
      Namespace: namespace, MetricName: metric, Threshold: threshold, Period: 300, EvaluationPeriods: 1, Statistic: 'Sum',
      ComparisonOperator: 'GreaterThanOrEqualToThreshold', TreatMissingData: 'notBreaching',
    });
  });

  test('watches each function in its own alarms, and the stage of the API', () => {
    for (const name of ['Upload', 'Download', 'Registry']) {
      for (const kind of ['Errors', 'Throttles', 'Duration']) {
        expect(alarms[`${name}${kind}`].Dimensions).toEqual([{ Name: 'FunctionName', Value: { Ref: expect.stringMatching(`^Functions${name}`) } }]);
      }
    }
    const [restApi] = Object.values(template.findResources('AWS::ApiGateway::RestApi'));
    expect(alarms.ApiServerErrors.Dimensions).toEqual([
      { Name: 'ApiName', Value: restApi.Properties.Name }, { Name: 'Stage', Value: 'v1' },
    ]);
  });

  // [C-13] in docs/compliance.md
  test('sends every alarm to its topic', () => {
    for (const alarm of Object.values(alarms)) {
      expect(alarm.AlarmActions).toEqual([stack.resolve(stack.monitoring.topic.topicArn)]);
    }
  });

  test('encrypts the topic with a retained, rotating key that CloudWatch can use', () => {
    const [topic] = Object.values(template.findResources('AWS::SNS::Topic'));
    const keyId = topic.Properties.KmsMasterKeyId['Fn::GetAtt'][0];
    const key = template.toJSON().Resources[keyId];
    expect(key).toMatchObject({ DeletionPolicy: 'Retain', Properties: { EnableKeyRotation: true } });
    expect(key.Properties.KeyPolicy.Statement).toContainEqual(expect.objectContaining({
      Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' }, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    }));
  });

  test('lets the alarms in this account publish, and denies plain HTTP', () => {
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Action: 'sns:Publish', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Effect: 'Allow', Action: 'sns:Publish', Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: {
              StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
              ArnLike: { 'aws:SourceArn': { 'Fn::Join': ['', Match.arrayWith([':alarm:*'])] } },
            },
          }),
        ]),
      },
    });
  });

  test('has no unexplained finding in any of the six rule packs', () => {
    expect(unacknowledgedFindings(stack.monitoring)).toEqual([]);
  });
});

describe('denied access', () => {
  const stack = new MonitoredStack();
  const filter = Object.entries(Template.fromStack(stack).findResources('AWS::Logs::MetricFilter')).find(([id]) => id.includes('AccessDenied'))![1];
  const bucketName = { Ref: stack.getLogicalId(stack.artifactBucket.bucket.node.defaultChild as any) };

  /** The filter pattern with the bucket name, as CloudFormation resolves it. */
  const pattern: string = filter.Properties.FilterPattern['Fn::Join'][1]
    .map((part: unknown) => (typeof part === 'string' ? part : 'model-bucket')).join('');

  const counts = (event: object) => matchesPattern(pattern, JSON.stringify(event));

  const refused = {
    eventVersion: '1.11',
    userIdentity: {
      type: 'AssumedRole',
      arn: 'arn:aws:sts::111122223333:assumed-role/Store-DownloadSessionRole/mallory',
      sessionContext: { sourceIdentity: 'mallory' },
    },
    eventTime: '2026-11-21T12:00:00Z',
    eventSource: 's3.amazonaws.com',
    eventName: 'GetObject',
    awsRegion: 'eu-central-1',
    sourceIPAddress: '203.0.113.5',
    errorCode: 'AccessDenied',
    errorMessage: 'Access Denied',
    requestParameters: { bucketName: 'model-bucket', key: 'models/fraud/blobs/sha256/ab', Host: 'model-bucket.s3.eu-central-1.amazonaws.com' },
    additionalEventData: { AuthenticationMethod: 'QueryString', bytesTransferredOut: 243 },
    eventCategory: 'Data',
    managementEvent: false,
    readOnly: true,
  };

  test('is counted in the log group of the trail, by bucket name', () => {
    expect(filter.Properties.LogGroupName).toEqual({ Ref: expect.stringMatching(/^TrailLogs/) });
    expect(filter.Properties.FilterPattern['Fn::Join'][1]).toContainEqual(bucketName);
  });

  test('includes a denied read of the bucket', () => {
    expect(counts(refused)).toBe(true);
  });

  test.each([
    ['a read that was allowed', { ...refused, errorCode: undefined }],
    ['a key that does not exist', { ...refused, errorCode: 'NoSuchKey' }],
    ['another bucket', { ...refused, requestParameters: { ...refused.requestParameters, bucketName: 'model-bucket-logs' } }],
    ['another service', { ...refused, eventSource: 'kms.amazonaws.com' }],
    ['an event without parameters', { ...refused, requestParameters: null }],
  ])('does not include %s', (_name, event) => {
    expect(counts(event)).toBe(false);
  });

  test('is counted once per event and by bucket, and its alarm watches this bucket', () => {
    expect(filter.Properties.MetricTransformations).toEqual([expect.objectContaining({
      MetricNamespace: 'SecureModelArtifactStore', MetricName: 'AccessDenied', MetricValue: '1',
      Dimensions: [{ Key: 'BucketName', Value: '$.requestParameters.bucketName' }],
    })]);
    // CloudWatch Logs does not allow a default value together with dimensions.
    expect(filter.Properties.MetricTransformations[0]).not.toHaveProperty('DefaultValue');
    expect(alarmsOf(Template.fromStack(stack)).AccessDenied.Dimensions).toEqual([{ Name: 'BucketName', Value: bucketName }]);
  });
});

describe('options of monitoring', () => {
  test('thresholds, period and runbook can be set', () => {
    const alarms = alarmsOf(Template.fromStack(new MonitoredStack(() => ({
      thresholds: {
        functionErrors: 2, failedRequests: 6, functionThrottles: 3, functionDuration: Duration.seconds(10), concurrencyPercent: 50,
        apiServerErrors: 4, apiServerErrorPercent: 0.5, apiClientErrorPercent: 70, apiLatency: Duration.seconds(2),
        accessDenied: 50, egressPerPrincipal: Size.gibibytes(2), copiesOut: 7, readsThroughAccessPoints: 8, evidenceStalled: Duration.hours(5),
      },
      period: Duration.minutes(1),
      runbookUrl: 'https://wiki.example.com/models',
    }))));
    expect(Object.fromEntries(Object.entries(alarms).map(([name, alarm]) => [name, [alarm.Threshold, periodOf(alarm)]]))).toEqual({
      UploadErrors: [2, 60], DownloadErrors: [2, 60], RegistryErrors: [2, 60],
      UploadFailedRequests: [6, 60], DownloadFailedRequests: [6, 60], RegistryFailedRequests: [6, 60],
      UploadThrottles: [3, 60], DownloadThrottles: [3, 60], RegistryThrottles: [3, 60],
      UploadDuration: [10_000, 60], DownloadDuration: [10_000, 60], RegistryDuration: [10_000, 60],
      AccountConcurrency: [500, 60],
      ApiServerErrors: [4, 60], ApiServerErrorRate: [0.5, 60], ApiClientErrorRate: [70, 60], ApiLatency: [2000, 60],
      AccessDenied: [50, 60], CopiesOut: [7, 60], ReadsThroughAccessPoints: [8, 60], TrailStalled: [1, 3600], ArchiveStalled: [1, 3600],
      EgressByPerson: [2_147_483_648, 3600], EgressByRole: [2_147_483_648, 3600], EgressOutsideSessions: [2_147_483_648, 3600],
      EgressAnomaly: [undefined, 3600],
    });
    expect(alarms.TrailStalled.EvaluationPeriods).toBe(5);
    for (const { AlarmDescription } of Object.values(alarms)) {
      expect(AlarmDescription).toContain('Runbook: https://wiki.example.com/models#');
    }
  });

  test('default thresholds are the documented ones', () => {
    const alarms = alarmsOf(Template.fromStack(new MonitoredStack()));
    expect(Object.fromEntries(['UploadDuration', 'AccountConcurrency', 'ApiServerErrorRate', 'ApiClientErrorRate', 'ApiLatency', 'CopiesOut', 'EgressByPerson']
      .map((name) => [name, alarms[name].Threshold]))).toEqual({
      UploadDuration: 23_000, AccountConcurrency: 800, ApiServerErrorRate: 10, ApiClientErrorRate: 50, ApiLatency: 15_000, CopiesOut: 1,
      EgressByPerson: 53_687_091_200,
    });
    expect(alarms.TrailStalled.EvaluationPeriods).toBe(2);
    expect(alarms.ApiLatency).toMatchObject({ EvaluationPeriods: 3, ExtendedStatistic: 'p99', EvaluateLowSampleCountPercentile: 'ignore' });
  });

  test('reserved concurrency is watched per function, instead of the concurrency of the account', () => {
    const alarms = alarmsOf(Template.fromStack(new MonitoredStack(() => ({ reservedConcurrentExecutions: 50 }))));
    expect(alarms).not.toHaveProperty('AccountConcurrency');
    for (const name of ['Upload', 'Download', 'Registry']) {
      expect(alarms[`${name}Concurrency`]).toMatchObject({
        MetricName: 'ConcurrentExecutions', Statistic: 'Maximum', Threshold: 40,
        Dimensions: [{ Name: 'FunctionName', Value: { Ref: expect.stringMatching(`^Functions${name}`) } }],
      });
    }
  });

  test('the concurrency limit of the account can be set', () => {
    const alarms = alarmsOf(Template.fromStack(new MonitoredStack(() => ({ accountConcurrencyLimit: 5000 }))));
    expect(alarms.AccountConcurrency).toMatchObject({ MetricName: 'ClaimedAccountConcurrency', Statistic: 'Maximum', Threshold: 4000 });
    expect(alarms.AccountConcurrency).not.toHaveProperty('Dimensions');
  });

  test('each dead-letter queue is watched', () => {
    const alarms = alarmsOf(Template.fromStack(new MonitoredStack((stack) => ({
      deadLetterQueues: [new sqs.Queue(stack, 'First'), new sqs.Queue(stack, 'Second')], thresholds: { deadLetters: 3 },
    }))));
    for (const [index, queue] of ['First', 'Second'].entries()) {
      expect(alarms[`DeadLetters${index + 1}`]).toMatchObject({
        Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesVisible', Threshold: 3,
        Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [expect.stringMatching(`^${queue}`), 'QueueName'] } }],
      });
    }
  });

  test('a store without the optional components has no alarms on them', () => {
    const stack = new MonitoredStack(() => ({
      functions: undefined, functionLogGroups: undefined, api: undefined, auditLogGroup: undefined,
    }));
    const alarms = alarmsOf(Template.fromStack(stack));
    expect(alarms).toEqual({});
  });

  test('an existing topic is used, and neither topic nor key is created', () => {
    const stack = new MonitoredStack((scope) => ({ topic: new sns.Topic(scope, 'OurTopic') }));
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::SNS::Topic', 1);
    expect(Object.keys(template.findResources('AWS::KMS::Key')).filter((id) => id.startsWith('Monitoring'))).toEqual([]);
  });

  test('an existing key encrypts the topic, and CloudWatch can use it', () => {
    const stack = new MonitoredStack((scope) => ({ encryptionKey: new kms.Key(scope, 'OurKey') }));
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^OurKey'), 'Arn'] } });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Principal: { Service: 'cloudwatch.amazonaws.com' } })]) },
    });
  });

  test('the key is deleted with the stack if configured', () => {
    const template = Template.fromStack(new MonitoredStack(() => ({ removalPolicy: RemovalPolicy.DESTROY })));
    const [id] = Object.keys(template.findResources('AWS::KMS::Key')).filter((key) => key.startsWith('Monitoring'));
    expect(template.toJSON().Resources[id].DeletionPolicy).toBe('Delete');
  });
});

describe('contradictory options', () => {
  test('are all reported at once', () => {
    const build = () => new MonitoredStack((scope) => ({
      topic: new sns.Topic(scope, 'OurTopic'), encryptionKey: new kms.Key(scope, 'OurKey'),
      thresholds: {
        functionErrors: 0, accessDenied: 2.5, apiClientErrorPercent: 101, concurrencyPercent: 0, egressBandWidth: -1,
        egressPerPrincipal: Size.bytes(0), apiLatency: Duration.millis(0), functionDuration: Duration.seconds(29),
        evidenceStalled: Duration.minutes(90),
      },
      period: Duration.seconds(90), reservedConcurrentExecutions: 0, accountConcurrencyLimit: 500, perimeter: { cidrs: ['here'] },
    }));
    let message = '';
    try {
      build();
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain('StoreMonitoring at Store/Monitoring');
    expect(message).toContain('topic is set together with encryptionKey, but an existing topic keeps its own encryption');
    expect(message).toContain('thresholds.functionErrors is 0; use a whole number of at least 1');
    expect(message).toContain('thresholds.accessDenied is 2.5');
    expect(message).toContain('thresholds.apiClientErrorPercent is 101; use a percentage, more than 0 and at most 100');
    expect(message).toContain('thresholds.concurrencyPercent is 0; use a percentage');
    expect(message).toContain('thresholds.egressBandWidth is -1; use a number of standard deviations, more than 0');
    expect(message).toContain('thresholds.egressPerPrincipal is 0 bytes; use at least 1 byte');
    expect(message).toContain('thresholds.apiLatency is 0');
    expect(message).toContain('thresholds.functionDuration is 29 seconds; use at least 1 millisecond');
    expect(message).toContain('accountConcurrencyLimit is set together with reservedConcurrentExecutions');
    expect(message).toContain('thresholds.evidenceStalled is 1 hour 30 minutes; use 2 to 168 whole hours');
    expect(message).toContain('reservedConcurrentExecutions is 0; use a whole number of at least 1');
    expect(message).toContain('perimeter.cidrs[0] is "here"');
    expect(message).toContain('CloudWatch accepts 10, 20 or 30 seconds, or whole minutes up to a day');
  });

  test.each([10, 60, 86_400])('a period of %d seconds is accepted', (seconds) => {
    expect(() => new MonitoredStack(() => ({ period: Duration.seconds(seconds) }))).not.toThrow();
  });

  test('tokens are accepted', () => {
    expect(() => new MonitoredStack((scope) => ({
      thresholds: { functionErrors: new CfnParameter(scope, 'Number', { type: 'Number' }).valueAsNumber },
    }))).not.toThrow();
  });
});
