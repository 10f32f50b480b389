import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { addDeletionStatement, addTransportStatements } from './bucket-statements';
import { addOnlyWriterStatement, logLifecycle } from './log-bucket';
import { acknowledge } from '../common/acknowledgements';

export interface AccessLogBucketProps {
  readonly retention: Duration;
  readonly transitionAfter?: Duration;
  readonly administratorArns?: string[];
  readonly bucketName?: string;
  readonly removalPolicy: RemovalPolicy;
}

const SSE_S3_ONLY = 'S3 delivers server access logs to buckets with SSE-S3 encryption only: '
  + 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html';
const NO_LOGS_OF_LOGS = 'This bucket receives the access logs of the others; logging it into itself would make every delivery the '
  + 'cause of another one.';
const NO_REPLICATION = 'Access logs are delivered at best effort and are the second witness beside the trail; a copy in another Region '
  + 'is for the owner of the logs to ask for.';
const NO_OBJECT_LOCK = 'S3 delivers server access logs to no bucket with Object Lock: '
  + 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html';

/** The bucket that S3 delivers server access logs to. */
export class AccessLogBucket extends Construct {
  public readonly bucket: s3.Bucket;

  constructor(scope: Construct, id: string, props: AccessLogBucketProps) {
    super(scope, id);
    this.bucket = new s3.Bucket(this, 'Bucket', {
      bucketName: props.bucketName,
      encryption: s3.BucketEncryption.S3_MANAGED,
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

    acknowledge(this.bucket, 'S3DefaultEncryptionKMS', SSE_S3_ONLY);
    acknowledge(this.bucket, 'S3BucketDefaultLockEnabled', NO_OBJECT_LOCK);
    acknowledge(this.bucket, 'S1', NO_LOGS_OF_LOGS);
    acknowledge(this.bucket, 'S3BucketLoggingEnabled', NO_LOGS_OF_LOGS);
    acknowledge(this.bucket, 'S3BucketReplicationEnabled', NO_REPLICATION);
  }
}
