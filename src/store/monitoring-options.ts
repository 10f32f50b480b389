import type { Duration } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { AlarmThresholds } from '../monitoring/alarm-thresholds';
import type { NotificationOptions } from '../monitoring/notifications';
import type { TamperOptions } from '../monitoring/tamper/tamper-options';

/**
 * Alarms, and who is notified of them.
 */
export interface MonitoringOptions {
  /**
   * Whether to create alarms.
   *
   * @default true
   */
  readonly alarms?: boolean;

  /**
   * The SNS topic that receives alarms. CloudWatch and EventBridge must be allowed to publish to it, and to use its key
   * if it has one. The statements are added to the policy of a topic of this app. For an imported topic, they are
   * listed in `OwnerTasks`.
   *
   * @default - a dedicated, encrypted topic; without a subscription, no one is notified
   */
  readonly topic?: sns.ITopic;

  /**
   * Email addresses and chat channels (Slack, Microsoft Teams) to notify, in addition to existing subscribers of the
   * topic.
   *
   * @default - none
   */
  readonly notifications?: NotificationOptions;

  /**
   * The KMS key that encrypts a topic that the store creates.
   *
   * @default - a dedicated key, which costs about $1 a month
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Alarm thresholds.
   *
   * @default - see `AlarmThresholds`
   */
  readonly thresholds?: AlarmThresholds;

  /**
   * Dead-letter queues to monitor, such as those of rules that react to the store's events.
   *
   * @default - none
   */
  readonly deadLetterQueues?: sqs.IQueue[];

  /**
   * How tampering with the store, its evidence and its alarms is detected.
   *
   * @default - see `TamperOptions`
   */
  readonly tampering?: TamperOptions;

  /**
   * Whether to create a dashboard. The first three dashboards in an account are free of charge, and each additional one
   * costs $3 a month.
   *
   * @default true
   */
  readonly dashboard?: boolean;

  /**
   * The account's Lambda concurrency limit. It is used for the concurrency alarm if `capacity.reservedConcurrency` is
   * not set.
   *
   * @default 1000 - the AWS default
   */
  readonly accountConcurrencyLimit?: number;

  /**
   * The period over which alarms evaluate their metrics, in whole minutes, or 10, 20 or 30 seconds.
   *
   * @default Duration.minutes(5)
   */
  readonly period?: Duration;

  /**
   * The URL of the runbook that alarms link to, if you maintain your own copy.
   *
   * @default - docs/runbook.md in the library's repository
   */
  readonly runbookUrl?: string;
}
