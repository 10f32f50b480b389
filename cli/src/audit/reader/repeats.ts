import type { JsonObject } from './json-values';

/** A record that may describe the same request as another one, with a different event ID. */
export interface Repeats {
  readonly day: string;
  readonly event: string;
  /** The same for all records of the request. */
  readonly request: string;
  readonly action: string | undefined;
  readonly account: string | undefined;
  /** "1" if the record does not name who made the request. */
  readonly namelessness: string;
  /** The ID of the record that this one replaces. */
  readonly replaces: string | undefined;
}

/**
 * Returns how a record may repeat another one; undefined if it cannot. CloudTrail delivers one record to each account
 * that a request concerns, and an addendum for a record whose fields it corrected. The windows in `delivered_events`
 * of `athena.sql` do the same.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function repeatsOf(record: JsonObject, day: string): Repeats | undefined {
  const { eventID, eventName, recipientAccountId: account } = record;
  const addendum = objectOf(record.addendum);
  const identity = objectOf(record.userIdentity);
  const shared = textOf(record.sharedEventID);
  const replaces = addendum?.reason === 'UPDATED_DATA' ? textOf(addendum.originalEventID) : undefined;
  const request = shared ?? textOf(addendum?.originalRequestID) ?? textOf(record.requestID);
  if (textOf(eventID) === undefined || request === undefined) {
    return undefined;
  }
  if (shared === undefined && replaces === undefined && !concernsAnother(record, identity?.accountId, account)) {
    return undefined;
  }
  return {
    day, event: eventID as string, request, action: textOf(eventName), account: textOf(account), replaces,
    namelessness: textOf(identity?.arn) === undefined || identity?.type === 'AWSAccount' ? '1' : '0',
  };
}

/** Whether the caller or a resource belongs to another account than the one that received the record. */
function concernsAnother({ resources }: JsonObject, caller: unknown, account: unknown): boolean {
  const owners = Array.isArray(resources) ? resources.map((resource) => objectOf(resource)?.accountId) : [];
  return [caller, ...owners].some((each) => textOf(each) !== undefined && each !== account);
}

function objectOf(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as JsonObject : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
