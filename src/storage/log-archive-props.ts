import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { AcceptedTrail } from './accepted-trail';

/**
 * Attributes of a log archive that is defined elsewhere.
 */
export interface LogArchiveAttributes {
  /** The name of the bucket that CloudTrail delivers to, in any account. */
  readonly trailBucketName: string;

  /**
   * The name of the bucket that S3 delivers server access logs to. It must be in the account and Region of the source
   * buckets. If only the trail bucket is in another account, use `new LogArchive` with `trailBucket`.
   */
  readonly accessLogBucketName: string;

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
  readonly objectLock?: s3.ObjectLockRetention;

  /**
   * The roles and users that can delete logs and set or bypass locks, if their IAM policies also allow it. Do not
   * include anyone who works with models.
   *
   * @default - only the account's root user, which is always included
   */
  readonly administrators?: iam.IPrincipal[];

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
   * An existing bucket for the trail, such as the one of a `LogArchive` in another account, which has to accept the
   * trail (`trails`). `encryptionKey` is then the key that the trail encrypts with, in the Region of the bucket.
   *
   * @default - a bucket is created
   */
  readonly trailBucket?: s3.IBucket;

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
