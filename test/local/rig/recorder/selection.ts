import type { TrailRecord } from './trail-record';

/** An advanced event selector, as the template of a trail has it, with every reference resolved. */
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
 * Whether a trail with these selectors records it: any of the selectors, and of that one all fields.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
 */
export function isSelected(record: TrailRecord, selectors: readonly EventSelector[]): boolean {
  // A record of a copy is about two objects, and it is enough that one of them is meant.
  const resources = record.resources ?? [{}];
  return selectors.some(({ FieldSelectors: fields }) => resources.some((resource) =>
    fields.every((field) => matches(valueOf(field.Field, record, resource), field))));
}

function valueOf(field: string, record: TrailRecord, resource: Readonly<Record<string, string>>): string {
  switch (field) {
    case 'eventCategory': return record.eventCategory;
    case 'eventName': return record.eventName;
    case 'eventSource': return record.eventSource;
    case 'readOnly': return String(record.readOnly);
    case 'resources.type': return resource.type ?? '';
    case 'resources.ARN': return resource.ARN ?? resource.ARNPrefix ?? '';
    default: throw new Error(`the recorder does not know the field "${field}" of the trail's event selectors`);
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
