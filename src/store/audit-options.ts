import type { Duration, Size } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { ApiLogging } from '../api/api-logging';
import type { AuditThresholds, BusinessHours, TrailLayout } from '../audit/egress-analytics-props';
import type { ManagementEvents } from '../audit/management-events';
import type { TrailSource } from '../audit/trail-source';
import type { ILogArchive } from '../storage/log-archive';

/**
 * What the store records, and where it keeps the logs.
 */
export interface AuditOptions {
  /**
   * The trail that records who reads and writes models.
   *
   * @default TrailSource.own()
   */
  readonly trail?: TrailSource;

  /**
   * The log archive that keeps the evidence, preferably in another account (`LogArchive.fromBucketNames`).
   *
   * @default - a dedicated log archive in this stack
   */
  readonly logArchive?: ILogArchive;

  /**
   * The management events of the account that are also recorded.
   *
   * Write events show tampering with the trail, keys, buckets and roles. Read events show who opened which session. The
   * first copy of management events in an account is free of charge; an additional copy costs $2 per 100,000 events.
   * With NONE, the tamper rules work only if another trail in the account records management events.
   *
   * @default ManagementEvents.ALL for a trail that the store creates; ManagementEvents.NONE for an existing trail
   */
  readonly managementEvents?: ManagementEvents;

  /**
   * Whether the trail records events in every Region. Data events occur in the bucket's Region, so this matters only
   * for management events.
   *
   * @default true
   */
  readonly isMultiRegion?: boolean;

  /**
   * The ID of the organization, for a trail that records every account in it. Only the management account or a
   * delegated administrator can create such a trail.
   *
   * @default - the trail records only its own account
   */
  readonly organizationId?: string;

  /**
   * The name of the trail. A log archive in another account needs it (`trails` of its `LogArchive`). Renaming replaces
   * the trail.
   *
   * @default - derived from the names of the stack and the construct
   */
  readonly trailName?: string;

  /**
   * ARNs of the roles and users that can delete logs, if their IAM policies also allow it. Do not include anyone who
   * works with models. Only for a log archive that the store creates.
   *
   * @default - only the account's root user, which is always included
   */
  readonly administratorArns?: string[];

  /**
   * How the API writes its access and execution logs.
   *
   * API Gateway writes the logs of all APIs in an account and Region with one role. With the default, a function sets
   * that role during deployment if the account has none. An existing role is left alone.
   *
   * @default ApiLogging.SET_ROLE_IF_NONE - an existing role is never replaced
   */
  readonly apiLogging?: ApiLogging;

  /**
   * The named queries that auditors can run on the logs.
   *
   * @default - every named query, on Athena, for the auditors' role
   */
  readonly analytics?: AnalyticsOptions;
}

/**
 * The named queries that auditors can run, and the thresholds above which a result is reported.
 */
export interface AnalyticsOptions {
  /**
   * Whether to create the tables, views, named queries and workgroup. `model-store audit` can run the same queries on a
   * laptop without them, but then needs a description of the store.
   *
   * @default true - unless there is no trail to query
   */
  readonly enabled?: boolean;

  /**
   * The location of an existing trail's logs in the trail bucket, and the accounts and Regions to query.
   *
   * @default - the layout of a trail in this account and Region, with no key prefix
   */
  readonly trailLayout?: TrailLayout;

  /**
   * Roles that are expected to read models from S3 directly, such as the roles of batch jobs with `grantDownload`.
   *
   * @default - every read outside a session of the store is a finding
   */
  readonly directRoles?: iam.IRole[];

  /**
   * The roles that CloudFormation uses to change the store, such as the execution role of `cdk bootstrap`. Changes that
   * it makes with them count as deployments. Deletions never do.
   *
   * @default - changes made by deployments are reported like any other change
   */
  readonly deploymentRoles?: iam.IRole[];

  /**
   * Business hours.
   *
   * @default - Monday to Friday, 07:00 to 20:00 UTC
   */
  readonly businessHours?: BusinessHours;

  /**
   * Thresholds above which a result is reported.
   *
   * @default - see the properties of `AuditThresholds`
   */
  readonly thresholds?: AuditThresholds;

  /**
   * The amount of data that one query can scan before Athena cancels it, at least 10 MB. Athena charges by data
   * scanned.
   *
   * @default Size.gibibytes(100)
   */
  readonly scanLimit?: Size;

  /**
   * How long query results are kept, in whole days. Results contain people's names. The logs they are derived from are
   * kept separately.
   *
   * @default Duration.days(30)
   */
  readonly resultRetention?: Duration;

  /**
   * A symmetric customer managed key that encrypts the query results. Principals that run queries can use it through
   * S3.
   *
   * @default - a dedicated key, which costs about $1 a month
   */
  readonly encryptionKey?: kms.IKey;
}
