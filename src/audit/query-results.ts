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

/** Where Athena leaves the answers. */
export class QueryResults extends Construct {
  public readonly bucket: s3.Bucket;
  public readonly encryptionKey: kms.IKey;

  constructor(scope: Construct, id: string, props: QueryResultsProps) {
    super(scope, id);
    this.encryptionKey = props.encryptionKey
      ?? createStorageKey(this, 'Key', `Encrypts the results of audit queries (${this.node.path})`, props.removalPolicy);
    this.bucket = new s3.Bucket(this, 'Bucket', {
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: this.encryptionKey,
      bucketKeyEnabled: true,
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
    // A result is what Athena found; nobody writes one by hand. Athena writes in the name of whoever asked.
    // https://docs.aws.amazon.com/athena/latest/ug/security-iam-athena-calledvia.html
    this.bucket.addToResourcePolicy(deny({
      sid: 'DenyResultsNotOfAthena',
      actions: ['s3:PutObject', 's3:PutObjectTagging', 's3:ReplicateObject'],
      resources: [this.bucket.arnForObjects('*')],
      // True for a request without the key too, which one that comes straight from somebody has not.
      conditions: { 'ForAllValues:StringNotEquals': { 'aws:CalledVia': 'athena.amazonaws.com' } },
    }));
    retainPolicyWithBucket(this.bucket, props.removalPolicy);

    acknowledge(this.bucket, 'S3BucketDefaultLockEnabled',
      'Results are copies of what the log archive keeps, and name people: they are forgotten on time, not locked.');
    acknowledge(this.bucket, 'S3BucketReplicationEnabled',
      'Results are made from the log archive, and can be made again.');
  }
}
