import { Duration } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ADMINISTRATIVE_ACTIONS, deny, OBJECT_READS } from './bucket-statements';

/** Common settings of the buckets of a log archive. */

/** How long a log can be restored after it expired or an administrator deleted it. */
const REGRET = Duration.days(30);

export function logLifecycle(retention: Duration, transitionAfter: Duration | undefined): s3.LifecycleRule[] {
  return [
    { id: 'AbortIncompleteUploads', abortIncompleteMultipartUploadAfter: Duration.days(7) },
    {
      id: 'KeepLogs',
      // Instant Retrieval, so that a query over a year works without a restore.
      transitions: transitionAfter && [{ storageClass: s3.StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter }],
      expiration: retention,
      noncurrentVersionExpiration: REGRET,
    },
    { id: 'RemoveDeleteMarkersWithNothingBehind', expiredObjectDeleteMarker: true },
  ];
}

/**
 * Only the delivering service can write, replace or label a log, regardless of IAM policies, so that logs cannot be
 * forged or overwritten. The statement lists what it leaves out, so that it covers every other way to change an object:
 * tags, annotations, access control lists, replication, and actions that S3 adds later. Callers other than AWS services
 * have no `aws:PrincipalServiceName`, which counts as not equal:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalservicename
 *
 * A service may call with a Regional service name. `aws:PrincipalServiceNamesList` contains all its names, and the S3
 * guide uses it for the delivery of access logs. A caller that has the name in neither key is denied:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html#example-bucket-policies-global-condition-keys
 */
export function addOnlyWriterStatement(bucket: s3.IBucket, serviceName: string): void {
  bucket.addToResourcePolicy(deny({
    sid: 'DenyOtherWriters',
    notActions: [...OBJECT_READS, ...ADMINISTRATIVE_ACTIONS],
    resources: [bucket.arnForObjects('*')],
    conditions: {
      StringNotEquals: { 'aws:PrincipalServiceName': serviceName },
      'ForAllValues:StringNotEquals': { 'aws:PrincipalServiceNamesList': serviceName },
    },
  }));
}
