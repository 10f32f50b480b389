import type { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { ProvisionedConcurrency } from './api/store-functions-props';
import type { AuditThresholds, BusinessHours, TrailLayout } from './audit/egress-analytics-props';
import type { ManagementEvents } from './audit/management-events';
import type { TrailSource } from './audit/trail-source';
import type { AlarmThresholds } from './monitoring/alarm-thresholds';
import type { NotificationOptions } from './monitoring/notifications';
import type { TamperOptions } from './monitoring/tamper/tamper-options';
import type { ArtifactInventory } from './storage/artifact-inventory';
import type { ILogArchive } from './storage/log-archive';
import type { ObjectLock } from './storage/object-lock';

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
   * How many requests each function may serve at once, taken out of the account's concurrency.
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
   * Requests per second that all callers of the API together may make in the long run.
   *
   * @default 100
   */
  readonly throttlingRateLimit?: number;

  /**
   * Requests that may come at once before throttling begins.
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
   * How long a session lives: 15 minutes to 1 hour.
   *
   * @default - as long as a link, but at least 15 minutes
   */
  readonly sessionDuration?: Duration;
}

/**
 * What is recorded, and where.
 */
export interface AuditOptions {
  /**
   * Which trail records who reads and writes models.
   *
   * @default TrailSource.own()
   */
  readonly trail?: TrailSource;

  /**
   * Where the evidence is kept, best in another account (`LogArchive.fromBucketNames`).
   *
   * @default - a log archive of its own, in this stack
   */
  readonly logArchive?: ILogArchive;

  /**
   * Which management events of the account are recorded too. Tampering with trail, keys, buckets or roles shows in them
   * alone. The first copy in an account is free of charge; if another trail has one, this further copy costs $2 per 100,000
   * events. With NONE the tamper rules work only if another trail of the account records management events.
   *
   * @default ManagementEvents.WRITES for a trail of its own; ManagementEvents.NONE for an existing one
   */
  readonly managementEvents?: ManagementEvents;

  /**
   * Record events of every Region. Objects are read where the bucket is, so this matters for management events.
   *
   * @default true
   */
  readonly isMultiRegion?: boolean;

  /**
   * Id of the organization, for a trail that records in every account of it; only the management account, or a delegated
   * administrator, may make one.
   *
   * @default - the trail records its own account alone
   */
  readonly organizationId?: string;

  /**
   * Name of the trail. An archive of another account has to know it (`trails` of its `LogArchive`). Renaming replaces the
   * trail.
   *
   * @default - made from the names of the stack and the construct
   */
  readonly trailName?: string;

  /**
   * ARNs of the roles and users that may delete logs, if IAM allows it them. Nobody who works with models should be among
   * them. It is for an archive of its own.
   *
   * @default - the account's root user alone, who always may
   */
  readonly administratorArns?: string[];

  /**
   * What auditors may ask of it.
   *
   * @default - every question, on Athena, by the auditor's role
   */
  readonly analytics?: AnalyticsOptions;
}

/**
 * What auditors may ask, and from where on an answer is worth their look.
 */
export interface AnalyticsOptions {
  /**
   * Make the tables, the views, the named queries and the workgroup at all. `model-store audit` answers the same questions
   * on a laptop without them, but needs to be told about the store.
   *
   * @default true - unless there is no trail to ask about
   */
  readonly enabled?: boolean;

  /**
   * Where an existing trail keeps its logs within the trail bucket, and which accounts and Regions to look into.
   *
   * @default - as a trail of this account and Region does, with no key prefix
   */
  readonly trailLayout?: TrailLayout;

  /**
   * When people work.
   *
   * @default - Monday to Friday, 7 to 20 o'clock, UTC
   */
  readonly businessHours?: BusinessHours;

  /**
   * From where on something is worth a look.
   *
   * @default - see the properties of `AuditThresholds`
   */
  readonly thresholds?: AuditThresholds;

  /**
   * What one query may read before Athena ends it, at least 10 MB. Athena's price is by what is read.
   *
   * @default Size.gibibytes(100)
   */
  readonly scanLimit?: Size;

  /**
   * How long results are kept, in whole days. They name people; the evidence that they are made from is kept elsewhere.
   *
   * @default Duration.days(30)
   */
  readonly resultRetention?: Duration;

  /**
   * A symmetric customer managed key for the results, which those who query may use through S3.
   *
   * @default - a key of its own, which costs about $1 a month
   */
  readonly encryptionKey?: kms.IKey;
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
   * When noncurrent versions, the history of aliases among them, are gone for good, in whole days.
   *
   * @default Duration.days(400)
   */
  readonly noncurrentVersions?: Duration;

  /**
   * When noncurrent versions move to Glacier Instant Retrieval, in whole days.
   *
   * @default Duration.days(30)
   */
  readonly noncurrentVersionTransitionAfter?: Duration;

  /**
   * When the parts of an upload that nobody finished are thrown away, in whole days.
   *
   * @default Duration.days(7)
   */
  readonly incompleteUploads?: Duration;

  /**
   * What happens to buckets, keys, logs and a user pool when they leave the stack. With DESTROY the buckets have to be
   * empty.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
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

/**
 * Who is told when something is wrong.
 */
export interface MonitoringOptions {
  /**
   * Make alarms at all.
   *
   * @default true
   */
  readonly alarms?: boolean;

  /**
   * Where alarms are sent. CloudWatch must be allowed to publish to it, and to use its key if it has one.
   *
   * @default - a topic of its own, encrypted; subscribe to it, or nobody is told
   */
  readonly topic?: sns.ITopic;

  /**
   * Who is told, besides whoever subscribes to the topic by themselves: mail, Slack, Teams.
   *
   * @default - nobody
   */
  readonly notifications?: NotificationOptions;

  /**
   * The key that encrypts a topic of its own.
   *
   * @default - a key of its own, which costs about $1 a month
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * From how many on an alarm goes off.
   *
   * @default - see `AlarmThresholds`
   */
  readonly thresholds?: AlarmThresholds;

  /**
   * How tampering with the store, its evidence and its alarms is looked for.
   *
   * @default - see `TamperOptions`
   */
  readonly tampering?: TamperOptions;

  /**
   * Make a dashboard. Three dashboards of an account are free of charge, each further one costs $3 a month.
   *
   * @default true
   */
  readonly dashboard?: boolean;

  /**
   * How many functions the account may run at once, for an alarm near that limit if `capacity.reservedConcurrency` sets none.
   *
   * @default 1000 - AWS's own default
   */
  readonly accountConcurrencyLimit?: number;

  /**
   * Over how long is counted, in whole minutes, or 10, 20 or 30 seconds.
   *
   * @default Duration.minutes(5)
   */
  readonly period?: Duration;

  /**
   * Where the runbook is read, for a copy of your own.
   *
   * @default - docs/runbook.md of the library's repository
   */
  readonly runbookUrl?: string;
}
