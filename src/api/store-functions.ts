import * as path from 'node:path';
import { Duration, RemovalPolicy, Stack, Tokenization } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { ApiAuthentication } from './api-authentication';
import { createRuntimePolicy } from './function-permissions';
import { allowLogEncryption, logGroupsOfStack } from './log-encryption';
import { checkStoreFunctions } from './store-functions-checks';
import type { StoreFunctionsProps } from './store-functions-props';
import type { FunctionRoles } from '../access/session-roles';
import { acknowledge } from '../common/acknowledgements';
import { Problems } from '../common/problems';
import { BUNDLE_FOLDER, ENV } from '../contract/environment';
import { FUNCTIONS, type FunctionName } from '../contract/routes';

const IDS: Readonly<Record<FunctionName, string>> = { upload: 'Upload', download: 'Download', registry: 'Registry' };

const DESCRIPTIONS: Readonly<Record<FunctionName, string>> = {
  upload: 'Takes models in: says which files are needed, signs links to send them, publishes versions',
  download: 'Signs links to read the files of a published version',
  registry: 'Lists and shows models, versions and aliases, and moves aliases',
};

/**
 * The three functions of the store. They decide, sign and commit; the bytes of a model never pass through them.
 *
 * None of them may touch an object with its own role: each opens a session of the one role made for its job, named after
 * the caller.
 */
export class StoreFunctions extends Construct {
  /** Takes uploads and publishes versions; the alias `live` if concurrency is provisioned. */
  public readonly upload: lambda.IFunction;
  /** Signs links to read; the alias `live` if concurrency is provisioned. */
  public readonly download: lambda.IFunction;
  /** Lists, shows and moves aliases; the alias `live` if concurrency is provisioned. */
  public readonly registry: lambda.IFunction;
  /** The three of them, in this order: upload, download, registry. */
  public readonly all: lambda.IFunction[];
  /** The key that encrypts their logs. */
  public readonly logEncryptionKey: kms.IKey;
  /** Where they log to, in the order of `all`. */
  public readonly logGroups: logs.ILogGroup[];

  private readonly functions: lambda.Function[];
  private readonly rolesWithDefaultSessionNames: string[] = [];
  private authentication?: ApiAuthentication;

  /**
   * @param scope the construct to create it in
   * @param id id of the construct, unique within the scope
   * @param props its properties
   */
  constructor(scope: Construct, id: string, props: StoreFunctionsProps) {
    super(scope, id);
    const problems = Problems.of(this);
    checkStoreFunctions(problems, this, props);
    problems.throwIfAny('StoreFunctions');

    this.logEncryptionKey = props.logEncryptionKey ?? new kms.Key(this, 'LogKey', {
      description: `Encrypts the logs of the store's functions and API (${this.node.path})`,
      enableKeyRotation: true,
      removalPolicy: props.logRemovalPolicy ?? RemovalPolicy.RETAIN,
    });
    allowLogEncryption(this, this.logEncryptionKey, logGroupsOfStack(this));
    this.logGroups = FUNCTIONS.map((name) => new logs.LogGroup(this, `${IDS[name]}Logs`, {
      retention: props.logRetention ?? logs.RetentionDays.THIRTEEN_MONTHS,
      encryptionKey: this.logEncryptionKey,
      removalPolicy: props.logRemovalPolicy ?? RemovalPolicy.RETAIN,
    }));

    const securityGroups = this.securityGroups(props);
    this.functions = FUNCTIONS.map((name, index) => this.createFunction(name, this.logGroups[index], securityGroups, props));
    const [upload, download, registry] = FUNCTIONS.map((name, index) => this.invoked(name, this.functions[index], props));
    this.upload = upload;
    this.download = download;
    this.registry = registry;
    this.all = [upload, download, registry];
    this._allowDefaultSessionNames(props.rolesWithDefaultSessionNames ?? []);
  }

  /**
   * Let sessions of these roles have a name that an SDK made up, besides those that were named before.
   *
   * @internal
   */
  public _allowDefaultSessionNames(roleNames: readonly string[]): void {
    this.rolesWithDefaultSessionNames.push(...roleNames);
    if (this.rolesWithDefaultSessionNames.length > 0) {
      const json = Stack.of(this).toJsonString(this.rolesWithDefaultSessionNames);
      this.functions.forEach((fn) => fn.addEnvironment(ENV.ROLES_WITH_DEFAULT_SESSION_NAMES, json));
    }
  }

  /**
   * Tell the functions who vouches for the caller of a request. Until an API does, they take requests for direct
   * invocations, which carry no caller, and a second API could not vouch in another way.
   *
   * @internal
   */
  public _authenticateBy(authentication: ApiAuthentication): void {
    if (this.authentication) {
      throw new Error(`the functions at ${this.node.path} serve an API already; give each ArtifactApi functions of its own`);
    }
    this.authentication = authentication;
    for (const fn of this.functions) {
      fn.addEnvironment(ENV.AUTHENTICATION, authentication.mode);
      if (authentication.mode === 'cognito') {
        fn.addEnvironment(ENV.GROUP_PERMISSIONS, JSON.stringify(authentication._groupPermissions()));
      }
    }
  }

