import type { Duration } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { AuditOptions } from './audit-options';
import type { CapacityOptions, RetentionOptions, SigningOptions } from './options';
import type { StoreRoleOptions } from '../access/store-roles';
import type { ApiAuthentication } from '../api/api-authentication';
import type { ApiNetwork } from '../api/artifact-api-props';
import type { FunctionNetwork } from '../api/store-functions-props';
import type { WebApplicationFirewall } from '../api/web-application-firewall';
import type { MonitoringOptions } from '../monitoring/monitoring-options';
import type { IArtifactBucket } from '../storage/artifact-bucket';
import type { Perimeter } from '../storage/perimeter';
import type { StorageOptions } from '../storage/storage-options';

/**
 * Properties of `SecureModelArtifactStore`. All are optional, and every default is secure.
 */
export interface SecureModelArtifactStoreProps {
  /**
   * The name that clients use to find the store: `model-store --store NAME`.
   *
   * It becomes part of an SSM parameter name, so it must be unique within an account and Region. Use up to 128 letters,
   * digits, ".", "_" and "-".
   *
   * @default - the name of the stack and the path of the construct within it, such as `Quickstart-Models`
   */
  readonly storeName?: string;

  /**
   * Whether to create an API.
   *
   * Without one (`false`), callers invoke the functions directly with `lambda:InvokeFunction`. Sessions are then named
   * after request IDs, and the trail's record of the invocation identifies the caller.
   *
   * @default true
   */
  readonly api?: boolean;

  /**
   * How the API authenticates callers.
   *
   * @default ApiAuthentication.iam()
   */
  readonly authentication?: ApiAuthentication;

  /**
   * The networks that the store can be reached from, and the network that its functions run in.
   *
   * @default - reachable over TLS from any network by principals with permission; functions outside any VPC
   */
  readonly network?: NetworkOptions;

  /**
   * The roles that use the store, the principals that can delete models, and the lifetime of sessions.
   *
   * @default - three roles that no principal can assume until an administrator allows it; only the account's root user
   * can delete models; sessions and presigned URLs are valid for 15 minutes
   */
  readonly access?: AccessOptions;

  /**
   * The capacity of the functions and the API.
   *
   * @default - one vCPU per function, no reserved concurrency, 100 requests per second
   */
  readonly capacity?: CapacityOptions;

  /**
   * What the store records, and where it keeps the logs.
   *
   * @default - a dedicated trail and a dedicated log archive
   */
  readonly audit?: AuditOptions;

  /**
   * How long logs and noncurrent object versions are kept, and what happens when the stack is deleted.
   *
   * @default - logs and noncurrent versions are kept for 400 days; all data is retained when the stack is deleted
   */
  readonly retention?: RetentionOptions;

  /**
   * S3 metrics, analytics and inventory for the artifact bucket.
   *
   * @default - request metrics and storage-class analysis, no inventory
   */
  readonly storage?: StorageOptions;

  /**
   * Alarms, and who is notified of them.
   *
   * @default - alarms are sent to a dedicated topic that has no subscribers yet
   */
  readonly monitoring?: MonitoringOptions;

  /**
   * The signing of manifests with an asymmetric KMS key. `model-store pull` verifies the signature by default, and the
   * OpenSSF `model_signing` tool verifies it offline.
   *
   * @default - manifests are signed with a dedicated key, which costs about $1 a month
   */
  readonly signing?: SigningOptions;

  /**
   * An existing bucket in this account and Region: `ArtifactBucket.fromArtifactBucketAttributes`, or
   * `ArtifactBucket.fromBucket` for a bucket of this app.
   *
   * The store adds statements to the policy of a bucket in this stack and changes no other setting. For other changes,
   * see `RequiredAction.of(store)`. The store's policy covers every object in the bucket, so use a bucket
   * that holds only models.
   *
   * @default - a bucket is created
   */
  readonly artifactBucket?: IArtifactBucket;

  /**
   * A symmetric customer managed key that encrypts the artifact bucket. The key's policy is not changed.
   *
   * @default - a key is created, rotated yearly and usable only through S3
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * The name of the artifact bucket. CloudFormation cannot replace a bucket that has a custom name.
   *
   * @default - CloudFormation generates a name
   */
  readonly bucketName?: string;
}

/**
 * The networks that the store can be reached from, and the network that its functions run in.
 */
export interface NetworkOptions extends ApiNetwork, FunctionNetwork {
  /**
   * The networks and the organization from which objects can be reached.
   *
   * It applies to every read and write of an object, including those through presigned URLs. To restrict the API as
   * well, use `apiVpcEndpoints`, `apiCidrs` or `apiOrganizationId`.
   *
   * @default - objects can be reached from any network
   */
  readonly perimeter?: Perimeter;

  /**
   * The web application firewall in front of the API.
   *
   * @default - none
   */
  readonly webApplicationFirewall?: WebApplicationFirewall;

  /**
   * A custom domain name for the API. The default endpoint is then disabled.
   *
   * @default - the default endpoint of API Gateway
   */
  readonly domainName?: apigateway.DomainNameOptions;
}

/**
 * The roles that use the store, the principals that can delete models, and the lifetime of sessions.
 */
export interface AccessOptions {
  /**
   * The data scientists' role, which pushes and pulls.
   *
   * @default - can be assumed by principals of this account that are granted `sts:AssumeRole` on it; every model
   */
  readonly dataScientist?: StoreRoleOptions;

  /**
   * The deployment pipelines' role, which pulls and promotes.
   *
   * @default - can be assumed by principals of this account that are granted `sts:AssumeRole` on it; every model
   */
  readonly pipeline?: StoreRoleOptions;

  /**
   * The auditors' role, which reads logs and manifests but cannot download models.
   *
   * @default - can be assumed by principals of this account that are granted `sts:AssumeRole` on it
   */
  readonly auditor?: StoreRoleOptions;

  /**
   * Names of other roles (not ARNs) whose sessions can call the API with a session name generated by an AWS SDK, or
   * name prefixes followed by `*`, such as `batch-*`. `*` means every role.
   *
   * Use it for jobs that are identified well enough by their role. A job with a web identity, such as a pod in Amazon
   * EKS, has a generated session name unless it sets AWS_ROLE_SESSION_NAME.
   *
   * @default - none; the API rejects such sessions with status 403 and explains how to set a session name
   */
  readonly rolesWithDefaultSessionNames?: string[];

  /**
   * The roles and users that can delete object versions of models, if their IAM policies also allow it. In the ARN of
   * an `iam.ArnPrincipal`, `*` matches any part of a name.
   *
   * @default - only the account's root user, which is always included
   */
  readonly administrators?: iam.IPrincipal[];

  /**
   * How long a presigned URL is valid: between 1 minute and the session duration. The bucket policy also rejects older
   * presigned URLs.
   *
   * @default Duration.minutes(15)
   */
  readonly presignedUrlLifetime?: Duration;

  /**
   * How long a session that signs presigned URLs lasts: between 15 minutes and 1 hour. A stolen session is useful for
   * no longer than this.
   *
   * @default - the lifetime of a presigned URL, but at least 15 minutes
   */
  readonly sessionDuration?: Duration;
}
