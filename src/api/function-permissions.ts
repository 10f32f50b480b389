import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
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
