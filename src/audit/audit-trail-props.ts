import type { RemovalPolicy } from 'aws-cdk-lib';
import type { ReadWriteType } from 'aws-cdk-lib/aws-cloudtrail';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { TrailSource } from './trail-source';
import type { IArtifactBucket } from '../storage/artifact-bucket';
import type { ILogArchive } from '../storage/log-archive';

/**
 * Options that a store and `AuditTrail` have in common.
 *
 * @internal
 */
export interface TrailOptions {
  /**
   * Management events of the account that are recorded as well.
   *
   * Only write events show tampering. CloudTrail delivers management events to alarms, EventBridge and an archive only
   * if a trail records them: without write events, tampering is not detected, unless another trail of the account
   * records them (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event.html).
   *
   * Read-only events, which include AssumeRole of STS, show who opened a session. Without them, the queries
   * `unexpected-role-assumption` and `unnamed-sessions` cannot identify that principal. Uses of KMS keys are never
   * recorded. It is not possible to record only the events of STS
   * (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html).
   *
   * The first copy of management events in a Region is free of charge; if another trail already delivers them, this
   * second copy costs $2 per 100,000 events.
   *
   * @default ReadWriteType.ALL for a trail that the store creates; ReadWriteType.NONE for an existing trail, which is
   * expected to record them already
   */
  readonly managementEvents?: ReadWriteType;

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
}

/**
 * Properties of `AuditTrail`.
 */
export interface AuditTrailProps extends TrailOptions {
  /**
   * The bucket whose reads and writes are recorded.
   */
  readonly artifactBucket: IArtifactBucket;

  /**
   * The log archive to which the trail delivers its log files. Reads of the archive are recorded too.
   */
  readonly logArchive: ILogArchive;

  /**
   * The trail that records the events.
   *
   * @default TrailSource.dedicated()
   */
  readonly source?: TrailSource;

  /**
   * Retention of the log group, which alarms and queries on recent events use. The log archive has a separate copy with
   * its own retention.
   *
   * @default RetentionDays.THIRTEEN_MONTHS - 400 days
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * The symmetric customer managed KMS key that encrypts the log group. CloudWatch Logs gets permission to use it for
   * the log groups of this account and Region. If this stack cannot change the key policy, its owner must add the
   * statement.
   *
   * @default - a key is created that is rotated yearly
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Removal policy of the log group and its key.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}
