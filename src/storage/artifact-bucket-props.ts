import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { AccessLogsDestination } from './access-logs';
import type { ArtifactInventory } from './artifact-inventory';
import type { ObjectLock } from './object-lock';
import type { Perimeter } from './perimeter';

/**
 * Properties of `ArtifactBucket`.
 */
export interface ArtifactBucketProps {
  /**
   * A symmetric customer managed key that encrypts the objects. Its policy and rotation settings are not changed.
   * Objects can be read only as long as the key exists.
   *
   * @default - a key is created, rotated yearly and usable only through S3
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * The destination of the bucket's server access logs.
   *
   * @default - no access logs, which most rule packs of cdk-nag report as a finding
   */
  readonly accessLogs?: AccessLogsDestination;

  /**
   * The Object Lock that applies to every object version. It can never be disabled again, and locked objects incur
   * storage costs until the lock expires.
   *
   * @default - no Object Lock; versions are protected by versioning and a deny on deletion
   */
  readonly objectLock?: ObjectLock;

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
  readonly abortIncompleteUploadsAfter?: Duration;

  /**
   * The maximum age of the signature of a presigned URL. Older signatures are rejected, even if the presigned URL has a
   * longer lifetime. At most 7 days, and at least the lifetime of the presigned URLs that the store issues.
   *
   * @default Duration.minutes(15)
   */
  readonly maximumLinkAge?: Duration;

  /**
   * ARNs of the roles and users that can delete objects and object versions and set or bypass locks, if their IAM
   * policies also allow it. `*` matches any part of a name, as in
   * `arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/*Administrator*`.
   *
   * @default - only the account's root user, which is always included
   */
  readonly administratorArns?: string[];

  /**
   * The networks and the organization that objects can be reached from. Functions outside it need
   * `exemptFunctionSessions`.
   *
   * @default - objects can be reached from any network by principals with permission
   */
  readonly perimeter?: Perimeter;

  /**
   * Whether S3 publishes request metrics every minute: number, type, size, latency and errors of requests. Each metric
   * with data costs $0.30 a month, and a store in use has about twelve.
   *
   * @default true
   */
  readonly requestMetrics?: boolean;

  /**
   * Whether S3 analyzes the age of objects when they are read, which shows after how many days another storage class
   * would be cheaper. It costs $0.10 a month per million objects.
   *
   * @default true
   */
  readonly storageClassAnalysis?: boolean;

  /**
   * The S3 inventory of every object version, with its size, encryption, lock and checksum algorithm.
   *
   * @default - no inventory
   */
  readonly inventory?: ArtifactInventory;

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
