import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import { POLICIES_PER_ROLE, POLICY_CHARACTERS, splitByResources, statementSize } from './policy-size';
import { acknowledgeWildcards } from './wildcard-acknowledgements';

const registry = new WeakMap<IConstruct, RolePolicies>();

/**
 * The managed policies of a role that hold its permissions on stores. Four of cdk-nag's rule packs reject inline
 * policies, and acknowledging them on another owner's role would also cover that owner's inline policies.
 */
export class RolePolicies {
  /** Returns the policies of a role, which may be defined elsewhere. */
  public static of(role: iam.IRole & IConstruct): RolePolicies {
    return registry.get(role) ?? new RolePolicies(role, 'ModelStorePermissions');
  }

  /** The names that the policies of a role can have, if the first one has this name. */
  public static namesOf(policyName: string): string[] {
    return Array.from({ length: POLICIES_PER_ROLE }, (_, index) => numbered(policyName, index + 1));
  }

  private policy?: iam.ManagedPolicy;
  private policies = 0;
  private characters = 0;

  private readonly made: iam.ManagedPolicy[] = [];

  /**
   * @param role the role to grant permissions to
   * @param id the ID of the first policy
   * @param policyName the name of the first policy; by default, CloudFormation names the policies
   */
  constructor(
    private readonly role: iam.IRole & IConstruct, private readonly id: string, private readonly policyName?: string,
  ) {
    registry.set(role, this);
  }

  /** The names of the policies created so far. */
  public get names(): string[] {
    return this.made.map((policy, index) => this.nameOf(index + 1) ?? policy.managedPolicyName);
  }

  /**
   * Adds a statement, split across several policies if it does not fit into one.
   *
   * @param statement the statement to add
   * @param wildcardReason why the wildcards in its resources cannot be narrower
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
      throw new Error(`the permissions of ${this.role.node.path} do not fit into ${POLICIES_PER_ROLE} managed `
        + 'policies, the most that a role can have; name fewer models, or give the models a common prefix and grant '
        + 'that, such as "fraud-*"');
    }
    this.policies += 1;
    this.characters = 0;
    const id = `${this.id}${this.policies === 1 ? '' : this.policies}`;
    this.policy = new iam.ManagedPolicy(this.role as unknown as Construct, id, {
      managedPolicyName: this.nameOf(this.policies),
      roles: [this.role],
      description: `Permissions of ${this.role.node.path}`,
    });
    this.made.push(this.policy);
    return this.policy;
  }

  private nameOf(number: number): string | undefined {
    return this.policyName === undefined ? undefined : numbered(this.policyName, number);
  }
}

function numbered(policyName: string, number: number): string {
  return number === 1 ? policyName : `${policyName}-${number}`;
}

export function isRoleConstruct(principal: iam.IPrincipal): principal is iam.IRole & Construct {
  return Construct.isConstruct(principal) && 'roleArn' in principal && 'addManagedPolicy' in principal;
}
