import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { FunctionRoles } from '../access/session-roles';
import { OPEN_SESSION_ACTIONS } from '../access/session-trust';
import { acknowledgeWildcards } from '../common/wildcard-acknowledgements';

const NETWORK_CHANGES = [
  'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses',
];
const NETWORK_DESCRIPTIONS = ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'];

export interface RuntimePermissions {
  readonly executionRole: iam.IRole;
  readonly logGroup: logs.ILogGroup;
  readonly tracing: boolean;
  readonly inVpc: boolean;
}

/** Creates a managed policy with the permissions that a function needs to run, separate from those to open sessions. */
export function createRuntimePolicy(scope: Construct, id: string, permissions: RuntimePermissions): iam.ManagedPolicy {
  const policy = new iam.ManagedPolicy(scope, id, {
    roles: [permissions.executionRole],
    description: `Allows a model artifact store function to log${permissions.tracing ? ' and send traces' : ''}`,
    statements: [new iam.PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [permissions.logGroup.logGroupArn],
    })],
  });
  if (permissions.tracing) {
    policy.addStatements(new iam.PolicyStatement({
      actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'],
    }));
  }
  if (permissions.inVpc) {
    allowNetworkInterfaces(policy);
  }
  if (permissions.tracing || permissions.inVpc) {
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
    acknowledgeWildcards(policy, ['*'],
      'X-Ray actions, and describing network interfaces and subnets, do not support resource-level permissions.');
  }
  return policy;
}

/** The execution roles that are restricted to one function, with its path. */
const RESTRICTED = new WeakMap<iam.IRole, string>();

/**
 * Denies a function's execution role opening sessions for anything but that function, such as another function that
 * was given the role. It is a deny, so that a later grant does not bypass it. The policy that holds it refers to the
 * function, so the function must not depend on it.
 *
 * Lambda adds the function's ARN to the requests of its code. AWS's examples show it without a version or alias, and do
 * not rule one out, so both forms are accepted. A request from elsewhere lacks the key, which counts as not equal.
 * https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
 */
export function denySessionsElsewhere({ executionRole, sessionRole }: FunctionRoles, fn: lambda.IFunction): void {
  const other = RESTRICTED.get(executionRole);
  if (other !== undefined) {
    throw new Error(`${executionRole.node.path} already runs the function ${other}, and cannot open sessions for `
      + `${fn.node.path} too; create separate SessionRoles for each StoreFunctions`);
  }
  RESTRICTED.set(executionRole, fn.node.path);
  const statement = new iam.PolicyStatement({
    effect: iam.Effect.DENY,
    actions: OPEN_SESSION_ACTIONS,
    resources: [sessionRole.roleArn],
    conditions: { ArnNotLike: { 'lambda:SourceFunctionArn': [fn.functionArn, `${fn.functionArn}:*`] } },
  });
  if (Stack.of(executionRole) === Stack.of(fn)) {
    executionRole.addToPolicy(statement);
  } else {
    // Across stacks, a reference from the role's own policy would make the stacks depend on each other.
    new iam.ManagedPolicy(fn, 'SessionsElsewhere', {
      roles: [executionRole],
      description: `Denies opening sessions for anything but ${fn.node.path}`,
      statements: [statement],
    });
  }
}

/**
 * Allows Lambda to attach a function to a VPC. The function's own code must not use these permissions, so calls that
 * come from the function are denied.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
function allowNetworkInterfaces(policy: iam.ManagedPolicy): void {
  const { partition, region, account } = Stack.of(policy);
  // Lambda checks the permission before an interface exists, so the page above requires all resources of the account.
  const interfaces = `arn:${partition}:ec2:${region}:${account}:*/*`;
  policy.addStatements(
    new iam.PolicyStatement({ actions: NETWORK_CHANGES, resources: [interfaces] }),
    new iam.PolicyStatement({ actions: NETWORK_DESCRIPTIONS, resources: ['*'] }),
    new iam.PolicyStatement({
      effect: iam.Effect.DENY,
      actions: [...NETWORK_CHANGES, ...NETWORK_DESCRIPTIONS],
      resources: ['*'],
      // The key is present only in calls from the function's code:
      // https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
      conditions: { Null: { 'lambda:SourceFunctionArn': 'false' } },
    }),
  );
  acknowledgeWildcards(policy, [interfaces], 'Lambda attaches the function before the IDs of its network interfaces '
    + 'are known; the function\'s own code is denied the same actions.');
}
