import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { AuditOptions } from './audit-options';
import type { MonitoringOptions } from './monitoring-options';
import type { CapacityOptions, LinkOptions, RetentionOptions, StorageOptions } from './options';
import type { StoreRoleOptions } from '../access/store-roles';
import type { ApiAuthentication } from '../api/api-authentication';
import type { ApiNetwork } from '../api/artifact-api-props';
import type { FunctionNetwork } from '../api/store-functions-props';
import type { WebApplicationFirewall } from '../api/web-application-firewall';
import type { IArtifactBucket } from '../storage/artifact-bucket';
import type { Perimeter } from '../storage/perimeter';

/**
 * Properties of `SecureModelArtifactStore`. None is required, and every default is the safe one.
 */
export interface SecureModelArtifactStoreProps {
  /**
   * What clients call the store by: `model-store --store NAME`. It names an SSM parameter, so it is unique in an account
   * and Region: letters, digits, ".", "_" and "-", at most 128 characters.
   *
   * @default - the name of the stack and the path of the construct within it, such as `Quickstart-Models`
   */
  readonly storeName?: string;

  /**
   * The API: who may call it and how. Without it (`false`) callers invoke the functions directly with
   * `lambda:InvokeFunction`; sessions are then named by request ids, and the trail's record of the invocation gives the
   * person.
   *
   * @default true
   */
  readonly api?: boolean;

  /**
   * How callers of the API prove who they are.
   *
   * @default ApiAuthentication.iam()
   */
  readonly authentication?: ApiAuthentication;

  /**
   * From where the store may be reached, and where its functions run.
   *
   * @default - from everywhere over TLS, by whoever has a permission; functions in Lambda's own network
   */
  readonly network?: NetworkOptions;

  /**
   * Who may do what.
   *
   * @default - three roles that nobody may assume until an administrator permits it; only the account's root user deletes
   */
  readonly access?: AccessOptions;

  /**
   * How the functions and the API are sized.
   *
   * @default - one processor a function, nothing reserved, 100 requests per second
   */
  readonly capacity?: CapacityOptions;

  /**
   * How long links live.
   *
   * @default - links and sessions of 15 minutes
   */
  readonly links?: LinkOptions;

  /**
   * What is recorded, and where.
   *
   * @default - a trail and a log archive of its own
   */
  readonly audit?: AuditOptions;

  /**
   * How long things are kept.
   *
   * @default - logs and noncurrent versions 400 days, everything retained when the stack goes
   */
  readonly retention?: RetentionOptions;

  /**
   * What S3 tells of the artifact bucket.
   *
   * @default - request metrics and storage-class analysis, no inventory
   */
  readonly storage?: StorageOptions;

  /**
   * Who is told when something is wrong.
   *
   * @default - alarms on a topic of its own that nobody subscribed to yet
   */
  readonly monitoring?: MonitoringOptions;

  /**
   * Sign the manifest of every version with an asymmetric KMS key, so that the OpenSSF `model_signing` tool verifies a
   * model offline. The key costs about $1 a month.
   *
   * @default true
   */
  readonly signing?: boolean;

  /**
   * A bucket that is there already, of this account and Region: `ArtifactBucket.fromArtifactBucketAttributes`, or
   * `ArtifactBucket.fromBucket` for one of this app. Nothing is set on it but the policy of a bucket of this stack; what is left
   * to its owner is told (`OwnerTasks`). Everything in it falls under the store's policy, so it should hold models alone.
   *
   * @default - a bucket is created
   */
  readonly artifactBucket?: IArtifactBucket;

  /**
   * A symmetric customer managed key for the artifact bucket. Its policy stays as it is.
   *
   * @default - a key is created, rotated yearly and usable through S3 alone
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Name of the artifact bucket. A bucket with a name of its own cannot be replaced in place.
   *
   * @default - CloudFormation makes one up
   */
  readonly bucketName?: string;
}

/**
 * From where the store may be reached, and where its functions run.
 */
export interface NetworkOptions {
  /**
   * The networks and the organization from which objects may be reached. It holds for the bytes, whoever has a link; limit
   * the API too with `api`.
   *
   * @default - from everywhere
   */
  readonly perimeter?: Perimeter;

  /**
   * From where the API may be called; with VPC endpoints it becomes private.
   *
   * @default - from everywhere
   */
  readonly api?: ApiNetwork;

  /**
   * A VPC for the functions. With a perimeter, the VPC's S3 endpoint (or the address of its NAT gateway) has to be in it.
   *
   * @default - Lambda's own network
   */
  readonly functions?: FunctionNetwork;

  /**
   * A web application firewall in front of the API.
   *
   * @default - none
   */
  readonly webApplicationFirewall?: WebApplicationFirewall;

  /**
   * A domain name of your own for the API; its default endpoint is then switched off.
   *
   * @default - the default endpoint of API Gateway
   */
  readonly domainName?: apigateway.DomainNameOptions;
}

/**
 * Who may do what.
 */
export interface AccessOptions {
  /**
   * The role of data scientists, who push and pull.
   *
   * @default - principals of this account that are given `sts:AssumeRole` on it; every model
   */
  readonly dataScientist?: StoreRoleOptions;

  /**
   * The role of deployment pipelines, which pull and promote.
   *
   * @default - principals of this account that are given `sts:AssumeRole` on it; every model
   */
  readonly pipeline?: StoreRoleOptions;

  /**
   * The role of auditors, who read logs and manifests and no model.
   *
   * @default - principals of this account that are given `sts:AssumeRole` on it
   */
  readonly auditor?: StoreRoleOptions;

  /**
   * Names of other roles (not their ARNs) whose sessions may call the API with a session name that an AWS SDK made up, or
   * beginnings of names with a `*` behind, such as `batch-*`; `*` is every role. It is for jobs whose role says enough: a job with a
   * web identity, as in a pod of Amazon EKS, has such a name unless it sets AWS_ROLE_SESSION_NAME.
   *
   * @default - none: the API answers such sessions with 403 and how to name them
   */
  readonly rolesWithDefaultSessionNames?: string[];

  /**
   * ARNs of the roles and users that may delete object versions of models, if IAM allows it them.
   *
   * @default - the account's root user alone, who always may
   */
  readonly administratorArns?: string[];
}
