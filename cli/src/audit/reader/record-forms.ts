import type { JsonObject } from './json-values';
import type { SkipReason } from './skip-reasons';
import { eventTimeOf } from './times';

/** Fields of a record that are objects or lists. Other tools export them as JSON text. */
const STRUCTURED = [
  'userIdentity', 'requestParameters', 'responseElements', 'additionalEventData', 'resources', 'serviceEventDetails',
  'addendum', 'tlsDetails', 'eventContext',
] as const;

/** Some tools export these as "True" or "FALSE". */
const FLAGS = ['readOnly', 'managementEvent'] as const;

/** Athena and Glue write the names of columns, and of the fields of structs, in lower case. */
const NAMES = new Map([
  ...STRUCTURED,
  'eventVersion', 'eventTime', 'eventSource', 'eventName', 'awsRegion', 'sourceIPAddress', 'userAgent', 'errorCode',
  'errorMessage', 'requestID', 'eventID', 'readOnly', 'eventType', 'apiVersion', 'managementEvent', 'eventCategory',
  'recipientAccountId', 'sharedEventID', 'vpcEndpointId', 'vpcEndpointAccountId', 'sessionCredentialFromConsole',
].map((name) => [name.toLowerCase(), name]));
const NAMES_IN_STRUCTS = new Map([
  'principalId', 'accountId', 'accessKeyId', 'userName', 'sessionContext', 'sessionIssuer', 'webIdFederationData',
  'federatedProvider', 'sourceIdentity', 'mfaAuthenticated', 'creationDate', 'ec2RoleDelivery', 'ec2IssuedInVpc',
  'assumedRoot', 'invokedBy', 'identityProvider', 'onBehalfOf', 'userId', 'identityStoreArn', 'credentialId',
  'inScopeOf', 'sourceArn', 'sourceAccount', 'issuerType', 'credentialsIssuedTo', 'tlsVersion', 'cipherSuite',
  'clientProvidedHostHeader', 'updatedFields', 'originalRequestID', 'originalEventID', 'ARN', 'ARNPrefix',
].map((name) => [name.toLowerCase(), name]));
/** In `resources`, but not in `userIdentity`, CloudTrail writes the name ARN in capitals. */
const NAMES_IN_IDENTITIES = new Map([...NAMES_IN_STRUCTS, ['arn', 'arn']]);
/** Parameters of S3 that a struct in lower case has lost the names of. */
const LOWERED_PARAMETERS = ['bucketname', 'x-amz-date', 'bytestransferredout', 'authenticationmethod'];

/** The text of a struct in the results of Athena and CloudTrail Lake: `{type=AssumedRole, principalid=…}`. */
const STRUCT_TEXT = /^\s*\[?\{[A-Za-z0-9_.-]+=/;

export interface NormalRecord {
  readonly record: JsonObject;
  /** What is unknown because it is in an unknown form. */
  readonly note?: SkipReason;
}

/** A record in the form of CloudTrail, whichever tool exported it, or why that is not possible. */
export function normalised(given: JsonObject): NormalRecord | SkipReason {
  const isLowered = given.eventName === undefined && given.eventname !== undefined;
  if (given.userIdentity === undefined && Object.keys(given).some((name) => /^userIdentity[._]/i.test(name))) {
    return 'field by field';
  }
  let record = isLowered ? renamed(given, NAMES) as JsonObject : given;
  let note: SkipReason | undefined;
  for (const field of STRUCTURED) {
    const value = record[field];
    if (typeof value !== 'string') {
      continue;
    }
    const parsed = parsedField(value);
    if (parsed === 'struct text') {
      return parsed;
    }
    note = parsed === undefined ? 'field text' : note;
    record = parsed === undefined ? record : { ...record, [field]: parsed.value };
  }
  // Older versions of Athena cast a struct to a list of its values, without their names.
  if (Array.isArray(record.userIdentity)) {
    return 'struct text';
  }
  if (isLowered) {
    if ([record.requestParameters, record.additionalEventData].some(isInLowerCase)) {
      return 'lower case';
    }
    record = {
      ...record,
      userIdentity: renamed(record.userIdentity, NAMES_IN_IDENTITIES),
      resources: renamed(record.resources, NAMES_IN_STRUCTS),
      tlsDetails: renamed(record.tlsDetails, NAMES_IN_STRUCTS),
      addendum: renamed(record.addendum, NAMES_IN_STRUCTS),
    };
  }
  for (const flag of FLAGS) {
    const value = record[flag];
    if (typeof value === 'string' && value !== value.toLowerCase()) {
      record = { ...record, [flag]: value.toLowerCase() };
    }
  }
  const time = record.eventTime === '' ? record['@timestamp'] : record.eventTime ?? record['@timestamp'];
  const eventTime = eventTimeOf(time);
  return {
    record: eventTime === undefined || eventTime === record.eventTime ? record : { ...record, eventTime }, note,
  };
}

/** Some exporters write an empty text or "null" for a missing value. */
function parsedField(text: string): { readonly value: unknown } | 'struct text' | undefined {
  if (text.trim() === '' || text.trim() === '-') {
    return { value: null };
  }
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' ? { value } : undefined;
  } catch {
    return STRUCT_TEXT.test(text) ? 'struct text' : undefined;
  }
}

function isInLowerCase(value: unknown): boolean {
  return typeof value === 'object' && value !== null && LOWERED_PARAMETERS.some((name) => Object.hasOwn(value, name));
}

function renamed(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) {
    return value.map((element) => renamed(element, names));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const isWhole = names === NAMES;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [
    names.get(name) ?? name, isWhole ? inner : renamed(inner, names),
  ]));
}
