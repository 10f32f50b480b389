import type { Duration, Size } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { AuditThresholds, BusinessHours } from './audit-thresholds';

/**
 * Options that a store and `EgressAnalytics` have in common.
 *
 * @internal
 */
export interface QueryOptions {
  /**
   * The key prefix of an existing trail in the trail bucket, without a trailing "/".
   *
   * @default - none
   */
  readonly trailKeyPrefix?: string;

  /**
   * The ID of the organization, such as `o-a1b2c3d4e5`, if the trail is an organization trail.
   *
   * @default - the organization of the trail, if it is known; otherwise, the trail records one account
   */
  readonly trailOrganizationId?: string;

  /**
   * The accounts whose records are searched. Each account adds one folder to search for every day.
   *
   * @default - the account of the stack
   */
  readonly trailAccounts?: string[];

  /**
   * The Regions whose records are searched. Reads of models are recorded in the Region of the artifact bucket, changes
   * to IAM roles in `us-east-1`.
   *
   * @default - the Region of the stack
   */
  readonly trailRegions?: string[];

  /**
   * Roles that are expected to read models from S3 directly, such as the roles of batch jobs with `grantDirectRead`.
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

/**
 * The named queries that auditors can run, and the thresholds above which a result is reported.
 */
export interface AnalyticsOptions extends QueryOptions {
  /**
   * Whether to create the tables, views, named queries and workgroup. `model-store audit` can run the same queries on a
   * laptop without them, but then needs a description of the store.
   *
   * @default - true with a trail, false without one
   */
  readonly enabled?: boolean;
}
