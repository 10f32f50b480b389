import { Match, type EventPattern } from 'aws-cdk-lib/aws-events';
import type { Besides, Comparison, NamedBy, Watch, WatchedEvents } from './watch';

/** The source address that CloudTrail records for calls by CloudFormation. No caller can choose it. */
export const CLOUDFORMATION = 'cloudformation.amazonaws.com';

/** The callers whose changes a pattern matches. */
export type ChangedBy = 'anybody' | 'anybody but deployments' | 'deployments';

/**
 * The EventBridge pattern for a watch. Denied attempts match too: they only have an additional `errorCode`.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export function eventPattern(watch: Watch, changedBy: ChangedBy): EventPattern {
  return {
    // Only AWS services can send events with this source prefix.
    source: Match.prefix('aws.'),
    detailType: ['AWS API Call via CloudTrail'],
    detail: {
      eventSource: [watch.eventSource],
      managementEvent: [watch.category === 'management'],
      ...(watch.includesReads ? {} : { readOnly: [false] }),
      ...callers(watch, changedBy),
      ...notBy(watch),
      ...fields(watch),
    },
  };
}

function callers(watch: Watch, changedBy: ChangedBy): object {
  const { evenByDeployments } = watch;
  if (changedBy === 'deployments') {
    const without = evenByDeployments === 'all' ? [] : evenByDeployments;
    return { sourceIPAddress: [CLOUDFORMATION], ...named(watch, without) };
  }
  if (changedBy === 'anybody' || evenByDeployments === 'all') {
    return named(watch);
  }
  const byOthers = { sourceIPAddress: [{ 'anything-but': [CLOUDFORMATION] }], ...named(watch) };
  return evenByDeployments.length === 0
    ? byOthers
    : { $or: [byOthers, { eventName: evenByDeployments.map(nameMatcher) }] };
}

function notBy({ exceptBy }: Watch): object {
  return exceptBy === undefined ? {} : {
    $or: [
      { userIdentity: { type: [{ 'anything-but': ['AWSService'] }] } },
      { userIdentity: { invokedBy: [{ 'anything-but': [exceptBy] }] } },
      { userIdentity: { invokedBy: [{ exists: false }] } },
    ],
  };
}

/** Matches the names of the events, except those in `without`. */
export function named({ events, except = [] }: WatchedEvents, without: readonly string[] = []): object {
  if (events) {
    return { eventName: events.filter((name) => !without.includes(name)).map(nameMatcher) };
  }
  const harmless = [...except, ...without];
  return harmless.length === 0 ? {} : { eventName: [{ 'anything-but': harmless }] };
}

/** A name such as `Delete*` matches all names with that prefix. */
function nameMatcher(name: string): unknown {
  return name.endsWith('*') ? { prefix: name.slice(0, -1) } : name;
}

function fields({ namedBy, besides = [] }: Watch): object {
  const of = (parent: NamedBy['parent']) => {
    const others = besides.filter((field) => field.parent === parent);
    return {
      ...alternatives(namedBy.filter((field) => field.parent === parent)),
      ...Object.fromEntries(others.map((field) => [field.field, [besidesMatcher(field)]])),
    };
  };
  return Object.fromEntries((['requestParameters', 'resources'] as const).map((parent) => [parent, of(parent)])
    .filter(([, inner]) => Object.keys(inner).length > 0));
}

function alternatives(namedBy: readonly NamedBy[]): object {
  const each = namedBy.map(({ field, comparisons }) => within(field.split('.'), comparisons.map(matcher)));
  return each.length > 1 ? { $or: each } : each[0] ?? {};
}

/** Nests a matcher for a path whose fields are separated by dots. */
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
