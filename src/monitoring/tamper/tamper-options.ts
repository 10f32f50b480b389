/**
 * How changes that CloudFormation makes to protected resources are handled.
 *
 * A legitimate deployment cannot be distinguished from an attacker's. Changes that no ordinary deployment makes, such
 * as stopping the trail or scheduling a key for deletion, are therefore always reported as tampering.
 */
export enum DeploymentChanges {
  /** The trail records the changes. No message is sent. */
  RECORD = 'record',

  /** A message reports each change as a deployment. One deployment can cause dozens of messages. */
  NOTIFY = 'notify',

  /** The changes are reported as tampering, like those by any other caller. */
  ALARM = 'alarm',
}

/**
 * Options for tamper detection.
 */
export interface TamperOptions {
  /**
   * Whether to detect tampering.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * How changes that CloudFormation makes are handled. CloudTrail records them with the source address
   * `cloudformation.amazonaws.com`, which no caller can choose.
   *
   * @default DeploymentChanges.RECORD
   */
  readonly deployments?: DeploymentChanges;

  /**
   * Whether to report every use of the account's root user. It can undo every protection, and daily work does not need
   * it.
   *
   * @default true
   */
  readonly rootUse?: boolean;

  /**
   * Whether to create account-wide alarms from the CIS AWS Foundations Benchmark: unauthorized API calls, sign-ins
   * without MFA, failed sign-ins, and changes to IAM policies outside deployments. They cost about $0.40 a month, and
   * go off often in a busy account.
   *
   * @default false - they are expected on the account's central trail
   */
  readonly accountChecks?: boolean;

  /**
   * Unauthorized API calls in the account, with `accountChecks`. Count per period, at least 1. Reads are counted only
   * if the trail records them (`ReadWriteType.ALL`).
   *
   * @default 20
   */
  readonly unauthorizedCallsThreshold?: number;

  /**
   * Console sign-ins with a wrong password or MFA code, with `accountChecks`. Count per period, at least 1.
   *
   * @default 3
   */
  readonly failedSignInsThreshold?: number;
}