  private securityGroups(props: StoreFunctionsProps): ec2.ISecurityGroup[] | undefined {
    const network = props.network;
    if (!network || network.securityGroups) {
      return network?.securityGroups;
    }
    const group = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: network.vpc,
      description: 'Functions of the model artifact store: nothing in, HTTPS out',
      allowAllOutbound: false,
    });
    // AWS endpoints have no fixed addresses; the routes of the subnets say what can be reached.
    group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'HTTPS to S3, KMS and STS');
    return [group];
  }

  private createFunction(
    name: FunctionName, logGroup: logs.ILogGroup, securityGroups: ec2.ISecurityGroup[] | undefined, props: StoreFunctionsProps,
  ): lambda.Function {
    const { executionRole, sessionRole }: FunctionRoles = props.sessionRoles[name];
    const tracing = props.tracing ?? true;
    const policy = createRuntimePolicy(this, `${IDS[name]}Permissions`, {
      executionRole, logGroup, tracing, inVpc: props.network !== undefined,
    });
    const fn = new lambda.Function(this, IDS[name], {
      description: DESCRIPTIONS[name],
      code: lambda.Code.fromAsset(path.join(__dirname, '..', '..', BUNDLE_FOLDER, name)),
      handler: 'index.handler',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      // What it may do is all said above; without this, options of the function would add to it unseen.
      role: executionRole.withoutPolicyUpdates(),
      memorySize: props.memorySize ?? 1769,
      // API Gateway gives up after 29 seconds, so a longer run would answer nobody:
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
      timeout: Duration.seconds(29),
      reservedConcurrentExecutions: props.reservedConcurrency,
      tracing: tracing ? lambda.Tracing.ACTIVE : lambda.Tracing.DISABLED,
      loggingFormat: lambda.LoggingFormat.JSON,
      applicationLogLevelV2: lambda.ApplicationLogLevel.INFO,
      systemLogLevelV2: lambda.SystemLogLevel.INFO,
      logGroup,
      vpc: props.network?.vpc,
      vpcSubnets: props.network?.subnets,
      securityGroups,
      environment: {
        [ENV.BUCKET_NAME]: props.artifactBucket.bucket.bucketName,
        [ENV.ENCRYPTION_KEY_ARN]: props.artifactBucket.encryptionKey.keyArn,
        [ENV.SESSION_ROLE_ARN]: sessionRole.roleArn,
        [ENV.SESSION_SECONDS]: Tokenization.stringifyNumber(props.sessionRoles.sessionDuration.toSeconds()),
        [ENV.LINK_SECONDS]: Tokenization.stringifyNumber((props.linkLifetime ?? Duration.minutes(15)).toSeconds()),
        ...name === 'upload' && props.signingKey && { [ENV.SIGNING_KEY_ARN]: props.signingKey.keyArn },
        [ENV.AUTHENTICATION]: 'none',
      },
    });
    // Both sets of permissions, those of the role's own making too: Lambda checks them when it makes the function.
    fn.node.addDependency(executionRole, policy);
    acknowledgeFunction(fn, props);
    return fn;
  }

  /** What callers invoke: provisioned concurrency belongs to an alias or a version, never to the function itself. */
  private invoked(name: FunctionName, fn: lambda.Function, props: StoreFunctionsProps): lambda.IFunction {
    const provisioned = props.provisionedConcurrency;
    if (!provisioned) {
      return fn;
    }
    const { minimum, maximum = minimum, targetUtilization = 0.7 } = provisioned;
    const scales = maximum !== minimum;
    const alias = new lambda.Alias(this, `${IDS[name]}Alias`, {
      aliasName: 'live',
      version: fn.currentVersion,
      provisionedConcurrentExecutions: scales ? undefined : minimum,
    });
    if (scales) {
      alias.addAutoScaling({ minCapacity: minimum, maxCapacity: maximum }).scaleOnUtilization({ utilizationTarget: targetUtilization });
    }
    return alias;
  }
}

function acknowledgeFunction(fn: lambda.Function, props: StoreFunctionsProps): void {
  acknowledge(fn, 'LambdaDLQ', 'The function is only invoked synchronously: its caller gets the error, and a dead-letter queue takes '
    + 'asynchronous events alone.');
  if (props.reservedConcurrency === undefined) {
    acknowledge(fn, 'LambdaConcurrency', 'API Gateway throttles the callers. Reserving concurrency takes it from the rest of the account, '
      + 'and a new account has too little to reserve any, so it is left to the reservedConcurrency property.');
  }
  if (!props.network) {
    acknowledge(fn, 'LambdaInsideVPC',
      'The function talks to nothing but AWS APIs over TLS and listens to nothing; a VPC is there by the network property.');
  }
}
