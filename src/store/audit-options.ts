import type { Duration, Size } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { ApiLogging } from '../api/api-logging';
import type { AuditThresholds, BusinessHours, TrailLayout } from '../audit/egress-analytics-props';
import type { ManagementEvents } from '../audit/management-events';
import type { TrailSource } from '../audit/trail-source';
import type { ILogArchive } from '../storage/log-archive';

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
   * Which management events of the account are recorded too. Tampering with the trail, keys, buckets or roles shows only in those
   * that write; who opened which session, in those that read. The first copy in an account is free of charge; if another trail has
   * one, this further copy costs $2 per 100,000 events. With NONE the tamper rules work only if another trail of the account records
   * management events.
   *
   * @default ManagementEvents.ALL for a trail of its own; ManagementEvents.NONE for an existing one
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
   * How the API writes its access and execution logs, which takes a role that is one setting for all APIs of the
   * account and Region. With the default, a function sets a role while the stack is deployed if there is none, and
   * leaves it if there is one.
   *
   * @default ApiLogging.SET_ROLE_IF_NONE - a role that is there is never replaced
   */
  readonly apiLogging?: ApiLogging;

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
   * Roles that are meant to read models from S3 themselves, such as those of batch jobs that `grantDownload` let in.
   *
   * @default - every read without a session of the store is a finding
   */
  readonly directRoles?: iam.IRole[];

  /**
   * The roles that CloudFormation changes the store with, such as the execution role of `cdk bootstrap`. What it changes with
   * them is taken for a deployment; deletions never are.
   *
   * @default - changes by deployments are shown like every other change
   */
  readonly deploymentRoles?: iam.IRole[];

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
