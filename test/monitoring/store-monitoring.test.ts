import { CfnParameter, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { StoreMonitoring } from '../../src/monitoring/store-monitoring';
import type { StoreMonitoringProps } from '../../src/monitoring/store-monitoring-props';
import { StoreStack } from '../api/fixtures';
import { matchesPattern } from '../support/filter-pattern';
import { unacknowledgedFindings } from '../support/findings';

class MonitoredStack extends StoreStack {
  public readonly monitoring: StoreMonitoring;

  constructor(props: (stack: StoreStack) => Partial<StoreMonitoringProps> = () => ({})) {
    super();
    const functions = this.addFunctions();
    const api = this.addApi({ functions });
    const [upload, download, registry] = functions.logGroups;
    const auditLogGroup = new logs.LogGroup(this, 'TrailLogs', { encryptionKey: this.signingKey });
    this.monitoring = new StoreMonitoring(this, 'Monitoring', {
      artifactBucket: this.artifactBucket, functions, functionLogGroups: { upload, download, registry }, api, auditLogGroup, ...props(this),
    });
  }
}

/** Alarms by the last part of their logical id without its hash. */
function alarmsOf(template: Template): { [name: string]: any } {
  return Object.fromEntries(Object.entries(template.findResources('AWS::CloudWatch::Alarm'))
    .map(([id, { Properties }]) => [id.replace(/^Monitoring/, '').slice(0, -8), Properties]));
}

describe('monitoring with no options', () => {
  const stack = new MonitoredStack();
  const template = Template.fromStack(stack);
  const alarms = alarmsOf(template);

  test('watches errors, failed requests and throttles of each function, errors of the API, and refused access', () => {
    expect(Object.keys(alarms).sort()).toEqual([
      'AccessDenied', 'ApiServerErrors', 'DownloadErrors', 'DownloadFailedRequests', 'DownloadThrottles',
      'RegistryErrors', 'RegistryFailedRequests', 'RegistryThrottles',
      'UploadErrors', 'UploadFailedRequests', 'UploadThrottles',
    ]);
    expect(stack.monitoring.alarms).toHaveLength(11);
  });

  test.each([
    ['UploadErrors', 'AWS/Lambda', 'Errors', 1],
    ['UploadThrottles', 'AWS/Lambda', 'Throttles', 1],
    ['ApiServerErrors', 'AWS/ApiGateway', '5XXError', 1],
    ['AccessDenied', 'SecureModelArtifactStore', 'AccessDenied', 5],
  ])('%s goes off at once in five minutes', (name, namespace, metric, threshold) => {
    expect(alarms[name]).toMatchObject({
      Namespace: namespace, MetricName: metric, Threshold: threshold, Period: 300, EvaluationPeriods: 1, Statistic: 'Sum',
      ComparisonOperator: 'GreaterThanOrEqualToThreshold', TreatMissingData: 'notBreaching',
    });
  });

  test('each function\'s alarm is about that function, and the API\'s about that stage', () => {
    for (const name of ['Upload', 'Download', 'Registry']) {
      for (const kind of ['Errors', 'Throttles']) {
        expect(alarms[`${name}${kind}`].Dimensions).toEqual([{ Name: 'FunctionName', Value: { Ref: expect.stringMatching(`^Functions${name}`) } }]);
      }
    }
    const [restApi] = Object.values(template.findResources('AWS::ApiGateway::RestApi'));
    expect(alarms.ApiServerErrors.Dimensions).toEqual([
      { Name: 'ApiName', Value: restApi.Properties.Name }, { Name: 'Stage', Value: 'v1' },
    ]);
  });

  test('sends every alarm to its topic', () => {
    for (const alarm of Object.values(alarms)) {
      expect(alarm.AlarmActions).toEqual([stack.resolve(stack.monitoring.topic.topicArn)]);
    }
  });

  test('encrypts the topic with a key that rotates, is kept, and that CloudWatch may use', () => {
    const [topic] = Object.values(template.findResources('AWS::SNS::Topic'));
    const keyId = topic.Properties.KmsMasterKeyId['Fn::GetAtt'][0];
    const key = template.toJSON().Resources[keyId];
    expect(key).toMatchObject({ DeletionPolicy: 'Retain', Properties: { EnableKeyRotation: true } });
    expect(key.Properties.KeyPolicy.Statement).toContainEqual(expect.objectContaining({
      Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' }, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    }));
  });

  test('lets the alarms of this account publish, and refuses plain http', () => {
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

  test('all six rule packs find nothing that is not explained', () => {
    expect(unacknowledgedFindings(stack.monitoring)).toEqual([]);
  });
});

describe('what counts as refused access', () => {
  const stack = new MonitoredStack();
  const filter = Object.entries(Template.fromStack(stack).findResources('AWS::Logs::MetricFilter')).find(([id]) => id.includes('AccessDenied'))![1];
  const bucketName = { Ref: stack.getLogicalId(stack.artifactBucket.bucket.node.defaultChild as any) };

  /** The filter's pattern with the bucket's name in its place, as CloudFormation puts it. */
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

  test('is read from the trail\'s log group, and the name is the bucket\'s own', () => {
    expect(filter.Properties.LogGroupName).toEqual({ Ref: expect.stringMatching(/^TrailLogs/) });
    expect(filter.Properties.FilterPattern['Fn::Join'][1]).toContainEqual(bucketName);
  });

  test('a refused read of the bucket counts', () => {
    expect(counts(refused)).toBe(true);
  });

  test.each([
    ['a read that was allowed', { ...refused, errorCode: undefined }],
    ['a key that does not exist', { ...refused, errorCode: 'NoSuchKey' }],
    ['another bucket', { ...refused, requestParameters: { ...refused.requestParameters, bucketName: 'model-bucket-logs' } }],
    ['another service', { ...refused, eventSource: 'kms.amazonaws.com' }],
    ['an event without parameters', { ...refused, requestParameters: null }],
  ])('%s does not', (_name, event) => {
    expect(counts(event)).toBe(false);
  });

  test('counts one for each event, by bucket, and the alarm looks at this bucket\'s count', () => {
    expect(filter.Properties.MetricTransformations).toEqual([expect.objectContaining({
      MetricNamespace: 'SecureModelArtifactStore', MetricName: 'AccessDenied', MetricValue: '1',
      Dimensions: [{ Key: 'BucketName', Value: '$.requestParameters.bucketName' }],
    })]);
    // CloudWatch Logs takes no default value beside dimensions.
    expect(filter.Properties.MetricTransformations[0]).not.toHaveProperty('DefaultValue');
    expect(alarmsOf(Template.fromStack(stack)).AccessDenied.Dimensions).toEqual([{ Name: 'BucketName', Value: bucketName }]);
  });
});

describe('options of monitoring', () => {
  test('thresholds, period and runbook are what they are said to be', () => {
    const alarms = alarmsOf(Template.fromStack(new MonitoredStack(() => ({
      thresholds: { functionErrors: 2, failedRequests: 6, functionThrottles: 3, apiServerErrors: 4, accessDenied: 50 },
      period: Duration.minutes(1),
      runbookUrl: 'https://wiki.example.com/models',
    }))));
    expect(Object.fromEntries(Object.entries(alarms).map(([name, { Threshold, Period }]) => [name, [Threshold, Period]]))).toEqual({
      UploadErrors: [2, 60], DownloadErrors: [2, 60], RegistryErrors: [2, 60],
      UploadFailedRequests: [6, 60], DownloadFailedRequests: [6, 60], RegistryFailedRequests: [6, 60],
      UploadThrottles: [3, 60], DownloadThrottles: [3, 60], RegistryThrottles: [3, 60],
      ApiServerErrors: [4, 60], AccessDenied: [50, 60],
    });
    for (const { AlarmDescription } of Object.values(alarms)) {
      expect(AlarmDescription).toContain('Runbook: https://wiki.example.com/models#');
    }
  });

  test('what is not there is not watched', () => {
    const stack = new MonitoredStack(() => ({
      functions: undefined, functionLogGroups: undefined, api: undefined, auditLogGroup: undefined,
    }));
    const alarms = alarmsOf(Template.fromStack(stack));
    expect(alarms).toEqual({});
  });

  test('a given topic is used, and neither topic nor key is made', () => {
    const stack = new MonitoredStack((scope) => ({ topic: new sns.Topic(scope, 'OurTopic') }));
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::SNS::Topic', 1);
    expect(Object.keys(template.findResources('AWS::KMS::Key')).filter((id) => id.startsWith('Monitoring'))).toEqual([]);
  });

  test('a given key encrypts the topic, and CloudWatch may use it', () => {
    const stack = new MonitoredStack((scope) => ({ encryptionKey: new kms.Key(scope, 'OurKey') }));
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^OurKey'), 'Arn'] } });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Principal: { Service: 'cloudwatch.amazonaws.com' } })]) },
    });
  });

  test('the key goes with the stack if it is told to', () => {
    const template = Template.fromStack(new MonitoredStack(() => ({ removalPolicy: RemovalPolicy.DESTROY })));
    const [id] = Object.keys(template.findResources('AWS::KMS::Key')).filter((key) => key.startsWith('Monitoring'));
    expect(template.toJSON().Resources[id].DeletionPolicy).toBe('Delete');
  });
});

describe('contradictions', () => {
  test('are all named at once', () => {
    const build = () => new MonitoredStack((scope) => ({
      topic: new sns.Topic(scope, 'OurTopic'), encryptionKey: new kms.Key(scope, 'OurKey'),
      thresholds: { functionErrors: 0, accessDenied: 2.5 }, period: Duration.seconds(90),
    }));
    let message = '';
    try {
      build();
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain('StoreMonitoring at Store/Monitoring');
    expect(message).toContain('topic is given and encryptionKey too; a given topic keeps its own encryption');
    expect(message).toContain('thresholds.functionErrors is 0; it is a whole number of at least 1');
    expect(message).toContain('thresholds.accessDenied is 2.5');
    expect(message).toContain('CloudWatch takes 10, 20 or 30 seconds, or whole minutes up to a day');
  });

  test.each([10, 60, 86_400])('a period of %d seconds is taken', (seconds) => {
    expect(() => new MonitoredStack(() => ({ period: Duration.seconds(seconds) }))).not.toThrow();
  });

  test('values that only the deployment knows are let through', () => {
    expect(() => new MonitoredStack((scope) => ({
      thresholds: { functionErrors: new CfnParameter(scope, 'Number', { type: 'Number' }).valueAsNumber },
    }))).not.toThrow();
  });
});
