import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { ProvisionedConcurrency } from '../api/store-functions-props';
import type { ArtifactInventory } from '../storage/artifact-inventory';
import type { ObjectLock } from '../storage/object-lock';

/**
 * The capacity of the functions and the API.
 */
export interface CapacityOptions {
  /**
   * The memory of each function, in MiB.
   *
   * @default 1769 - one full vCPU; publishing 10,000 files takes about 14 of the 29 seconds that the API allows
   */
  readonly memorySize?: number;

  /**
   * The number of requests that each function can serve at the same time. It is reserved from the account's
   * concurrency: other functions cannot use it up, and requests above it are rejected.
   *
   * @default - the account's unreserved concurrency
   */
  readonly reservedConcurrency?: number;

  /**
   * Execution environments to keep initialized.
   *
   * @default - none
   */
  readonly provisionedConcurrency?: ProvisionedConcurrency;

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

  /**
   * Whether to trace requests with AWS X-Ray.
   *
   * @default true
   */
  readonly tracing?: boolean;
}

/**
 * The lifetime of presigned URLs and of the sessions that sign them.
 */
export interface LinkOptions {
  /**
   * How long a presigned URL is valid: between 1 minute and the session duration. The bucket policy also rejects older
   * presigned URLs.
   *
   * @default Duration.minutes(15)
   */
  readonly lifetime?: Duration;

  /**
   * How long a session lasts: between 15 minutes and 1 hour. A stolen session is useful for no longer than this.
   *
   * @default - the lifetime of a presigned URL, but at least 15 minutes
   */
  readonly sessionDuration?: Duration;
}

/**
 * How long logs and object versions are kept, and what happens when the stack is deleted.
 */
export interface RetentionOptions {
  /**
   * How long the log archive keeps logs, in whole days. Only for a log archive that the store creates.
   *
   * @default Duration.days(400)
   */
  readonly logs?: Duration;

  /**
   * How long CloudWatch Logs keeps the logs of the trail, the functions and the API.
   *
   * @default RetentionDays.THIRTEEN_MONTHS - 400 days
   */
  readonly cloudWatchLogs?: logs.RetentionDays;

  /**
   * The Object Lock that applies to every object version in the trail bucket. Only for a log archive that the store
   * creates.
   *
   * @default - no Object Lock
   */
  readonly logObjectLock?: ObjectLock;

  /**
   * The Object Lock that applies to every object version in the artifact bucket.
   *
   * @default - no Object Lock
   */
  readonly modelObjectLock?: ObjectLock;

  /**
   * When noncurrent object versions are permanently deleted, in whole days. They include the history of aliases.
   * Objects that an administrator deleted can be restored until then.
   *
   * @default Duration.days(400)
   */
  readonly noncurrentVersions?: Duration;

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
  readonly incompleteUploads?: Duration;

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
 * S3 metrics, analytics and inventory for the artifact bucket.
 */
export interface StorageOptions {
  /**
   * Whether S3 publishes request metrics (requests, bytes and errors per minute). They are billed as custom metrics.
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
   * The S3 inventory of every object version in the bucket.
   *
   * @default - no inventory
   */
  readonly inventory?: ArtifactInventory;
}

