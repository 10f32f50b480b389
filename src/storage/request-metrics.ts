import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as s3 from 'aws-cdk-lib/aws-s3';

/** One filter, of the whole bucket: S3 publishes what requests come in by the minute, in metrics that carry its id. */
export const REQUEST_METRICS: s3.BucketMetrics = { id: 'EntireBucket' };

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html */
export function requestMetric(bucket: s3.IBucket, filterId: string, metricName: string, options: cloudwatch.MetricOptions): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/S3',
    metricName,
    dimensionsMap: { BucketName: bucket.bucketName, FilterId: filterId },
    statistic: cloudwatch.Stats.SUM,
    ...options,
  });
}

/** Daily, and free of charge. */
export function storageMetric(
  bucket: s3.IBucket, metricName: 'BucketSizeBytes' | 'NumberOfObjects', storageType: string, options: cloudwatch.MetricOptions,
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/S3',
    metricName,
    dimensionsMap: { BucketName: bucket.bucketName, StorageType: storageType },
    statistic: cloudwatch.Stats.AVERAGE,
    ...options,
  });
}
