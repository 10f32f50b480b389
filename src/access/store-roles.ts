import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { denyModels } from './auditor-denies';
import { refuseDefaultSessionNames } from './default-session-names';
import { StoreGrants } from './grants';
import { ManagedPolicyRole, type NamedPolicyRoleProps } from './managed-policy-role';
import { OwnNamePrincipal } from './own-name-principal';
import type { StoreAccess } from './store-access';
import type { StoreRoleOptions } from './store-role-options';
import { checkStoreRoles, warnOfOpenTrust } from './store-roles-checks';
import { Problems } from '../common/problems';
import { refuseWeakening } from '../common/weakened-resources';

export { StoreRoleOptions } from './store-role-options';

/**
 * Properties of `StoreRoles`.
 */
export interface StoreRolesProps extends StoreAccess {
  /**
   * The data scientists' role, which pushes and pulls.
   *
   * @default - can be assumed by principals of this account that are granted `sts:AssumeRole` on it, under their own
   * names; every model
   */
  readonly dataScientist?: StoreRoleOptions;

  /**
   * The deployment pipelines' role, which pulls and promotes.
   *
   * @default - can be assumed by principals of this account that are granted `sts:AssumeRole` on it, under their own
   * names; every model
   */
  readonly pipeline?: StoreRoleOptions;

  /**
   * The auditors' role, which reads logs and manifests but cannot download models.
   *
   * @default - can be assumed by principals of this account that are granted `sts:AssumeRole` on it, under their own
   * names; every model
   */
  readonly auditor?: StoreRoleOptions;
}

/**
 * The roles of the people and pipelines that use the store.
 *
 * None of them can read models directly from S3. Downloads go through presigned URLs, so that every read carries the
 * name of the caller's session.
 */
export class StoreRoles extends Construct {
  /** The role that pushes and pulls. It cannot move aliases. */
  public readonly dataScientist: iam.Role;
  /** The role that pulls, and moves and removes aliases. It cannot push. */
  public readonly pipeline: iam.Role;
  /** The role that reads logs and manifests. It is denied access to the bytes of models, regardless of other grants. */
  public readonly auditor: iam.Role;

  /**
   * @param scope the scope to create the construct in
   * @param id the ID of the construct, unique within the scope
   * @param props the properties of the roles
   */
  constructor(scope: Construct, id: string, props: StoreRolesProps) {
    super(scope, id);
    const problems = Problems.of(this);
    checkStoreRoles(problems, this, props);
    problems.throwIfAny('StoreRoles');
    const grants = new StoreGrants(props);

    const dataScientist = this.createRole('DataScientist', 'Pushes and pulls models', props.dataScientist);
    grants.push(dataScientist, props.dataScientist?.models);
    grants.pull(dataScientist, props.dataScientist?.models);

    const pipeline = this.createRole('Pipeline', 'Pulls models and moves their aliases', props.pipeline);
    grants.pull(pipeline, props.pipeline?.models);
    grants.promote(pipeline, props.pipeline?.models);

    const auditor = this.createRole('Auditor', 'Reads logs and manifests, but no models', props.auditor);
    grants.audit(auditor, props.auditor?.models);
    denyModels(auditor, props, [dataScientist, pipeline]);

    refuseWeakening(this);
    warnOfOpenTrust(this, props);
    this.dataScientist = dataScientist;
    this.pipeline = pipeline;
    this.auditor = auditor;
  }

  private createRole(id: string, description: string, options: StoreRoleOptions = {}): ManagedPolicyRole {
    const conditions = options.requireMultiFactorAuthentication
      ? { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } : undefined;
    const named: NamedPolicyRoleProps = {
      assumedBy: assumedBy(options, conditions),
      description,
      maxSessionDuration: options.maxSessionDuration ?? Duration.hours(1),
      roleName: options.roleName,
      policyName: options.policyName,
    };
    const role = new ManagedPolicyRole(this, id, named);
    if (!options.allowDefaultSessionNames) {
      refuseDefaultSessionNames(role);
    }
    return role;
  }
}

function assumedBy(options: StoreRoleOptions, conditions?: iam.Conditions): iam.IPrincipal {
  if (options.assumedBy === undefined && !options.allowDefaultSessionNames) {
    return new OwnNamePrincipal(conditions);
  }
  const principal = options.assumedBy ?? new iam.AccountRootPrincipal();
  return conditions ? new iam.PrincipalWithConditions(principal, conditions) : principal;
}
