import * as iam from 'aws-cdk-lib/aws-iam';
import type { Problems } from '../common/problems';
import { DEFAULT_SESSION_NAME_PATTERNS } from '../contract/default-session-names';

/**
 * Denies sessions of a role with a name that an SDK made up, whoever the trust policy lets in.
 *
 * A deny, so that it also holds for statements that are added to the trust policy later. `sts:RoleSessionName` comes with each of the
 * three ways to assume a role; a request without it, as of a service, does not match:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#ck_rolesessionname
 */
export function refuseDefaultSessionNames(role: iam.Role): void {
  role.assumeRolePolicy?.addStatements(new iam.PolicyStatement({
    sid: 'DenyDefaultSessionNames',
    effect: iam.Effect.DENY,
    principals: [new iam.StarPrincipal()],
    actions: ['sts:AssumeRole', 'sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity'],
    conditions: { StringLike: { 'sts:RoleSessionName': [...DEFAULT_SESSION_NAME_PATTERNS] } },
  }));
}

/** Names of roles whose sessions may have such a name. */
export function checkRoleNames(problems: Problems, property: string, roleNames: readonly string[] | undefined): void {
  for (const [name, index] of problems.items(property, roleNames)) {
    if (!/^([\w+=,.@-]{1,64}|[\w+=,.@-]{0,63}\*)$/.test(name)) {
      problems.add(`${property}[${index}] is ${JSON.stringify(name)}: give the name of a role (not its ARN), or the beginning of `
        + 'one with a single "*" at its end');
    }
  }
}
