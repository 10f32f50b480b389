import type { TamperAlarmOptions } from './tamper-alarm';
import { TamperRunbookEntry } from './tamper-entries';

/**
 * From how many on an alarm on the whole account goes off, within the period of the alarms.
 */
export interface AccountChecks {
  /**
   * Calls in the account that were not allowed. Number within the period, at least 1. Reads count only if the trail records
   * them (`ManagementEvents.ALL`).
   *
   * @default 20
   */
  readonly unauthorizedCalls?: number;

  /**
   * Sign-ins to the console with a wrong password or second factor. Number within the period, at least 1.
   *
   * @default 3
   */
  readonly failedSignIns?: number;
}

const POLICY_CHANGES = [
  'AttachGroupPolicy', 'AttachRolePolicy', 'AttachUserPolicy', 'CreatePolicy', 'CreatePolicyVersion', 'DeleteGroupPolicy', 'DeletePolicy',
  'DeletePolicyVersion', 'DeleteRolePolicy', 'DeleteUserPolicy', 'DetachGroupPolicy', 'DetachRolePolicy', 'DetachUserPolicy',
  'PutGroupPolicy', 'PutRolePolicy', 'PutUserPolicy',
];

/**
 * What the CIS AWS Foundations Benchmark asks for in the whole account, as far as it bears on the store:
 * https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html
 */
export function accountAlarms({ unauthorizedCalls = 20, failedSignIns = 3 }: AccountChecks): ReadonlyMap<string, TamperAlarmOptions> {
  const runbook = TamperRunbookEntry.ACCOUNT;
  return new Map([
    ['UnauthorizedCalls', {
      filterPatterns: ['{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }'],
      threshold: unauthorizedCalls,
      sentence: 'Calls in the account of the model artifact store were denied more often than a mistake explains.',
      runbook,
    }],
    ['SignInsWithoutSecondFactor', {
      // Of IAM users: CloudTrail does not know how the others signed in with their identity provider.
      filterPatterns: [
        '{ ($.eventName = "ConsoleLogin") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") '
        + '&& ($.additionalEventData.MFAUsed = "No") }',
      ],
      threshold: 1,
      sentence: 'A user signed in without MFA to the account of the model artifact store.',
      runbook,
    }],
    ['FailedSignIns', {
      filterPatterns: ['{ ($.eventName = "ConsoleLogin") && ($.responseElements.ConsoleLogin = "Failure") }'],
      threshold: failedSignIns,
      sentence: 'Sign-ins to the account of the model artifact store failed repeatedly.',
      runbook,
    }],
    ['PolicyChanges', {
      filterPatterns: [
        '{ ($.eventSource = "iam.amazonaws.com") && ($.sourceIPAddress != "cloudformation.amazonaws.com") '
        + `&& (${POLICY_CHANGES.map((name) => `$.eventName = "${name}"`).join(' || ')}) }`,
      ],
      threshold: 1,
      sentence: 'A policy of the account of the model artifact store was changed outside a deployment, or a change was attempted.',
      runbook,
    }],
  ]);
}
