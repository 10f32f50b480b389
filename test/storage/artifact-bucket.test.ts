import { App, CfnParameter, CfnResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ArtifactBucket, type ArtifactBucketProps } from '../../src/storage/artifact-bucket';

function templateOf(props: ArtifactBucketProps | ((stack: Stack) => ArtifactBucketProps) = {}): Template {
  const stack = new Stack(new App(), 'Stack');
  new ArtifactBucket(stack, 'Artifacts', typeof props === 'function' ? props(stack) : props);
  return Template.fromStack(stack);
}

const rule = (id: string, properties: object) => ({ LifecycleConfiguration: { Rules: Match.arrayWith([{ Id: id, Status: 'Enabled', ...properties }]) } });

describe('an artifact bucket with no properties', () => {
  const template = templateOf();
  const has = (properties: object) => template.hasResourceProperties('AWS::S3::Bucket', properties);

  test('creates one bucket, its policy and one key, and no Lambda function', () => {
    const types = Object.values(template.toJSON().Resources as { [id: string]: { Type: string } }).map(({ Type }) => Type);
    expect(types.sort()).toEqual(['AWS::KMS::Key', 'AWS::S3::Bucket', 'AWS::S3::BucketPolicy']);
  });

  // [C-01] in docs/compliance.md
  test('is encrypted with a dedicated, rotating key and with S3 Bucket Keys', () => {
    template.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
    has({
      BucketEncryption: { ServerSideEncryptionConfiguration: [{
        BucketKeyEnabled: true,
        ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: { 'Fn::GetAtt': [Match.stringLikeRegexp('Key'), 'Arn'] } },
      }] },
    });
  });

  test('blocks keys that clients bring (SSE-C), in its own setting too', () => {
    has({ BucketEncryption: { ServerSideEncryptionConfiguration: [Match.objectLike({ BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] } })] } });
  });

  // [C-18] in docs/compliance.md
  test('is versioned', () => has({ VersioningConfiguration: { Status: 'Enabled' } }));

  // [C-03] in docs/compliance.md
  test('enforces bucket owner ownership, without access control lists', () => {
    has({ OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] } });
  });

  // [C-03] in docs/compliance.md
  test('blocks public access in every way', () => {
    has({ PublicAccessBlockConfiguration: {
      BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true,
    } });
  });

  test('sends its events to EventBridge', () => {
    has({ NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } } });
  });

  test('aborts incomplete uploads after 7 days', () => {
    has(rule('AbortIncompleteUploads', { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }));
  });

  test('uses Intelligent-Tiering for models, except for objects below 128 KiB', () => {
    has(rule('TierBlobs', { Prefix: 'models/', Transitions: [{ StorageClass: 'INTELLIGENT_TIERING', TransitionInDays: 0 }] }));
    has({ LifecycleConfiguration: { TransitionDefaultMinimumObjectSize: 'all_storage_classes_128K' } });
  });

  test('keeps noncurrent versions, including alias history, for 400 days, in cheaper storage after 30', () => {
    has(rule('KeepHistory', {
      NoncurrentVersionTransitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: 30 }],
      NoncurrentVersionExpiration: { NoncurrentDays: 400 },
    }));
  });

  test('never expires a current version', () => {
    for (const { Properties } of Object.values<any>(template.findResources('AWS::S3::Bucket'))) {
      for (const { ExpirationInDays, ExpirationDate } of Properties.LifecycleConfiguration.Rules) {
        expect([ExpirationInDays, ExpirationDate]).toEqual([undefined, undefined]);
      }
    }
  });

  test('removes expired delete markers', () => {
    has(rule('RemoveDeleteMarkersWithNothingBehind', { ExpiredObjectDeleteMarker: true }));
  });

  test('has no Object Lock, access logs or fixed name', () => {
    const absent = Match.absent();
    has({ ObjectLockEnabled: absent, ObjectLockConfiguration: absent, LoggingConfiguration: absent, BucketName: absent });
  });

  test.each(['AWS::S3::Bucket', 'AWS::KMS::Key'])('retains its %s when it is removed or replaced', (type) => {
    template.hasResource(type, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('has stable logical IDs, as a new ID would create a new bucket', () => {
    expect(Object.keys(template.toJSON().Resources).sort()).toEqual(['ArtifactsBucket88671897', 'ArtifactsBucketPolicyBC103148', 'ArtifactsKeyA4B22E2B']);
  });
});

describe('the properties of an artifact bucket', () => {
  test('noncurrent versions that expire before their transition are not moved to cheaper storage', () => {
    templateOf({ noncurrentVersionExpiration: Duration.days(30) }).hasResourceProperties('AWS::S3::Bucket', rule('KeepHistory', {
      NoncurrentVersionTransitions: Match.absent(), NoncurrentVersionExpiration: { NoncurrentDays: 30 },
    }));
  });

  test('lifecycle durations can be set', () => {
    const template = templateOf({
      abortIncompleteMultipartUploadAfter: Duration.days(2),
      noncurrentVersionTransitionAfter: Duration.days(10),
      noncurrentVersionExpiration: Duration.days(1000),
    });
    template.hasResourceProperties('AWS::S3::Bucket', rule('AbortIncompleteUploads', { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 } }));
    template.hasResourceProperties('AWS::S3::Bucket', rule('KeepHistory', {
      NoncurrentVersionTransitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: 10 }],
      NoncurrentVersionExpiration: { NoncurrentDays: 1000 },
    }));
  });

  test.each<[string, s3.ObjectLockRetention]>([
    ['GOVERNANCE', s3.ObjectLockRetention.governance(Duration.days(90))],
    ['COMPLIANCE', s3.ObjectLockRetention.compliance(Duration.days(90))],
  ])('Object Lock in %s mode', (mode, objectLock) => {
    templateOf({ objectLock }).hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: mode, Days: 90 } } },
      ...rule('KeepHistory', {
        NoncurrentVersionTransitions: Match.anyValue(),
        NoncurrentVersionExpiration: { NoncurrentDays: 400 },
      }),
    });
  });

  test('with an Object Lock of more than 400 days, noncurrent versions are kept as long by default', () => {
    const lock = s3.ObjectLockRetention.governance(Duration.days(2555));
    templateOf({ objectLock: lock }).hasResourceProperties('AWS::S3::Bucket', rule('KeepHistory', {
      NoncurrentVersionTransitions: Match.anyValue(), NoncurrentVersionExpiration: { NoncurrentDays: 2555 },
    }));
  });

  test('the removal policy applies to the bucket and its key', () => {
    const template = templateOf({ removalPolicy: RemovalPolicy.DESTROY });
    template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Delete' });
    template.hasResource('AWS::KMS::Key', { DeletionPolicy: 'Delete' });
  });

  test('the bucket name can be set', () => {
    templateOf({ bucketName: 'models-of-mine' }).hasResourceProperties('AWS::S3::Bucket', { BucketName: 'models-of-mine' });
  });

  test('tokens are accepted', () => {
    expect(() => templateOf((stack) => {
      const later = (id: string) => new CfnParameter(stack, id).valueAsString;
      return {
        administrators: [new iam.ArnPrincipal(later('Administrator'))],
        serverAccessLogsBucket: new s3.Bucket(stack, 'Logs'),
        serverAccessLogsPrefix: later('Prefix'),
        perimeter: { cidrs: [later('Cidr')], vpcEndpointIds: [later('Endpoint')], organizationId: later('Organization') },
      };
    })).not.toThrow();
  });
});

