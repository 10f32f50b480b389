/**
 * The result of a Contributor Insights rule for log events, according to its guide:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/ContributorInsights-RuleSyntax.html
 *
 * The guide does not say what becomes of an event that passes the filters and lacks a key; here it counts for nobody, which
 * is the worse of the two for whoever wants to miss none.
 */
export interface InsightRule {
  readonly LogGroupNames: readonly unknown[];
  readonly Contribution: {
    readonly Keys: readonly string[];
    readonly ValueOf?: string;
    readonly Filters: ReadonlyArray<{ readonly Match: string; readonly [operator: string]: unknown }>;
  };
  readonly AggregateOn: string;
}

/** The sum of each contributor, largest first. */
export function contributorsOf(rule: InsightRule, events: Iterable<object>): Map<string, number> {
  const { Keys: keys, ValueOf: valueOf, Filters: filters } = rule.Contribution;
  if (keys.length < 1 || keys.length > 4 || filters.length > 4) {
    throw new Error(`a rule has one to four keys and at most four filters; this one has ${keys.length} and ${filters.length}`);
  }
  const sums = new Map<string, number>();
  for (const event of events) {
    if (!filters.every((filter) => passes(filter, event))) {
      continue;
    }
    const names = keys.map((key) => valueAt(event, key));
    const value = rule.AggregateOn === 'Count' ? 1 : valueAt(event, valueOf!);
    if (names.some((name) => name === undefined || typeof name === 'object') || typeof value !== 'number') {
      continue;
    }
    const name = names.join(' ');
    sums.set(name, (sums.get(name) ?? 0) + value);
  }
  return new Map([...sums].sort(([, a], [, b]) => b - a));
}

function passes(filter: { readonly Match: string; readonly [operator: string]: unknown }, event: object): boolean {
  const { Match: match, ...rest } = filter;
  const [[operator, operand], ...more] = Object.entries(rest);
  const value = valueAt(event, match);
  const texts = operand as readonly string[];
  if (more.length > 0 || (Array.isArray(operand) && (operand.length < 1 || operand.length > 10))) {
    throw new Error(`a filter has one operator, and at most ten texts: ${JSON.stringify(filter)}`);
  }
  switch (operator) {
    case 'In': return typeof value === 'string' && texts.includes(value);
    case 'NotIn': return typeof value === 'string' && !texts.includes(value);
    case 'StartsWith': return typeof value === 'string' && texts.some((text) => value.startsWith(text));
    case 'GreaterThan': return typeof value === 'number' && value > (operand as number);
    case 'LessThan': return typeof value === 'number' && value < (operand as number);
    case 'EqualTo': return value === operand;
    case 'NotEqualTo': return typeof value === 'number' && value !== operand;
    // Only of leaves.
    case 'IsPresent': return (value !== undefined && typeof value !== 'object') === operand;
    default: throw new Error(`no operator of Contributor Insights: ${operator}`);
  }
}

function valueAt(event: object, selector: string): unknown {
  if (!/^\$(\.[\w-]+)+$/.test(selector)) {
    throw new Error(`no field in the notation of Contributor Insights: ${selector}`);
  }
  return selector.slice(2).split('.').reduce<any>((at, name) => at?.[name], event);
}
