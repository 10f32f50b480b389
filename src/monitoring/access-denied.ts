import type { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { AlarmThresholds } from './alarm-thresholds';
import { RunbookEntry } from './runbook';
import type { StoreAlarms } from './store-alarms';
import { METRIC_NAMESPACE } from '../contract/environment';

const METRIC_NAME = 'AccessDenied';
const BUCKET_DIMENSION = 'BucketName';

export interface AccessDeniedOptions {
  readonly logGroup: logs.ILogGroup;
  readonly bucket: s3.IBucket;
  readonly thresholds: AlarmThresholds;
  readonly period: Duration;
}

/** Creates the alarm on repeated AccessDenied errors from S3. */
export function watchAccessDenied(scope: Construct, alarms: StoreAlarms, options: AccessDeniedOptions): void {
  const { logGroup, bucket, thresholds, period } = options;
  countAccessDenied(scope, logGroup, bucket);
  alarms.add('AccessDenied', {
    metric: accessDeniedMetric(bucket, { period }),
    threshold: thresholds.accessDenied ?? 5,
    sentence: 'S3 repeatedly denied requests to the artifact bucket of the model artifact store.',
    entry: RunbookEntry.ACCESS_DENIED,
  });
}

/** Counts the requests that S3 denied on one bucket, from the trail's log group. */
function countAccessDenied(scope: Construct, logGroup: logs.ILogGroup, bucket: s3.IBucket): void {
  new logs.MetricFilter(scope, 'AccessDeniedFilter', {
    logGroup,
    // The trail may also record other buckets (the log archive) and other services.
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
    filterPattern: logs.FilterPattern.all(
      logs.FilterPattern.stringValue('$.eventSource', '=', 's3.amazonaws.com'),
      logs.FilterPattern.stringValue('$.errorCode', '=', 'AccessDenied'),
      logs.FilterPattern.stringValue('$.requestParameters.bucketName', '=', bucket.bucketName),
    ),
    metricNamespace: METRIC_NAMESPACE,
    metricName: METRIC_NAME,
    metricValue: '1',
    unit: cloudwatch.Unit.COUNT,
    // Separates the counts of two stores in one account.
    dimensions: { [BUCKET_DIMENSION]: '$.requestParameters.bucketName' },
  });
}

export function accessDeniedMetric(bucket: s3.IBucket, options: cloudwatch.MetricOptions): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: METRIC_NAMESPACE,
    metricName: METRIC_NAME,
    dimensionsMap: { [BUCKET_DIMENSION]: bucket.bucketName },
    statistic: cloudwatch.Stats.SUM,
    ...options,
  });
}
