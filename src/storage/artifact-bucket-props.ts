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
   * A symmetric customer managed key. Its policy stays as it is, rotation and the limitation to S3 included; the objects
   * live as long as the key does.
   *
   * @default - a key is created, rotated yearly and usable through S3 alone
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Where S3 delivers the server access logs.
   *
   * @default - no access logs, which most rule packs of cdk-nag find fault with
   */
  readonly accessLogs?: AccessLogsDestination;

  /**
   * Lock every object version for a time. It can never be switched off again, and locked bytes are paid for.
   *
   * @default - no Object Lock; versions are kept by versioning and by the deny on deletion
   */
  readonly objectLock?: ObjectLock;

  /**
   * When noncurrent versions of at least 128 KiB move to Glacier Instant Retrieval, in whole days after they were
   * superseded. It stores for at least 90 days, so leave that much before they expire.
   *
   * @default - 30 days; never, if they have expired by then
   */
  readonly noncurrentVersionTransitionAfter?: Duration;

  /**
   * When noncurrent versions are gone for good, in whole days after they were superseded. The noncurrent versions of an
   * alias are its history: after this time, nobody can see any more where it pointed.
   *
   * @default - 400 days, as the logs; with Object Lock, its retention if that is longer
   */
  readonly noncurrentVersionExpiration?: Duration;

  /**
   * When S3 throws away the parts of an upload that nobody finished, in whole days. An upload can be resumed until then.
   *
   * @default Duration.days(7)
   */
  readonly abortIncompleteUploadsAfter?: Duration;

  /**
   * How old the signature of a link can be; older ones are refused, whatever lifetime was asked for. At most 7 days. It
   * has to be at least the lifetime of the links that the store hands out.
   *
   * @default Duration.minutes(15)
   */
  readonly maximumLinkAge?: Duration;

  /**
   * ARNs of the roles and users that may delete objects and their versions and set or bypass locks, if IAM allows it them.
   * `*` stands for any part of a name, as in `arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/*Administrator*`.
   *
   * @default - the account's root user alone, who always may
   */
  readonly administratorArns?: string[];

  /**
   * From where, and by whom, the objects can be reached at all. Functions outside of it need `exemptFunctionSessions`.
   *
   * @default - from anywhere, by whoever is allowed
   */
  readonly perimeter?: Perimeter;

  /**
   * Have S3 publish by the minute how many requests come in, of which kind, how large, how fast and with which errors. Each
   * metric that has requests costs $0.30 a month, some twelve of them in a store that is used.
   *
   * @default true
   */
  readonly requestMetrics?: boolean;

  /**
   * Have S3 analyse how old objects are when they are read, which tells after how many days another storage class would be
   * cheaper. It costs $0.10 a month per million objects.
   *
   * @default true
   */
  readonly storageClassAnalysis?: boolean;

  /**
   * Have S3 make lists of every version of every object, with its size, encryption, lock and checksum algorithm.
   *
   * @default - no lists
   */
  readonly inventory?: ArtifactInventory;

  /**
   * What happens to bucket and key when they leave the stack. With DESTROY the bucket has to be empty.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Name of the bucket. A bucket with a name of its own cannot be replaced in place.
   *
   * @default - CloudFormation makes one up
   */
  readonly bucketName?: string;
}
