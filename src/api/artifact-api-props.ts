import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { ApiAuthentication } from './api-authentication';
import type { ApiLogging } from './api-logging';
import type { StoreFunctions } from './store-functions';
import type { WebApplicationFirewall } from './web-application-firewall';

/**
 * The networks and the organization that the API can be called from.
 *
 * @internal
 */
export interface ApiNetwork {
  /**
   * VPC endpoints for the service `execute-api`. They make the API private: it can be called only through these
   * endpoints. A deployed API can be changed from public to private and back, which changes its URL.
   *
   * @default - a public regional endpoint
   */
  readonly apiVpcEndpoints?: ec2.IVpcEndpoint[];

  /**
   * Address ranges, in CIDR notation, that callers of the API must be in: public ranges for a public endpoint, ranges
   * of the VPC for a private endpoint. Callers still need permission.
   *
   * @default - any address
   */
  readonly apiCidrs?: string[];

  /**
   * The ID of the AWS organization that callers of the API must belong to, such as `o-a1b2c3d4e5`. Users of a Cognito
   * pool do not belong to an organization, so this requires IAM authentication. Users of other accounts call the API in
   * a role of its account, whose organization counts.
   *
   * @default - principals of the API's account with permission, whether it belongs to an organization or not
   */
  readonly apiOrganizationId?: string;
}

/**
 * Properties of `ArtifactApi`.
 */
export interface ArtifactApiProps extends ApiNetwork {
  /**
   * The functions that handle requests.
   */
  readonly functions: StoreFunctions;

  /**
   * How the API authenticates callers.
   *
   * @default ApiAuthentication.iam()
   */
  readonly authentication?: ApiAuthentication;

  /**
   * The web application firewall in front of the API.
   *
   * @default - none; every request is authenticated before it is processed
   */
  readonly webApplicationFirewall?: WebApplicationFirewall;

  /**
   * A custom domain name. The API's default endpoint is then disabled, so that the domain cannot be bypassed. Create
   * the DNS record for the domain yourself (`restApi.domainName`).
   *
   * @default - the default endpoint of API Gateway
   */
  readonly domainName?: apigateway.DomainNameOptions;

  /**
   * The TLS versions and ciphers of the endpoint.
   * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-list.html
   *
   * @default SecurityPolicy.TLS13_1_2_PFS_PQ_2025_09 - TLS 1.3 and 1.2 with forward secrecy, post-quantum key exchange
   */
  readonly securityPolicy?: apigateway.SecurityPolicy;

  /**
   * The name of the stage, which is part of the URL and of every permission to call the API.
   *
   * @default 'v1'
   */
  readonly stageName?: string;

  /**
   * The steady-state rate limit, in requests per second for all callers together. Requests above it get status 429.
   *
   * @default 100
   */
  readonly throttlingRateLimit?: number;

  /**
   * The number of requests that can arrive at once before throttling begins.
   *
   * @default 200
   */
  readonly throttlingBurstLimit?: number;

  /**
   * Whether to trace requests with AWS X-Ray.
   *
   * @default true
   */
  readonly tracing?: boolean;

  /**
   * How long access and execution logs are kept.
   *
   * @default RetentionDays.THIRTEEN_MONTHS - 400 days, as long as the log archive
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * The KMS key that encrypts the logs. CloudWatch Logs must be allowed to use it. The statement is added to the policy
   * of a key of this app. The owner of an imported key has to add it.
   *
   * @default - the key that encrypts the functions' logs
   */
  readonly logEncryptionKey?: kms.IKey;

  /**
   * What happens to the logs, and to a user pool that is created, when they are removed from the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * How the API writes its access and execution logs. API Gateway writes the logs of all APIs in an account and Region
   * with one role.
   *
   * @default ApiLogging.SET_ROLE_IF_NONE - an existing role is never replaced
   */
  readonly logging?: ApiLogging;
}
