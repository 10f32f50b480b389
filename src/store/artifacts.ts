import type { Duration } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { SecureModelArtifactStoreProps } from './props';
import { RequiredStatements } from '../common/policy-target';
import { isImported, tellOwner } from '../common/required-actions';
import { expectAccessLogs } from '../storage/access-logs';
import { ArtifactBucket, type IArtifactBucket } from '../storage/artifact-bucket';
import { ArtifactBucketPolicy, type WriterProtection } from '../storage/artifact-bucket-policy';
import { named, tellKeyOwner } from '../storage/key-owner';
import type { ILogArchive } from '../storage/log-archive';

/** The key prefix under which S3 delivers the access logs of the artifact bucket. */
const ACCESS_LOG_PREFIX = 'artifact-bucket/';

/** The bucket of a store, and the protection that prevents other principals from writing to it. */
export interface StoreBucket {
  readonly artifactBucket: IArtifactBucket;
  readonly protection: WriterProtection;
  /** Reports the actions required of the bucket's owner. Call it once the protection knows the roles. */
  tellOwner(): void;
}

/** Returns the given bucket, or creates one. */
export function storeBucket(
  store: Construct, logArchive: ILogArchive, props: SecureModelArtifactStoreProps, maximumLinkAge: Duration,
): StoreBucket {
  const artifactBucket = props.artifactBucket ?? createArtifactBucket(store, logArchive, props, maximumLinkAge);
  const { bucket, encryptionKey } = artifactBucket;
  if (artifactBucket instanceof ArtifactBucket) {
    return { artifactBucket, protection: artifactBucket, tellOwner: () => undefined };
  }
  const imported = isImported(bucket);
  const required = new RequiredStatements(bucket);
  expectAccessLogs(store, logArchive.accessLogBucket, ACCESS_LOG_PREFIX, imported ? bucket.bucketArn : undefined);
  return {
    artifactBucket,
    protection: new ArtifactBucketPolicy(imported ? required : bucket, {
      encryptionKey,
      maximumLinkAge,
      administratorArns: props.access?.administratorArns,
      perimeter: props.network?.perimeter,
    }),
    tellOwner: () => {
      tellBucketOwner(store, artifactBucket, required.statements);
      tellKeyOwner(store, artifactBucket);
    },
  };
}

function createArtifactBucket(
  store: Construct, logArchive: ILogArchive, props: SecureModelArtifactStoreProps, maximumLinkAge: Duration,
): ArtifactBucket {
  return new ArtifactBucket(store, 'Artifacts', {
    bucketName: props.bucketName,
    encryptionKey: props.encryptionKey,
    accessLogs: { bucket: logArchive.accessLogBucket },
    objectLock: props.retention?.modelObjectLock,
    noncurrentVersionExpiration: props.retention?.noncurrentVersions,
    noncurrentVersionTransitionAfter: props.retention?.noncurrentVersionTransitionAfter,
    abortIncompleteUploadsAfter: props.retention?.incompleteUploads,
    maximumLinkAge,
    administratorArns: props.access?.administratorArns,
    perimeter: props.network?.perimeter,
    requestMetrics: props.storage?.requestMetrics,
    storageClassAnalysis: props.storage?.storageClassAnalysis,
    inventory: props.storage?.inventory,
    removalPolicy: props.retention?.removalPolicy,
  });
}

function tellBucketOwner(
  scope: Construct, { bucket, encryptionKey }: IArtifactBucket, statements: iam.PolicyStatement[],
): void {
  tellOwner(scope, {
    id: 'SecureModelArtifactStore::ImportedArtifactBucket',
    resource: named('the bucket', bucket.bucketName),
    why: 'before the store is used',
    settings: [
      'Enable versioning: the versions of an alias are its history.',
      `Set default encryption to SSE-KMS with ${named('the key', encryptionKey.keyArn)} and an S3 Bucket Key: without `
      + 'the Bucket Key, sessions of the store are denied the use of the key.',
      'Block all public access, and set object ownership to BucketOwnerEnforced.',
      'Send the bucket\'s events to EventBridge: without them, rules about versions and aliases never match.',
      'Make sure that no lifecycle rule expires current versions. Keep noncurrent versions as long as the logs, and '
      + 'abort incomplete uploads.',
      `Deliver its access logs to the access-log bucket of the log archive, under "${ACCESS_LOG_PREFIX}", with keys `
      + 'partitioned by event time.',
    ],
    policyStatements: statements,
    outputId: 'RequiredBucketPolicy',
  });
}
