import * as path from 'node:path';
import { CustomResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { createRuntimePolicy } from './function-permissions';
import { ManagedPolicyRole } from '../access/managed-policy-role';
import { acknowledge, acknowledgeManagedPolicy } from '../common/acknowledgements';
import { BUNDLE_FOLDER } from '../contract/environment';
import { LOGGING_ROLE } from '../contract/logging-role';

export interface ApiLoggingRoleProps {
  readonly encryptionKey: kms.IKey;
  readonly retention: logs.RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

const LOGGING_POLICY = 'service-role/AmazonAPIGatewayPushToCloudWatchLogs';

/**
 * Ensures that the account has a logging role for API Gateway in this Region, and never replaces an existing one.
 *
 * CloudFormation's resource (`AWS::ApiGateway::Account`) cannot check for an existing role: each deployment of a store
 * would silently replace the role that all other APIs log with.
 */
export class ApiLoggingRole extends Construct {
  /** The function that reads the setting, and sets it if there is none. */
  public readonly setter: lambda.Function;
  /** The role of the setter function. */
  public readonly setterRole: iam.Role;
  /** The custom resource that an API with logging depends on. */
  public readonly setting: CustomResource;

  constructor(scope: Construct, id: string, props: ApiLoggingRoleProps) {
    super(scope, id);
    const loggingRole = this.createLoggingRole();
    const logGroup = new logs.LogGroup(this, 'Logs', props);
    this.setterRole = this.createSetterRole(loggingRole);
    const runtimePolicy = createRuntimePolicy(this, 'Permissions', {
      executionRole: this.setterRole, logGroup, tracing: true, inVpc: false,
    });
    this.setter = new lambda.Function(this, 'Setter', {
      description: 'During deployment: sets API Gateway\'s logging role if the account has none in this Region',
      code: lambda.Code.fromAsset(path.join(__dirname, '..', '..', BUNDLE_FOLDER, LOGGING_ROLE.BUNDLE)),
      handler: 'index.handler',
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      role: this.setterRole.withoutPolicyUpdates(),
      memorySize: 256,
      timeout: Duration.seconds(LOGGING_ROLE.TIMEOUT_SECONDS),
      tracing: lambda.Tracing.ACTIVE,
      loggingFormat: lambda.LoggingFormat.JSON,
      applicationLogLevelV2: lambda.ApplicationLogLevel.INFO,
      systemLogLevelV2: lambda.SystemLogLevel.INFO,
      logGroup,
    });
    this.setter.node.addDependency(this.setterRole, runtimePolicy);
    this.setting = new CustomResource(this, 'Setting', {
      resourceType: 'Custom::ApiGatewayLoggingRole',
      serviceToken: this.setter.functionArn,
      serviceTimeout: Duration.seconds(2 * LOGGING_ROLE.TIMEOUT_SECONDS),
      properties: { [LOGGING_ROLE.ROLE_ARN]: loggingRole.roleArn },
    });
    // API Gateway tests the role when it is set.
    this.setting.node.addDependency(loggingRole);
    acknowledge(this.setter, 'LambdaDLQ',
      'CloudFormation invokes the function, waits for its response, and fails the deployment without one.');
    acknowledge(this.setter, 'LambdaConcurrency', 'The function runs once, and only during deployment.');
    acknowledge(this.setter, 'LambdaInsideVPC',
      'The function calls API Gateway\'s control plane over TLS, and reads neither models nor logs.');
  }

  private createLoggingRole(): iam.Role {
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('apigateway.amazonaws.com'),
      description: 'Allows API Gateway to write the logs of the account\'s REST APIs to CloudWatch Logs',
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName(LOGGING_POLICY)],
    });
    // Other APIs may use the role by the time the stack is deleted.
    role.applyRemovalPolicy(RemovalPolicy.RETAIN);
    acknowledgeManagedPolicy(role, LOGGING_POLICY,
      'The role serves every API in the account; API Gateway accepts it only with the permissions of this policy.');
    return role;
  }

  private createSetterRole(loggingRole: iam.IRole): ManagedPolicyRole {
    const role = new ManagedPolicyRole(this, 'SetterRole', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: 'Reads the account\'s API Gateway settings in this Region, and sets one logging role',
    });
    const { partition, region } = Stack.of(this);
    role.addToPolicy(new iam.PolicyStatement({
      actions: ['apigateway:GET', 'apigateway:PATCH'], resources: [`arn:${partition}:apigateway:${region}::/account`],
    }));
    role.addToPolicy(new iam.PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [loggingRole.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'apigateway.amazonaws.com' } },
    }));
    return role;
  }
}
