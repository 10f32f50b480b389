import { App, CfnResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ACCOUNT, policyOf, REGION } from './support/policies';
import { allowed } from './support/policy-evaluator';
import { ArtifactBucket } from '../../src/storage/artifact-bucket';
import { LogArchive, type LogArchiveProps } from '../../src/storage/log-archive';

const TRAIL = { trailName: 'models' };

function archive(props: LogArchiveProps = { trails: [TRAIL] }) {
  const stack = new Stack(new App(), 'Stack');
  const logs = new LogArchive(stack, 'Archive', props);
  return {
    template: () => Template.fromStack(stack),
    id: (bucket: 'trailBucket' | 'accessLogBucket') => stack.getLogicalId(logs[bucket].node.defaultChild as CfnResource),
  };
}

describe('a log archive with no properties', () => {
  const { template, id } = archive({});
  const both = ['trailBucket', 'accessLogBucket'] as const;
  const propertiesOf = (bucket: (typeof both)[number]) => template().toJSON().Resources[id(bucket)];

  test('creates two buckets, their policies and one key', () => {
    const types = Object.values(template().toJSON().Resources as { [name: string]: { Type: string } }).map(({ Type }) => Type);
    expect(types.sort()).toEqual(['AWS::KMS::Key', 'AWS::S3::Bucket', 'AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'AWS::S3::BucketPolicy']);
  });

  test.each(both)('has a versioned, private, retained %s without access control lists', (bucket) => {
    expect(propertiesOf(bucket)).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        VersioningConfiguration: { Status: 'Enabled' },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
      },
    });
  });

  // [C-11] in docs/compliance.md
  test.each(both)('keeps logs in its %s for 400 days, in cheaper storage after 90, plus 30 as noncurrent', (bucket) => {
    expect(propertiesOf(bucket).Properties.LifecycleConfiguration.Rules).toContainEqual({
      Id: 'KeepLogs',
      Status: 'Enabled',
      ExpirationInDays: 400,
      Transitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: 90 }],
      NoncurrentVersionExpiration: { NoncurrentDays: 30 },
    });
  });

  test.each(both)('has no Object Lock on its %s', (bucket) => {
    expect(propertiesOf(bucket).Properties.ObjectLockEnabled).toBeUndefined();
  });

  // [C-01] in docs/compliance.md
  test('encrypts the trail logs with a dedicated, rotating key', () => {
    template().hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
    expect(propertiesOf('trailBucket').Properties.BucketEncryption.ServerSideEncryptionConfiguration).toEqual([{
      BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
      BucketKeyEnabled: false,
      ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: { 'Fn::GetAtt': [expect.stringMatching('Key'), 'Arn'] } },
    }]);
  });

  test('encrypts access logs with SSE-S3, the only encryption that S3 supports for them', () => {
    expect(propertiesOf('accessLogBucket').Properties.BucketEncryption.ServerSideEncryptionConfiguration)
      .toEqual([{ BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] }, ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }]);
  });

  test('logs access to the trail bucket, by event date, and never to the access-log bucket itself', () => {
    expect(propertiesOf('trailBucket').Properties.LoggingConfiguration).toEqual({
      DestinationBucketName: { Ref: id('accessLogBucket') },
      LogFilePrefix: 'trail-bucket/',
      TargetObjectKeyFormat: { PartitionedPrefix: { PartitionDateSource: 'EventTime' } },
    });
    expect(propertiesOf('accessLogBucket').Properties.LoggingConfiguration).toBeUndefined();
  });

  test('has stable logical IDs, as a new ID would create a new bucket', () => {
    expect(Object.keys(template().toJSON().Resources).sort()).toEqual([
      'ArchiveAccessLogBucket93E55BA4', 'ArchiveAccessLogBucketPolicyAAC262DF',
      'ArchiveTrailBucket278084DA', 'ArchiveTrailBucketKey68E471F2', 'ArchiveTrailBucketPolicy99C99A64',
    ]);
  });
});

