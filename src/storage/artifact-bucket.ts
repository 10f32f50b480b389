import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { deliverAccessLogs } from './access-logs';
import { checkArtifactBucket, noncurrentVersionExpirationOf } from './artifact-bucket-checks';
import type { IArtifactBucket, ArtifactBucketAttributes } from './artifact-bucket-interface';
import { artifactLifecycle } from './artifact-bucket-lifecycle';
import { ArtifactBucketPolicy } from './artifact-bucket-policy';
import type { ArtifactBucketProps } from './artifact-bucket-props';
import { InventoryBucket, makeInventory } from './artifact-inventory';
import { retainPolicyWithBucket } from './bucket-statements';
import { ImportedArtifactBucket } from './imported-artifact-bucket';
import { requireKeyActions } from './key-owner';
import { REQUEST_METRICS } from './request-metrics';
import { createStorageKey } from './storage-key';
import { usualTransition } from './transition';
import { acknowledge } from '../common/acknowledgements';
import { arnsOf } from '../common/principal-arns';
import { Problems } from '../common/problems';
import { refuseWeakening } from '../common/weakened-resources';

export { IArtifactBucket, ArtifactBucketAttributes } from './artifact-bucket-interface';

export { ArtifactBucketProps } from './artifact-bucket-props';

/**
 * The bucket that holds the models. It is private, versioned, encrypted with a single customer managed key, and
 * reachable only over TLS 1.2 or later. Blobs and versions can be written only once, and moves of aliases are recorded
 * as object versions. The bucket policy contains only deny statements; permissions come from IAM.
 *
 * Note that `bucket.addEventNotification` would replace the delivery of events to EventBridge (use EventBridge rules
 * instead), and that a key created here can be used only through S3.
 */
export class ArtifactBucket extends Construct implements IArtifactBucket {
  /**
   * Imports an artifact bucket of another stack or account. The policies of the bucket and its key are not changed.
   *
   * @param scope the scope of the construct
   * @param id the ID of the construct
   * @param attributes the attributes of the bucket
   */
  public static fromArtifactBucketAttributes(
    scope: Construct, id: string, attributes: ArtifactBucketAttributes,
  ): IArtifactBucket {
    return ImportedArtifactBucket.fromAttributes(scope, id, attributes);
  }

  /**
   * Uses a bucket that was not created as an `ArtifactBucket`. A store adds statements to the policy of a bucket in its
   * own stack. The other settings of the bucket, and the policy of an imported bucket, are not changed.
   *
   * @param scope the scope of the construct
   * @param id the ID of the construct
   * @param bucket the bucket to use
   * @param encryptionKey the key that encrypts its objects; by default, the bucket's `encryptionKey`
   */
  public static fromBucket(
    scope: Construct, id: string, bucket: s3.IBucket, encryptionKey?: kms.IKey,
  ): IArtifactBucket {
    return ImportedArtifactBucket.fromBucket(scope, id, bucket, encryptionKey);
  }

  /** The S3 bucket. */
  public readonly bucket: s3.IBucket;

  /** The KMS key that encrypts every object in the bucket. */
  public readonly encryptionKey: kms.IKey;

  /** The bucket that receives the inventory reports, if there is an inventory. */
  public readonly inventoryBucket?: s3.IBucket;

  /**
   * The maximum age of the signature of a presigned URL.
   *
   * @internal
   */
  public readonly _maximumPresignedUrlAge: Duration;

  /**
   * The policy of the bucket, for the roles that can write and those that the perimeter exempts.
   *
   * @internal
   */
  public readonly _policy: ArtifactBucketPolicy;

  /**
   * @param scope the scope to create the construct in
   * @param id the ID of the construct, unique within the scope
   * @param props the properties of the bucket; every property has a secure default
   */
  constructor(scope: Construct, id: string, props: ArtifactBucketProps = {}) {
    super(scope, id);
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    const maximumPresignedUrlAge = props.maximumPresignedUrlAge ?? Duration.minutes(15);
    this._maximumPresignedUrlAge = maximumPresignedUrlAge;
    const noncurrentVersionExpiration = noncurrentVersionExpirationOf(props);
    const problems = Problems.of(this);
    checkArtifactBucket(problems, this, props);
    problems.throwIfAny('ArtifactBucket');
    const lifecycle = {
      abortIncompleteMultipartUploadAfter: props.abortIncompleteMultipartUploadAfter ?? Duration.days(7),
      noncurrentVersionTransitionAfter: props.noncurrentVersionTransitionAfter
        ?? usualTransition(Duration.days(30), noncurrentVersionExpiration),
      noncurrentVersionExpiration,
    };

    this.encryptionKey = props.encryptionKey
      ?? createStorageKey(this, 'Key', `Encrypts the models in the artifact bucket (${this.node.path})`, removalPolicy);

    const bucket = new s3.Bucket(this, 'Bucket', {
      bucketName: props.bucketName,
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: this.encryptionKey,
      bucketKeyEnabled: true,
      blockedEncryptionTypes: [s3.BlockedEncryptionType.SSE_C],
      versioned: true,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectLockEnabled: props.objectLock !== undefined ? true : undefined,
      objectLockDefaultRetention: props.objectLock,
      lifecycleRules: artifactLifecycle(lifecycle),
      transitionDefaultMinimumObjectSize: s3.TransitionDefaultMinimumObjectSize.ALL_STORAGE_CLASSES_128_K,
      metrics: props.requestMetrics === false ? undefined : [REQUEST_METRICS],
      removalPolicy,
    });
    this.bucket = bucket;
    const resource = bucket.node.defaultChild as s3.CfnBucket;
    // The higher-level property would add a Lambda function of the CDK.
    resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
    // No export, because the console shows the analysis.
    resource.analyticsConfigurations = props.storageClassAnalysis === false ? undefined
      : [{ id: 'EntireBucket', storageClassAnalysis: {} }];
    if (props.serverAccessLogsBucket !== undefined) {
      deliverAccessLogs(bucket, props.serverAccessLogsBucket, props.serverAccessLogsPrefix ?? 'artifact-bucket/');
    }

    this._policy = new ArtifactBucketPolicy(this.bucket, {
      encryptionKey: this.encryptionKey,
      maximumPresignedUrlAge: maximumPresignedUrlAge,
      administratorArns: arnsOf(props.administrators),
      perimeter: props.perimeter,
    });
    retainPolicyWithBucket(bucket, removalPolicy);
    refuseWeakening(this, { removalPolicy, permanentBuckets: [bucket] });
    if (props.inventoryFrequency !== undefined) {
      this.inventoryBucket = props.inventoryBucket ?? new InventoryBucket(this, 'Inventory', {
        encryptionKey: this.encryptionKey,
        retention: props.inventoryRetention ?? Duration.days(90),
        serverAccessLogsBucket: props.serverAccessLogsBucket,
        administratorArns: arnsOf(props.administrators),
        removalPolicy,
      }).bucket;
      makeInventory(bucket, this.inventoryBucket, props.inventoryFrequency);
    }
    requireKeyActions(this, this);
    if (props.objectLock === undefined) {
      acknowledge(this.bucket, 'S3BucketDefaultLockEnabled',
        'Object Lock can never be disabled again, so enabling it is left to the owner of the models (objectLock); '
        + 'without it, a deny prevents deletion by anyone except named administrators.');
    }
    acknowledge(this.bucket, 'S3BucketReplicationEnabled',
      'S3 stores every object in three Availability Zones, and only named administrators can delete versions; a copy '
      + 'in another Region doubles the storage cost and is left to the owner of the models.');
  }
}
