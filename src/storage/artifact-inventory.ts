import { Aws, Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { deliverAccessLogs } from './access-logs';
import { addDeletionStatement, addTransportStatements, retainPolicyWithBucket } from './bucket-statements';
import { addOnlyWriterStatement } from './log-bucket';
import { acknowledge } from '../common/acknowledgements';
import { allowOnKey, requireAction } from '../common/required-actions';

export interface InventoryBucketProps {
  readonly encryptionKey: kms.IKey;
  readonly retention: Duration;
  readonly serverAccessLogsBucket?: s3.IBucket;
  readonly administratorArns?: string[];
  readonly removalPolicy: RemovalPolicy;
}

const S3 = 's3.amazonaws.com';
const PREFIX = 'inventory';

/** The bucket that S3 delivers the inventory reports to. */
export class InventoryBucket extends Construct {
  public readonly bucket: s3.Bucket;

  constructor(scope: Construct, id: string, props: InventoryBucketProps) {
    super(scope, id);
    this.bucket = new s3.Bucket(this, 'Bucket', {
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: props.encryptionKey,
      bucketKeyEnabled: true,
      blockedEncryptionTypes: [s3.BlockedEncryptionType.SSE_C],
      versioned: true,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      lifecycleRules: [{
        id: 'KeepLists',
        expiration: props.retention,
        noncurrentVersionExpiration: Duration.days(1),
        abortIncompleteMultipartUploadAfter: Duration.days(7),
      }],
      removalPolicy: props.removalPolicy,
    });
    addTransportStatements(this.bucket);
    addOnlyWriterStatement(this.bucket, S3);
    addDeletionStatement(this.bucket, props.administratorArns);
    retainPolicyWithBucket(this.bucket, props.removalPolicy);
    if (props.serverAccessLogsBucket) {
      deliverAccessLogs(this.bucket, props.serverAccessLogsBucket, 'inventory-bucket/');
    }
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/configure-inventory.html#configure-inventory-kms-key-policy
    allowOnKey(this, props.encryptionKey, [new iam.PolicyStatement({
      sid: 'AllowInventory',
      principals: [new iam.ServicePrincipal(S3)],
      // The wildcard also covers GenerateDataKeyWithoutPlaintext, as on the page above.
      actions: ['kms:GenerateDataKey*'],
      // In a key policy, "*" is the key itself. The bucket refers to the key, so the key cannot refer to the bucket.
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    })], {
      resource: 'the key that encrypts the models',
      why: 'before S3 can encrypt the inventory reports',
      outputId: 'RequiredInventoryKeyPolicy',
    });
    acknowledge(this.bucket, 'S3BucketDefaultLockEnabled',
      'Reports can be created again from the source bucket, which keeps its versions.');
    acknowledge(this.bucket, 'S3BucketReplicationEnabled', 'Reports can be created again from the source bucket.');
    acknowledge(this.bucket, 'CT.S3.PR.4',
      'Reports are read on demand. No component needs notifications from this bucket.');
  }
}

/** Configures S3 to deliver inventory reports of one bucket to another. */
export function makeInventory(
  source: s3.Bucket, destination: s3.IBucket, frequency: s3.InventoryFrequency,
): void {
  const statement = new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal(S3)],
    actions: ['s3:PutObject'],
    // S3 names the reports by bucket, inventory and date.
    resources: [destination.arnForObjects(`${PREFIX}/*`)],
    conditions: {
      StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
      // Across stacks, a reference to the source would make the stacks depend on each other.
      ...Stack.of(source) === Stack.of(destination) ? { ArnEquals: { 'aws:SourceArn': source.bucketArn } } : {},
    },
  });
  if (!destination.addToResourcePolicy(statement).statementAdded) {
    requireAction(source, {
      id: 'SecureModelArtifactStore::ImportedInventoryBucket',
      resource: 'the inventory bucket',
      why: 'so that inventory reports are delivered',
      settings: [],
      policyStatements: [statement],
      outputId: 'RequiredInventoryBucketPolicy',
    });
  }
  (source.node.defaultChild as s3.CfnBucket).inventoryConfigurations = [{
    id: 'EveryVersion',
    enabled: true,
    includedObjectVersions: 'All',
    scheduleFrequency: frequency,
    destination: {
      bucketArn: destination.bucketArn, bucketAccountId: Aws.ACCOUNT_ID, format: 'Parquet', prefix: PREFIX,
    },
    optionalFields: [
      'Size', 'LastModifiedDate', 'StorageClass', 'ETag', 'IsMultipartUploaded', 'ReplicationStatus',
      'EncryptionStatus', 'BucketKeyStatus', 'ObjectLockMode', 'ObjectLockRetainUntilDate',
      'ObjectLockLegalHoldStatus', 'ChecksumAlgorithm',
    ],
  }];
}
