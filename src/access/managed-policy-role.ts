import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { RolePolicies } from '../common/role-policies';
import { acknowledgeWildcards } from '../common/wildcard-acknowledgements';

/** A role whose policies have a fixed name. */
export interface NamedPolicyRoleProps extends iam.RoleProps {
  /**
   * The name of the managed policy that holds the role's permissions. Permission sets of IAM Identity Center can attach
   * it by this name.
   *
   * Permissions that do not fit into one policy continue in additional policies with the suffixes `-2`, `-3` and so on.
   * At most 125 characters. Renaming replaces the policy.
   *
   * @default - CloudFormation generates a name
   */
  readonly policyName?: string;
}

/**
 * A role whose permissions are always stored in managed policies. Four of cdk-nag's rule packs reject inline policies,
 * because only managed policies are listed in IAM and have a version history.
 *
 * The store uses it for its own roles. A store's grants use managed policies for every role. Use this class for a role
 * whose other permissions should be in managed policies too.
 */
export class ManagedPolicyRole extends iam.Role {
  private readonly permissions: RolePolicies;

  /**
   * @param scope the scope to create the role in
   * @param id the ID of the construct
   * @param props the properties of the role
   */
  constructor(scope: Construct, id: string, props: iam.RoleProps) {
    super(scope, id, props);
    const { policyName }: NamedPolicyRoleProps = props;
    this.permissions = new RolePolicies(this, 'Permissions', policyName);
  }

  /** The names of the managed policies that hold the role's permissions so far. */
  public get policyNames(): string[] {
    return this.permissions.names;
  }

  /**
   * Adds a permission to the role's managed policies.
   *
   * @param statement the statement to add
   */
  public addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    return this.permissions.add(statement);
  }

  /**
   * Acknowledges cdk-nag findings about wildcards in these resources, in the policies of this role.
   *
   * @param resources the resources of a statement, exactly as passed to it; those without a wildcard are skipped
   * @param reason why the wildcards cannot be narrower
   */
  public explainWildcards(resources: string[], reason: string): void {
    acknowledgeWildcards(this, resources, reason);
  }
}
