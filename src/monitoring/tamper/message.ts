import { EventField, RuleTargetInput } from 'aws-cdk-lib/aws-events';

export interface Message {
  /** The changed resource: a description, and optionally the path of the field that names it. */
  readonly subject: { readonly words: string; readonly path?: string };
  /** The first words of the sentence. */
  readonly kind: string;
  readonly runbook: string;
}

/**
 * One sentence with the caller, the call, the resource, the time, the source, the account, the Region and the runbook. Of the
 * request it contains only the name of the resource, so that it cannot contain secrets. A field that the event lacks stays empty:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function messageFor({ subject, kind, runbook }: Message): string {
  const field = (path: string) => EventField.fromPath(path);
  const detail = (path: string) => field(`$.detail.${path}`);
  const what = subject.path ? `${subject.words} ${field(subject.path)}` : subject.words;
  return `${kind}: ${detail('userIdentity.type')} ${detail('userIdentity.arn')} of account ${detail('userIdentity.accountId')} `
    + `called ${detail('eventName')} on ${what} at ${detail('eventTime')} from ${detail('sourceIPAddress')}, in account ${field('$.account')}, `
    + `Region ${field('$.region')} (error code if denied: [${detail('errorCode')}]; event ${detail('eventID')}). Runbook: ${runbook}`;
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
