import { projectedDays, type TableDescription } from './trail-table';
import { ACCESS_LOG_FIELDS, ACCESS_LOG_PATTERN } from '../contract/access-log-line';

/** All fields are strings, as in the log line. */
export const ACCESS_LOG_RECORD_COLUMNS: { readonly [column: string]: string } = Object.fromEntries(
  ACCESS_LOG_FIELDS.map((field) => [field, 'string']),
);

export interface AccessLogLocation {
  readonly bucketName: string;
  /** Ends with "/". */
  readonly prefix: string;
  readonly account: string;
  readonly region: string;
  readonly sourceBucketName: string;
  /** Number of days of logs. */
  readonly days: number;
}

/**
 * Table over access logs with keys partitioned by the date of the event:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html#server-access-logging-overview
 */
export function accessLogTable(logs: AccessLogLocation): TableDescription {
  const location = `s3://${logs.bucketName}/${logs.prefix}${logs.account}/${logs.region}/${logs.sourceBucketName}/`;
  return {
    description: 'Server access logs of the artifact bucket, one row per line',
    columns: ACCESS_LOG_RECORD_COLUMNS,
    partitions: ['day'],
    storage: {
      inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
      outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
      serdeInfo: {
        serializationLibrary: 'org.apache.hadoop.hive.serde2.RegexSerDe',
        parameters: { 'input.regex': ACCESS_LOG_PATTERN },
      },
    },
    location,
    locationTemplate: `${location}\${day}/`,
    projection: projectedDays(logs.days),
  };
}
