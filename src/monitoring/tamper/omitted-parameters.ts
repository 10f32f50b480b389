import { Match, type EventPattern } from 'aws-cdk-lib/aws-events';
import { CLOUDFORMATION, type ChangedBy, named as nameMatchers } from './event-pattern';
import { named as nameConditions, OR, withAlternatives } from './log-pattern';
import type { Watch, WatchedEvents } from './watch';

/*
 * CloudTrail omits the parameters of a request that are larger than about 100 KB, such as a policy padded with spaces.
 * The record then does not say which resource was changed, and no watch matches it. So every such request whose name is
 * watched is reported, whichever resource it is about:
 *
 *   "requestParameters": {"omitted": true, "originalSize": 140233, "reason": "requestParameters too large"}
 *
 * Only management events have large parameters: those of data events are headers and parts of the URL.
 */

export function omittedEventPattern(watches: readonly Watch[], changedBy: ChangedBy): EventPattern {
  return {
    source: Match.prefix('aws.'),
    detailType: ['AWS API Call via CloudTrail'],
    detail: {
      managementEvent: [true],
      readOnly: [false],
      ...(changedBy === 'anybody' ? {} : {
        sourceIPAddress: changedBy === 'deployments' ? [CLOUDFORMATION] : [{ 'anything-but': [CLOUDFORMATION] }],
      }),
      requestParameters: { omitted: [{ exists: true }] },
      $or: byService(watches).map((service) => ({ eventSource: [service.eventSource], ...nameMatchers(service) })),
    },
  };
}

export function omittedLogPatterns(watches: readonly Watch[], changedBy: ChangedBy): string[] {
  const conditions = [
    '$.managementEvent IS TRUE',
    '$.readOnly IS FALSE',
    ...(changedBy === 'anybody' ? []
      : [`$.sourceIPAddress ${changedBy === 'deployments' ? '=' : '!='} "${CLOUDFORMATION}"`]),
    // Recorded as a boolean or as text.
    '$.requestParameters.omitted IS TRUE || $.requestParameters.omitted = "true"',
  ];
  const alternatives = byService(watches).map((service) => {
    const all = [`$.eventSource = "${service.eventSource}"`, ...nameConditions(service)];
    const text = `(${all.map((condition) => (condition.includes(OR) ? `(${condition})` : condition)).join(' && ')})`;
    return { text, longest: text.length };
  });
  return withAlternatives(conditions, alternatives);
}

/** The names that any watch of a service matches. Watches that ignore the resource match without parameters, too. */
function byService(watches: readonly Watch[]): WatchedEvents[] {
  const relevant = watches.filter(({ category, namedBy }) => category === 'management' && namedBy.length > 0);
  return [...new Set(relevant.map(({ eventSource }) => eventSource))].map((eventSource) => {
    const ofService = relevant.filter((watch) => watch.eventSource === eventSource);
    const open = ofService.filter(({ events }) => events === undefined);
    if (open.length === 0) {
      return { eventSource, events: [...new Set(ofService.flatMap(({ events }) => events ?? []))] };
    }
    const harmless = open.map(({ except }) => except ?? []);
    return { eventSource, except: harmless[0].filter((name) => harmless.every((names) => names.includes(name))) };
  });
}
