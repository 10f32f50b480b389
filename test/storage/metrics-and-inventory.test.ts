import { App, type CfnResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ACCOUNT, policyOf } from './support/policies';
import { allowed, denials } from './support/policy-evaluator';
import { ArtifactBucket, type ArtifactBucketProps } from '../../src/storage/artifact-bucket';
import { LogArchive } from '../../src/storage/log-archive';
import { unacknowledgedFindings } from '../support/findings';

function build(props: (stack: Stack) => ArtifactBucketProps = () => ({})) {
  const stack = new Stack(new App(), 'Stack');
  const archive = new LogArchive(stack, 'Archive');
  const artifacts = new ArtifactBucket(stack, 'Artifacts', { serverAccessLogsBucket: archive.accessLogBucket, ...props(stack) });
  const template = Template.fromStack(stack);
  const propertiesOf = (bucket: s3.IBucket) => template.toJSON().Resources[stack.getLogicalId(bucket.node.defaultChild as CfnResource)].Properties;
  return { stack, archive, artifacts, template, propertiesOf };
}

describe('request metrics and storage class analysis', () => {
  test('are enabled by default', () => {
    const { artifacts, archive, propertiesOf } = build();
    expect(propertiesOf(artifacts.bucket)).toMatchObject({
      MetricsConfigurations: [{ Id: 'EntireBucket' }], AnalyticsConfigurations: [{ Id: 'EntireBucket', StorageClassAnalysis: {} }],
    });
    expect(propertiesOf(archive.trailBucket).MetricsConfigurations).toEqual([{ Id: 'EntireBucket' }]);
    expect(archive.requestMetricsFilterId).toBe('EntireBucket');
  });

  test('can be disabled', () => {
    const { artifacts, propertiesOf } = build(() => ({ requestMetrics: false, storageClassAnalysis: false }));
    expect(propertiesOf(artifacts.bucket)).not.toHaveProperty('MetricsConfigurations');
    expect(propertiesOf(artifacts.bucket)).not.toHaveProperty('AnalyticsConfigurations');
    const stack = new Stack(new App(), 'Stack');
    const archive = new LogArchive(stack, 'Archive', { requestMetrics: false });
    expect(archive.requestMetricsFilterId).toBeUndefined();
    expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::S3::Bucket'))).not.toContain('MetricsConfigurations');
  });

  test('are unknown for an archive in another account', () => {
    expect(LogArchive.fromLogArchiveAttributes(new Stack(new App(), 'Stack'), 'Archive', {
      trailBucketName: 'central', accessLogBucketName: 'central-access-logs',
    }).requestMetricsFilterId).toBeUndefined();
  });
});

