import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import {
  ArtifactBucket, type ArtifactBucketAttributes, AuditTrail, EgressAnalytics, type IArtifactBucket, LogArchive, StoreMonitoring,
} from '../../src';
import { StoreGrants } from '../../src/access/grants';
import type { MonitoredStore } from '../../src/monitoring/store-monitoring-props';
import { unacknowledgedFindings } from '../support/findings';

const ENV = { account: '111122223333', region: 'eu-central-1' };
const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555';

/** An existing bucket under audit, and nothing else of the store. */
class EgressOnly extends Stack {
  public readonly artifactBucket: IArtifactBucket;
  public readonly logArchive: LogArchive;
  public readonly analytics: EgressAnalytics;

  constructor(attributes: Partial<ArtifactBucketAttributes> = {}, watch: Partial<MonitoredStore> = {}) {
    super(new App(), 'Egress', { env: ENV });
    const artifactBucket = ArtifactBucket.fromArtifactBucketAttributes(this, 'Models', { bucketName: 'acme-models', ...attributes });
    const logArchive = new LogArchive(this, 'LogArchive');
    const auditTrail = new AuditTrail(this, 'AuditTrail', { artifactBucket, logArchive });
    this.artifactBucket = artifactBucket;
    this.logArchive = logArchive;
    this.analytics = new EgressAnalytics(this, 'Analytics', { artifactBucket, logArchive, auditTrail, storeName: 'acme-models' });
    const audited: MonitoredStore = { artifactBucket, logArchive, auditTrail, analytics: this.analytics, ...watch };
    new StoreMonitoring(this, 'Monitoring', audited);
  }
}

const propertiesOf = (template: Template, type: string) => Object.values(template.findResources(type)).map(({ Properties }) => Properties);

describe('an audited bucket without a known key', () => {
  const stack = new EgressOnly();
  const auditor = new iam.Role(stack, 'Auditor', { assumedBy: new iam.AccountRootPrincipal() });
  stack.analytics.grantQuery(auditor);
  stack.logArchive.grantRead(auditor);
  const template = Template.fromStack(stack);

  test('gets no additional resource: no bucket, policy or key', () => {
    expect(propertiesOf(template, 'AWS::S3::BucketPolicy').filter(({ Bucket }) => Bucket.Ref === undefined)).toEqual([]);
    expect(propertiesOf(template, 'AWS::S3::Bucket').map(({ BucketName }) => BucketName)).toEqual([undefined, undefined, undefined]);
  });

  test('is recorded by the trail', () => {
    const [{ AdvancedEventSelectors }] = propertiesOf(template, 'AWS::CloudTrail::Trail');
    expect(AdvancedEventSelectors[0].FieldSelectors).toContainEqual({
      Field: 'resources.ARN', StartsWith: [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::acme-models/']] }],
    });
  });

  test('is the subject of the queries and the alarms', () => {
    const settings = propertiesOf(template, 'AWS::Glue::Table').find(({ TableInput }) => TableInput.Name === 'audit_settings');
    expect(JSON.stringify(settings)).toContain('acme-models');
    expect(propertiesOf(template, 'AWS::Logs::MetricFilter').filter(({ FilterPattern }) => FilterPattern.includes?.('acme-models'))).not.toEqual([]);
  });

  test('is watched for tampering, with the trail and everything that it writes to', () => {
    const patterns = JSON.stringify([
      ...propertiesOf(template, 'AWS::Events::Rule').map(({ EventPattern }) => EventPattern),
      // EventBridge receives changes of roles in one Region only, the trail's log group from all.
      ...propertiesOf(template, 'AWS::Logs::MetricFilter').map(({ FilterPattern }) => FilterPattern),
    ]);
    for (const watched of ['acme-models', 'LogArchiveTrailBucket', 'LogArchiveAccessLogBucket', 'AuditTrailLogGroup', 'AuditTrailLogDeliveryRole']) {
      expect(patterns).toContain(watched);
    }
  });

  test('is watched for tampering with the queries of its evidence, and with the metrics of the alarms', () => {
    const patterns = JSON.stringify(propertiesOf(template, 'AWS::Logs::MetricFilter').map(({ FilterPattern }) => FilterPattern));
    const { databaseName, workGroupName } = stack.analytics;
    const counting = propertiesOf(template, 'AWS::CloudWatch::InsightRule').map(({ RuleName }) => RuleName);
    expect(counting.length).toBeGreaterThan(0);
    for (const watched of [databaseName, workGroupName, '/secure-model-artifact-store/acme-models/audit', ...counting]) {
      expect(patterns).toContain(watched);
    }
  });

  test('can be found by name only by the tools of its auditor', () => {
    template.hasResourceProperties('AWS::SSM::Parameter', { Name: '/secure-model-artifact-store/acme-models/audit' });
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'ssm:GetParameter', Resource: { 'Fn::Join': Match.anyValue() } })]) },
    });
  });

  test('cannot be read by its auditor, who can read its logs', () => {
    const statements = propertiesOf(template, 'AWS::IAM::ManagedPolicy')
      .filter(({ Roles }) => Roles[0].Ref.startsWith('Auditor')).flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    expect(JSON.stringify(statements)).not.toContain('acme-models');
    expect(statements).toContainEqual(expect.objectContaining({ Action: ['s3:GetObject', 's3:GetObjectVersion'] }));
  });

  test('cannot be granted, because that would need its key', () => {
    expect(() => new StoreGrants(new EgressOnly()).directRead(auditor)).toThrow(
      '  - The KMS key of Egress/Models is required to grant access to its objects, but encryptionKeyArn '
        + 'is not set; set it to the ARN of the key that the bucket encrypts with');
  });
});

describe('an audited bucket with a known key', () => {
  test('also has its key watched', () => {
    const patterns = JSON.stringify(propertiesOf(Template.fromStack(new EgressOnly({ encryptionKeyArn: KEY })), 'AWS::Events::Rule'));
    expect(patterns).toContain('11111111-2222-3333-4444-555555555555');
  });
});

describe('a trail setting that is given twice', () => {
  test('is rejected, naming both', () => {
    expect(() => new EgressOnly({}, { trailRecordsManagementEvents: false })).toThrow(
      'auditTrail is set together with trailRecordsManagementEvents, but the trail already provides it; remove one of the '
      + 'two');
  });
});

test('no rule pack reports findings for an audited bucket', () => {
  expect(unacknowledgedFindings(new EgressOnly())).toEqual([]);
});
