import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import type { Problems } from './problems';

/**
 * Reports why a grant would have no effect.
 *
 * S3, KMS, SSM and API Gateway allow a principal of another account only if the policies of the bucket, the key, the
 * parameter and the API also allow it. The store's policies do not: permissions come only from IAM in its own account.
 */
export function checkGrantee(problems: Problems, scope: IConstruct, grantee: iam.IGrantable): void {
  const principal = withoutConditions(grantee.grantPrincipal);
  const { account } = Stack.of(scope);
  const theirs = accountOf(grantee, principal);
  if (theirs && !Token.isUnresolved(theirs) && !Token.isUnresolved(account) && theirs !== account) {
    problems.add(`the grantee is ${describe(grantee, principal)} in account ${theirs}, but the store is in account `
      + `${account}: the grant would have no effect, because the store's policies admit only principals of account `
      + `${account}; create an iam.Role in account ${account} that this principal can assume (assumedBy), grant that `
      + 'role the permission, and assume it (see "Principals of another account" in docs/guides/give-access.md)');
  } else if (principal instanceof iam.PrincipalBase) {
    problems.add(`the grantee is ${describe(grantee, principal)}, which has no policy to add the permission to; `
      + 'create an iam.Role that it can assume (assumedBy), and grant that role the permission');
  }
}

/** Whether a role ignores policy updates, as with `Role.withoutPolicyUpdates()` and `mutable: false`. */
export function dropsPolicies(grantee: iam.IGrantable): boolean {
  // The CDK does not export the class, and the role reports every statement as added.
  const { constructor } = withoutConditions(grantee.grantPrincipal);
  const { PROPERTY_INJECTION_ID: id } = constructor as { PROPERTY_INJECTION_ID?: string };
  return id?.endsWith('.ImmutableRole') ?? false;
}

/** Returns the name of a grantee, for messages. */
export function describeGrantee(grantee: iam.IGrantable): string {
  return describe(grantee, withoutConditions(grantee.grantPrincipal));
}

function describe(grantee: iam.IGrantable, principal: iam.IPrincipal): string {
  const arn = literal((principal as { roleArn?: string }).roleArn)
    ?? literal((principal as { userArn?: string }).userArn)
    ?? literal((principal as { groupArn?: string }).groupArn) ?? literal((principal as { arn?: string }).arn);
  if (arn !== undefined && arn !== '*') {
    return arn;
  }
  for (const construct of [principal, grantee]) {
    if (Construct.isConstruct(construct)) {
      return construct.node.path;
    }
  }
  const text = String(principal);
  return Token.isUnresolved(text) || text.startsWith('[object') ? principal.constructor.name : text;
}

function literal(arn: unknown): string | undefined {
  return typeof arn === 'string' && !Token.isUnresolved(arn) ? arn : undefined;
}

function accountOf(grantee: iam.IGrantable, principal: iam.IPrincipal): string | undefined {
  // A function or a job that was imported without its role still knows its account.
  return principal.principalAccount
    ?? (grantee as { env?: { account?: string } }).env?.account
    ?? literal((principal as { arn?: string }).arn)?.split(':')[4];
}

/** Returns the principal that `withConditions` or `withSessionTags` wraps, which is the one that has a policy. */
export function withoutConditions(principal: iam.IPrincipal): iam.IPrincipal {
  const wrapped = principal instanceof iam.PrincipalBase
    ? (principal as unknown as { wrapped?: iam.IPrincipal }).wrapped : undefined;
  return wrapped === undefined ? principal : withoutConditions(wrapped);
}
