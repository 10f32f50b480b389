import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { QueryOptions } from './analytics-options';
import type { AuditTrail } from './audit-trail';
import type { IArtifactBucket } from '../storage/artifact-bucket';
import type { ILogArchive } from '../storage/log-archive';
import type { Perimeter } from '../storage/perimeter';

/**
 * Properties of `EgressAnalytics`.
 */
export interface EgressAnalyticsProps extends QueryOptions {
  /**
   * The artifact bucket that the named queries report on.
   */
  readonly artifactBucket: IArtifactBucket;

  /**
   * The archive that stores the logs of the trail and the access logs.
   */
  readonly logArchive: ILogArchive;

  /**
   * The trail that the named queries read. It supplies the organization ID, and the default of `watchedResources`.
   *
   * @default - only the location of the trail's logs is known
   */
  readonly auditTrail?: AuditTrail;

  /**
   * Name of the store for `model-store audit --store`: letters, digits, ".", "_" and "-", at most 128 characters. It is
   * part of the name of an SSM parameter that holds the location of the evidence and the settings of the queries, so it
   * must be unique in an account and Region. A `SecureModelArtifactStore` sets it.
   *
   * @default - no parameter; give the location of the evidence to the command line yourself
   */
  readonly storeName?: string;

  /**
   * Key prefix of the artifact bucket's access logs, with a trailing "/".
   *
   * @default 'artifact-bucket/'
   */
  readonly accessLogPrefix?: string;

  /**
   * How far back the named queries can read, in whole days. Set it to the retention of the logs.
   *
   * @default Duration.days(400)
   */
  readonly reach?: Duration;

  /**
   * The networks from which reads of models are expected.
   *
   * @default - no read counts as outside the perimeter
   */
  readonly perimeter?: Perimeter;

  /**
   * The roles of the store's sessions. Reads of models with another role are reported as bypassing the store, except
   * those expected of `directRoles`.
   *
   * @default - a session counts as the store's if its name equals its source identity
   */
  readonly sessionRoles?: iam.IRole[];

  /**
   * The roles of auditors, whose own reads are then reported as well.
   *
   * @default - no principal is known to be an auditor
   */
  readonly auditorRoles?: iam.IRole[];

  /**
   * The roles of the store's functions, the only principals that open the store's sessions. Reads in a session that was
   * opened by neither them nor an AWS service are reported. This requires a trail that records read-only management
   * events, because AssumeRole is a read-only event.
   *
   * @default - the queries do not check who opened the store's sessions
   */
  readonly functionRoles?: iam.IRole[];

  /**
   * The roles with which people and pipelines call the API. The API knows them by the names of their sessions, so
   * sessions of these roles are reported if their name is not that of who opened them. This requires a trail that
   * records read-only management events.
   *
   * @default - the names of sessions are not checked
   */
  readonly callerRoles?: iam.IRole[];

  /**
   * Other resources that protect models and evidence: the trail, its log group, and the store's keys, roles, functions,
   * API and user pool. Give the names or IDs that requests contain, not ARNs. Changes to the buckets, and to the
   * database and workgroup of the named queries, are reported regardless.
   *
   * @default - with `auditTrail`, the trail, its log group and log delivery role, and the keys of the artifact bucket,
   * the log archive and the log group; without it, every change to a trail, log group, key, role or function of the
   * account is reported
   */
  readonly watchedResources?: string[];

  /**
   * Prefix of the names of the store's alarms and tamper rules. Disabling or deleting an alarm or rule with another
   * prefix is not reported.
   *
   * @default - the first 15 characters of `<stack name>-`, with which the names in this stack begin
   */
  readonly watchedPrefix?: string;

  /**
   * The names of canary models, which no one has a reason to read. Each request to read one of their files or manifests
   * is a finding, also if it was denied or the model does not exist.
   *
   * @default - no canary models
   */
  readonly canaryModels?: string[];

  /**
   * Whether the store's functions are invoked directly, as in a store without the API. Otherwise, every invocation that
   * is not made by the API is reported.
   *
   * @default false
   */
  readonly directInvocations?: boolean;

  /**
   * Name of the Glue database: lower-case letters, digits and "_". Renaming replaces the database and all its tables.
   *
   * @default - derived from the names of the stack and the construct
   */
  readonly databaseName?: string;

  /**
   * Name of the Athena workgroup. Renaming replaces the workgroup.
   *
   * @default - derived from the names of the stack and the construct
   */
  readonly workGroupName?: string;

  /**
   * Removal policy of the results bucket and its key. With `DESTROY`, the bucket must be empty before it is removed.
   * The workgroup and its query history are always deleted.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}
