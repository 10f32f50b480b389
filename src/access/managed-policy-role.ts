import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledgeWildcards } from '../storage/wildcard-acknowledgements';

/**
 * A role whose permissions lie in a managed policy, whoever adds them: four rule packs refuse inline policies, because only
 * a managed one shows up in IAM with its own version history.
 */
export class ManagedPolicyRole extends iam.Role {
  public readonly permissions: iam.ManagedPolicy;

  constructor(scope: Construct, id: string, props: iam.RoleProps) {
    super(scope, id, props);
    this.permissions = new iam.ManagedPolicy(this, 'Permissions', { roles: [this], description: props.description });
  }

  public addToPrincipalPolicy(statement: iam.PolicyStatement): iam.AddToPrincipalPolicyResult {
    this.permissions.addStatements(statement);
    return { statementAdded: true, policyDependable: this.permissions };
  }

  /** Say why the wildcards among these resources are as narrow as they can be. */
  public explainWildcards(resources: readonly string[], reason: string): void {
    acknowledgeWildcards(this.permissions, resources, reason);
  }
}
