import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { denyModels } from './auditor-denies';
import { refuseDefaultSessionNames } from './default-session-names';
import { StoreGrants } from './grants';
import { ManagedPolicyRole } from './managed-policy-role';
import type { StoreAccess } from './store-access';
import { checkStoreRoles } from './store-roles-checks';
import { Problems } from '../common/problems';

/**
 * Who may take one of the store's roles, and how.
 */
export interface StoreRoleOptions {
  /**
   * The principals that may assume the role. Several principals: `new iam.CompositePrincipal(…)`.
   *
   * The store's records show the name of the session, which whoever assumes a role chooses. IAM Identity Center names only the
   * session of its own permission set after the person: after a hop from there to this role, the name is what the client's
   * profile says (`role_session_name`). To do without the hop, give the permission set the role's permissions (`policyName`).
   * Hold IAM users to their own name:
   * `new iam.AccountRootPrincipal().withConditions({ StringLike: { 'sts:RoleSessionName': '${aws:username}' } })`.
   *
   * @default - principals of this account that an administrator gives `sts:AssumeRole` on the role; by itself that opens
   * it to no principal
   */
  readonly assumedBy?: iam.IPrincipal;

  /**
   * Whether sessions of the role may have a name that an AWS SDK made up, such as `aws-sdk-js-1795855669439` or
   * `botocore-session-1795855669`.
   *
   * By default the role's trust policy denies such a session, and the API refuses its requests: its name says nothing of who
   * called, and each command would be a principal of its own in the audit and in the alarms. The names that AWS services, IAM
   * Identity Center and the GitHub action give are not among them.
   *
   * @default false
   */
  readonly allowDefaultSessionNames?: boolean;

  /**
   * Name of the customer managed policy with the role's permissions. A permission set of IAM Identity Center attaches it by
   * this name, so that people reach the store without assuming the role, and the store's records show the name that Identity
   * Center gave their session: https://docs.aws.amazon.com/singlesignon/latest/userguide/howtocmp.html
   *
   * Permissions that do not fit into one policy continue in others, with `-2`, `-3` and so on behind the name; the stack's output
   * lists them all. At most 125 characters, unique in the account. Renaming replaces the policy.
   *
   * @default - CloudFormation names it
   */
  readonly policyName?: string;

  /**
   * Refuse whoever did not sign in with a second factor.
   *
   * AWS knows of the second factor of IAM users only. Whoever comes from IAM Identity Center or from another role is
   * refused too, however they signed in there:
   * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
   *
   * @default false
   */
  readonly requireMultiFactorAuthentication?: boolean;

  /**
   * How long a session of the role lives: 1 to 12 hours.
   *
   * @default Duration.hours(1)
   */
  readonly maxSessionDuration?: Duration;

  /**
   * Which models the role is for: names, or beginnings of names with a `*` behind.
   *
   * @default - every model
   */
  readonly models?: string[];

  /**
   * Name of the role. Renaming replaces it.
   *
   * @default - CloudFormation names it
   */
  readonly roleName?: string;
}

/**
 * Properties of `StoreRoles`.
 */
export interface StoreRolesProps extends StoreAccess {
  /**
   * The data scientists' role.
   *
   * @default - principals of this account that are given `sts:AssumeRole` on it; every model
   */
  readonly dataScientist?: StoreRoleOptions;

  /**
   * The deployment pipeline's role.
   *
   * @default - principals of this account that are given `sts:AssumeRole` on it; every model
   */
  readonly pipeline?: StoreRoleOptions;

  /**
   * The auditors' role.
   *
   * @default - principals of this account that are given `sts:AssumeRole` on it; every model
   */
  readonly auditor?: StoreRoleOptions;
}

/**
 * The roles of the people and machines that use the store.
 *
 * All three reach models through links alone, none in S3 directly, so that every read carries the name of their session.
 */
export class StoreRoles extends Construct {
  /** Pushes and pulls. Cannot move an alias. */
  public readonly dataScientist: iam.Role;
  /** Pulls and moves aliases. Cannot push. */
  public readonly pipeline: iam.Role;
  /** Reads logs and manifests. Is denied every byte of every model, whatever else it is granted. */
  public readonly auditor: iam.Role;

  /**
   * @param scope the construct to create it in
   * @param id id of the construct, unique within the scope
   * @param props its properties
   */
  constructor(scope: Construct, id: string, props: StoreRolesProps) {
    super(scope, id);
    const problems = Problems.of(this);
    checkStoreRoles(problems, this, props);
    problems.throwIfAny('StoreRoles');
    const grants = new StoreGrants(props);

    const dataScientist = this.createRole('DataScientist', 'Pushes and pulls models', props.dataScientist);
    grants.upload(dataScientist, props.dataScientist?.models);
    grants.downloadByLink(dataScientist, props.dataScientist?.models);

    const pipeline = this.createRole('Pipeline', 'Pulls models and moves their aliases', props.pipeline);
    grants.downloadByLink(pipeline, props.pipeline?.models);
    grants.promote(pipeline, props.pipeline?.models);

    const auditor = this.createRole('Auditor', 'Reads logs and manifests, and no model', props.auditor);
    grants.audit(auditor, props.auditor?.models);
    denyModels(auditor, props, [dataScientist, pipeline]);

    this.dataScientist = dataScientist;
    this.pipeline = pipeline;
    this.auditor = auditor;
  }

  private createRole(id: string, description: string, options: StoreRoleOptions = {}): ManagedPolicyRole {
    const principal = options.assumedBy ?? new iam.AccountRootPrincipal();
    const role = new ManagedPolicyRole(this, id, {
      assumedBy: options.requireMultiFactorAuthentication
        ? new iam.PrincipalWithConditions(principal, { Bool: { 'aws:MultiFactorAuthPresent': 'true' } })
        : principal,
      description,
      maxSessionDuration: options.maxSessionDuration ?? Duration.hours(1),
      roleName: options.roleName,
      policyName: options.policyName,
    });
    if (!options.allowDefaultSessionNames) {
      refuseDefaultSessionNames(role);
    }
    return role;
  }
}
