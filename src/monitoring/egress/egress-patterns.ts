import * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { KEY_PATTERNS } from '../../contract/keys';

/*
 * Records of the trail, as metric filters select them.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
 */

/** Operations of which CloudTrail counts the bytes of the object that left; the audit's view `egress_events` has the same. */
export const READS = ['GetObject', 'GetObjectTorrent', 'SelectObjectContent'] as const;

/** Operations that read an object inside of S3; CloudTrail counts the bytes of their XML answer, never of the object. */
export const COPIES = ['CopyObject', 'UploadPartCopy'] as const;

/** What the key of every file of a model has, and no other key. */
const [, BLOBS] = KEY_PATTERNS.blobs('*').split('*');

export const BYTES_OUT = '$.additionalEventData.bytesTransferredOut';
export const BUCKET_NAME = '$.requestParameters.bucketName';
export const SOURCE_IDENTITY = '$.userIdentity.sessionContext.sourceIdentity';
export const ROLE_ARN = '$.userIdentity.sessionContext.sessionIssuer.arn';

/** A pattern looks at one place of a list; records of reads and copies have the object within the first three. */
const RESOURCES = [0, 1, 2].map((index) => `$.resources[${index}]`);

const { all, any, exists, notExists, stringValue } = logs.FilterPattern;

export type Pattern = logs.JsonPattern;

function oneOf(field: string, values: readonly string[]): Pattern {
  return any(...values.map((value) => stringValue(field, '=', value)));
}

/** Events of the trail may be about other buckets (the log archive) and other services. */
function succeeded(...patterns: Pattern[]): Pattern {
  return all(stringValue('$.eventSource', '=', 's3.amazonaws.com'), notExists('$.errorCode'), ...patterns);
}

export function reads(bucket: s3.IBucket): Pattern {
  return succeeded(stringValue(BUCKET_NAME, '=', bucket.bucketName), oneOf('$.eventName', READS));
}

/** Reads by a key of one's own, by another account, by a service: of a role's session there is none. */
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
      // S3 takes more: any letter of the bucket's name may be encoded. What it made of it stands among the resources.
      ...RESOURCES.map((resource) => stringValue(`${resource}.ARN`, '=', `*:${bucket.bucketName}/*`)),
    ),
    exists(BUCKET_NAME),
    stringValue(BUCKET_NAME, '!=', bucket.bucketName),
  );
}

/**
 * Reads through an access point, whatever name the record has for the bucket: the access point is the third resource.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-monitoring-logging.html
 */
export function readsThroughAccessPoints(bucket: s3.IBucket): Pattern {
  return succeeded(
    oneOf('$.eventName', [...READS, ...COPIES]),
    any(...RESOURCES.map((resource) => stringValue(`${resource}.type`, '=', 'AWS::S3::AccessPoint'))),
    any(...RESOURCES.map((resource) => stringValue(`${resource}.ARN`, '=', bucket.arnForObjects('*')))),
  );
}

/** What a filter may have: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html */
export const LONGEST_PATTERN = 1024;
export const LONGEST_BUCKET_NAME = 63;

export interface Networks {
  /** Of the caller's address, with `*` at the end for the rest of it. */
  readonly addresses: readonly string[];
  readonly vpcEndpointIds: readonly string[];
}

/**
 * Reads of models' files that came neither from one of the addresses nor through one of the endpoints. Sessions of the
 * functions read manifests from Lambda's own network, and services that act for a caller have their name for an address.
 */
export function readsFromElsewhere(bucket: s3.IBucket, networks: Networks): Pattern {
  return succeeded(
    stringValue(BUCKET_NAME, '=', bucket.bucketName),
    stringValue('$.eventName', '=', 'GetObject'),
    stringValue('$.requestParameters.key', '=', `*${BLOBS}*`),
    ...[...networks.addresses, '*.amazonaws.com', 'AWS Internal'].map((address) => stringValue('$.sourceIPAddress', '!=', address)),
    ...networks.vpcEndpointIds.length === 0 ? [] : [any(
      notExists('$.vpcEndpointId'),
      all(...networks.vpcEndpointIds.map((id) => stringValue('$.vpcEndpointId', '!=', id))),
    )],
  );
}
