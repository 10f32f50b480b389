import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Perimeter } from './perimeter';
import type { StorageOptions } from './storage-options';

/**
 * Properties of `ArtifactBucket`.
 */
export interface ArtifactBucketProps extends StorageOptions {
  /**
   * A symmetric customer managed key that encrypts the objects. Its policy and rotation settings are not changed.
   * Objects can be read only as long as the key exists.
   *
   * @default - a key is created, rotated yearly and usable only through S3
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * The bucket that receives the server access logs. It must be in the same account and Region, encrypted with SSE-S3,
   * and without Object Lock. Otherwise, S3 delivers no logs and reports no error.
   *
   * The policy of a bucket of this app is extended to allow the delivery. The owner of an imported bucket has to allow
   * it (`LogArchive.acceptAccessLogs`).
   *
   * @default - no access logs, which most rule packs of cdk-nag report as a finding
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
   */
  readonly serverAccessLogsBucket?: s3.IBucket;

  /**
   * The key prefix of the server access logs, including a trailing "/". S3 appends the account, the Region, the bucket
   * and the date of the event.
   *
   * @default 'artifact-bucket/'
   */
  readonly serverAccessLogsPrefix?: string;

  /**
   * The default Object Lock retention of every object version. Object Lock can never be disabled again, and locked
   * objects incur storage costs until the lock expires.
   *
   * @default - no Object Lock; versions are protected by versioning and a deny on deletion
   */
  readonly objectLock?: s3.ObjectLockRetention;

  /**
   * When noncurrent versions of at least 128 KiB move to Glacier Instant Retrieval, in whole days after they became
   * noncurrent. This storage class has a minimum charge of 90 days, so leave at least that much time before they
   * expire.
   *
   * @default - 30 days; never, if they expire before that
   */
  readonly noncurrentVersionTransitionAfter?: Duration;

  /**
   * When noncurrent versions are permanently deleted, in whole days after they became noncurrent. The noncurrent
   * versions of an alias are its history, which is lost after this time.
   *
   * @default - 400 days, like the logs; with Object Lock, its retention if that is longer
   */
  readonly noncurrentVersionExpiration?: Duration;

  /**
   * When S3 deletes the parts of an incomplete upload, in whole days. An upload can be resumed until then.
   *
   * @default Duration.days(7)
   */
  readonly abortIncompleteMultipartUploadAfter?: Duration;

  /**
   * The maximum age of the signature of a presigned URL. Older signatures are rejected, even if the presigned URL has a
   * longer lifetime. At most 7 days, and at least the lifetime of the presigned URLs that the store issues.
   *
   * @default Duration.minutes(15)
   */
  readonly maximumPresignedUrlAge?: Duration;

  /**
   * The roles and users that can delete objects and object versions and set or bypass locks, if their IAM policies also
   * allow it. In the ARN of an `iam.ArnPrincipal`, `*` matches any part of a name, as in
   * `arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/*Administrator*`.
   *
   * @default - only the account's root user, which is always included
   */
  readonly administrators?: iam.IPrincipal[];

  /**
   * The networks and the organization that objects can be reached from.
   *
   * @default - objects can be reached from any network by principals with permission
   */
  readonly perimeter?: Perimeter;

  /**
   * What happens to the bucket and the key when they are removed from the stack. With DESTROY, the bucket must be
   * empty.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * The name of the bucket. CloudFormation cannot replace a bucket that has a custom name.
   *
   * @default - CloudFormation generates a name
   */
  readonly bucketName?: string;
}
