import { projectedDays, type TableDescription } from './trail-table';

/** Fields that every line has, in order. */
const FIELDS = [
  'bucket_owner', 'bucket', 'request_time', 'source_ip', 'requester', 'request_id', 'operation', 'object_key',
  'request_uri', 'http_status', 'error_code', 'bytes_sent', 'object_size', 'total_time_ms', 'turn_around_time_ms',
  'referer', 'user_agent',
];

/** Fields that S3 added later, so older lines may end before them. */
const LATER_FIELDS = [
  'version_id', 'host_id', 'signature_version', 'cipher_suite', 'authentication_type', 'host_header', 'tls_version',
  'access_point_arn', 'acl_required', 'source_region',
];

const PLAIN = '([^ ]+)';
/** Callers choose these values, so a quotation mark in them must not hide the line. */
const QUOTED = '(".*?"|-)';
const BRACKETED = '\\[([^\\]]*)\\]';
const PATTERNS: { readonly [field: string]: string } = {
  request_time: BRACKETED, request_uri: QUOTED, referer: QUOTED, user_agent: QUOTED,
};

/**
 * A line of the S3 server access logs. Each later field is optional, and fields that S3 may add in the future are kept
 * in an extra column.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
 */
export const ACCESS_LOG_PATTERN = `^${FIELDS.map((field) => PATTERNS[field] ?? PLAIN).join(' ')}`
  + `${LATER_FIELDS.map(() => `(?: ${PLAIN})?`).join('')}(?: (.*))?$`;

/** All fields are strings, as in the log line. */
export const ACCESS_LOG_RECORD_COLUMNS: { readonly [column: string]: string } = Object.fromEntries(
  [...FIELDS, ...LATER_FIELDS, 'further_fields'].map((field) => [field, 'string']),
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
