import type { TamperAlarmOptions } from './tamper-alarm';
import { TamperRunbookEntry } from './tamper-entries';

/**
 * Thresholds of the account-wide alarms. Counts are per period of the alarms.
 */
export interface AccountChecks {
  /**
   * Unauthorized API calls in the account. Count per period, at least 1. Reads are counted only if the trail records
   * them (`ManagementEvents.ALL`).
   *
   * @default 20
   */
  readonly unauthorizedCalls?: number;

  /**
   * Console sign-ins with a wrong password or MFA code. Count per period, at least 1.
   *
   * @default 3
   */
  readonly failedSignIns?: number;
}

const POLICY_CHANGES = [
  'AttachGroupPolicy', 'AttachRolePolicy', 'AttachUserPolicy', 'CreatePolicy', 'CreatePolicyVersion',
  'DeleteGroupPolicy', 'DeletePolicy', 'DeletePolicyVersion', 'DeleteRolePolicy', 'DeleteUserPolicy',
  'DetachGroupPolicy', 'DetachRolePolicy', 'DetachUserPolicy', 'PutGroupPolicy', 'PutRolePolicy', 'PutUserPolicy',
];

/**
 * The account-wide controls of the CIS AWS Foundations Benchmark that are relevant to the store:
 * https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html
 */
export function accountAlarms(checks: AccountChecks): ReadonlyMap<string, TamperAlarmOptions> {
  const { unauthorizedCalls = 20, failedSignIns = 3 } = checks;
  const runbook = TamperRunbookEntry.ACCOUNT;
  return new Map([
    ['UnauthorizedCalls', {
      filterPatterns: ['{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }'],
      threshold: unauthorizedCalls,
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
      threshold: failedSignIns,
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
