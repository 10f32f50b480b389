import type { TamperAlarmOptions } from './tamper-alarm';
import { TamperRunbookEntry } from './tamper-entries';
import type { TamperOptions } from './tamper-options';

const POLICY_CHANGES = [
  'AttachGroupPolicy', 'AttachRolePolicy', 'AttachUserPolicy', 'CreatePolicy', 'CreatePolicyVersion',
  'DeleteGroupPolicy', 'DeletePolicy', 'DeletePolicyVersion', 'DeleteRolePolicy', 'DeleteUserPolicy',
  'DetachGroupPolicy', 'DetachRolePolicy', 'DetachUserPolicy', 'PutGroupPolicy', 'PutRolePolicy', 'PutUserPolicy',
];

/**
 * The account-wide controls of the CIS AWS Foundations Benchmark that are relevant to the store:
 * https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html
 */
export function accountAlarms(options: TamperOptions): ReadonlyMap<string, TamperAlarmOptions> {
  const { unauthorizedCallsThreshold = 20, failedSignInsThreshold = 3 } = options;
  const runbook = TamperRunbookEntry.ACCOUNT;
  return new Map([
    ['UnauthorizedCalls', {
      filterPatterns: ['{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }'],
      threshold: unauthorizedCallsThreshold,
      sentence: 'Many unauthorized API calls were made in the account of the model artifact store.',
      runbook,
    }],
    ['SignInsWithoutSecondFactor', {
      // IAM users only: for federated users, CloudTrail does not record whether the identity provider required MFA.
      filterPatterns: [
        '{ ($.eventName = "ConsoleLogin") && ($.userIdentity.type = "IAMUser") '
        + '&& ($.responseElements.ConsoleLogin = "Success") && ($.additionalEventData.MFAUsed = "No") }',
      ],
      threshold: 1,
      sentence: 'An IAM user signed in without MFA to the account of the model artifact store.',
      runbook,
    }],
    ['FailedSignIns', {
      filterPatterns: ['{ ($.eventName = "ConsoleLogin") && ($.responseElements.ConsoleLogin = "Failure") }'],
      threshold: failedSignInsThreshold,
      sentence: 'Console sign-ins to the account of the model artifact store failed repeatedly.',
      runbook,
    }],
    ['PolicyChanges', {
      filterPatterns: [
        '{ ($.eventSource = "iam.amazonaws.com") && ($.sourceIPAddress != "cloudformation.amazonaws.com") '
        + `&& (${POLICY_CHANGES.map((name) => `$.eventName = "${name}"`).join(' || ')}) }`,
      ],
      threshold: 1,
      sentence: 'An IAM policy in the account of the model artifact store was changed, or a change was attempted, '
        + 'outside a deployment.',
      runbook,
    }],
  ]);
}
