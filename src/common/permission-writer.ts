import { Names } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import { describeGrantee, dropsPolicies, withoutConditions } from './grantee';
import { requireAction } from './required-actions';
import { isRoleConstruct, RolePolicies } from './role-policies';
import { acknowledgeWildcards } from './wildcard-acknowledgements';

/** One statement of a grant. */
export interface Permission {
  readonly actions: string[];
  readonly resourceArns: string[];
  readonly conditions?: { [operator: string]: { [key: string]: unknown } };
  /** Why the wildcards in the resources cannot be narrower. */
  readonly wildcardReason?: string;
}

/** Adds a permission to the policies of a grantee, and acknowledges its wildcards on the policy that holds it. */
export function addPermission(grantee: iam.IGrantable, { wildcardReason, ...permission }: Permission): iam.Grant {
  const principal = withoutConditions(grantee.grantPrincipal);
  const writer = new Writer(principal, wildcardReason);
  const grant = iam.Grant.addToPrincipal({ ...permission, grantee: { grantPrincipal: writer } });
  grant.assertSuccess();
  return grant;
}

/** Reports a grant to a role whose policies this app does not change, so that its owner adds the statements. */
export function reportUnchangedRole(
  scope: IConstruct, grantee: iam.IGrantable, permission: string, grant: iam.Grant,
): void {
  if (!dropsPolicies(grantee)) {
    return;
  }
  const role = describeGrantee(grantee);
  requireAction(scope as Construct, {
    id: 'SecureModelArtifactStore::UnchangedRole',
    resource: `the role ${role}`,
    why: `so that the grant of "${permission}" takes effect`,
    settings: [],
    policyStatements: grant.principalStatements,
    outputId: outputId(scope, permission, grantee.grantPrincipal),
  });
}

function outputId(scope: IConstruct, permission: string, principal: iam.IPrincipal): string {
  const name = Construct.isConstruct(principal) ? Names.uniqueResourceName(principal, { maxLength: 60 }) : 'Role';
  const id = `Required${permission}Policy${name}`;
  let number = 1;
  while (scope.node.tryFindChild(number === 1 ? id : `${id}${number}`)) {
    number += 1;
  }
  return number === 1 ? id : `${id}${number}`;
}

/** A principal that adds statements to managed policies, which cdk-nag accepts, where it can. */
class Writer implements iam.IPrincipal {
  public readonly grantPrincipal = this;
  public readonly assumeRoleAction: string;
  public readonly principalAccount?: string;

  constructor(private readonly principal: iam.IPrincipal, private readonly wildcardReason?: string) {
    this.assumeRoleAction = principal.assumeRoleAction;
    this.principalAccount = principal.principalAccount;
  }

  public get policyFragment(): iam.PrincipalPolicyFragment {
    return this.principal.policyFragment;
  }

  public addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    if (isRoleConstruct(this.principal) && !dropsPolicies(this.principal)) {
      return RolePolicies.of(this.principal).add(statement, this.wildcardReason);
    }
    const result = this.principal.addToPrincipalPolicy(statement);
    if (this.wildcardReason !== undefined && Construct.isConstruct(result.policyDependable)) {
      acknowledgeWildcards(result.policyDependable, statement.resources, this.wildcardReason);
    }
    return result;
  }
}