describe('the properties of a log archive', () => {
  test('retention, transition and removal policy apply to both buckets', () => {
    const { template } = archive({ retention: Duration.days(3650), transitionAfter: Duration.days(365), removalPolicy: RemovalPolicy.DESTROY });
    for (const bucket of Object.values<any>(template().findResources('AWS::S3::Bucket'))) {
      expect(bucket.DeletionPolicy).toBe('Delete');
      expect(bucket.Properties.LifecycleConfiguration.Rules).toContainEqual(expect.objectContaining({
        ExpirationInDays: 3650, Transitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: 365 }],
      }));
    }
    template().hasResource('AWS::KMS::Key', { DeletionPolicy: 'Delete' });
  });

  test.each([[91, [{ StorageClass: 'GLACIER_IR', TransitionInDays: 90 }]], [90, undefined], [30, undefined]])(
    'logs that are kept for %d days move to cheaper storage only if they expire later', (days, transitions) => {
      const { template } = archive({ retention: Duration.days(days) });
      for (const bucket of Object.values<any>(template().findResources('AWS::S3::Bucket'))) {
        const kept = bucket.Properties.LifecycleConfiguration.Rules.find(({ Id }: { Id: string }) => Id === 'KeepLogs');
        expect([kept.ExpirationInDays, kept.Transitions]).toEqual([days, transitions]);
      }
    });

  // [C-11] in docs/compliance.md
  test('Object Lock applies to the trail bucket only, because S3 delivers no access logs to a locked bucket', () => {
    const { template, id } = archive({ objectLock: s3.ObjectLockRetention.compliance(Duration.days(2555)) });
    const resources = template().toJSON().Resources;
    expect(resources[id('trailBucket')].Properties).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 2555 } } },
    });
    expect(resources[id('accessLogBucket')].Properties.ObjectLockEnabled).toBeUndefined();
    expect(JSON.stringify(resources[id('trailBucket')].Properties.LifecycleConfiguration)).toContain('"ExpirationInDays":2555');
  });

  test('bucket names can be set, as an archive in another account needs', () => {
    const { template, id } = archive({ trailBucketName: 'central-trail', accessLogBucketName: 'central-access-logs' });
    expect(template().toJSON().Resources[id('trailBucket')].Properties.BucketName).toBe('central-trail');
    expect(template().toJSON().Resources[id('accessLogBucket')].Properties.BucketName).toBe('central-access-logs');
  });

  test('an existing key is used, and accepted trails can use it', () => {
    const stack = new Stack(new App(), 'Stack');
    const encryptionKey = new kms.Key(stack, 'Mine');
    const logs = new LogArchive(stack, 'Archive', { encryptionKey, trails: [TRAIL] });
    expect(logs.encryptionKey).toBe(encryptionKey);
    Template.fromStack(stack).resourceCountIs('AWS::KMS::Key', 1);
    expect(policyOf(stack, encryptionKey).statements.map(({ Principal }) => Principal)).toContainEqual({ Service: 'cloudtrail.amazonaws.com' });
  });
});

describe('a log archive in another account', () => {
  test('is identified by bucket names, and reports that the app cannot extend its policies', () => {
    const stack = new Stack(new App(), 'Stack');
    const logs = LogArchive.fromLogArchiveAttributes(stack, 'Archive', {
      trailBucketName: 'central-trail', accessLogBucketName: 'access-logs', encryptionKeyArn: `arn:aws:kms:${REGION}:999999999999:key/1a2b`,
    });
    expect([logs.trailBucket.bucketName, logs.accessLogBucket.bucketName]).toEqual(['central-trail', 'access-logs']);
    expect(logs.encryptionKey?.keyArn).toBe(`arn:aws:kms:${REGION}:999999999999:key/1a2b`);
    expect(logs.acceptTrail(TRAIL)).toEqual({ statementAdded: false });
    expect(stack.node.findAll().filter((construct) => CfnResource.isCfnResource(construct))).toEqual([]);
  });

  test('keeps the access logs in this account, where S3 can deliver them', () => {
    const stack = new Stack(new App(), 'Stack');
    const logs = new LogArchive(stack, 'Archive', { trailBucket: s3.Bucket.fromBucketName(stack, 'ArchiveTrailBucket', 'central-trail') });
    new ArtifactBucket(stack, 'Artifacts', { serverAccessLogsBucket: logs.accessLogBucket });
    expect(logs.encryptionKey).toBeUndefined();
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::S3::Bucket', 2);
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
      LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ Id: 'KeepLogs', ExpirationInDays: 400 })]) },
    });
    const { arn, statements } = policyOf(stack, logs.accessLogBucket);
    expect(allowed(statements, {
      action: 's3:PutObject', resource: `${arn}/artifact-bucket/x`, service: 'logging.s3.amazonaws.com',
      context: {
        'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3', 'aws:PrincipalServiceName': 'logging.s3.amazonaws.com', 'aws:SourceAccount': ACCOUNT,
        'aws:SourceArn': 'arn:aws:s3:::artifactsbucket88671897',
      },
    })).toBe(true);
  });
});
