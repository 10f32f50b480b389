import { EventField, RuleTargetInput } from 'aws-cdk-lib/aws-events';

export interface Message {
  /** The changed resource: a text, and the path of the event field with its name if it varies. */
  readonly subject: { readonly words: string; readonly path?: string };
  /** The start of the sentence. */
  readonly kind: string;
  readonly runbook: string;
}

/**
 * One sentence with the caller, the call, the resource, the time, the source address, the account and the Region,
 * followed by the runbook entry. Of the request parameters, it contains only the resource's name, so it cannot leak a
 * secret. EventBridge leaves fields that an event does not have empty:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function messageFor({ subject, kind, runbook }: Message): string {
  const field = (path: string) => EventField.fromPath(path);
  const detail = (path: string) => field(`$.detail.${path}`);
  const what = subject.path ? `${subject.words} ${field(subject.path)}` : subject.words;
  return `${kind}: ${detail('userIdentity.type')} ${detail('userIdentity.arn')} `
    + `of account ${detail('userIdentity.accountId')} called ${detail('eventName')} on ${what} `
    + `at ${detail('eventTime')} from ${detail('sourceIPAddress')}, in account ${field('$.account')}, `
    + `Region ${field('$.region')} (error code if denied: [${detail('errorCode')}]; event ${detail('eventID')}). `
    + `Runbook: ${runbook}`;
}

/** The message as plain text, for email. */
export function asText(message: Message): RuleTargetInput {
  return RuleTargetInput.fromText(messageFor(message));
}

/**
 * The message for chat channels. AWS Chatbot drops messages that are not in this format.
 * https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
export function forChat(message: Message): RuleTargetInput {
  return RuleTargetInput.fromObject({
    version: '1.0',
    source: 'custom',
    content: {
      textType: 'client-markdown',
      title: `${message.kind}: model artifact store`,
      description: messageFor(message),
    },
  });
}
