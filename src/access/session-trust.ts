import type { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { SESSION_TAGS } from '../contract/environment';
import type { FunctionName } from '../contract/routes';

/** At least one character: a key that is missing or empty does not match. */
const PRESENT = '?*';

/** What opening a named session takes, in the trust policy as in the caller's own. */
export const OPEN_SESSION_ACTIONS = ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'];

/**
 * One function, and only for sessions that say on whose behalf.
 *
 * A source identity is set once and cannot be changed by anything the session does later; CloudTrail shows it in every
 * event: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
 */
export class NamedSessionPrincipal extends iam.ArnPrincipal {
  constructor(executionRole: iam.IRole, private readonly functionName: FunctionName, private readonly sessionDuration: Duration) {
    super(executionRole.roleArn);
  }

  /**
   * Each action with the keys that AWS documents for it and no others: a condition on a key that an action's request does
   * not carry never holds, and would refuse every session. AssumeRole carries them all, and nothing opens without it.
   * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
   */
  public addToAssumeRolePolicy(document: iam.PolicyDocument): void {
    const named = { 'sts:SourceIdentity': PRESENT };
    const tagged = {
      [`aws:RequestTag/${SESSION_TAGS.CALLER}`]: PRESENT,
      [`aws:RequestTag/${SESSION_TAGS.REQUEST_ID}`]: PRESENT,
      // Every route of the other two functions is about one model; the registry also lists them all.
      ...(this.functionName === 'registry' ? {} : { [`aws:RequestTag/${SESSION_TAGS.MODEL}`]: PRESENT }),
    };
    const knownTags = { 'ForAllValues:StringEquals': { 'aws:TagKeys': Object.values(SESSION_TAGS) } };
    const allow = (action: string, conditions: iam.Conditions) =>
      document.addStatements(new iam.PolicyStatement({ actions: [action], principals: [this], conditions }));

    allow('sts:AssumeRole', {
      StringLike: { ...named, ...tagged },
      ...knownTags,
      // "IfExists", because a request without a duration carries no such key; it then gets the hour that AWS gives it.
      NumericLessThanEqualsIfExists: { 'sts:DurationSeconds': this.sessionDuration.toSeconds() },
    });
    allow('sts:SetSourceIdentity', { StringLike: named });
    allow('sts:TagSession', { StringLike: tagged, ...knownTags });
  }
}
