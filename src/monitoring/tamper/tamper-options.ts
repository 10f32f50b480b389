import type { AccountChecks } from './account-checks';

/**
 * What becomes of changes that CloudFormation makes to what is watched.
 *
 * A deployment cannot be told from an attacker who deploys. What no ordinary deployment does, such as stopping the trail or
 * scheduling the deletion of a key, is therefore told as tampering under each of these.
 */
export enum DeploymentChanges {
  /** The trail records them, and nobody is told. */
  RECORD = 'record',

  /** A calm message tells of each of them; a deployment may make dozens. */
  NOTIFY = 'notify',

  /** They are told as tampering, like changes by anybody else. */
  ALARM = 'alarm',
}

/**
 * How tampering is looked for.
 */
export interface TamperOptions {
  /**
   * Look for tampering at all.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * What becomes of changes that CloudFormation makes. CloudTrail gives `cloudformation.amazonaws.com` as the address of its
   * calls, which no caller can choose.
   *
   * @default DeploymentChanges.RECORD
   */
  readonly deployments?: DeploymentChanges;

  /**
   * Tell of every use of the account's root user, whatever it is used for: it can undo everything, and nobody needs it in
   * daily work.
   *
   * @default true
   */
  readonly rootUse?: boolean;

  /**
   * Alarm on what the CIS AWS Foundations Benchmark asks for in the whole account and not only in the store: calls that were
   * not allowed, sign-ins without a second factor, failed sign-ins, changes of IAM policies past deployments. `{}` is enough
   * to switch them on. They cost about $0.40 a month, and a busy account sets them off often.
   *
   * @default - not looked for; the account's central trail is expected to have them
   */
  readonly accountChecks?: AccountChecks;
}
