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
 * Where the evidence lies, made here or elsewhere.
 */
export interface ILogArchive extends IConstruct {
  /** The bucket that CloudTrail delivers to. */
  readonly trailBucket: s3.IBucket;

  /** The bucket that S3 delivers server access logs to. */
  readonly accessLogBucket: s3.IBucket;

  /** The key that the trail bucket is encrypted with, if it is known. */
  readonly encryptionKey?: kms.IKey;

  /** Id of the filter of the trail bucket's request metrics, if S3 publishes them. They tell whether logs still arrive. */
  readonly requestMetricsFilterId?: string;

  /**
   * Let a trail deliver. Make the trail depend on the result's `policyDependable`: CloudTrail tries the bucket's policy out
   * when the trail is created.
   *
   * @param trail which trail, and of which account
   * @returns whether the policy was extended; the owner of an imported archive has to do it there
   */
  acceptTrail(trail: AcceptedTrail): iam.AddToResourcePolicyResult;
}

/**
 * A log archive by the names of its buckets.
 */
export interface LogArchiveBucketNames {
  /** Name of the bucket that CloudTrail delivers to, in any account. */
  readonly trailBucketName: string;

  /**
   * Name of the bucket that S3 delivers server access logs to. It has to be in the account and Region of the buckets that
   * are logged, so it cannot be in the account of a central archive.
   *
   * @default - a bucket for them is made here, with the defaults of `LogArchive`
   */
  readonly accessLogBucketName?: string;

  /**
   * ARN of the key that the trail encrypts with, in the Region of the trail bucket.
   *
   * @default - unknown; logs are encrypted as the trail bucket does it by itself
   */
  readonly encryptionKeyArn?: string;

  /**
   * Id of the filter of the trail bucket's request metrics, if the bucket is of this account and Region and S3 publishes them:
   * `EntireBucket` for that of a `LogArchive`.
   *
   * @default - unknown; no alarm tells whether logs still arrive there
   */
  readonly requestMetricsFilterId?: string;
}

/**
 * Properties of `LogArchive`.
 */
export interface LogArchiveProps {
  /**
   * How long logs are kept, in whole days after they were delivered. For 30 days more, an administrator can bring them back.
   *
   * @default - 400 days; with Object Lock, its retention if that is longer
   */
  readonly retention?: Duration;

  /**
   * When logs of at least 128 KiB move to Glacier Instant Retrieval, in whole days. They stay readable at once, at a price
   * per gigabyte read. It stores for at least 90 days, so leave that much before the retention ends.
   *
   * @default - 90 days; never, if the retention has passed by then
   */
  readonly transitionAfter?: Duration;

  /**
   * Lock every object version of the trail bucket for a time. It can never be switched off again. (S3 delivers no access
   * logs to a bucket with Object Lock, so that bucket has none.)
   *
   * @default - no Object Lock; logs are kept by versioning and by the deny on deletion
   */
  readonly objectLock?: ObjectLock;

  /**
   * ARNs of the roles and users that may delete logs and set or bypass locks, if IAM allows it them. Nobody who works with
   * models should be among them.
   *
   * @default - the account's root user alone, who always may
   */
  readonly administratorArns?: string[];

  /**
   * A symmetric customer managed key for the trail bucket. If it is imported, its policy has to let CloudTrail in.
   *
   * @default - a key is created, rotated yearly and usable through S3 and by accepted trails alone
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Have S3 publish by the minute how many requests come to the trail bucket. Without it no alarm can tell that logs no
   * longer arrive there. Each metric that has requests costs $0.30 a month, some seven of them.
   *
   * @default true
   */
  readonly requestMetrics?: boolean;

  /**
   * Trails that may deliver, of this account and of others. A trail of `AuditTrail` with this archive adds itself.
   *
   * @default - none yet
   */
  readonly trails?: AcceptedTrail[];

  /**
   * What happens to buckets and key when they leave the stack. With DESTROY the buckets have to be empty.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Name of the trail bucket. An archive in another account needs one, for the store's stack to name it.
   *
   * @default - CloudFormation makes one up
   */
  readonly trailBucketName?: string;

  /**
   * A bucket that takes server access logs already, of this account and Region, with SSE-S3 and without Object Lock. Whoever
   * owns it lets S3 deliver there, if it is imported, and says how long logs are kept.
   *
   * @default - a bucket is created
   */
  readonly accessLogBucket?: s3.IBucket;

  /**
   * Name of the access-log bucket.
   *
   * @default - CloudFormation makes one up
   */
  readonly accessLogBucketName?: string;
}

const DEFAULT_TRANSITION = Duration.days(90);

/**
 * The evidence: a bucket for the trail and one for S3's server access logs, out of reach of those whom the logs are about.
 * Nobody writes to them but the service that delivers, and nobody deletes but named administrators.
 *
 * Best kept in an account of its own: make a `LogArchive` there, with `trails` naming the store's trail, and use
 * `LogArchive.fromBucketNames` in the store's stack.
 */
export class LogArchive extends Construct implements ILogArchive {
  /**
   * Use the log archive of another stack or account. The policies of its buckets, and of its key, stay as they are.
   *
   * @param scope where
   * @param id id of the construct
   * @param names names of its buckets, and its key
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

  /** The bucket that S3 delivers server access logs to; it can serve other buckets of the account too. */
  public readonly accessLogBucket: s3.IBucket;

  /** The key that the trail bucket is encrypted with. */
  public readonly encryptionKey?: kms.IKey;

  /** Id of the filter of the trail bucket's request metrics, if S3 publishes them. */
  public readonly requestMetricsFilterId?: string;

  private readonly trails: TrailBucket;

  /**
   * @param scope the construct to create it in
   * @param id id of the construct, unique within the scope
   * @param props its properties; every one has a safe default
   */
  constructor(scope: Construct, id: string, props: LogArchiveProps = {}) {
    super(scope, id);
    const problems = Problems.of(this);
    checkLogArchive(problems, this, props);
    problems.throwIfAny('LogArchive');
    if (props.removalPolicy === RemovalPolicy.DESTROY) {
      Validations.of(this).addWarning('SecureModelArtifactStore::EvidenceIsDestroyed',
        'The logs of who read and changed what go with the stack (removalPolicy is DESTROY). Keep them with RETAIN, or acknowledge this warning.');
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
   * Let a trail deliver. Make the trail depend on the result's `policyDependable`: CloudTrail tries the bucket's policy out
   * when the trail is created.
   *
   * @param trail which trail, and of which account
   * @returns whether the policy was extended; the owner of an imported archive has to do it there
   */
  public acceptTrail(trail: AcceptedTrail): iam.AddToResourcePolicyResult {
    const problems = Problems.of(this);
    checkTrail(problems, 'trail', trail, Stack.of(this).region);
    problems.throwIfAny('LogArchive');
    return this.trails.acceptTrail(trailIdentity(trail));
  }

  /**
   * Let S3 deliver the access logs of a bucket of this account that is made in another app. An `ArtifactBucket` that logs
   * to `accessLogBucket` within one app needs no such call.
   *
   * @param sourceBucketName name of the bucket that is logged
   * @param prefix what the keys of its logs begin with, up to and with a "/"
   */
  public acceptAccessLogs(sourceBucketName: string, prefix: string): void {
    const problems = Problems.of(this);
    checkPrefix(problems, 'prefix', prefix);
    problems.bucketName('sourceBucketName', sourceBucketName);
    problems.throwIfAny('LogArchive');
    acceptAccessLogs(this.accessLogBucket, { prefix, sourceBucketArn: `arn:${Aws.PARTITION}:s3:::${sourceBucketName}` });
  }
}
