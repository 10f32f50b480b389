import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { AlarmOptions } from './monitoring-options';
import type { ProtectedResources } from './tamper/protected-resources';
import type { ApiAccess, FunctionAccess } from '../access/store-access';
import type { AuditTrail } from '../audit/audit-trail';
import type { EgressAnalytics } from '../audit/egress-analytics';
import type { FunctionName } from '../contract/routes';
import type { IArtifactBucket } from '../storage/artifact-bucket';
import type { ILogArchive } from '../storage/log-archive';
import type { Perimeter } from '../storage/perimeter';

/** The log groups of the functions. */
export type FunctionLogGroups = { readonly [Name in FunctionName]: logs.ILogGroup };

/**
 * Properties of `StoreMonitoring`.
 */
export interface StoreMonitoringProps extends AlarmOptions {
  /**
   * The artifact bucket to monitor.
   */
  readonly artifactBucket: IArtifactBucket;

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
   * The names of canary models, which no one has a reason to read. A request to read one of their files or manifests
   * sets off an alarm within minutes, also if it was denied or the model does not exist. At most 10.
   *
   * @default - no canary models
   */
  readonly canaryModels?: string[];

  /**
   * What happens to the dedicated key of the topic when it is removed from the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** What a store passes to its monitoring, in addition to the public properties. */
export interface MonitoredStore extends StoreMonitoringProps {
  /**
   * The functions to monitor.
   *
   * @default - no alarms on functions
   */
  readonly functions?: FunctionAccess;

  /**
   * The log groups of the functions, a dedicated one for each function. They are the source for requests answered with
   * a 5xx status, which Lambda counts as successes. Without an API, they are the only source.
   *
   * @default - no alarms on failed requests
   */
  readonly functionLogGroups?: FunctionLogGroups;

  /**
   * The concurrency reserved for each function, in concurrent requests.
   *
   * @default - nothing is reserved; the concurrency of the whole account is monitored
   */
  readonly reservedConcurrentExecutions?: number;

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
   * The resources that only deployments should change.
   *
   * @default - with `auditTrail`, the trail, the destinations of its records, and the artifact bucket; without it, no
   * tamper detection
   */
  readonly protectedResources?: ProtectedResources;

  /**
   * Whether the trail of `protectedResources` records management events. Tampering is detected from these events.
   *
   * @default - the setting of `auditTrail`; without it, true
   */
  readonly trailRecordsManagementEvents?: boolean;
}
