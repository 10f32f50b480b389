import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { addDeletionStatement, addTransportStatements, retainPolicyWithBucket } from './bucket-statements';
import { addOnlyWriterStatement, logLifecycle } from './log-bucket';
import { acknowledge } from '../common/acknowledgements';

export interface AccessLogBucketProps {
  readonly retention: Duration;
  readonly transitionAfter?: Duration;
  readonly administratorArns?: string[];
  readonly bucketName?: string;
  readonly removalPolicy: RemovalPolicy;
}

const SSE_S3_ONLY = 'S3 delivers server access logs only to buckets with SSE-S3 encryption: '
  + 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html';
const NO_LOGS_OF_LOGS = 'This bucket receives the access logs of the other buckets; logging it to itself would make '
  + 'every delivery cause another one.';
const NO_REPLICATION = 'Access logs are delivered on a best-effort basis and are a second source next to the trail; a '
  + 'copy in another Region is left to the owner of the logs.';
const NO_OBJECT_LOCK = 'S3 does not deliver server access logs to buckets with Object Lock: '
  + 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html';

/** The bucket that S3 delivers server access logs to. */
export class AccessLogBucket extends Construct {
  public readonly bucket: s3.Bucket;

  constructor(scope: Construct, id: string, props: AccessLogBucketProps) {
    super(scope, id);
    this.bucket = new s3.Bucket(this, 'Bucket', {
      bucketName: props.bucketName,
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockedEncryptionTypes: [s3.BlockedEncryptionType.SSE_C],
      versioned: true,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      lifecycleRules: logLifecycle(props.retention, props.transitionAfter),
      transitionDefaultMinimumObjectSize: s3.TransitionDefaultMinimumObjectSize.ALL_STORAGE_CLASSES_128_K,
      removalPolicy: props.removalPolicy,
    });
    addTransportStatements(this.bucket);
    addOnlyWriterStatement(this.bucket, 'logging.s3.amazonaws.com');
    addDeletionStatement(this.bucket, props.administratorArns);
    retainPolicyWithBucket(this.bucket, props.removalPolicy);

    acknowledge(this.bucket, 'S3DefaultEncryptionKMS', SSE_S3_ONLY);
    acknowledge(this.bucket, 'S3BucketDefaultLockEnabled', NO_OBJECT_LOCK);
    acknowledge(this.bucket, 'S1', NO_LOGS_OF_LOGS);
    acknowledge(this.bucket, 'S3BucketLoggingEnabled', NO_LOGS_OF_LOGS);
    acknowledge(this.bucket, 'S3BucketReplicationEnabled', NO_REPLICATION);
    acknowledge(this.bucket, 'CT.S3.PR.4',
      'Queries read the logs by day. No component needs notifications for individual log files.');
  }
}
