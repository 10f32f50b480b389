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
 * From where the API can be called at all. It only ever denies: who is inside still needs a permission.
 */
export interface ApiNetwork {
  /**
   * VPC endpoints of the service `execute-api`. The API becomes private: it can be called through these endpoints and
   * from nowhere else. Changing this on a deployed API is possible in both directions; its URL changes.
   *
   * @default - a public regional endpoint
   */
  readonly vpcEndpoints?: ec2.IVpcEndpoint[];

  /**
   * Address ranges in CIDR notation that callers have to be in: public ones for a public endpoint, those of the VPC for a
   * private one.
   *
   * @default - any address
   */
  readonly cidrs?: string[];

  /**
   * The organization in AWS Organizations that callers must belong to, such as `o-a1b2c3d4e5`. Users of a Cognito pool
   * belong to none, so this goes with IAM alone.
   *
   * @default - callers of any account, if they are allowed
   */
  readonly organizationId?: string;
}

/**
 * Properties of `ArtifactApi`.
 */
export interface ArtifactApiProps {
  /**
   * The functions that answer.
   */
  readonly functions: StoreFunctions;

  /**
   * How callers prove who they are.
   *
   * @default ApiAuthentication.iam()
   */
  readonly authentication?: ApiAuthentication;

  /**
   * From where the API can be called.
   *
   * @default - from everywhere, over TLS
   */
  readonly network?: ApiNetwork;

  /**
   * A web application firewall in front of the API.
   *
   * @default - none: every request is authenticated before anything reads it
   */
  readonly webApplicationFirewall?: WebApplicationFirewall;

  /**
   * A domain name of your own. The API's default endpoint is then switched off, so that nothing goes around the domain. A
   * DNS record that points to it is yours to make (`restApi.domainName`).
   *
   * @default - the default endpoint of API Gateway
   */
  readonly domainName?: apigateway.DomainNameOptions;

  /**
   * TLS versions and ciphers of the endpoint.
   * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-list.html
   *
   * @default SecurityPolicy.TLS13_1_2_PFS_PQ_2025_09 - TLS 1.3 and 1.2 with forward secrecy, post-quantum key exchange
   */
  readonly securityPolicy?: apigateway.SecurityPolicy;

  /**
   * Name of the stage: a part of the URL and of every permission to call the API.
   *
   * @default 'v1'
   */
  readonly stageName?: string;

  /**
   * Requests per second that all callers together may make in the long run; more are answered with 429.
   *
   * @default 100
   */
  readonly throttlingRateLimit?: number;

  /**
   * Requests that may come at once before throttling begins.
   *
   * @default 200
   */
  readonly throttlingBurstLimit?: number;

  /**
   * Trace requests with AWS X-Ray.
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
   * The key that encrypts the logs. CloudWatch Logs must be allowed to use it; a key of this app gets that added to its
   * policy, an imported one has to say so itself.
   *
   * @default - the key of the functions' logs
   */
  readonly logEncryptionKey?: kms.IKey;

  /**
   * What happens to the logs, and to a user pool of its own, when they leave the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * How the API writes its access and execution logs, which takes a role that is one setting for all APIs of the
   * account and Region.
   *
   * @default ApiLogging.SET_ROLE_IF_NONE - a role that is there is never replaced
   */
  readonly logging?: ApiLogging;
}
