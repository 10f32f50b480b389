import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { acknowledgeWildcards } from '../storage/wildcard-acknowledgements';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html */
export function allowFunctionTracing(executionRole: iam.Role): void {
  executionRole.addToPrincipalPolicy(new iam.PolicyStatement({
    actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
    resources: ['*'],
  }));
  acknowledgeWildcards(executionRole, ['*'], 'Actions of X-Ray, and descriptions of network interfaces, know no resources: IAM takes "*" only.');
}

/**
 * What Lambda needs to attach a function to a VPC. The function's own code must not use it, so that it is denied to calls
 * that come from the function.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
export function allowNetworkInterfaces(executionRole: iam.Role): void {
  const stack = Stack.of(executionRole);
  // Lambda checks the permission before an interface exists, so the page above asks for all resources of the account.
  const interfaces = `arn:${stack.partition}:ec2:${stack.region}:${stack.account}:*/*`;
  const changes = ['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses'];
  const descriptions = ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'];
  executionRole.addToPrincipalPolicy(new iam.PolicyStatement({ actions: changes, resources: [interfaces] }));
  executionRole.addToPrincipalPolicy(new iam.PolicyStatement({ actions: descriptions, resources: ['*'] }));
  executionRole.addToPrincipalPolicy(new iam.PolicyStatement({
    effect: iam.Effect.DENY,
    actions: [...changes, ...descriptions],
    resources: ['*'],
    // The key is there only when the function's code calls: https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
    conditions: { Null: { 'lambda:SourceFunctionArn': 'false' } },
  }));
  acknowledgeWildcards(executionRole, [interfaces], 'Lambda attaches the function before the ids of its network interfaces exist; '
    + 'the function\'s own code is denied the same actions.');
  acknowledgeWildcards(executionRole, ['*'], 'Actions of X-Ray, and descriptions of network interfaces, know no resources: IAM takes "*" only.');
}
