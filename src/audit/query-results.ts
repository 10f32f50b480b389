import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from '../common/acknowledgements';
import { deliverAccessLogs } from '../storage/access-logs';
import { addTransportStatements, deny, retainPolicyWithBucket } from '../storage/bucket-statements';
import { createStorageKey } from '../storage/storage-key';

export interface QueryResultsProps {
  readonly accessLogBucket: s3.IBucket;
  readonly encryptionKey?: kms.IKey;
  readonly retention: Duration;
  readonly removalPolicy: RemovalPolicy;
}

/** The bucket for the results of Athena queries. */
export class QueryResults extends Construct {
  public readonly bucket: s3.Bucket;
  public readonly encryptionKey: kms.IKey;

  constructor(scope: Construct, id: string, props: QueryResultsProps) {
    super(scope, id);
    this.encryptionKey = props.encryptionKey
      ?? createStorageKey(this, 'Key', `Encrypts audit query results (${this.node.path})`, props.removalPolicy);
    this.bucket = new s3.Bucket(this, 'Bucket', {
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: this.encryptionKey,
      bucketKeyEnabled: true,
      blockedEncryptionTypes: [s3.BlockedEncryptionType.SSE_C],
      versioned: true,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      lifecycleRules: [
        { id: 'AbortIncompleteUploads', abortIncompleteMultipartUploadAfter: Duration.days(7) },
        { id: 'ForgetResults', expiration: props.retention, noncurrentVersionExpiration: Duration.days(7) },
        { id: 'RemoveDeleteMarkersWithNothingBehind', expiredObjectDeleteMarker: true },
      ],
      removalPolicy: props.removalPolicy,
    });
    deliverAccessLogs(this.bucket, props.accessLogBucket, 'query-results/');
    addTransportStatements(this.bucket);
    // Only Athena may write results, so that they cannot be forged. Athena writes them with the permissions of the
    // caller.
    // https://docs.aws.amazon.com/athena/latest/ug/security-iam-athena-calledvia.html
    this.bucket.addToResourcePolicy(deny({
      sid: 'DenyResultsNotOfAthena',
      // The wildcards cover tags, annotations and access control lists.
      actions: ['s3:PutObject*', 's3:Replicate*', 's3:UpdateObjectEncryption'],
      resources: [this.bucket.arnForObjects('*')],
      // ForAllValues also matches requests without the key, which are those that do not come through a service.
      conditions: { 'ForAllValues:StringNotEquals': { 'aws:CalledVia': 'athena.amazonaws.com' } },
    }));
    retainPolicyWithBucket(this.bucket, props.removalPolicy);

    acknowledge(this.bucket, 'S3BucketDefaultLockEnabled',
      'Results can be derived from the log archive again. They contain personal data, so they expire instead.');
    acknowledge(this.bucket, 'S3BucketReplicationEnabled',
      'Results can be derived from the log archive again.');
    acknowledge(this.bucket, 'CT.S3.PR.4',
      'Athena reports when a query is complete. No component needs notifications from this bucket.');
  }
}
