import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { ManagementEvents } from './management-events';
import type { TrailSource } from './trail-source';
import type { IArtifactBucket } from '../storage/artifact-bucket';
import type { ILogArchive } from '../storage/log-archive';

/**
 * Properties of `AuditTrail`.
 */
export interface AuditTrailProps {
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
   * @default TrailSource.own()
   */
  readonly source?: TrailSource;

  /**
   * Management events of the account that are recorded as well. Without them, tampering cannot be detected, unless
   * another trail of the account records them. Without read-only ones, sessions cannot be attributed to the principals
   * that opened them. If another trail already records them, this second copy is charged (see `ManagementEvents`).
   *
   * @default ManagementEvents.ALL for a trail of the store; ManagementEvents.NONE for an existing trail, which is
   * expected to record them already
   */
  readonly managementEvents?: ManagementEvents;

  /**
   * Whether the trail records events in every Region of the partition. Objects and functions belong to one Region, so
   * this only affects management events. Some rule packs require a multi-Region trail.
   *
   * @default true
   */
  readonly isMultiRegion?: boolean;

  /**
   * ID of the organization, for a trail that records events in all of its accounts. Only the management account or a
   * delegated administrator can create such a trail.
   *
   * @default - the trail records only its own account
   */
  readonly organizationId?: string;

  /**
   * Name of the trail. A log archive in another account must list it in `trails` of its `LogArchive`. Renaming replaces
   * the trail.
   *
   * @default - derived from the names of the stack and the construct
   */
  readonly trailName?: string;

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
