import { Aws, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct, type IConstruct } from 'constructs';
import { checkTrail, type AcceptedTrail } from './accepted-trail';
import { AccessLogBucket } from './access-log-bucket';
import { acceptAccessLogs, checkPrefix } from './access-logs';
import { checkBucketNames, checkLogArchive, DEFAULT_LOG_RETENTION, logRetentionOf } from './log-archive-checks';
import type { ObjectLock } from './object-lock';
import { REQUEST_METRICS } from './request-metrics';
import { TrailBucket, trailIdentity } from './trail-bucket';
import { usualTransition } from './transition';
import { Problems } from '../common/problems';

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
}

/**
 * Bucket names of an existing log archive.
 */
export interface LogArchiveBucketNames {
  /** The name of the bucket that CloudTrail delivers to, in any account. */
  readonly trailBucketName: string;

  /**
   * The name of the bucket that S3 delivers server access logs to. It must be in the account and Region of the source
   * buckets, so it cannot be in the account of a central archive.
   *
   * @default - a bucket is created in this stack, with the defaults of `LogArchive`
   */
  readonly accessLogBucketName?: string;

  /**
   * The ARN of the KMS key that the trail encrypts with, in the Region of the trail bucket.
   *
   * @default - unknown; logs use the default encryption of the trail bucket
   */
  readonly encryptionKeyArn?: string;

  /**
   * The filter ID of the trail bucket's request metrics, if the bucket is in this account and Region and S3 publishes
   * them. For the bucket of a `LogArchive`, it is `EntireBucket`.
   *
   * @default - unknown; no alarm detects that logs stop arriving
   */
  readonly requestMetricsFilterId?: string;
}

/**
 * Properties of `LogArchive`.
 */
export interface LogArchiveProps {
  /**
   * How long logs are kept, in whole days after delivery. An administrator can restore them for another 30 days.
   *
   * @default - 400 days; with Object Lock, its retention if that is longer
   */
  readonly retention?: Duration;

  /**
   * When logs of at least 128 KiB move to Glacier Instant Retrieval, in whole days. They remain readable without a
   * restore, at a price per gigabyte read. This storage class has a minimum charge of 90 days, so leave at least that
   * much time before the retention ends.
   *
   * @default - 90 days; never, if the retention ends before that
   */
  readonly transitionAfter?: Duration;

  /**
   * The Object Lock that applies to every object version in the trail bucket. It can never be disabled again. (S3 does
   * not deliver access logs to a bucket with Object Lock, so the access-log bucket has none.)
   *
   * @default - no Object Lock; logs are protected by versioning and a deny on deletion
   */
  readonly objectLock?: ObjectLock;

  /**
   * ARNs of the roles and users that can delete logs and set or bypass locks, if their IAM policies also allow it. Do
   * not include anyone who works with models.
   *
   * @default - only the account's root user, which is always included
   */
  readonly administratorArns?: string[];

  /**
   * A symmetric customer managed key that encrypts the trail bucket. The policy of an imported key has to allow
   * CloudTrail.
   *
   * @default - a key is created, rotated yearly and usable only through S3 and by accepted trails
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Whether S3 publishes request metrics of the trail bucket every minute. Without them, no alarm can detect that logs
   * stop arriving. Each metric with data costs $0.30 a month, and there are about seven.
   *
   * @default true
   */
  readonly requestMetrics?: boolean;

  /**
   * Trails of this and other accounts that can deliver to the archive. The trail of an `AuditTrail` that uses this
   * archive is added automatically.
   *
   * @default - none
   */
  readonly trails?: AcceptedTrail[];

  /**
   * What happens to the buckets and the key when they are removed from the stack. With DESTROY, the buckets must be
   * empty.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * The name of the trail bucket. Set it for an archive in another account, so that the store's stack can refer to it.
   *
   * @default - CloudFormation generates a name
   */
  readonly trailBucketName?: string;

  /**
   * An existing bucket for server access logs, in this account and Region, with SSE-S3 and without Object Lock. The
   * owner of the bucket decides how long logs are kept, and has to allow the delivery if the bucket is imported.
   *
   * @default - a bucket is created
   */
  readonly accessLogBucket?: s3.IBucket;

  /**
   * The name of the access-log bucket.
   *
   * @default - CloudFormation generates a name
   */
  readonly accessLogBucketName?: string;
}

const DEFAULT_TRANSITION = Duration.days(90);

/**
 * The log archive: a bucket for the trail and one for S3 server access logs, out of reach of the people whose actions
 * they record. Only the delivering service can write to them, and only named administrators can delete logs.
 *
 * Preferably, keep it in a separate account: create a `LogArchive` there, name the store's trail in `trails`, and use
 * `LogArchive.fromBucketNames` in the store's stack.
 */
export class LogArchive extends Construct implements ILogArchive {
  /**
   * Imports the log archive of another stack or account. The policies of its buckets and its key are not changed.
   *
   * @param scope the scope of the construct
   * @param id the ID of the construct
   * @param names the names of its buckets, and its key
   */
  public static fromBucketNames(scope: Construct, id: string, names: LogArchiveBucketNames): ILogArchive {
    checkBucketNames(scope, id, names);
    class Imported extends Construct implements ILogArchive {
      public readonly encryptionKey = names.encryptionKeyArn === undefined
        ? undefined
        : kms.Key.fromKeyArn(this, 'Key', names.encryptionKeyArn);
      public readonly requestMetricsFilterId = names.requestMetricsFilterId;
      public readonly trailBucket = s3.Bucket.fromBucketAttributes(this, 'TrailBucket', {
        bucketName: names.trailBucketName,
        encryptionKey: this.encryptionKey,
      });
      public readonly accessLogBucket = names.accessLogBucketName === undefined
        ? new AccessLogBucket(this, 'AccessLogBucket', {
          retention: DEFAULT_LOG_RETENTION, transitionAfter: DEFAULT_TRANSITION, removalPolicy: RemovalPolicy.RETAIN,
        }).bucket
        : s3.Bucket.fromBucketName(this, 'AccessLogBucket', names.accessLogBucketName);

      public acceptTrail(_trail: AcceptedTrail): iam.AddToResourcePolicyResult {
        return { statementAdded: false };
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

  private readonly trails: TrailBucket;

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
      administratorArns: props.administratorArns,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
    };

    this.accessLogBucket = props.accessLogBucket
      ?? new AccessLogBucket(this, 'AccessLogBucket', { ...common, bucketName: props.accessLogBucketName }).bucket;
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
    return this.trails.acceptTrail(trailIdentity(trail));
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
    acceptAccessLogs(this.accessLogBucket, { prefix, sourceBucketArn: `arn:${Aws.PARTITION}:s3:::${sourceBucketName}` });
  }
}
