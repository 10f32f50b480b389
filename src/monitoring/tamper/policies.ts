import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';

/**
 * The managed policies that are attached to roles of this app so far, anywhere in the construct tree, whether they were
 * attached by the role or by the policy. They define the permissions of the roles, and a call that changes a policy
 * does not name the role.
 */
export function policiesOf(roles: readonly iam.IRole[]): iam.ManagedPolicy[] {
  const made = roles.filter((role): role is iam.Role => role instanceof iam.Role);
  const stacks = [...new Set(made.map((role) => Stack.of(role)))];
  return stacks.flatMap((stack) => {
    const shown = (value: unknown) => JSON.stringify(stack.resolve(value));
    const names = new Set<string>();
    const arns = new Set<string>();
    for (const role of made.filter((candidate) => Stack.of(candidate) === stack)) {
      names.add(shown(role.roleName));
      // A role that is created elsewhere (iam.Role.customizeRoles) has no resource here, and its policies are unknown.
      const resource = role.node.defaultChild as iam.CfnRole | undefined;
      const attached = stack.resolve(resource?.managedPolicyArns) as unknown[] | undefined;
      attached?.forEach((arn) => arns.add(shown(arn)));
    }
    const policies = stack.node.findAll()
      .filter((node): node is iam.ManagedPolicy => node instanceof iam.ManagedPolicy);
    return policies.filter((policy) => {
      const { roles: onPolicy } = policy.node.defaultChild as iam.CfnManagedPolicy | undefined ?? {};
      const attachedTo = stack.resolve(onPolicy) as unknown[] | undefined;
      return arns.has(shown(policy.managedPolicyArn)) || (attachedTo ?? []).some((role) => names.has(shown(role)));
    });
  });
}
