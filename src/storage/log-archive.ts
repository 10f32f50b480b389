import { Aws, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct, type IConstruct } from 'constructs';
import { checkTrail, type AcceptedTrail } from './accepted-trail';
import { AccessLogBucket } from './access-log-bucket';
import { acceptAccessLogs, checkPrefix } from './access-logs';
import { checkLogArchive, checkLogArchiveAttributes, logRetentionOf } from './log-archive-checks';
import { grantRead } from './log-archive-grants';
import type { LogArchiveAttributes, LogArchiveProps } from './log-archive-props';
import { REQUEST_METRICS } from './request-metrics';
import { TrailBucket, trailIdentity } from './trail-bucket';
import { usualTransition } from './transition';
import { arnsOf } from '../common/principal-arns';
import { Problems } from '../common/problems';
import { refuseWeakening } from '../common/weakened-resources';

export { LogArchiveAttributes as LogArchiveAttributes, LogArchiveProps } from './log-archive-props';

/**
 * The log archive that keeps the evidence, defined in this stack or imported.
 */
export interface ILogArchive extends IConstruct {
  /** The bucket that CloudTrail delivers to. */
  readonly trailBucket: s3.IBucket;

  /** The bucket that S3 delivers server access logs to. */
  readonly accessLogBucket: s3.IBucket;

  /** The KMS key that encrypts the trail bucket, if it is known. */
  readonly encryptionKey?: kms.IKey;

  /** The filter ID of the trail bucket's request metrics, if S3 publishes them. They show whether logs still arrive. */
  readonly requestMetricsFilterId?: string;

  /**
   * Allows a trail to deliver to the archive. Make the trail depend on the result's `policyDependable`, because
   * CloudTrail checks the bucket's policy when the trail is created.
   *
   * @param trail the trail, and its account
   * @returns whether the policy was extended; for an imported archive, its owner has to extend it
   */
  acceptTrail(trail: AcceptedTrail): iam.AddToResourcePolicyResult;

  /**
   * Grants permission to read all logs of the archive, to decrypt them, and to verify the trail's digest files.
   *
   * @param grantee the principal to grant permission to; must be in the same account and have a policy
   */
  grantRead(grantee: iam.IGrantable): iam.Grant;
}

const DEFAULT_TRANSITION = Duration.days(90);

/**
 * The log archive: a bucket for the trail and one for S3 server access logs, out of reach of the people whose actions
 * they record. Only the delivering service can write to them, and only named administrators can delete logs.
 *
 * Preferably, keep the trail bucket in a separate account: create a `LogArchive` there, name the store's trail in
 * `trails`, and create a `LogArchive` with that `trailBucket` in the store's stack.
 */
export class LogArchive extends Construct implements ILogArchive {
  /**
   * Imports the log archive of another stack. The policies of its buckets and its key are not changed, and no resource
   * is created.
   *
   * @param scope the scope of the construct
   * @param id the ID of the construct
   * @param attributes the names of its buckets, and its key
   */
  public static fromLogArchiveAttributes(
    scope: Construct, id: string, attributes: LogArchiveAttributes,
  ): ILogArchive {
    checkLogArchiveAttributes(scope, id, attributes);
    class Imported extends Construct implements ILogArchive {
      public readonly encryptionKey = attributes.encryptionKeyArn === undefined
        ? undefined
        : kms.Key.fromKeyArn(this, 'Key', attributes.encryptionKeyArn);
      public readonly requestMetricsFilterId = attributes.requestMetricsFilterId;
      public readonly trailBucket = s3.Bucket.fromBucketAttributes(this, 'TrailBucket', {
        bucketName: attributes.trailBucketName,
        encryptionKey: this.encryptionKey,
      });
      public readonly accessLogBucket = s3.Bucket.fromBucketName(
        this, 'AccessLogBucket', attributes.accessLogBucketName);

      public acceptTrail(_trail: AcceptedTrail): iam.AddToResourcePolicyResult {
        return { statementAdded: false };
      }

      public grantRead(grantee: iam.IGrantable): iam.Grant {
        return grantRead(this, grantee);
      }
    }
    return new Imported(scope, id);
  }

  /** The bucket that CloudTrail delivers to. */
  public readonly trailBucket: s3.IBucket;