describe('an inventory', () => {
  test('is not created by default', () => {
    const { artifacts, template, propertiesOf } = build();
    expect(propertiesOf(artifacts.bucket)).not.toHaveProperty('InventoryConfigurations');
    expect(artifacts.inventoryBucket).toBeUndefined();
    template.resourceCountIs('AWS::S3::Bucket', 3);
  });

  const own = build(() => ({ inventoryFrequency: s3.InventoryFrequency.WEEKLY }));
  const bucket = own.artifacts.inventoryBucket!;

  test('lists every version weekly, with the fields for compliance', () => {
    expect(own.propertiesOf(own.artifacts.bucket).InventoryConfigurations).toEqual([{
      Id: 'EveryVersion',
      Enabled: true,
      IncludedObjectVersions: 'All',
      ScheduleFrequency: 'Weekly',
      Destination: {
        BucketArn: own.stack.resolve(bucket.bucketArn), BucketAccountId: { Ref: 'AWS::AccountId' }, Format: 'Parquet', Prefix: 'inventory',
      },
      OptionalFields: expect.arrayContaining(['Size', 'EncryptionStatus', 'ObjectLockRetainUntilDate', 'ChecksumAlgorithm']),
    }]);
  });

  test('goes to a dedicated, private, versioned and logged bucket with the key of the artifact bucket', () => {
    expect(own.propertiesOf(bucket)).toMatchObject({
      BucketEncryption: { ServerSideEncryptionConfiguration: [{
        ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: own.stack.resolve(own.artifacts.encryptionKey.keyArn) },
      }] },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
      VersioningConfiguration: { Status: 'Enabled' },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      LoggingConfiguration: { LogFilePrefix: 'inventory-bucket/' },
      LifecycleConfiguration: { Rules: [expect.objectContaining({ ExpirationInDays: 90 })] },
    });
    own.template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({
        Sid: 'AllowInventory', Principal: { Service: 's3.amazonaws.com' }, Action: 'kms:GenerateDataKey*',
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      })]) },
    });
  });

  test('is delivered only by S3, only for this bucket', () => {
    const { statements, arn } = policyOf(own.stack, bucket);
    const source = policyOf(own.stack, own.artifacts.bucket).arn;
    const put = (sourceArn: string, key: string, sourceAccount = ACCOUNT) => ({
      action: 's3:PutObject',
      resource: `${arn}/${key}`,
      service: 's3.amazonaws.com',
      context: {
        'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3', 'aws:PrincipalServiceName': 's3.amazonaws.com', 'aws:PrincipalIsAWSService': 'true',
        'aws:SourceAccount': sourceAccount, 'aws:SourceArn': sourceArn,
      },
    });
    expect(denials(statements, put(source, 'inventory/list'))).toEqual([]);
    expect(allowed(statements, put(source, 'inventory/list'))).toBe(true);
    expect(allowed(statements, put(source, 'elsewhere/list'))).toBe(false);
    expect(allowed(statements, put('arn:aws:s3:::another-bucket', 'inventory/list'))).toBe(false);
    expect(allowed(statements, put(source, 'inventory/list', '444455556666'))).toBe(false);
    const person = {
      'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3', 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/administrator`,
    };
    expect(denials(statements, { action: 's3:PutObject', resource: `${arn}/inventory/list`, context: person })).toEqual(['DenyOtherWriters']);
    expect(denials(statements, { action: 's3:DeleteObject', resource: `${arn}/inventory/list`, context: person })).toEqual(['DenyDeletionButByAdministrators']);
  });

  test('has no findings in any rule pack', () => {
    expect(unacknowledgedFindings(own.stack)).toEqual([]);
  });

  test('has the configured frequency and retention', () => {
    const { artifacts, propertiesOf, template } = build(() => ({
      inventoryFrequency: s3.InventoryFrequency.DAILY, inventoryRetention: Duration.days(30), removalPolicy: RemovalPolicy.DESTROY,
    }));
    expect(propertiesOf(artifacts.bucket).InventoryConfigurations[0].ScheduleFrequency).toBe('Daily');
    expect(propertiesOf(artifacts.inventoryBucket!).LifecycleConfiguration.Rules[0].ExpirationInDays).toBe(30);
    template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Delete', Properties: { LoggingConfiguration: { LogFilePrefix: 'inventory-bucket/' } } });
  });

  test('goes to an existing bucket in this stack, another stack, or another account', () => {
    const given = build((stack) => ({
      inventoryFrequency: s3.InventoryFrequency.WEEKLY, inventoryBucket: new s3.Bucket(stack, 'Lists'),
    }));
    given.template.hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: { Ref: Match.stringLikeRegexp('^Lists') },
      PolicyDocument: { Statement: [Match.objectLike({ Condition: {
        StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } }, ArnEquals: { 'aws:SourceArn': given.stack.resolve(given.artifacts.bucket.bucketArn) },
      } })] },
    });
    const app = new App();
    const lists = new s3.Bucket(new Stack(app, 'Other'), 'Lists');
    new ArtifactBucket(new Stack(app, 'Stack'), 'Artifacts', {
      inventoryFrequency: s3.InventoryFrequency.WEEKLY, inventoryBucket: lists,
    });
    expect(() => app.synth()).not.toThrow();
    const imported = build((stack) => ({
      inventoryFrequency: s3.InventoryFrequency.WEEKLY,
      inventoryBucket: s3.Bucket.fromBucketName(stack, 'Lists', 'lists-of-mine'),
      encryptionKey: kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-central-1:111122223333:key/1a2b'),
    }));
    expect(imported.artifacts.inventoryBucket!.bucketName).toBe('lists-of-mine');
    imported.template.resourceCountIs('AWS::S3::Bucket', 3);
  });

  test('accepts no retention for an existing bucket', () => {
    expect(() => build((stack) => ({
      inventoryFrequency: s3.InventoryFrequency.WEEKLY,
      inventoryBucket: new s3.Bucket(stack, 'Lists'),
      inventoryRetention: Duration.hours(5),
    })))
      .toThrow(/inventoryRetention is 5 hours; use whole days[^]*inventoryBucket is set together with inventoryRetention/);
  });
});
