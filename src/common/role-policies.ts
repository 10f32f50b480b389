import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import { POLICIES_PER_ROLE, POLICY_CHARACTERS, splitByResources, statementSize } from './policy-size';
import { acknowledgeWildcards } from './wildcard-acknowledgements';

const registry = new WeakMap<IConstruct, RolePolicies>();

/**
 * The managed policies of a role that hold its permissions on stores. Four of cdk-nag's rule packs refuse inline policies,
 * and acknowledging them on a role of somebody else would also cover that owner's own inline policies.
 */
export class RolePolicies {
  /** The policies of a role, wherever the role was made. */
  public static of(role: iam.IRole & IConstruct): RolePolicies {
    return registry.get(role) ?? new RolePolicies(role, 'ModelStorePermissions');
  }

  private policy?: iam.ManagedPolicy;
  private policies = 0;
  private characters = 0;

  private readonly made: iam.ManagedPolicy[] = [];

  /**
   * @param role the role that gets the permissions
   * @param id id of the first policy
   * @param policyName name of the first policy; CloudFormation names the policies if absent
   */
  constructor(
    private readonly role: iam.IRole & IConstruct, private readonly id: string, private readonly policyName?: string,
  ) {
    registry.set(role, this);
  }

  /** Names of the policies made so far. */
  public get names(): string[] {
    return this.made.map((policy, index) => this.nameOf(index + 1) ?? policy.managedPolicyName);
  }

  /**
   * Adds a statement, split over several policies where it does not fit into one.
   *
   * @param statement the permission
   * @param wildcardReason why the wildcards among its resources are as narrow as they can be
   */
  public add(statement: iam.PolicyStatement, wildcardReason?: string): iam.AddToPrincipalPolicyResult {
    let policy = this.current();
    for (const part of splitByResources(this.role, statement)) {
      const size = statementSize(this.role, part);
      if (this.characters > 0 && this.characters + size > POLICY_CHARACTERS) {
        policy = this.startPolicy();
      }
      policy.addStatements(part);
      this.characters += size;
      if (wildcardReason !== undefined) {
        acknowledgeWildcards(policy, part.resources, wildcardReason);
      }
    }
    return { statementAdded: true, policyDependable: policy };
  }

  private current(): iam.ManagedPolicy {
    return this.policy ?? this.startPolicy();
  }

  private startPolicy(): iam.ManagedPolicy {
    if (this.policies === POLICIES_PER_ROLE) {
      throw new Error(`the permissions of ${this.role.node.path} do not fit into the ${POLICIES_PER_ROLE} managed policies that AWS attaches to `
        + 'a role; name fewer models, or give models a common beginning and grant that, such as "fraud-*"');
    }
    this.policies += 1;
    this.characters = 0;
    this.policy = new iam.ManagedPolicy(this.role as unknown as Construct, `${this.id}${this.policies === 1 ? '' : this.policies}`, {
      managedPolicyName: this.nameOf(this.policies), roles: [this.role], description: `Permissions of ${this.role.node.path}`,
    });
    this.made.push(this.policy);
    return this.policy;
  }

  private nameOf(number: number): string | undefined {
    return this.policyName === undefined || number === 1 ? this.policyName : `${this.policyName}-${number}`;
  }
}

export function isRoleConstruct(principal: iam.IPrincipal): principal is iam.IRole & Construct {
  return Construct.isConstruct(principal) && 'roleArn' in principal && 'addManagedPolicy' in principal;
}
