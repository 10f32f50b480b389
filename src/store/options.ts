import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { FunctionCapacity } from '../api/store-functions-props';

/**
 * The capacity of the functions and the API.
 */
export interface CapacityOptions extends FunctionCapacity {
  /**
   * The steady-state rate limit of the API, in requests per second for all callers together. Requests above it get
   * status 429, and the command line waits and retries. A pull makes at least three requests.
   *
   * @default 100
   */
  readonly throttlingRateLimit?: number;

  /**
   * The number of requests that can arrive at once before the API throttles with status 429.
   *
   * @default 200
   */
  readonly throttlingBurstLimit?: number;

}

/**
 * How long logs and object versions are kept, and what happens when the stack is deleted.
 */
export interface RetentionOptions {
  /**
   * How long the log archive keeps logs, in whole days. Only for a log archive that the store creates.
   *
   * @default - 400 days; with Object Lock, its retention if that is longer
   */
  readonly logs?: Duration;

  /**
   * How long CloudWatch Logs keeps the logs of the trail, the functions and the API.
   *
   * @default RetentionDays.THIRTEEN_MONTHS - 400 days
   */
  readonly cloudWatchLogs?: logs.RetentionDays;

  /**
   * The default Object Lock retention of every object version in the trail bucket. Only for a log archive that the
   * store creates.
   *
   * @default - no Object Lock
   */
  readonly logObjectLock?: s3.ObjectLockRetention;

  /**
   * The default Object Lock retention of every object version in the artifact bucket.
   *
   * @default - no Object Lock
   */
  readonly modelObjectLock?: s3.ObjectLockRetention;

  /**
   * When noncurrent object versions are permanently deleted, in whole days. They include the history of aliases.
   * Objects that an administrator deleted can be restored until then.
   *
   * @default - 400 days; with Object Lock, its retention if that is longer
   */
  readonly noncurrentVersionExpiration?: Duration;

  /**
   * When noncurrent object versions move to Glacier Instant Retrieval, in whole days.
   *
   * @default - 30 days; never, if they expire before that
   */
  readonly noncurrentVersionTransitionAfter?: Duration;

  /**
   * When the parts of an incomplete upload are deleted, in whole days. Until then they incur storage costs, and the
   * upload can be resumed.
   *
   * @default Duration.days(7)
   */
  readonly abortIncompleteMultipartUploadAfter?: Duration;

  /**
   * What happens to buckets, keys, logs and a user pool when they are removed from the stack. With DESTROY, the buckets
   * must be empty; `emptyOnDestroy` empties them.
   *
   * @default RemovalPolicy.RETAIN - DESTROY with `emptyOnDestroy`
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Whether deleting the stack deletes everything that the store created, for sandboxes and tests: every version of
   * every model, every log, and the evidence of who read what. Keys are deleted after seven days, the minimum that KMS
   * allows.
   *
   * A function of the CDK empties the buckets before they are deleted. Its role can delete objects at any time, so do
   * not use this option for models that matter. The API does not log unless `audit.apiLogging` is EXISTING_ROLE, so
   * that no account setting stays changed. It cannot be combined with Object Lock, a perimeter or existing buckets.
   *
   * @default false
   */
  readonly emptyOnDestroy?: boolean;
}

/**
 * The signing of manifests.
 */
export interface SigningOptions {
  /**
   * Whether to sign the manifest of every version. Clients that have seen the store sign refuse its versions after
   * signing is turned off, until each user accepts the change with `model-store trust`.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * The number of the signing key. Increase it to replace the key, and add the previous key to `formerKeys`: new
   * versions are signed with a new key, and CloudFormation removes the previous one from the stack
   * (`retention.removalPolicy`).
   *
   * @default 1
   */
  readonly generation?: number;

  /**
   * The keys that signed versions before the current key, newest first: `kms.Key.fromKeyArn` with the previous value
   * of the output `SigningKeyArn`. The store publishes their public keys, so that clients can verify older versions.
   * It never signs with them. At most 10.
   *
   * A version whose key is neither the current key nor listed here cannot be verified by new clients. To revoke a key,
   * leave it out, and publish the versions again under other names.
   *
   * @default - none
   */
  readonly formerKeys?: kms.IKey[];
}
