/**
 * CloudWatch Logs' reading of a pattern `{ ($.a.b = "c") && … }`: every selector must be there and equal. Patterns of other
 * forms are refused, so that none is taken for one that matches nothing.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
 */
export function matchesPattern(pattern: string, line: string): boolean {
  const comparisons = [...pattern.matchAll(/\(\$\.([\w.]+) = "([^"*]*)"\)/g)];
  if (comparisons.length === 0 || pattern !== `{ ${comparisons.map(([text]) => text).join(' && ')} }`) {
    throw new Error(`the pattern is of a form that this reading does not know: ${pattern}`);
  }
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch {
    return false;
  }
  return comparisons.every(([, selector, value]) =>
    selector.split('.').reduce<any>((at, name) => at?.[name], event) === value);
}
