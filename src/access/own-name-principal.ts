import * as iam from 'aws-cdk-lib/aws-iam';

/**
 * The principals of the account, each under its own name. Policies that administrators attach widely, such as
 * PowerUserAccess, allow `sts:AssumeRole` on every role; the name in the logs is then at least the caller's.
 *
 *   caller                 | session name                               | because
 *   -----------------------+--------------------------------------------+-------------------------------------------
 *   IAM user               | the user name                              | `aws:username` is in no other request
 *   session of a role      | the session name that it has already, such | `aws:userid` is the role's ID, ":" and the
 *                          | as the one that Identity Center set        | session name; that of a user has no ":"
 *   session with a source  | the same                                   | it also keeps its source identity, which
 *   identity               |                                            | cannot be changed anyway
 *
 * Services and identity providers are not principals of the account: they need `assumedBy`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export class OwnNamePrincipal extends iam.AccountRootPrincipal {
  /**
   * @param further conditions of every statement, such as MFA
   */
  constructor(private readonly further: iam.Conditions = {}) {
    super();
  }

  public addToAssumeRolePolicy(document: iam.PolicyDocument): void {
    const allow = (action: string, conditions: iam.Conditions) => document.addStatements(new iam.PolicyStatement({
      actions: [action], principals: [this], conditions: { ...this.further, ...conditions },
    }));
    allow('sts:AssumeRole', { StringEquals: { 'sts:RoleSessionName': '${aws:username}' } });
    allow('sts:AssumeRole', { StringLike: { 'aws:userid': '*:${sts:RoleSessionName}' } });
    allow('sts:SetSourceIdentity', { StringEquals: { 'sts:SourceIdentity': '${aws:SourceIdentity}' } });
  }
}
