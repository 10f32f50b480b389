import { CLOUDFORMATION, type ChangedBy } from './event-pattern';
import type { Comparison, NamedBy, Watch, WatchedEvents } from './watch';

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html */
const LONGEST_PATTERN = 1_024;

/**
 * The CloudWatch Logs patterns for a watch. They are split so that each stays below the length limit once tokens are
 * replaced with names.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
 */
export function logPatterns(watch: Watch, changedBy: ChangedBy): string[] {
  const conditions = [
    `$.eventSource = "${watch.eventSource}"`,
    `$.managementEvent IS ${watch.category === 'management' ? 'TRUE' : 'FALSE'}`,
    ...(watch.includesReads ? [] : ['$.readOnly IS FALSE']),
    ...callers(watch, changedBy),
    ...notBy(watch),
    ...besides(watch),
  ];
  return withAlternatives(conditions, watch.namedBy.flatMap(comparisons));
}

/** Patterns that require all the conditions and any of the alternatives, in as few patterns as the limit allows. */
export function withAlternatives(conditions: readonly string[], alternatives: readonly Alternative[]): string[] {
  const all = conditions.map((condition) => `(${condition})`).join(' && ');
  if (alternatives.length === 0) {
    return [`{ ${all} }`];
  }
  const start = `{ ${all} && (`;
  const end = ') }';
  const parts: string[][] = [];
  const room = LONGEST_PATTERN - start.length - end.length;
  let left = 0;
  for (const { text, longest } of alternatives) {
    if (parts.length === 0 || longest + OR.length > left) {
      parts.push([]);
      left = room;
    }
    if (longest > room) {
      throw new Error(`the name in (${text}) may exceed the ${LONGEST_PATTERN} characters of a metric filter pattern; `
        + 'use a shorter name');
    }
    parts[parts.length - 1].push(text);
    left -= longest + OR.length;
  }
  return parts.map((part) => start + part.join(OR) + end);
}

export const OR = ' || ';

function callers(watch: Watch, changedBy: ChangedBy): string[] {
  const { evenByDeployments } = watch;
  const others = `$.sourceIPAddress != "${CLOUDFORMATION}"`;
  if (changedBy === 'deployments') {
    const without = evenByDeployments === 'all' ? [] : evenByDeployments;
    return [`$.sourceIPAddress = "${CLOUDFORMATION}"`, ...named(watch, without)];
  }
  if (changedBy === 'anybody' || evenByDeployments === 'all') {
    return named(watch);
  }
  return [...named(watch), [others, ...evenByDeployments.map(isNamed)].join(OR)];
}

function notBy({ exceptBy }: Watch): string[] {
  return exceptBy === undefined ? [] : [[
    '$.userIdentity.type != "AWSService"', `$.userIdentity.invokedBy != "${exceptBy}"`,
    '$.userIdentity.invokedBy NOT EXISTS',
  ].join(OR)];
}

export function named({ events, except = [] }: WatchedEvents, without: readonly string[] = []): string[] {
  return events
    ? [events.filter((name) => !without.includes(name)).map(isNamed).join(OR)]
    : [...except, ...without].map((name) => `$.eventName != "${name}"`);
}

function isNamed(name: string): string {
  return `$.eventName = "${name}"`;
}

function besides(watch: Watch): string[] {
  return (watch.besides ?? []).map(({ parent, field, value }) =>
    `${selector({ parent, field })} ${value === undefined ? 'NOT EXISTS' : `= "${value}"`}`);
}

export interface Alternative {
  readonly text: string;
  /** The maximum length of the text, in characters, once tokens are replaced with names. */
  readonly longest: number;
}

function comparisons(namedBy: NamedBy): Alternative[] {
  const starts = Array.from({ length: namedBy.positions ?? 1 }, (_, position) => `${selector(namedBy, position)} = "`);
  return namedBy.comparisons.flatMap((comparison) => starts.map((start) => ({
    text: `${start}${wildcards(comparison)}"`, longest: start.length + comparison.longest + 3,
  })));
}

/** A pattern can only match a fixed position of a list. KMS events contain exactly one resource. */
function selector({ parent, field, isList }: Pick<NamedBy, 'parent' | 'field' | 'isList'>, position = 0): string {
  return `$.${parent}${parent === 'resources' ? `[${position}]` : ''}.${field}${isList ? '[0]' : ''}`;
}

function wildcards({ how, value }: Comparison): string {
  switch (how) {
    case 'equals': return value;
    case 'prefix': return `${value}*`;
    case 'suffix': return `*${value}`;
    case 'contains': return `*${value}*`;
  }
}
