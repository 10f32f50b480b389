import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct, type IConstruct } from 'constructs';
import { deliverAccessLogs } from './access-logs';
import { checkArtifactBucket, noncurrentVersionExpirationOf } from './artifact-bucket-checks';
import { artifactLifecycle } from './artifact-bucket-lifecycle';
import { ArtifactBucketPolicy, type ArtifactWriters, type WriterProtection } from './artifact-bucket-policy';
import type { ArtifactBucketProps } from './artifact-bucket-props';
import { InventoryBucket, makeInventory } from './artifact-inventory';
import { ImportedArtifactBucket } from './imported-artifact-bucket';
import { tellKeyOwner } from './key-owner';
import { objectLockRetention } from './object-lock';
import { REQUEST_METRICS } from './request-metrics';
import { createStorageKey } from './storage-key';
import { usualTransition } from './transition';
import { acknowledge } from '../common/acknowledgements';
import { Problems } from '../common/problems';

export { ArtifactWriters } from './artifact-bucket-policy';
export { ArtifactBucketProps } from './artifact-bucket-props';

/**
 * The bucket that models lie in, made here or elsewhere.
 */
export interface IArtifactBucket extends IConstruct {
  /** The bucket. */
  readonly bucket: s3.IBucket;

  /** The key that every object of the bucket is encrypted with. */
  readonly encryptionKey: kms.IKey;
}

/**
 * What another stack needs to know of an artifact bucket.
 */
export interface ArtifactBucketAttributes {
  /** Name of the bucket. */
  readonly bucketName: string;

  /**
   * ARN of the key that every object of the bucket is encrypted with. Grants and the functions of a store need it; a trail,
   * questions and alarms about the bucket do not.
   *
   * @default - unknown; whatever needs the key is refused
   */
  readonly encryptionKeyArn?: string;
}

/**
 * The bucket that models lie in: encrypted with one customer key and nothing else, versioned, private, reachable over TLS
 * 1.2 alone, with blobs and versions that are written once and aliases that nobody moves unseen. Its policy holds nothing
 * but denies: who may do what is for IAM to say.
 *
 * Two things to know when adding to it: `bucket.addEventNotification` would replace the delivery of events to EventBridge
 * (use rules on EventBridge instead), and a key that is created here refuses every use that does not come through S3.
 */
export class ArtifactBucket extends Construct implements IArtifactBucket {
  /**
   * Use an artifact bucket of another stack or account. Its policy, and its key's, stay as they are.
   *
   * @param scope where
   * @param id id of the construct
   * @param attributes what to know of the bucket
   */
  public static fromArtifactBucketAttributes(scope: Construct, id: string, attributes: ArtifactBucketAttributes): IArtifactBucket {
    return ImportedArtifactBucket.fromAttributes(scope, id, attributes);
  }

  /**
   * Use a bucket that was not made as an `ArtifactBucket`. A store adds what it needs to the policy of a bucket of its own stack;
   * the settings of the bucket stay as they are, and the policy of an imported bucket too.
   *
   * @param scope where
   * @param id id of the construct
   * @param bucket the bucket
   * @param encryptionKey the key that its objects are encrypted with; by default the one that the bucket knows
   */
  public static fromBucket(scope: Construct, id: string, bucket: s3.IBucket, encryptionKey?: kms.IKey): IArtifactBucket {
    return ImportedArtifactBucket.fromBucket(scope, id, bucket, encryptionKey);
  }

  /** The bucket. */
  public readonly bucket: s3.IBucket;

  /** The key that every object of the bucket is encrypted with. */
  public readonly encryptionKey: kms.IKey;

  /** The bucket that takes the lists of what lies in the bucket, if there are any. */
  public readonly inventoryBucket?: s3.IBucket;

  /**
   * How old the signature of a link can be.
   *
   * @internal
   */
  public readonly _maximumLinkAge: Duration;

  private readonly policy: WriterProtection;

