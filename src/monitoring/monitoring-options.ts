import type { Duration } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { AlarmThresholds } from './alarm-thresholds';
import type { NotificationChannel } from './notification-channel';
import type { TamperOptions } from './tamper/tamper-options';

/**
 * Options that a store and `StoreMonitoring` have in common.
 *
 * @internal
 */
export interface AlarmOptions {
  /**
   * The SNS topic that receives alarms. CloudWatch and EventBridge must be allowed to publish to it, and to use its key
   * if it has one. The statements are added to the policy of a topic of this app. For an imported topic, they are
   * listed in `RequiredAction`.
   *
   * @default - a dedicated, encrypted topic; without a subscription, no one is notified
   */
  readonly topic?: sns.ITopic;

  /**
   * The email addresses that receive each alarm, in addition to existing subscribers of the topic. SNS asks each of
   * them to confirm the subscription, and sends nothing until they do.
   *
   * @default - no email is sent
   */
  readonly emails?: string[];

  /**
   * The Slack and Microsoft Teams channels that receive alarms through AWS Chatbot (Amazon Q Developer in chat
   * applications). With at least one channel, the tamper rules send their messages in the AWS Chatbot format, so emails
   * contain the same sentence inside JSON.
   *
   * @default - none
   */
  readonly channels?: NotificationChannel[];

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
   * The account's Lambda concurrency limit. It is used for the concurrency alarm if the functions have no reserved
   * concurrency.
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

/**
 * Alarms, and who is notified of them.
 */
export interface MonitoringOptions extends AlarmOptions {
  /**
   * Whether to create alarms.
   *
   * @default true
   */
  readonly enabled?: boolean;
}
