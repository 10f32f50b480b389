import type * as iam from 'aws-cdk-lib/aws-iam';

/**
 * Returns the ARNs by which policies refer to principals: those of roles and users, and those of `iam.ArnPrincipal`,
 * which may contain wildcards. Other principals have none.
 */
export function arnsOf(principals: readonly iam.IPrincipal[] | undefined): string[] | undefined {
  return principals?.flatMap(principalArns);
}

export function principalArns(principal: iam.IPrincipal): string[] {
  const { principalJson, conditions } = principal.grantPrincipal.policyFragment;
  const { AWS: arns = [], ...others } = principalJson;
  return Object.keys(others).length === 0 && Object.keys(conditions).length === 0 ? arns : [];
}
