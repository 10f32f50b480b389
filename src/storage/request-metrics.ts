import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as s3 from 'aws-cdk-lib/aws-s3';

/** A filter that covers the whole bucket. S3 publishes request metrics every minute under its ID. */
export const REQUEST_METRICS: s3.BucketMetrics = { id: 'EntireBucket' };

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html */
export function requestMetric(
  bucket: s3.IBucket, filterId: string, metricName: string, options: cloudwatch.MetricOptions,
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/S3',
    metricName,
    dimensionsMap: { BucketName: bucket.bucketName, FilterId: filterId },
    statistic: cloudwatch.Stats.SUM,
    ...options,
  });
}

/** S3 publishes storage metrics once a day, free of charge. */
export function storageMetric(
  bucket: s3.IBucket, metricName: 'BucketSizeBytes' | 'NumberOfObjects', storageType: string,
  options: cloudwatch.MetricOptions,
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/S3',
    metricName,
    dimensionsMap: { BucketName: bucket.bucketName, StorageType: storageType },
    statistic: cloudwatch.Stats.AVERAGE,
    ...options,
  });
}
