import * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { KEY_PATTERNS } from '../../contract/keys';

/*
 * Metric filter patterns for the trail's records.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
 */

/** Operations for which CloudTrail records the bytes read from the object. The view `egress_events` has the same. */
export const READS = ['GetObject', 'GetObjectTorrent', 'GetObjectAnnotation', 'SelectObjectContent'] as const;

/** Operations that copy an object within S3. CloudTrail records the size of the XML response, never of the object. */
export const COPIES = ['CopyObject', 'UploadPartCopy'] as const;

/** The part that the keys of all model files contain, and no other keys. */
const [, BLOBS] = KEY_PATTERNS.blobs('*').split('*');

export const BYTES_OUT = '$.additionalEventData.bytesTransferredOut';
export const BUCKET_NAME = '$.requestParameters.bucketName';
export const SOURCE_IDENTITY = '$.userIdentity.sessionContext.sourceIdentity';
export const ROLE_ARN = '$.userIdentity.sessionContext.sessionIssuer.arn';

/** A pattern can only match a fixed index of a list. The object is among the first three resources of a record. */
const RESOURCES = [0, 1, 2].map((index) => `$.resources[${index}]`);

const { all, any, exists, notExists, stringValue } = logs.FilterPattern;

export type Pattern = logs.JsonPattern;

function oneOf(field: string, values: readonly string[]): Pattern {
  return any(...values.map((value) => stringValue(field, '=', value)));
}

/** The trail may also record other buckets (the log archive) and other services. */
function succeeded(...patterns: Pattern[]): Pattern {
  return all(stringValue('$.eventSource', '=', 's3.amazonaws.com'), notExists('$.errorCode'), ...patterns);
}

export function reads(bucket: s3.IBucket): Pattern {
  return succeeded(stringValue(BUCKET_NAME, '=', bucket.bucketName), oneOf('$.eventName', READS));
}

/** Reads without a role session: by a user's access key, another account, or a service. */
export function readsOutsideSessions(bucket: s3.IBucket, bySourceIdentity: boolean): Pattern {
  return succeeded(
    stringValue(BUCKET_NAME, '=', bucket.bucketName),
    oneOf('$.eventName', READS),
    ...bySourceIdentity ? [notExists(SOURCE_IDENTITY)] : [],
    notExists(ROLE_ARN),
  );
}

export function copiesOut(bucket: s3.IBucket): Pattern {
  const source = '$.requestParameters.x-amz-copy-source';
  return succeeded(
    oneOf('$.eventName', COPIES),
    any(
      // The forms that clients send: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
      oneOf(source, [`${bucket.bucketName}/*`, `/${bucket.bucketName}/*`, `${bucket.bucketName}%2*`]),
      // S3 accepts more: any letter of the bucket name may be encoded. The record's resources contain the decoded name.
      ...RESOURCES.map((resource) => stringValue(`${resource}.ARN`, '=', `*:${bucket.bucketName}/*`)),
    ),
    exists(BUCKET_NAME),
    stringValue(BUCKET_NAME, '!=', bucket.bucketName),
  );
}

/**
 * Reads through an access point, no matter how the record names the bucket. The access point is the third resource.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-monitoring-logging.html
 */
export function readsThroughAccessPoints(bucket: s3.IBucket): Pattern {
  return succeeded(
    oneOf('$.eventName', [...READS, ...COPIES]),
    any(...RESOURCES.map((resource) => stringValue(`${resource}.type`, '=', 'AWS::S3::AccessPoint'))),
    any(...RESOURCES.map((resource) => stringValue(`${resource}.ARN`, '=', bucket.arnForObjects('*')))),
  );
}

/**
 * The maximum length of a filter pattern:
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html
 */
export const LONGEST_PATTERN = 1024;
export const LONGEST_BUCKET_NAME = 63;

export interface Networks {
  /** Addresses of callers, or prefixes of addresses followed by `*`. */
  readonly addresses: readonly string[];
  readonly vpcEndpointIds: readonly string[];
}

/**
 * Reads of model files that came neither from one of the addresses nor through one of the endpoints. Other files are
 * excluded because the functions read manifests from Lambda's network. AWS services are excluded because their records
 * contain the service name instead of an address.
 */
export function readsFromElsewhere(bucket: s3.IBucket, networks: Networks): Pattern {
  return succeeded(
    stringValue(BUCKET_NAME, '=', bucket.bucketName),
    stringValue('$.eventName', '=', 'GetObject'),
    stringValue('$.requestParameters.key', '=', `*${BLOBS}*`),
    ...[...networks.addresses, '*.amazonaws.com', 'AWS Internal']
      .map((address) => stringValue('$.sourceIPAddress', '!=', address)),
    ...networks.vpcEndpointIds.length === 0 ? [] : [any(
      notExists('$.vpcEndpointId'),
      all(...networks.vpcEndpointIds.map((id) => stringValue('$.vpcEndpointId', '!=', id))),
    )],
  );
}
