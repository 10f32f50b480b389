import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

/**
 * The statistic for a count from metric filters. A principal with `cloudwatch:PutMetricData`, which agents and
 * notebooks often have, can publish values to the same metric, including negative ones, and CloudTrail does not record
 * that by default. Negative values can bring a sum back to zero. If the threshold is 1, the maximum detects the same
 * events and cannot be lowered.
 */
export function countStatistic(threshold: number): string {
  return threshold === 1 ? cloudwatch.Stats.MAXIMUM : cloudwatch.Stats.SUM;
}
