import type { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { AuditThresholds, BusinessHours } from './audit-thresholds';
import type { AuditTrail } from './audit-trail';
import type { IArtifactBucket } from '../storage/artifact-bucket';
import type { ILogArchive } from '../storage/log-archive';
import type { Perimeter } from '../storage/perimeter';

export { AuditThresholds, BusinessHours } from './audit-thresholds';

/**
 * Where a trail keeps its logs within the trail bucket.
 */
export interface TrailLayout {
  /**
   * The key prefix of the trail, without "/" at the end.
   *
   * @default - none
   */
  readonly keyPrefix?: string;

  /**
   * Id of the organization, such as `o-a1b2c3d4e5`, if the trail is an organization's.
   *
   * @default - the trail is of one account
   */
  readonly organizationId?: string;

  /**
   * The accounts whose records are searched. Each is one more folder to look into for every day.
   *
   * @default - the account of the stack
   */
  readonly accounts?: string[];

  /**
   * The Regions whose records are searched. Reads of models are recorded in the Region of the artifact bucket, changes of
   * roles in the one of IAM, `us-east-1`.
   *
   * @default - the Region of the stack
   */
  readonly regions?: string[];
}

/**
 * Properties of `EgressAnalytics`.
 */
export interface EgressAnalyticsProps {
  /**
   * The bucket that the questions are about.
   */
  readonly artifactBucket: IArtifactBucket;

  /**
   * Where the trail and the access logs are kept.
   */
  readonly logArchive: ILogArchive;

  /**
   * The trail that the questions are asked of. It says whose organization it is, and what changes of it are worth a look.
   *
   * @default - a trail that nothing is known of but where its logs lie
   */
  readonly auditTrail?: AuditTrail;

  /**
   * What `model-store audit --store` calls it. It names an SSM parameter that says where the evidence lies and what to look
   * for, so it is unique in an account and Region: letters, digits, ".", "_" and "-", at most 128 characters. A
   * `SecureModelArtifactStore` says it by itself.
   *
   * @default - none; tools on a laptop have to be told where the evidence lies
   */
  readonly storeName?: string;

  /**
   * Where the trail keeps its logs within the archive.
   *
   * @default - as a trail of this account and Region does, with no key prefix
   */
  readonly trailLayout?: TrailLayout;

  /**
   * What the keys of the artifact bucket's access logs begin with, up to and with a "/".
   *
   * @default 'artifact-bucket/'
   */
  readonly accessLogPrefix?: string;

  /**
   * How far back questions can reach, in whole days; as long as the logs are kept.
   *
   * @default Duration.days(400)
   */
  readonly reach?: Duration;

  /**
   * The networks from which models are meant to be read.
   *
   * @default - nothing is outside of the perimeter
   */
  readonly perimeter?: Perimeter;

  /**
   * The roles of the store's sessions: every other role that reads models comes round the store.
   *
   * @default - sessions whose name is their source identity, which the store's have
   */
  readonly sessionRoles?: iam.IRole[];

  /**
   * The roles of those who watch, to watch them too.
   *
   * @default - nobody is known to be an auditor
   */
  readonly auditorRoles?: iam.IRole[];

  /**
   * The roles of the store's functions, which alone open the store's sessions: a session that somebody else opened is found.
   * It takes a trail that records management events that read something too, because opening a session is one.
   *
   * @default - sessions of the store are not asked who opened them
   */
  readonly functionRoles?: iam.IRole[];

  /**
   * Roles that are meant to read models from S3 themselves, without a session of the store, such as those of batch jobs.
   *
   * @default - every read without a session of the store is shown
   */
  readonly directRoles?: iam.IRole[];

  /**
   * The roles that CloudFormation changes the store with. What it changes with them is taken for a deployment; deletions
   * never are.
   *
   * @default - deployments are shown like every other change
   */
  readonly deploymentRoles?: iam.IRole[];

  /**
   * What else protects models and evidence, by the names or ids that requests bear, not by ARN: the trail, its log group, the
   * store's keys, roles, functions, API and user pool. Changes of the buckets, and of the database and workgroup of these
   * questions, are shown anyway.
   *
   * @default - with `auditTrail`, what it writes to and with; without it, every change of a trail, log group, key, role or
   * function of the account is shown
   */
  readonly watchedResources?: string[];

  /**
   * What the names of the alarms, and of the rules that watch over the store, begin with: who silences another one is not shown.
   *
   * @default - what the names in this stack begin with: the first 15 characters of the stack's name and a hyphen
   */
  readonly watchedPrefix?: string;

  /**
   * Whether functions of the store are invoked directly, as they are without the API. Each query then reads the trail twice,
   * to name the people behind the invocations.
   *
   * @default false
   */
  readonly directInvocations?: boolean;

  /**
   * When people work.
   *
   * @default - Monday to Friday, 7 to 20 o'clock, UTC
   */
  readonly businessHours?: BusinessHours;

  /**
   * From where on something is worth a look.
   *
   * @default - see the properties of `AuditThresholds`
   */
  readonly thresholds?: AuditThresholds;

  /**
   * What one query may read before Athena ends it, at least 10 MB. Athena's price is by what is read.
   *
   * @default Size.gibibytes(100)
   */
  readonly scanLimit?: Size;

  /**
   * How long results are kept, in whole days. They name people; the evidence that they are made from is kept elsewhere.
   *
   * @default Duration.days(30)
   */
  readonly resultRetention?: Duration;

  /**
   * A symmetric customer managed key for the results, which those who query may use through S3.
   *
   * @default - a key is created, rotated yearly and usable through S3 alone
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Name of the Glue database: lower-case letters, digits and "_". Renaming replaces it, and all that is in it.
   *
   * @default - made from the names of the stack and the construct
   */
  readonly databaseName?: string;

  /**
   * Name of the Athena workgroup. Renaming replaces it.
   *
   * @default - made from the names of the stack and the construct
   */
  readonly workGroupName?: string;

  /**
   * What happens to the results bucket and its key when they are removed from the stack. With `DESTROY`, the bucket has to
   * be empty. The workgroup and its query history are always deleted.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}
