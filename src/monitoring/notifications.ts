import type { NotificationChannel } from './notification-channel';

/**
 * Who is notified of alarms and tampering, in addition to existing subscribers of the topic.
 */
export interface NotificationOptions {
  /**
   * The email addresses that receive each alarm. SNS asks each of them to confirm the subscription, and sends nothing
   * until they do.
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
}
