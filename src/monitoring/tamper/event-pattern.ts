import { Match, type EventPattern } from 'aws-cdk-lib/aws-events';
import type { Besides, Comparison, NamedBy, Watch } from './watch';

/** The address that CloudTrail gives for a call that CloudFormation makes; no caller can choose it. */
export const CLOUDFORMATION = 'cloudformation.amazonaws.com';

/** Whose changes a pattern is for. */
export type ChangedBy = 'anybody' | 'anybody but deployments' | 'deployments';

/**
 * The pattern of EventBridge for a watch. Attempts that were refused match too: they have an `errorCode` besides.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export function eventPattern(watch: Watch, changedBy: ChangedBy): EventPattern {
  return {
    // Only AWS itself may send events with such a source.
    source: Match.prefix('aws.'),
    detailType: ['AWS API Call via CloudTrail'],
    detail: {
      eventSource: [watch.eventSource],
      managementEvent: [watch.category === 'management'],
      readOnly: [false],
      ...callers(watch, changedBy),
      ...fields(watch),
    },
  };
}

function callers(watch: Watch, changedBy: ChangedBy): object {
  const { evenByDeployments } = watch;
  if (changedBy === 'deployments') {
    return { sourceIPAddress: [CLOUDFORMATION], ...named(watch, evenByDeployments === 'all' ? [] : evenByDeployments) };
  }
  if (changedBy === 'anybody' || evenByDeployments === 'all') {
    return named(watch);
  }
  const byOthers = { sourceIPAddress: [{ 'anything-but': [CLOUDFORMATION] }], ...named(watch) };
  return evenByDeployments.length === 0 ? byOthers : { $or: [byOthers, { eventName: evenByDeployments.map(nameMatcher) }] };
}

/** The names of the events, without some. */
function named({ events, except = [] }: Watch, without: readonly string[] = []): object {
  if (events) {
    return { eventName: events.filter((name) => !without.includes(name)).map(nameMatcher) };
  }
  const harmless = [...except, ...without];
  return harmless.length === 0 ? {} : { eventName: [{ 'anything-but': harmless }] };
}

/** `Delete*` stands for every name that begins so. */
function nameMatcher(name: string): unknown {
  return name.endsWith('*') ? { prefix: name.slice(0, -1) } : name;
}

function fields({ namedBy, besides = [] }: Watch): object {
  const of = (parent: NamedBy['parent']) => ({
    ...alternatives(namedBy.filter((field) => field.parent === parent)),
    ...Object.fromEntries(besides.filter((field) => field.parent === parent).map((field) => [field.field, [besidesMatcher(field)]])),
  });
  return Object.fromEntries((['requestParameters', 'resources'] as const).map((parent) => [parent, of(parent)])
    .filter(([, inner]) => Object.keys(inner).length > 0));
}

function alternatives(namedBy: readonly NamedBy[]): object {
  const each = namedBy.map(({ field, comparisons }) => within(field.split('.'), comparisons.map(matcher)));
  return each.length > 1 ? { $or: each } : each[0] ?? {};
}

/** A field of a field is written with a dot between them. */
function within([name, ...inner]: readonly string[], matchers: readonly unknown[]): object {
  return { [name]: inner.length === 0 ? matchers : within(inner, matchers) };
}

function matcher({ how, value }: Comparison): unknown {
  switch (how) {
    case 'equals': return value;
    case 'prefix': return { prefix: value };
    case 'suffix': return { suffix: value };
    case 'contains': return { wildcard: `*${value}*` };
  }
}

function besidesMatcher({ value }: Besides): object {
  return value === undefined ? { exists: false } : { 'equals-ignore-case': value };
}
