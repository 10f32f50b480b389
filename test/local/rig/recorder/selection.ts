import type { TrailRecord } from './trail-record';

/** An advanced event selector in the template of a trail, with every reference resolved. */
export interface EventSelector {
  readonly Name?: string;
  readonly FieldSelectors: readonly FieldSelector[];
}

export interface FieldSelector {
  readonly Field: string;
  readonly Equals?: readonly string[];
  readonly StartsWith?: readonly string[];
  readonly EndsWith?: readonly string[];
  readonly NotEquals?: readonly string[];
  readonly NotStartsWith?: readonly string[];
  readonly NotEndsWith?: readonly string[];
}

/**
 * Whether a trail with these selectors records it: all fields of any one selector must match.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
 */
export function isSelected(record: TrailRecord, selectors: readonly EventSelector[]): boolean {
  // The record of a copy has two objects, and either of them can match.
  const resources: readonly Resource[] = record.resources ?? [{}];
  return selectors.some(({ FieldSelectors: fields }) => resources.some((resource) =>
    fields.every((field) => matches(FIELDS[field.Field](record, resource), field))));
}

type Resource = Readonly<Record<string, string>>;

const FIELDS: Readonly<Record<string, (record: TrailRecord, resource: Resource) => string>> = {
  eventCategory: ({ eventCategory }) => eventCategory,
  eventName: ({ eventName }) => eventName,
  eventSource: ({ eventSource }) => eventSource,
  eventType: ({ eventType }) => eventType,
  readOnly: ({ readOnly }) => String(readOnly),
  errorCode: ({ errorCode }) => errorCode ?? '',
  'userIdentity.arn': ({ userIdentity }) => userIdentity.arn ?? '',
  'resources.type': (_, { type }) => type ?? '',
  'resources.ARN': (_, { ARN: arn, ARNPrefix: prefix }) => arn ?? prefix ?? '',
};

/** Throws if they have an unsupported field. */
export function requireKnownFields(selectors: readonly EventSelector[]): void {
  const used = new Set(selectors.flatMap(({ FieldSelectors: fields }) => fields.map(({ Field: field }) => field)));
  const unknown = [...used].filter((field) => FIELDS[field] === undefined);
  if (unknown.length > 0) {
    throw new Error(`the recorder does not know what the trail's event selectors select by: ${unknown.join(', ')}`);
  }
}

function matches(value: string, selector: FieldSelector): boolean {
  const {
    Equals: equals, StartsWith: startsWith, EndsWith: endsWith, NotEquals: notEquals, NotStartsWith: notStartsWith, NotEndsWith: notEndsWith,
  } = selector;
  return (equals?.includes(value) ?? true)
    && (startsWith?.some((start) => value.startsWith(start)) ?? true)
    && (endsWith?.some((end) => value.endsWith(end)) ?? true)
    && !notEquals?.includes(value)
    && !notStartsWith?.some((start) => value.startsWith(start))
    && !notEndsWith?.some((end) => value.endsWith(end));
}
