import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { ProvisionedConcurrency } from '../api/store-functions-props';
import type { ArtifactInventory } from '../storage/artifact-inventory';
import type { ObjectLock } from '../storage/object-lock';

/**
 * How the functions and the API are sized.
 */
export interface CapacityOptions {
  /**
   * Memory of each function in MiB.
   *
   * @default 1769 - one whole processor; publishing 10,000 files takes it some 14 seconds of the 29 that the API waits
   */
  readonly memorySize?: number;

  /**
   * How many requests each function may serve at once, taken out of the account's concurrency: nothing else in the account can
   * use them up, and more than that are refused.
   *
   * @default - whatever the account has left
   */
  readonly reservedConcurrency?: number;

  /**
   * Keep execution environments warm.
   *
   * @default - none
   */
  readonly provisionedConcurrency?: ProvisionedConcurrency;

  /**
   * Requests per second that all callers of the API together may make in the long run; more are answered with 429, and the
   * command line waits and tries again. A pull takes at least three.
   *
   * @default 100
   */
  readonly throttlingRateLimit?: number;

  /**
   * Requests that may come at once before throttling begins, and a request is answered with 429.
   *
   * @default 200
   */
  readonly throttlingBurstLimit?: number;

  /**
   * Trace requests with AWS X-Ray.
   *
   * @default true
   */
  readonly tracing?: boolean;
}

/**
 * How long links and the sessions that sign them live.
 */
export interface LinkOptions {
  /**
   * How long a link can be used: 1 minute to as long as a session lives. The bucket refuses older ones by itself.
   *
   * @default Duration.minutes(15)
   */
  readonly lifetime?: Duration;

  /**
   * How long a session lives: 15 minutes to 1 hour. Shorter leaves less to whoever steals one.
   *
   * @default - as long as a link, but at least 15 minutes
   */
  readonly sessionDuration?: Duration;
}

/**
 * How long things are kept.
 */
export interface RetentionOptions {
  /**
   * How long the log archive keeps logs, in whole days. It is for an archive of its own.
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
   * Lock every object version of the trail bucket for a time. It is for an archive of its own.
   *
   * @default - no Object Lock
   */
  readonly logObjectLock?: ObjectLock;

  /**
   * Lock every object version of the artifact bucket for a time.
   *
   * @default - no Object Lock
   */
  readonly modelObjectLock?: ObjectLock;

  /**
   * When noncurrent versions, the history of aliases among them, are gone for good, in whole days. What an administrator
   * deleted can be brought back until then.
   *
   * @default Duration.days(400)
   */
  readonly noncurrentVersions?: Duration;

  /**
   * When noncurrent versions move to Glacier Instant Retrieval, in whole days.
   *
   * @default - 30 days; never, if they have expired by then
   */
  readonly noncurrentVersionTransitionAfter?: Duration;

  /**
   * When the parts of an upload that nobody finished are thrown away, in whole days. Until then they cost storage, and the
   * upload can go on.
   *
   * @default Duration.days(7)
   */
  readonly incompleteUploads?: Duration;

  /**
   * What happens to buckets, keys, logs and a user pool when they leave the stack. With DESTROY the buckets have to be
   * empty; `emptyOnDestroy` empties them.
   *
   * @default RemovalPolicy.RETAIN - with `emptyOnDestroy` DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Whether deleting the stack deletes everything that the store made, for sandboxes and tests: every version of every
   * model, every log, and the evidence of who read what. Keys are deleted seven days later, the shortest time that KMS
   * allows.
   *
   * A function of the CDK empties the buckets when they go. Its role may delete objects at any time, so do not use this
   * for models that matter. The API does not log unless `audit.apiLogging` is EXISTING_ROLE, so that no setting of the
   * account is left changed. Object Lock, a perimeter and buckets that exist already are refused with it.
   *
   * @default false
   */
  readonly emptyOnDestroy?: boolean;
}

/**
 * What S3 tells of the artifact bucket.
 */
export interface StorageOptions {
  /**
   * Have S3 count requests, bytes and errors by the minute. They are priced as custom metrics.
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
   * Have S3 list every object version regularly.
   *
   * @default - no lists
   */
  readonly inventory?: ArtifactInventory;
}

