import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { AcceptedTrail } from './accepted-trail';
import { deliverAccessLogs } from './access-logs';
import { addDeletionStatement, addTransportStatements, deny, retainPolicyWithBucket } from './bucket-statements';
import { addOnlyWriterStatement, logLifecycle } from './log-bucket';
import { REQUEST_METRICS } from './request-metrics';
import { createStorageKey } from './storage-key';
import { acknowledge } from '../common/acknowledgements';
import { allowOnKey } from '../common/required-actions';

export interface TrailBucketProps {
  readonly accessLogBucket: s3.IBucket;
  readonly encryptionKey?: kms.IKey;
  readonly retention: Duration;
  readonly transitionAfter?: Duration;
  readonly objectLock?: s3.ObjectLockRetention;
  readonly administratorArns?: string[];
  readonly bucketName?: string;
  readonly requestMetrics: boolean;
  readonly removalPolicy: RemovalPolicy;
}

/** A trail, as policies refer to it. */
export interface TrailIdentity {
  readonly trailArn: string;
  readonly accountId: string;
  /** The key prefix under which the trail delivers; ends with "/" if it is not empty. */
  readonly prefix: string;
  readonly organizationId?: string;
}

export function trailIdentity(trail: AcceptedTrail): TrailIdentity {
  const accountId = trail.accountId ?? Aws.ACCOUNT_ID;
  return {
    // By name, not by reference, because the trail depends on this policy.
    trailArn: `arn:${Aws.PARTITION}:cloudtrail:${trail.region ?? Aws.REGION}:${accountId}:trail/${trail.trailName}`,
    accountId,
    prefix: trail.keyPrefix === undefined ? '' : `${trail.keyPrefix}/`,
    organizationId: trail.organizationId,
  };
}

const CLOUDTRAIL = 'cloudtrail.amazonaws.com';

/** The bucket that CloudTrail delivers to. Trails must be accepted explicitly. */
export class TrailBucket extends Construct {
  public readonly bucket: s3.Bucket;
  public readonly encryptionKey: kms.IKey;

  private trails = 0;

  constructor(scope: Construct, id: string, props: TrailBucketProps) {
    super(scope, id);
    this.encryptionKey = props.encryptionKey
      ?? createStorageKey(this, 'Key', `Encrypts the logs of the trail (${this.node.path})`, props.removalPolicy);
    this.bucket = new s3.Bucket(this, 'Bucket', {
      bucketName: props.bucketName,
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: this.encryptionKey,
      // The key's policy has a condition on the trail's encryption context, which an S3 Bucket Key would replace with
      // the bucket's ARN. CloudTrail delivers only a few files an hour, so a KMS request for each is acceptable.
      // https://docs.aws.amazon.com/AmazonS3/latest/userguide/configuring-bucket-key.html
      bucketKeyEnabled: false,
      blockedEncryptionTypes: [s3.BlockedEncryptionType.SSE_C],
      versioned: true,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectLockEnabled: props.objectLock !== undefined ? true : undefined,
      objectLockDefaultRetention: props.objectLock,
      lifecycleRules: logLifecycle(props.retention, props.transitionAfter),
      transitionDefaultMinimumObjectSize: s3.TransitionDefaultMinimumObjectSize.ALL_STORAGE_CLASSES_128_K,
      metrics: props.requestMetrics ? [REQUEST_METRICS] : undefined,
      removalPolicy: props.removalPolicy,
    });
    deliverAccessLogs(this.bucket, props.accessLogBucket, 'trail-bucket/');

    addTransportStatements(this.bucket);
    addOnlyWriterStatement(this.bucket, CLOUDTRAIL);
    // The trail's settings decide how CloudTrail encrypts, but never with customer-provided keys (SSE-C).
    this.bucket.addToResourcePolicy(deny({
      sid: 'DenyCustomerProvidedKeys',
      actions: ['s3:PutObject'],
      resources: [this.bucket.arnForObjects('*')],
      conditions: { Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'false' } },
    }));
    addDeletionStatement(this.bucket, props.administratorArns);
    retainPolicyWithBucket(this.bucket, props.removalPolicy);

    if (props.objectLock === undefined) {
      acknowledge(this.bucket, 'S3BucketDefaultLockEnabled',
        'Object Lock can never be disabled again, so enabling it is left to the owner of the logs (objectLock); '
        + 'without it, a deny prevents deletion by anyone except named administrators.');
    }
    acknowledge(this.bucket, 'S3BucketReplicationEnabled',
      'Logs are stored in three Availability Zones, protected by a deny on deletion and optionally by Object Lock; '
      + 'use a log archive in another account to separate them from the people whose actions they record.');
    acknowledge(this.bucket, 'CT.S3.PR.4',
      'Alarms read the events from CloudWatch Logs and EventBridge. No component needs notifications for '
      + 'individual log files.');
  }

  public acceptTrail(trail: TrailIdentity): iam.AddToResourcePolicyResult {
    const [result] = trailBucketStatements(this.bucket, trail)
      .map((statement) => this.bucket.addToResourcePolicy(statement));
    allowOnKey(this, this.encryptionKey, trailKeyStatements(trail), {
      resource: 'the key of the trail bucket',
      why: 'before the trail is created',
      outputId: `RequiredTrailKeyPolicy${this.trails === 0 ? '' : this.trails + 1}`,
    });
    this.trails += 1;
    return result;
  }
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html */
export function trailBucketStatements(bucket: s3.IBucket, trail: TrailIdentity): iam.PolicyStatement[] {
  const principals = [new iam.ServicePrincipal(CLOUDTRAIL)];
  const fromThisTrail = { 'aws:SourceArn': trail.trailArn };
  const folders = [trail.accountId, ...trail.organizationId === undefined ? [] : [trail.organizationId]];
  return [
    new iam.PolicyStatement({
      principals,
      actions: ['s3:GetBucketAcl'],
      resources: [bucket.bucketArn],
      conditions: { StringEquals: fromThisTrail },
    }),
    new iam.PolicyStatement({
      principals,
      actions: ['s3:PutObject'],
      resources: folders.map((folder) => bucket.arnForObjects(`${trail.prefix}AWSLogs/${folder}/*`)),
      conditions: { StringEquals: { ...fromThisTrail, 's3:x-amz-acl': 'bucket-owner-full-control' } },
    }),
  ];
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html */
export function trailKeyStatements(trail: TrailIdentity): iam.PolicyStatement[] {
  const principals = [new iam.ServicePrincipal(CLOUDTRAIL)];
  // For an organization trail, the encryption context can be any trail ARN of the owning account, as in AWS's example.
  // aws:SourceArn still limits the key to this trail.
  const conditions = trail.organizationId === undefined
    ? { StringEquals: { 'aws:SourceArn': trail.trailArn, 'kms:EncryptionContext:aws:cloudtrail:arn': trail.trailArn } }
    : {
      StringEquals: { 'aws:SourceArn': trail.trailArn },
      StringLike: {
        'kms:EncryptionContext:aws:cloudtrail:arn': `arn:${Aws.PARTITION}:cloudtrail:*:${trail.accountId}:trail/*`,
      },
    };
  return [
    new iam.PolicyStatement({ principals, actions: ['kms:GenerateDataKey*'], resources: ['*'], conditions }),
    new iam.PolicyStatement({
      principals,
      actions: ['kms:DescribeKey'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceArn': trail.trailArn } },
    }),
  ];
}
