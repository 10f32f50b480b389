import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { BUCKET_NAME, BYTES_OUT, type Pattern } from './egress-patterns';
import { METRIC_NAMESPACE } from '../../contract/environment';

const BUCKET_DIMENSION = 'BucketName';

/** Metrics that metric filters count from the trail's records, separately for each artifact bucket. */
export enum EgressMetric {
  BYTES = 'EgressBytes',
  BYTES_OUTSIDE_SESSIONS = 'EgressBytesOutsideSessions',
  READS_OUTSIDE_PERIMETER = 'ReadsOutsidePerimeter',
  COPIES_OUT = 'CopiesOut',
  READS_THROUGH_ACCESS_POINTS = 'ReadsThroughAccessPoints',
}

/** The records for these metrics name another bucket in the dimension's field, so the metric name has the bucket. */
const NAMED_BY_BUCKET = new Set([EgressMetric.COPIES_OUT, EgressMetric.READS_THROUGH_ACCESS_POINTS]);

const BYTES = new Set([EgressMetric.BYTES, EgressMetric.BYTES_OUTSIDE_SESSIONS]);

export function countEgress(
  scope: Construct, logGroup: logs.ILogGroup, bucket: s3.IBucket, metric: EgressMetric, filterPattern: Pattern,
): void {
  new logs.MetricFilter(scope, `${metric}Filter`, {
    logGroup,
    filterPattern,
    metricNamespace: METRIC_NAMESPACE,
    ...NAMED_BY_BUCKET.has(metric)
      ? { metricName: `${metric}/${bucket.bucketName}` }
      : { metricName: metric, dimensions: { [BUCKET_DIMENSION]: BUCKET_NAME } },
    metricValue: BYTES.has(metric) ? BYTES_OUT : '1',
    unit: BYTES.has(metric) ? cloudwatch.Unit.BYTES : cloudwatch.Unit.COUNT,
  });
}

export function egressMetric(
  bucket: s3.IBucket, metric: EgressMetric, options: cloudwatch.MetricOptions,
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: METRIC_NAMESPACE,
    ...NAMED_BY_BUCKET.has(metric)
      ? { metricName: `${metric}/${bucket.bucketName}` }
      : { metricName: metric, dimensionsMap: { [BUCKET_DIMENSION]: bucket.bucketName } },
    statistic: cloudwatch.Stats.SUM,
    ...options,
  });
}
