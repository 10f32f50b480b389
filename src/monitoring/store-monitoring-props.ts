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
 * Where the functions log to.
 */
export interface FunctionLogGroups {
  /**
   * The log group of the function that takes uploads and publishes versions.
   */
  readonly upload: logs.ILogGroup;

  /**
   * The log group of the function that gives out links to read.
   */
  readonly download: logs.ILogGroup;

  /**
   * The log group of the function that lists, shows and moves aliases.
   */
  readonly registry: logs.ILogGroup;
}

/**
 * Properties of `StoreMonitoring`.
 */
export interface StoreMonitoringProps {
  /**
   * The bucket whose refusals are counted.
   */
  readonly artifactBucket: IArtifactBucket;

  /**
   * The functions to watch.
   *
   * @default - no alarms on functions
   */
  readonly functions?: FunctionAccess;

  /**
   * Where the functions log to; each function has a log group of its own. Only their logs tell of requests that they
   * answered with a 5xx: for Lambda these are successes, and without an API nothing else counts them.
   *
   * @default - no alarms on failed requests
   */
  readonly functionLogGroups?: FunctionLogGroups;

  /**
   * How many requests each function may serve at once, if that is reserved for it.
   *
   * @default - nothing is reserved; the concurrency of the whole account is watched
   */
  readonly reservedConcurrency?: number;

  /**
   * How many invocations may run at once in this account and Region, if nothing is reserved for the functions: the quota
   * "Concurrent executions" of AWS Lambda.
   *
   * @default 1000 - AWS's own default
   */
  readonly accountConcurrencyLimit?: number;

  /**
   * The API to watch. It names callers to the trail; without it, sessions are named by the request, so that reads are
   * counted by role and not by person.
   *
   * @default - no alarms on the API
   */
  readonly api?: ApiAccess;

  /**
   * The roles whose sessions the API names by its callers: what they read is counted by person, and what others read by role,
   * whatever names the others give themselves.
   *
   * @default - every session that has a source identity is counted by it
   */
  readonly sessionRoles?: iam.IRole[];

  /**
   * The trail that records the artifact bucket. Its log group tells of refused access and of egress, and unless
   * `protectedResources` says otherwise, it is watched for tampering with all that it writes to, and the artifact bucket too.
   *
   * @default - no trail, unless `auditLogGroup` and `protectedResources` tell of one
   */
  readonly auditTrail?: AuditTrail;

  /**
   * The CloudWatch log group that the trail writes to. The trail must record data events of the artifact bucket, and
   * invocations of the functions.
   *
   * Two Contributor Insights rules count what each principal reads ($0.50 a month each, and $0.02 per million reads).
   *
   * @default - the one of `auditTrail`; without it, no alarms on refused access and on egress: nothing else tells of it in time
   */
  readonly auditLogGroup?: logs.ILogGroup;

  /**
   * The log archive that the trail delivers to, if it is one of this account and Region with request metrics.
   *
   * @default - no alarm on whether logs still arrive there, and of an `auditTrail` nothing but the trail itself is watched
   */
  readonly logArchive?: ILogArchive;

  /**
   * The questions about the evidence. With an `auditTrail`, and unless `protectedResources` says otherwise, their tables and
   * views, their workgroup and what auditors find them by are watched for tampering.
   *
   * @default - they are not watched, unless `protectedResources` names them
   */
  readonly analytics?: EgressAnalytics;

  /**
   * The perimeter of the artifact bucket, if it has one. Reads from outside of its networks should be impossible, and
   * set off an alarm.
   *
   * @default - no alarm on where reads come from
   */
  readonly perimeter?: Perimeter;

  /**
   * Queues that take what the handlers of the store's events could not handle.
   *
   * @default - none
   */
  readonly deadLetterQueues?: sqs.IQueue[];

  /**
   * What nobody but a deployment should change, see `TamperDetection`.
   *
   * @default - with `auditTrail`, the trail, where its records go, and the artifact bucket; without it, nothing tells of
   * tampering
   */
  readonly protectedResources?: ProtectedResources;

  /**
   * How tampering is looked for.
   *
   * @default - see `TamperOptions`
   */
  readonly tampering?: TamperOptions;

  /**
   * Whether the trail of `protectedResources` records management events, which tampering shows in.
   *
   * @default - what `auditTrail` knows; without it, true
   */
  readonly trailRecordsManagementEvents?: boolean;

  /**
   * Where alarms are sent. CloudWatch and EventBridge must be allowed to publish to it, and to use its key if it has one; a
   * topic of this app gets that added to its policy, of an imported one its owner is told.
   *
   * @default - a topic of its own, encrypted; subscribe to it, or nobody is told
   */
  readonly topic?: sns.ITopic;

  /**
   * Who is told, besides whoever subscribes to the topic by themselves.
   *
   * @default - nobody
   */
  readonly notifications?: NotificationOptions;

  /**
   * The key that encrypts the topic of its own. CloudWatch must be allowed to use it; a key of this app gets that added to
   * its policy, an imported one has to say so itself.
   *
   * @default - a key of its own, which costs about $1 a month
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Make a CloudWatch dashboard: alarms, egress by person and by model, last promotions, health of the API and the
   * functions, storage. Three dashboards of an account are free of charge, each further one costs $3 a month; its tables
   * read the trail's log group while somebody looks at them ($0.005 per GB).
   *
   * @default true
   */
  readonly dashboard?: boolean;

  /**
   * From how much on an alarm goes off.
   *
   * @default - see `AlarmThresholds`
   */
  readonly thresholds?: AlarmThresholds;

  /**
   * Over how long is counted, in whole minutes, or 10, 20 or 30 seconds. Longer tells later and counts more together.
   * Egress is counted by the hour, whatever this says.
   *
   * @default Duration.minutes(5)
   */
  readonly period?: Duration;

  /**
   * Where the runbook is read, for a copy of your own. An alarm's description links to its entry there.
   *
   * @default - docs/runbook.md of the library's repository
   */
  readonly runbookUrl?: string;

  /**
   * What happens to the topic's own key when it leaves the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}
