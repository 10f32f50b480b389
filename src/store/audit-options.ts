import type * as iam from 'aws-cdk-lib/aws-iam';
import type { ApiLogging } from '../api/api-logging';
import type { AnalyticsOptions } from '../audit/analytics-options';
import type { TrailOptions } from '../audit/audit-trail-props';
import type { TrailSource } from '../audit/trail-source';
import type { ILogArchive } from '../storage/log-archive';

/**
 * What the store records, and where it keeps the logs.
 */
export interface AuditOptions extends TrailOptions {
  /**
   * The trail that records who reads and writes models.
   *
   * @default TrailSource.dedicated()
   */
  readonly trail?: TrailSource;

  /**
   * The log archive that keeps the evidence, preferably in another account (`LogArchive` with `trailBucket`).
   *
   * @default - a dedicated log archive in this stack
   */
  readonly logArchive?: ILogArchive;

  /**
   * The roles and users that can delete logs, if their IAM policies also allow it. Do not include anyone who
   * works with models. Only for a log archive that the store creates.
   *
   * @default - only the account's root user, which is always included
   */
  readonly administrators?: iam.IPrincipal[];

  /**
   * The names of canary models: decoys, such as `payments-fraud-v2`, which no one has a reason to read. A request to
   * read one of their files or manifests sets off an alarm within minutes, and is a row of the named query
   * `canary-reads`, also if it was denied. The models do not have to exist. Publish a decoy before you name it here,
   * because the store reads what it publishes. At most 10.
   *
   * @default - no canary models
   */
  readonly canaryModels?: string[];

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
