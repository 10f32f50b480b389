import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { AlarmThresholds } from './alarm-thresholds';
import type { NotificationOptions } from './notifications';
import type { ProtectedResources } from './tamper/protected-resources';
import type { TamperOptions } from './tamper/tamper-options';
import type { ApiAccess, FunctionAccess } from '../access/store-access';
import type { AuditTrail } from '../audit/audit-trail';
import type { EgressAnalytics } from '../audit/egress-analytics';
import type { IArtifactBucket } from '../storage/artifact-bucket';
import type { ILogArchive } from '../storage/log-archive';
import type { Perimeter } from '../storage/perimeter';

export { AlarmThresholds } from './alarm-thresholds';

/**
 * The log groups of the functions.
 */
export interface FunctionLogGroups {
  /**
   * The log group of the function that accepts uploads and publishes versions.
   */
  readonly upload: logs.ILogGroup;

  /**
   * The log group of the function that issues presigned download URLs.
   */
  readonly download: logs.ILogGroup;

  /**
   * The log group of the function that lists and shows models and versions, and moves aliases.
   */
  readonly registry: logs.ILogGroup;
}

/**
 * Properties of `StoreMonitoring`.
 */
export interface StoreMonitoringProps {
  /**
   * The artifact bucket to monitor.
   */
  readonly artifactBucket: IArtifactBucket;

  /**
   * The functions to monitor.
   *
   * @default - no alarms on functions
   */
  readonly functions?: FunctionAccess;

  /**
   * The log groups of the functions, a dedicated one for each function. They are the source for requests answered with
   * a 5xx status, which Lambda counts as successes. Without an API, there is no other source.
   *
   * @default - no alarms on failed requests
   */
  readonly functionLogGroups?: FunctionLogGroups;

  /**
   * The concurrency reserved for each function, in concurrent requests.
   *
   * @default - nothing is reserved; the concurrency of the whole account is monitored
   */
  readonly reservedConcurrency?: number;

  /**
   * The AWS Lambda quota "Concurrent executions" of this account and Region. It is used for the concurrency alarm if
   * `reservedConcurrency` is not set.
   *
   * @default 1000 - the AWS default
   */
  readonly accountConcurrencyLimit?: number;

  /**
   * The API to monitor. The API names sessions after the caller. Without it, sessions are named after the request, and
   * reads are counted by role instead of by person.
   *
   * @default - no alarms on the API
   */
  readonly api?: ApiAccess;

  /**
   * The roles whose sessions the API names after the caller. Their reads are counted by person. Reads by sessions of
   * other roles are counted by role, because those sessions can choose their own names.
   *
   * @default - every session with a source identity is counted by that identity
   */
  readonly sessionRoles?: iam.IRole[];

  /**
   * The trail that records the artifact bucket. Its log group is the source of the alarms on denied requests and
   * egress. Unless `protectedResources` is set, the trail, all destinations of its records and the artifact bucket are
   * monitored for tampering.
   *
   * @default - no trail, unless `auditLogGroup` or `protectedResources` refers to one
   */
  readonly auditTrail?: AuditTrail;

  /**
   * The CloudWatch log group that the trail writes to. The trail must record data events of the artifact bucket and
   * invocations of the functions.
   *
   * Two Contributor Insights rules count what each principal reads ($0.50 a month each, and $0.02 per million reads).
   *
   * @default - the log group of `auditTrail`; without one, no alarms on denied requests and egress, because no other
   * source reports them in time
   */
  readonly auditLogGroup?: logs.ILogGroup;

  /**
   * The log archive that the trail delivers to. An alarm on stalled delivery is created if the archive is in this
   * account and Region and has request metrics.
   *
   * @default - no alarm on stalled delivery, and the archive of `auditTrail` is not monitored for tampering
   */
  readonly logArchive?: ILogArchive;

  /**
   * The audit queries. With an `auditTrail`, and unless `protectedResources` is set, their tables and views, their
   * workgroup, and the SSM parameter by which auditors find them are monitored for tampering.
   *
   * @default - not monitored, unless set in `protectedResources`
   */
  readonly analytics?: EgressAnalytics;

  /**
   * The perimeter of the artifact bucket, if it has one. The bucket policy denies reads from outside its networks. If
   * one succeeds anyway, an alarm goes off.
   *
   * @default - no alarm on reads from outside a perimeter
   */
  readonly perimeter?: Perimeter;

  /**
   * The dead-letter queues of the handlers of the store's events.
   *
   * @default - none
   */
  readonly deadLetterQueues?: sqs.IQueue[];

  /**
   * The resources that only deployments should change, see `TamperDetection`.
   *
   * @default - with `auditTrail`, the trail, the destinations of its records, and the artifact bucket; without it, no
   * tamper detection
   */
  readonly protectedResources?: ProtectedResources;

  /**
   * How tampering is detected.
   *
   * @default - see `TamperOptions`
   */
  readonly tampering?: TamperOptions;

  /**
   * Whether the trail of `protectedResources` records management events. Tampering is detected from these events.
   *
   * @default - the setting of `auditTrail`; without it, true
   */
  readonly trailRecordsManagementEvents?: boolean;

  /**
   * The SNS topic that receives alarms. CloudWatch and EventBridge must be allowed to publish to it, and to use its key
   * if it has one. The statements are added to the policy of a topic of this app. For an imported topic, they are
   * listed in `OwnerTasks`.
   *
   * @default - a dedicated, encrypted topic; without a subscription, no one is notified
   */
  readonly topic?: sns.ITopic;

  /**
   * Email addresses and chat channels (Slack, Microsoft Teams) to notify, in addition to existing subscribers of the
   * topic.
   *
   * @default - none
   */
  readonly notifications?: NotificationOptions;

  /**
   * The KMS key that encrypts a topic that this construct creates. CloudWatch and EventBridge must be allowed to use
   * it. The statements are added to the policy of a key of this app. For an imported key, they are listed in
   * `OwnerTasks`.
   *
   * @default - a dedicated key, which costs about $1 a month
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Whether to create a CloudWatch dashboard with alarms, egress by person and by model, recent promotions, health of
   * the API and the functions, and storage. The first three dashboards in an account are free of charge, and each
   * additional one costs $3 a month. While the dashboard is open, its tables query the trail's log group ($0.005 per
   * GB).
   *
   * @default true
   */
  readonly dashboard?: boolean;

  /**
   * Alarm thresholds.
   *
   * @default - see `AlarmThresholds`
   */
  readonly thresholds?: AlarmThresholds;

  /**
   * The period over which counts are summed, in whole minutes, or 10, 20 or 30 seconds. A longer period alerts later
   * and adds up more events. Egress is always counted by the hour.
   *
   * @default Duration.minutes(5)
   */
  readonly period?: Duration;

  /**
   * The URL of the runbook, if you maintain your own copy. Each alarm's description links to its entry there.
   *
   * @default - docs/runbook.md of the library's repository
   */
  readonly runbookUrl?: string;

  /**
   * What happens to the dedicated key of the topic when it is removed from the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}
