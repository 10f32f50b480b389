import { Duration } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { deny } from './bucket-statements';

/** What the buckets of a log archive have in common. */

/** How long a log that has reached its retention, or was deleted by an administrator, can still be brought back. */
const REGRET = Duration.days(30);

export function logLifecycle(retention: Duration, transitionAfter: Duration | undefined): s3.LifecycleRule[] {
  return [
    { id: 'AbortIncompleteUploads', abortIncompleteMultipartUploadAfter: Duration.days(7) },
    {
      id: 'KeepLogs',
      // Readable at once, so that a query over a year works without a restore.
      transitions: transitionAfter && [{ storageClass: s3.StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter }],
      expiration: retention,
      noncurrentVersionExpiration: REGRET,
    },
    { id: 'RemoveDeleteMarkersWithNothingBehind', expiredObjectDeleteMarker: true },
  ];
}

/**
 * Nobody writes, replaces or annotates a log but the service that delivers it, whatever IAM allows them: evidence is not
 * forged, and neither overwritten. Callers that are no AWS service have no `aws:PrincipalServiceName`, which counts as not
 * equal: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalservicename
 *
 * A service may call under a name of its Region; the list holds all the names it has, and is what S3's own guide writes for
 * the delivery of access logs. Whoever has the name in neither place is denied:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html#example-bucket-policies-global-condition-keys
 */
export function addOnlyWriterStatement(bucket: s3.IBucket, serviceName: string): void {
  bucket.addToResourcePolicy(deny({
    sid: 'DenyOtherWriters',
    actions: [
      's3:PutObject', 's3:PutObjectTagging', 's3:PutObjectVersionTagging', 's3:DeleteObjectTagging', 's3:DeleteObjectVersionTagging',
      's3:ReplicateObject', 's3:ReplicateDelete', 's3:ReplicateTags', 's3:UpdateObjectEncryption',
    ],
    resources: [bucket.arnForObjects('*')],
    conditions: {
      StringNotEquals: { 'aws:PrincipalServiceName': serviceName },
      'ForAllValues:StringNotEquals': { 'aws:PrincipalServiceNamesList': serviceName },
    },
  }));
}
