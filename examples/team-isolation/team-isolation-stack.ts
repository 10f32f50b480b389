import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ManagedPolicyRole, SecureModelArtifactStore } from '../../src';

const TEAMS = ['fraud', 'pricing', 'search'];

/** Three teams share one store. A team can only access the models whose names begin with its own. */
export class TeamIsolationStack extends Stack {
  public readonly store: SecureModelArtifactStore;
  public readonly teams: { readonly [name: string]: iam.IRole };

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    this.store = new SecureModelArtifactStore(this, 'Models');
    this.teams = Object.fromEntries(TEAMS.map((team) => [team, this.createTeam(team)]));

    new CfnOutput(this, 'StoreUrl', { value: this.store.url! });
    new CfnOutput(this, 'AuditorRoleArn', { value: this.store.auditorRole.roleArn });
  }

  private createTeam(team: string): iam.IRole {
    const id = `${team[0].toUpperCase()}${team.slice(1)}Team`;
    const role = new ManagedPolicyRole(this, id, {
      description: `Pushes, pulls and promotes the models of the ${team} team`,
      // This alone lets no one assume the role: an administrator allows the team's members sts:AssumeRole on it.
      assumedBy: new iam.AccountRootPrincipal(),
    });
    const models = [`${team}-*`];
    this.store.grantPush(role, models);
    this.store.grantPull(role, models);
    this.store.grantPromote(role, models);
    new CfnOutput(this, `${id}RoleArn`, { value: role.roleArn });
    return role;
  }
}