  /** The bucket that S3 delivers server access logs to. Other buckets of the account can use it too. */
  public readonly accessLogBucket: s3.IBucket;

  /** The KMS key that encrypts the trail bucket. */
  public readonly encryptionKey?: kms.IKey;

  /** The filter ID of the trail bucket's request metrics, if S3 publishes them. */
  public readonly requestMetricsFilterId?: string;

  private readonly trails?: TrailBucket;

  /**
   * @param scope the scope to create the construct in
   * @param id the ID of the construct, unique within the scope
   * @param props the properties of the log archive; every property has a secure default
   */
  constructor(scope: Construct, id: string, props: LogArchiveProps = {}) {
    super(scope, id);
    const problems = Problems.of(this);
    checkLogArchive(problems, this, props);
    problems.throwIfAny('LogArchive');
    if (props.removalPolicy === RemovalPolicy.DESTROY) {
      Validations.of(this).addWarning('SecureModelArtifactStore::EvidenceIsDestroyed',
        'removalPolicy is DESTROY: the logs of who read and changed models are deleted with the stack. Use RETAIN to '
        + 'keep them, or acknowledge this warning.');
    }
    const retention = logRetentionOf(props);
    const common = {
      retention,
      transitionAfter: props.transitionAfter ?? usualTransition(DEFAULT_TRANSITION, retention),
      administratorArns: arnsOf(props.administrators),
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
    };

    this.accessLogBucket = props.accessLogBucket
      ?? new AccessLogBucket(this, 'AccessLogBucket', { ...common, bucketName: props.accessLogBucketName }).bucket;
    refuseWeakening(this, { removalPolicy: common.removalPolicy, sseS3Buckets: [this.accessLogBucket] });
    if (props.trailBucket) {
      this.trailBucket = props.trailBucket;
      this.encryptionKey = props.encryptionKey ?? props.trailBucket.encryptionKey;
      return;
    }
    this.trails = new TrailBucket(this, 'TrailBucket', {
      ...common,
      bucketName: props.trailBucketName,
      encryptionKey: props.encryptionKey,
      objectLock: props.objectLock,
      accessLogBucket: this.accessLogBucket,
      requestMetrics: props.requestMetrics ?? true,
    });
    this.requestMetricsFilterId = props.requestMetrics === false ? undefined : REQUEST_METRICS.id;
    this.trailBucket = this.trails.bucket;
    this.encryptionKey = this.trails.encryptionKey;
    props.trails?.forEach((trail) => this.acceptTrail(trail));
  }

  /**
   * Allows a trail to deliver to the archive. Make the trail depend on the result's `policyDependable`, because
   * CloudTrail checks the bucket's policy when the trail is created.
   *
   * @param trail the trail, and its account
   * @returns whether the policy was extended; for an imported archive, its owner has to extend it
   */
  public acceptTrail(trail: AcceptedTrail): iam.AddToResourcePolicyResult {
    const problems = Problems.of(this);
    checkTrail(problems, 'trail', trail, Stack.of(this).region);
    problems.throwIfAny('LogArchive');
    return this.trails?.acceptTrail(trailIdentity(trail)) ?? { statementAdded: false };
  }

  /**
   * Grants permission to read all logs of the archive, to decrypt them, and to verify the trail's digest files.
   *
   * @param grantee the principal to grant permission to; must be in the same account and have a policy
   */
  public grantRead(grantee: iam.IGrantable): iam.Grant {
    return grantRead(this, grantee);
  }

  /**
   * Allows S3 to deliver the access logs of a bucket of this account that is defined in another app. It is not needed
   * for an `ArtifactBucket` of the same app that logs to `accessLogBucket`.
   *
   * @param sourceBucketName the name of the source bucket
   * @param prefix the key prefix of its logs, including a trailing "/"
   */
  public acceptAccessLogs(sourceBucketName: string, prefix: string): void {
    const problems = Problems.of(this);
    checkPrefix(problems, 'prefix', prefix);
    problems.bucketName('sourceBucketName', sourceBucketName);
    problems.throwIfAny('LogArchive');
    const sourceBucketArn = `arn:${Aws.PARTITION}:s3:::${sourceBucketName}`;
    acceptAccessLogs(this.accessLogBucket, { prefix, sourceBucketArn });
  }
}
