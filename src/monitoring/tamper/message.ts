import { EventField, RuleTargetInput } from 'aws-cdk-lib/aws-events';

export interface Message {
  /** What was changed: words, or the path of the field that says it. */
  readonly subject: { readonly words: string; readonly path?: string };
  /** What the sentence begins with. */
  readonly kind: string;
  readonly runbook: string;
}

/**
 * One sentence: who did what to what, when, from where, in which account and Region; and where to read on. Nothing of a
 * request is in it but the name of what it is about, so that no secret can be. A field that an event does not have is left
 * empty: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function messageFor({ subject, kind, runbook }: Message): string {
  const field = (path: string) => EventField.fromPath(path);
  const detail = (path: string) => field(`$.detail.${path}`);
  const what = subject.path ? `${subject.words} ${field(subject.path)}` : subject.words;
  return `${kind}: ${detail('userIdentity.type')} ${detail('userIdentity.arn')} of account ${detail('userIdentity.accountId')} `
    + `called ${detail('eventName')} on ${what} at ${detail('eventTime')} from ${detail('sourceIPAddress')}, in account ${field('$.account')}, `
    + `Region ${field('$.region')} (error, if it was refused: [${detail('errorCode')}]; event ${detail('eventID')}). Runbook: ${runbook}`;
}

/** For people who read mail. */
export function asText(message: Message): RuleTargetInput {
  return RuleTargetInput.fromText(messageFor(message));
}

/**
 * For chat rooms: what is not of this form, AWS drops before it gets there.
 * https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
export function forChat(message: Message): RuleTargetInput {
  return RuleTargetInput.fromObject({
    version: '1.0',
    source: 'custom',
    content: { textType: 'client-markdown', title: `${message.kind}: model artifact store`, description: messageFor(message) },
  });
}
