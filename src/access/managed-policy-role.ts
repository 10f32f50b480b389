import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { RolePolicies } from '../common/role-policies';
import { acknowledgeWildcards } from '../common/wildcard-acknowledgements';

/**
 * Properties of `ManagedPolicyRole`.
 */
export interface ManagedPolicyRoleProps extends iam.RoleProps {
  /**
   * Name of the managed policy with the role's permissions, by which permission sets of IAM Identity Center attach it too.
   * Permissions that do not fit into one continue in others, with `-2`, `-3` and so on behind the name. At most 125 characters.
   * Renaming replaces the policy.
   *
   * @default - CloudFormation names it
   */
  readonly policyName?: string;
}

/**
 * A role whose permissions are in managed policies, whoever adds them: four of cdk-nag's rule packs refuse inline policies,
 * because only a managed policy is listed in IAM and has its own version history.
 *
 * The store's own roles are such roles. A store's grants use managed policies for every role; use this class for a role
 * whose other permissions should be in managed policies too.
 */
export class ManagedPolicyRole extends iam.Role {
  private readonly permissions: RolePolicies;

  /**
   * @param scope the construct to create the role in
   * @param id id of the construct
   * @param props the properties of any role, and the name of its policy
   */
  constructor(scope: Construct, id: string, props: ManagedPolicyRoleProps) {
    super(scope, id, props);
    this.permissions = new RolePolicies(this, 'Permissions', props.policyName);
  }

  /** Names of the managed policies that hold the role's permissions so far. */
  public get policyNames(): string[] {
    return this.permissions.names;
  }

  /**
   * Adds a permission to the role's managed policies.
   *
   * @param statement the permission
   */
  public addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    return this.permissions.add(statement);
  }

  /**
   * Acknowledges the wildcards among these resources, in the policies of this role.
   *
   * @param resources the resources of a statement, as they were given to it; those without a wildcard are skipped
   * @param reason why they are as narrow as they can be
   */
  public explainWildcards(resources: string[], reason: string): void {
    acknowledgeWildcards(this, resources, reason);
  }
}
