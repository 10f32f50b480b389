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

  public addToAssumeRolePolicy(document: iam.PolicyDocument): void {
    document.addStatements(new iam.PolicyStatement({
      actions: OPEN_SESSION_ACTIONS,
      principals: [this],
      conditions: {
        StringLike: {
          'sts:SourceIdentity': PRESENT,
          [`aws:RequestTag/${SESSION_TAGS.CALLER}`]: PRESENT,
          [`aws:RequestTag/${SESSION_TAGS.REQUEST_ID}`]: PRESENT,
          // Every route of the other two functions is about one model; the registry also lists them all.
          ...(this.functionName === 'registry' ? {} : { [`aws:RequestTag/${SESSION_TAGS.MODEL}`]: PRESENT }),
        },
        'ForAllValues:StringEquals': { 'aws:TagKeys': Object.values(SESSION_TAGS) },
        // "IfExists", because a request without a duration carries no such key; it then gets the hour that AWS gives it.
        NumericLessThanEqualsIfExists: { 'sts:DurationSeconds': this.sessionDuration.toSeconds() },
      },
    }));
  }
}
