import { runInNewContext } from 'node:vm';

/**
 * What an alarm's expression is at one moment, as the guide of metric math has it: a metric without a data point counts as
 * nothing in arithmetic and comparisons, unless FILL says otherwise; comparisons are 0 or 1.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function expressionOf(alarm: any): (values: { readonly [metric: string]: number | undefined }) => number {
  const [{ Expression: expression }] = alarm.Metrics.filter((metric: any) => metric.ReturnData !== false);
  const metrics: string[] = alarm.Metrics.filter((metric: any) => metric.MetricStat).map(({ Id }: any) => Id);
  const identifiers: string[] = expression.match(/[A-Za-z_]\w*/g);
  const unknown = identifiers.filter((identifier) => ![...metrics, 'IF', 'FILL', 'AND', 'OR'].includes(identifier));
  if (unknown.length > 0) {
    throw new Error(`the expression ${expression} has what this reading does not know: ${unknown.join(', ')}`);
  }
  const script = expression.replace(/\bAND\b/g, '&&').replace(/\bOR\b/g, '||');
  return (values) => Number(runInNewContext(script, {
    IF: (condition: number, then: number, otherwise: number) => (condition ? then : otherwise),
    FILL: (value: number, filler: number) => value || filler,
    ...Object.fromEntries(metrics.map((metric) => [metric, values[metric] ?? 0])),
  }));
}
