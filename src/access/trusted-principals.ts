import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import type { Problems } from '../common/problems';

/** One statement of a trust policy, resolved. */
interface Trust {
  readonly principal: string;
  readonly actions: readonly string[];
  readonly conditions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * Condition keys that limit who can call, or from where. Other keys (MFA, TLS, the session name, a tag that any account
 * can set) leave a role open to every AWS account.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const LIMITING_KEYS = [
  'aws:principalorgid', 'aws:principalorgpaths', 'aws:principalaccount', 'aws:principalarn', 'aws:userid',
  'aws:sourceaccount', 'aws:sourcearn', 'aws:sourceorgid', 'aws:sourceorgpaths', 'aws:sourceip', 'aws:sourcevpc',
  'aws:sourcevpce', 'aws:sourcevpcarn', 'sts:externalid',
];

/** Reports trust policies that are open to everyone, or that require MFA from principals that can never have it. */
export function checkTrust(
  problems: Problems, scope: IConstruct, property: string, principal: iam.IPrincipal, requiresMfa: boolean,
): void {
  for (const trust of trustOf(scope, principal)) {
    if (isEverybody(trust.principal) && !isLimited(trust, (key) => LIMITING_KEYS.includes(key))) {
      problems.add(`${property}.assumedBy is open to everyone (${trust.principal}), so any AWS account could assume `
        + 'the role; name the principals, or use new iam.OrganizationPrincipal(…) or withConditions on '
        + 'aws:PrincipalOrgID, aws:PrincipalAccount or aws:PrincipalArn');
    }
    if (trust.actions.includes('sts:AssumeRoleWithWebIdentity') && !isLimited(trust, identifiesWebUser)) {
      problems.add(`${property}.assumedBy includes everyone that ${trust.principal} signs in, such as every GitHub `
        + 'repository; limit it with a condition, such as StringLike: { \'token.actions.githubusercontent.com:sub\': '
        + '\'repo:my-org/my-repo:*\' }');
    }
    if (requiresMfa && neverHasMfa(trust)) {
      problems.add(`${property}.requireMultiFactorAuthentication is true, but `
        + `${problems.name(`${property}.assumedBy`)} includes ${trust.principal}, whose sessions never carry `
        + 'aws:MultiFactorAuthPresent, so it could never assume the role; require MFA where it signs in, and omit the '
        + 'property');
    }
  }
}

/** Whether a condition is on a claim of the web identity that identifies the user, not only on the audience STS. */
function identifiesWebUser(key: string, values: readonly unknown[]): boolean {
  return /[a-z]:[a-z_]+$/.test(key) && !key.startsWith('sts:') && !values.includes('sts.amazonaws.com');
}

/** Returns the statements that a principal adds to a trust policy, for any kind of principal. */
function trustOf(scope: IConstruct, principal: iam.IPrincipal): Trust[] {
  const document = new iam.PolicyDocument();
  const added = principal as Partial<iam.IAssumeRolePrincipal>;
  if (added.addToAssumeRolePolicy) {
    added.addToAssumeRolePolicy(document);
  } else {
    document.addStatements(new iam.PolicyStatement({ actions: [principal.assumeRoleAction], principals: [principal] }));
  }
  const resolved = (Stack.of(scope).resolve(document) ?? {}) as { Statement?: Array<Record<string, unknown>> };
  const { Statement: statements = [] } = resolved;
  return statements.filter(({ Effect: effect }) => effect === 'Allow').flatMap((statement) => {
    const actions = list(statement.Action).map(String);
    const conditions = (statement.Condition ?? {}) as Trust['conditions'];
    const principals = typeof statement.Principal === 'string'
      ? { AWS: statement.Principal } : statement.Principal as Record<string, unknown>;
    return Object.values(principals ?? {}).flatMap(list).map((one) => ({
      principal: typeof one === 'string' ? one : JSON.stringify(one), actions, conditions,
    }));
  });
}

/** IAM does not accept a wildcard within a principal, but the CDK does not reject one. */
function isEverybody(principal: string): boolean {
  return principal.includes('*');
}

/** Whether a mandatory condition, which a missing key does not satisfy, limits one of these keys to specific values. */
function isLimited({ conditions }: Trust, limits: (key: string, values: readonly unknown[]) => boolean): boolean {
  return Object.entries(conditions).some(([operator, keys]) =>
    !/Not|IfExists$|^ForAllValues:|^Null$/.test(operator)
    && Object.entries(keys).some(([key, value]) =>
      limits(key.toLowerCase(), list(value)) && !list(value).includes('*')));
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html */
function neverHasMfa({ principal, actions }: Trust): boolean {
  return actions.some((action) => /^sts:AssumeRoleWith(WebIdentity|SAML)$/.test(action))
    || /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/.test(principal)
    || /:iam::[^:]*:role\//.test(principal) || /:sts::[^:]*:assumed-role\//.test(principal);
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}