  /**
   * @param scope the construct to create it in
   * @param id id of the construct, unique within the scope
   * @param props its properties; every one has a safe default
   */
  constructor(scope: Construct, id: string, props: ArtifactBucketProps = {}) {
    super(scope, id);
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    const maximumLinkAge = props.maximumLinkAge ?? Duration.minutes(15);
    this._maximumLinkAge = maximumLinkAge;
    const noncurrentVersionExpiration = noncurrentVersionExpirationOf(props);
    const problems = Problems.of(this);
    checkArtifactBucket(problems, this, props);
    problems.throwIfAny('ArtifactBucket');
    const lifecycle = {
      abortIncompleteUploadsAfter: props.abortIncompleteUploadsAfter ?? Duration.days(7),
      noncurrentVersionTransitionAfter: props.noncurrentVersionTransitionAfter ?? usualTransition(Duration.days(30), noncurrentVersionExpiration),
      noncurrentVersionExpiration,
    };

    this.encryptionKey = props.encryptionKey
      ?? createStorageKey(this, 'Key', `Encrypts the models in the artifact bucket (${this.node.path})`, removalPolicy);

    const bucket = new s3.Bucket(this, 'Bucket', {
      bucketName: props.bucketName,
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: this.encryptionKey,
      bucketKeyEnabled: true,
      versioned: true,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectLockEnabled: props.objectLock !== undefined ? true : undefined,
      objectLockDefaultRetention: objectLockRetention(props.objectLock),
      lifecycleRules: artifactLifecycle(lifecycle),
      transitionDefaultMinimumObjectSize: s3.TransitionDefaultMinimumObjectSize.ALL_STORAGE_CLASSES_128_K,
      metrics: props.requestMetrics === false ? undefined : [REQUEST_METRICS],
      removalPolicy,
    });
    this.bucket = bucket;
    const resource = bucket.node.defaultChild as s3.CfnBucket;
    // The higher-level property would bring a Lambda function of the CDK's along.
    resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
    // Without an export: the console shows the analysis.
    resource.analyticsConfigurations = props.storageClassAnalysis === false ? undefined : [{ id: 'EntireBucket', storageClassAnalysis: {} }];
    if (props.accessLogs !== undefined) {
      deliverAccessLogs(bucket, props.accessLogs.bucket, props.accessLogs.prefix ?? 'artifact-bucket/');
    }

    this.policy = new ArtifactBucketPolicy(this.bucket, {
      encryptionKey: this.encryptionKey,
      maximumLinkAge,
      administratorArns: props.administratorArns,
      perimeter: props.perimeter,
    });
    if (props.inventory !== undefined) {
      this.inventoryBucket = props.inventory.bucket ?? new InventoryBucket(this, 'Inventory', {
        encryptionKey: this.encryptionKey,
        retention: props.inventory.retention ?? Duration.days(90),
        accessLogs: props.accessLogs,
        administratorArns: props.administratorArns,
        removalPolicy,
      }).bucket;
      makeInventory(bucket, this.inventoryBucket, props.inventory.frequency);
    }
    tellKeyOwner(this, this);
    if (props.objectLock === undefined) {
      acknowledge(this.bucket, 'S3BucketDefaultLockEnabled',
        'Object Lock can never be switched off again, so it is for the owner of the models to ask for (objectLock); until then a deny keeps '
        + 'every version from all but named administrators.');
    }
    acknowledge(this.bucket, 'S3BucketReplicationEnabled',
      'S3 keeps every object in three Availability Zones, and no version can be deleted but by named administrators; a copy in '
      + 'another Region doubles the cost of storage and is for the owner of the models to ask for.');
  }

  /**
   * Let a function that runs outside of the perimeter's networks do its own work with the sessions of this role: calls that
   * are signed in their headers, by whoever holds the session, which is the function alone. The links that such a session
   * signs are never exempt: they are used by others, and the perimeter is about these. Without a perimeter, it does nothing.
   *
   * The role has to be in the same stack as the bucket, or to have a name of its own.
   *
   * @param role the session role of a function
   */
  public exemptFunctionSessions(role: iam.IRole): void {
    this.policy.exemptFunctionSessions(role);
  }

  /**
   * Deny everybody else, administrators of the account included, to write blobs, versions and aliases, so that nothing gets
   * into the store but through its functions' checks. The roles still need to be allowed. A restore of objects from a backup
   * is a write too: restore into another bucket, or take this away for as long.
   *
   * The roles have to be in the same stack as the bucket, or to have names of their own. Call it once.
   *
   * @param writers the roles that may go on writing, by what they write
   */
  public restrictWriters(writers: ArtifactWriters): void {
    this.policy.restrictWriters(writers);
  }
}
