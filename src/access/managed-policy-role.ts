import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { POLICIES_PER_ROLE, POLICY_CHARACTERS, splitByResources, statementSize } from './policy-size';
import { acknowledgeWildcards } from '../storage/wildcard-acknowledgements';

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
 * A role whose permissions lie in managed policies, whoever adds them: four rule packs refuse inline policies, because only
 * a managed one shows up in IAM with its own version history.
 *
 * The store's own roles are such. Use it for teams and jobs that you grant something on the store, and the grants acknowledge
 * their own wildcards.
 */
export class ManagedPolicyRole extends iam.Role {
  private policy: iam.ManagedPolicy;
  private policies = 1;
  private characters = 0;
  private readonly givenPolicyName?: string;
  private readonly madePolicyNames: string[] = [];

  constructor(scope: Construct, id: string, props: ManagedPolicyRoleProps) {
    super(scope, id, props);
    this.givenPolicyName = props.policyName;
    this.policy = this.createPolicy('Permissions');
  }

  /** Names of the managed policies that hold the role's permissions so far. */
  public get policyNames(): string[] {
    return [...this.madePolicyNames];
  }

  public addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    for (const part of splitByResources(this, statement)) {
      const size = statementSize(this, part);
      if (this.characters > 0 && this.characters + size > POLICY_CHARACTERS) {
        this.startAnotherPolicy();
      }
      this.policy.addStatements(part);
      this.characters += size;
    }
    return { statementAdded: true, policyDependable: this.policy };
  }

  /**
   * Say why the wildcards among these resources are as narrow as they can be.
   *
   * @param resources the resources of a statement, as they were given to it; those without a wildcard are skipped
   * @param reason why
   */
  public explainWildcards(resources: string[], reason: string): void {
    acknowledgeWildcards(this, resources, reason);
  }

  private startAnotherPolicy(): void {
    if (this.policies === POLICIES_PER_ROLE) {
      throw new Error(`the permissions of ${this.node.path} do not fit into the ${POLICIES_PER_ROLE} managed policies that AWS attaches to `
        + 'a role; name fewer models, or give models a common beginning and grant that, such as "fraud-*"');
    }
    this.policies += 1;
    this.policy = this.createPolicy(`Permissions${this.policies}`);
    this.characters = 0;
  }

  private createPolicy(id: string): iam.ManagedPolicy {
    const managedPolicyName = this.givenPolicyName === undefined || this.policies === 1
      ? this.givenPolicyName : `${this.givenPolicyName}-${this.policies}`;
    const policy = new iam.ManagedPolicy(this, id, { managedPolicyName, roles: [this], description: `Permissions of ${this.node.path}` });
    this.madePolicyNames.push(managedPolicyName ?? policy.managedPolicyName);
    return policy;
  }
}
