import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { SessionRoles } from '../access/session-roles';
import type { IArtifactBucket } from '../storage/artifact-bucket';

/**
 * Execution environments that are kept warm, so that no caller waits for one to start.
 */
export interface ProvisionedConcurrency {
  /**
   * How many are always there, for each function. They are paid for by the hour, used or not.
   */
  readonly minimum: number;

  /**
   * How many there may be at most; Application Auto Scaling moves between the two.
   *
   * @default - as many as `minimum`: nothing scales
   */
  readonly maximum?: number;

  /**
   * The share of them in use that scaling aims for, between 0.1 and 0.9.
   *
   * @default 0.7
   */
  readonly targetUtilization?: number;
}

/**
 * The network that the functions run in.
 */
export interface FunctionNetwork {
  /**
   * The VPC. It needs a way to S3, KMS and STS: VPC endpoints or a NAT gateway.
   */
  readonly vpc: ec2.IVpc;

  /**
   * Which of its subnets.
   *
   * @default - the VPC's private subnets
   */
  readonly subnets?: ec2.SubnetSelection;

  /**
   * Security groups of the functions.
   *
   * @default - one of their own, for all three, that lets nothing in and only HTTPS out
   */
  readonly securityGroups?: ec2.ISecurityGroup[];
}

/**
 * Properties of `StoreFunctions`.
 */
export interface StoreFunctionsProps {
  /**
   * The bucket that the functions give out links to.
   */
  readonly artifactBucket: IArtifactBucket;

  /**
   * The roles that the functions run as, and the sessions they may open.
   */
  readonly sessionRoles: SessionRoles;

  /**
   * The asymmetric key that signs manifests; the one that `sessionRoles` was given.
   *
   * @default - manifests are not signed
   */
  readonly signingKey?: kms.IKey;

  /**
   * How long a link can be used: 1 minute to as long as a session of `sessionRoles` lives. The artifact bucket has a limit
   * of its own (`maximumLinkAge`), which should not be lower.
   *
   * @default Duration.minutes(15)
   */
  readonly linkLifetime?: Duration;

  /**
   * Names of the roles (not their ARNs) whose sessions may call the API with a session name that an AWS SDK made up, or
   * beginnings of names with a `*` behind; `*` is every role.
   *
   * @default - none: such sessions are refused, because their names say nothing of who called
   */
  readonly rolesWithDefaultSessionNames?: string[];

  /**
   * Memory of each function in MiB; the share of a processor grows with it.
   *
   * @default 1769 - one whole processor; publishing 10,000 files takes it some 14 seconds of the 29 that the API waits
   */
  readonly memorySize?: number;

  /**
   * How many requests each function may serve at once. They are taken out of the account's concurrency, so that nothing
   * else in the account can use them up, and more than that are throttled (429).
   *
   * @default - whatever the account has left: a new account has too little to reserve any
   */
  readonly reservedConcurrency?: number;

  /**
   * Keep execution environments warm. The functions are then called through an alias, `live`.
   *
   * @default - none: the first call after a while takes some hundred milliseconds longer
   */
  readonly provisionedConcurrency?: ProvisionedConcurrency;

  /**
   * Run the functions in a VPC.
   *
   * @default - in Lambda's own network
   */
  readonly network?: FunctionNetwork;

  /**
   * Trace requests with AWS X-Ray.
   *
   * @default true
   */
  readonly tracing?: boolean;

  /**
   * How long the functions' logs are kept.
   *
   * @default RetentionDays.THIRTEEN_MONTHS - 400 days, as long as the log archive
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * The key that encrypts the functions' logs. CloudWatch Logs must be allowed to use it; a key of this app gets that
   * added to its policy, an imported one has to say so itself.
   *
   * @default - a key of their own, which costs about $1 a month
   */
  readonly logEncryptionKey?: kms.IKey;

  /**
   * What happens to the logs, and to a key of their own, when they leave the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly logRemovalPolicy?: RemovalPolicy;
}
