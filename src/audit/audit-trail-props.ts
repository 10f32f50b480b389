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
   * Where the records are kept. Reads of it are recorded too.
   */
  readonly logArchive: ILogArchive;

  /**
   * Which trail records.
   *
   * @default TrailSource.own()
   */
  readonly source?: TrailSource;

  /**
   * Which management events of the whole account are recorded too. Without them nothing shows tampering, unless another trail of
   * the account records them, and without those that read nothing joins a session to whoever opened it; with them, a second copy
   * may cost money (see `ManagementEvents`).
   *
   * @default ManagementEvents.ALL for the store's own trail; ManagementEvents.NONE for an existing one, which is expected to
   * record them already
   */
  readonly managementEvents?: ManagementEvents;

  /**
   * Record in every Region of the partition. Objects and functions are of one Region, so this is about management events,
   * and about what rule packs expect of a trail.
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
   * How long the log group keeps the records, which alarms and queries on recent events need; the log archive keeps its
   * own copy for its own time.
   *
   * @default RetentionDays.THIRTEEN_MONTHS - 400 days
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * A symmetric customer key for the log group. CloudWatch Logs is let use it for the log groups of this account and
   * Region; a key whose policy cannot be changed here must say so itself.
   *
   * @default - a key is created, rotated yearly
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * What happens to the log group and its key when they leave the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}