describe('access logs', () => {
  const log = (serverAccessLogsPrefix?: string) => templateOf((stack) => ({
    serverAccessLogsBucket: new s3.Bucket(stack, 'Logs'), serverAccessLogsPrefix,
  }));

  test.each([[undefined, 'artifact-bucket/'], ['logs/of/models/', 'logs/of/models/']])('with the prefix %s are partitioned by event date below %s', (prefix, expected) => {
    log(prefix).hasResourceProperties('AWS::S3::Bucket', {
      LoggingConfiguration: {
        DestinationBucketName: { Ref: Match.stringLikeRegexp('^Logs') },
        LogFilePrefix: expected,
        TargetObjectKeyFormat: { PartitionedPrefix: { PartitionDateSource: 'EventTime' } },
      },
    });
  });

  test('can be delivered only by S3, for this bucket in this account, below this prefix', () => {
    log().hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: { Ref: Match.stringLikeRegexp('^Logs') },
      PolicyDocument: { Statement: [{
        Effect: 'Allow',
        Principal: { Service: 'logging.s3.amazonaws.com' },
        Action: 's3:PutObject',
        Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^Logs'), 'Arn'] }, '/artifact-bucket/*']] },
        Condition: {
          StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
          ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': ['ArtifactsBucket88671897', 'Arn'] } },
        },
      }] },
    });
  });

  test('go to a bucket in another stack without a circular dependency', () => {
    const app = new App();
    const logs = new s3.Bucket(new Stack(app, 'LogStack'), 'Logs');
    const stack = new Stack(app, 'Stack');
    new ArtifactBucket(stack, 'Artifacts', { serverAccessLogsBucket: logs });
    expect(() => app.synth()).not.toThrow();
    Template.fromStack(Stack.of(logs)).hasResourceProperties('AWS::S3::BucketPolicy', { PolicyDocument: { Statement: [
      Match.objectLike({ Principal: { Service: 'logging.s3.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } } }),
    ] } });
  });

  test('leave the policy of an imported bucket to its owner', () => {
    templateOf((stack) => ({ serverAccessLogsBucket: s3.Bucket.fromBucketName(stack, 'Logs', 'logs-of-mine') }))
      .hasResourceProperties('AWS::S3::Bucket', { LoggingConfiguration: { DestinationBucketName: 'logs-of-mine' } });
  });
});

describe('an imported artifact bucket', () => {
  test('is identified by bucket name and key ARN, and adds no resource', () => {
    const stack = new Stack(new App(), 'Stack');
    const imported = ArtifactBucket.fromArtifactBucketAttributes(stack, 'Artifacts', {
      bucketName: 'models-of-mine', encryptionKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/1a2b',
    });
    expect(imported.bucket.bucketName).toBe('models-of-mine');
    expect(imported.encryptionKey.keyArn).toBe('arn:aws:kms:eu-central-1:111122223333:key/1a2b');
    expect(imported.bucket.encryptionKey?.keyArn).toBe(imported.encryptionKey.keyArn);
    expect(stack.node.findAll().filter((construct) => CfnResource.isCfnResource(construct))).toEqual([]);
  });
});
