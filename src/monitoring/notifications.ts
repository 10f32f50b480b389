import type { NotificationChannel } from './notification-channel';

/**
 * Who is told of alarms and tampering, besides whoever subscribes to the topic by themselves.
 */
export interface NotificationOptions {
  /**
   * Addresses that get a mail for each alarm. AWS asks each of them to confirm first; until then nothing is sent there.
   *
   * @default - nobody gets mail
   */
  readonly emails?: string[];

  /**
   * Chat rooms in Slack and Microsoft Teams, by way of AWS Chatbot (Amazon Q Developer in chat applications). With any of
   * them, messages of the tamper rules come in the form that chat rooms show; mail then shows the same sentence inside of JSON.
   *
   * @default - none
   */
  readonly channels?: NotificationChannel[];
}
