import type { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { SESSION_TAGS } from '../contract/environment';
import type { FunctionName } from '../contract/routes';

/** Matches at least one character, so a missing or empty key does not match. */
const PRESENT = '?*';

/** The actions required to open a named session, both in the trust policy and in the caller's own policy. */
export const OPEN_SESSION_ACTIONS = ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'];

/**
 * Allows one function to open sessions, and only sessions that name the caller.
 *
 * A source identity is set once and cannot be changed later in the session. CloudTrail records it in every event:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
 */
export class NamedSessionPrincipal extends iam.ArnPrincipal {
  constructor(
    executionRole: iam.IRole, private readonly functionName: FunctionName, private readonly sessionDuration: Duration,
  ) {
    super(executionRole.roleArn);
  }

  /**
   * Each action has conditions only on the keys that AWS documents for it: a condition on a key that the request does
   * not carry never matches, and would reject every session. AssumeRole carries all of them and is always required.
   * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
   */
  public addToAssumeRolePolicy(document: iam.PolicyDocument): void {
    const named = { 'sts:SourceIdentity': PRESENT };
    const tagged = {
      [`aws:RequestTag/${SESSION_TAGS.CALLER}`]: PRESENT,
      [`aws:RequestTag/${SESSION_TAGS.REQUEST_ID}`]: PRESENT,
      [`aws:RequestTag/${SESSION_TAGS.INVOCATION_ID}`]: PRESENT,
      // Every route of the other two functions has a model; the registry also lists all models.
      ...(this.functionName === 'registry' ? {} : { [`aws:RequestTag/${SESSION_TAGS.MODEL}`]: PRESENT }),
    };
    const knownTags = { 'ForAllValues:StringEquals': { 'aws:TagKeys': Object.values(SESSION_TAGS) } };
    const allow = (action: string, conditions: iam.Conditions) =>
      document.addStatements(new iam.PolicyStatement({ actions: [action], principals: [this], conditions }));

    allow('sts:AssumeRole', {
      StringLike: { ...named, ...tagged },
      ...knownTags,
      // "IfExists", because a request without a duration does not carry the key. AWS then defaults to one hour.
      NumericLessThanEqualsIfExists: { 'sts:DurationSeconds': this.sessionDuration.toSeconds() },
    });
    allow('sts:SetSourceIdentity', { StringLike: named });
    allow('sts:TagSession', { StringLike: tagged, ...knownTags });
  }
}
