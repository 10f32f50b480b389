import type { Duration } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { AlarmThresholds } from '../monitoring/alarm-thresholds';
import type { NotificationOptions } from '../monitoring/notifications';
import type { TamperOptions } from '../monitoring/tamper/tamper-options';

/**
 * Who is told when something is wrong.
 */
export interface MonitoringOptions {
  /**
   * Make alarms at all.
   *
   * @default true
   */
  readonly alarms?: boolean;

  /**
   * Where alarms are sent. CloudWatch and EventBridge must be allowed to publish to it, and to use its key if it has one; a
   * topic of this app gets that added to its policy, of an imported one its owner is told (`OwnerTasks`).
   *
   * @default - a topic of its own, encrypted; subscribe to it, or nobody is told
   */
  readonly topic?: sns.ITopic;

  /**
   * Who is told, besides whoever subscribes to the topic by themselves: mail, Slack, Teams.
   *
   * @default - nobody
   */
  readonly notifications?: NotificationOptions;

  /**
   * The key that encrypts a topic of its own.
   *
   * @default - a key of its own, which costs about $1 a month
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * From how many on an alarm goes off.
   *
   * @default - see `AlarmThresholds`
   */
  readonly thresholds?: AlarmThresholds;

  /**
   * Queues of events that nobody could handle, such as those of rules that react to the store.
   *
   * @default - none
   */
  readonly deadLetterQueues?: sqs.IQueue[];

  /**
   * How tampering with the store, its evidence and its alarms is looked for.
   *
   * @default - see `TamperOptions`
   */
  readonly tampering?: TamperOptions;

  /**
   * Make a dashboard. Three dashboards of an account are free of charge, each further one costs $3 a month.
   *
   * @default true
   */
  readonly dashboard?: boolean;

  /**
   * How many functions the account may run at once, for an alarm near that limit if `capacity.reservedConcurrency` sets none.
   *
   * @default 1000 - AWS's own default
   */
  readonly accountConcurrencyLimit?: number;

  /**
   * Over how long is counted, in whole minutes, or 10, 20 or 30 seconds.
   *
   * @default Duration.minutes(5)
   */
  readonly period?: Duration;

  /**
   * Where the runbook is read, for a copy of your own.
   *
   * @default - docs/runbook.md of the library's repository
   */
  readonly runbookUrl?: string;
}
