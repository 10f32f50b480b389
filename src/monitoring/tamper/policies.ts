import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';

/**
 * The managed policies that are attached to roles of this app so far, wherever they lie in the tree and from whichever side
 * they were attached. What is in them is what the roles may do, and whoever changes it does not name the role.
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
      // A role that was made elsewhere (iam.Role.customizeRoles) has no resource here; what is attached to it is not known.
      const resource = role.node.defaultChild as iam.CfnRole | undefined;
      const attached = stack.resolve(resource?.managedPolicyArns) as unknown[] | undefined;
      attached?.forEach((arn) => arns.add(shown(arn)));
    }
    return stack.node.findAll().filter((node): node is iam.ManagedPolicy => node instanceof iam.ManagedPolicy).filter((policy) => {
      const attachedTo = stack.resolve((policy.node.defaultChild as iam.CfnManagedPolicy | undefined)?.roles) as unknown[] | undefined;
      return arns.has(shown(policy.managedPolicyArn)) || (attachedTo ?? []).some((role) => names.has(shown(role)));
    });
  });
}
