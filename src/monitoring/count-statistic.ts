import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

/**
 * How to look at a count that metric filters make. Whoever may write metrics (`cloudwatch:PutMetricData`, which agents and
 * notebooks have) can put values beside those of the filters, below zero too, and CloudTrail records that only if it is asked
 * to. They take a sum back to nothing. Where one is too many, the largest value says it as well, and stays what it is.
 */
export function countStatistic(threshold: number): string {
  return threshold === 1 ? cloudwatch.Stats.MAXIMUM : cloudwatch.Stats.SUM;
}
