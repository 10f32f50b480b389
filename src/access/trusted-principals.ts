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
 * Condition keys that say who calls, or from where. Others (MFA, TLS, the session's name, a tag that any account can set)
 * leave a role open to every AWS account in the world.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const LIMITING_KEYS = [
  'aws:principalorgid', 'aws:principalorgpaths', 'aws:principalaccount', 'aws:principalarn', 'aws:userid',
  'aws:sourceaccount', 'aws:sourcearn', 'aws:sourceorgid', 'aws:sourceorgpaths', 'aws:sourceip', 'aws:sourcevpc', 'aws:sourcevpce',
  'aws:sourcevpcarn', 'sts:externalid',
];

/** Who may assume a role, and whether that can be meant. */
export function checkTrust(problems: Problems, scope: IConstruct, property: string, principal: iam.IPrincipal, requiresMfa: boolean): void {
  for (const trust of trustOf(scope, principal)) {
    if (isEverybody(trust.principal) && !isLimited(trust, (key) => LIMITING_KEYS.includes(key))) {
      problems.add(`${property}.assumedBy is everybody (${trust.principal}), so that any AWS account in the world could assume the role; name the principals, `
        + 'or use new iam.OrganizationPrincipal(…) or withConditions on aws:PrincipalOrgID, aws:PrincipalAccount or aws:PrincipalArn');
    }
    if (trust.actions.includes('sts:AssumeRoleWithWebIdentity') && !isLimited(trust, (key, values) => /[a-z]:[a-z_]+$/.test(key) && !key.startsWith('sts:') && !values.includes('sts.amazonaws.com'))) {
      problems.add(`${property}.assumedBy is whoever ${trust.principal} signs in, such as every repository of GitHub; name whom in a condition, such as `
        + 'StringLike: { \'token.actions.githubusercontent.com:sub\': \'repo:my-org/my-repo:*\' }');
    }
    if (requiresMfa && neverHasMfa(trust)) {
      problems.add(`${property}.requireMultiFactorAuthentication is true, but ${problems.name(`${property}.assumedBy`)} has ${trust.principal}, whose sessions never carry `
        + 'aws:MultiFactorAuthPresent, so that it could never assume the role; require MFA where it signs in, and leave the property out');
    }
  }
}

/** The statements that a principal adds to a trust policy, whatever kind of principal it is. */
function trustOf(scope: IConstruct, principal: iam.IPrincipal): Trust[] {
  const document = new iam.PolicyDocument();
  const added = principal as Partial<iam.IAssumeRolePrincipal>;
  if (added.addToAssumeRolePolicy) {
    added.addToAssumeRolePolicy(document);
  } else {
    document.addStatements(new iam.PolicyStatement({ actions: [principal.assumeRoleAction], principals: [principal] }));
  }
  const { Statement: statements = [] } = (Stack.of(scope).resolve(document) ?? {}) as { Statement?: Array<Record<string, unknown>> };
  return statements.filter(({ Effect: effect }) => effect === 'Allow').flatMap((statement) => {
    const actions = list(statement.Action).map(String);
    const conditions = (statement.Condition ?? {}) as Trust['conditions'];
    const principals = typeof statement.Principal === 'string' ? { AWS: statement.Principal } : statement.Principal as Record<string, unknown>;
    return Object.values(principals ?? {}).flatMap(list).map((one) => ({
      principal: typeof one === 'string' ? one : JSON.stringify(one), actions, conditions,
    }));
  });
}

/** IAM takes no wildcard within a principal, but the CDK lets one pass. */
function isEverybody(principal: string): boolean {
  return principal.includes('*');
}

/** Whether a condition that has to hold, and holds for no absent key, names one of these keys with a value of its own. */
function isLimited({ conditions }: Trust, limits: (key: string, values: readonly unknown[]) => boolean): boolean {
  return Object.entries(conditions).some(([operator, keys]) =>
    !/Not|IfExists$|^ForAllValues:|^Null$/.test(operator)
    && Object.entries(keys).some(([key, value]) => limits(key.toLowerCase(), list(value)) && !list(value).includes('*')));
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
