import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { presignedUrlLifetimeOf } from './lifetimes';
import type { SecureModelArtifactStoreProps } from './props';
import { RequiredStatements } from '../common/policy-target';
import { arnsOf } from '../common/principal-arns';
import { isImported, requireAction } from '../common/required-actions';
import { expectAccessLogs } from '../storage/access-logs';
import { ArtifactBucket, type IArtifactBucket } from '../storage/artifact-bucket';
import { ArtifactBucketPolicy } from '../storage/artifact-bucket-policy';
import { named, requireKeyActions } from '../storage/key-owner';
import type { ILogArchive } from '../storage/log-archive';
import { SigningKey } from '../storage/signing-key';

/** The key prefix under which S3 delivers the access logs of the artifact bucket. */
const ACCESS_LOG_PREFIX = 'artifact-bucket/';

/** The bucket of a store, and its policy, which the roles of the store's functions are added to. */
export interface StoreBucket {
  readonly artifactBucket: IArtifactBucket;
  readonly policy: ArtifactBucketPolicy;
}

/** Returns the given bucket, or creates one. */
export function storeBucket(
  store: Construct, logArchive: ILogArchive, props: SecureModelArtifactStoreProps,
): StoreBucket {
  const artifactBucket = props.artifactBucket ?? createArtifactBucket(store, logArchive, props);
  if (artifactBucket instanceof ArtifactBucket) {
    return { artifactBucket, policy: artifactBucket._policy };
  }
  const { bucket, encryptionKey } = artifactBucket;
  const imported = isImported(bucket);
  const required = new RequiredStatements(bucket);
  expectAccessLogs(store, logArchive.accessLogBucket, ACCESS_LOG_PREFIX, imported ? bucket.bucketArn : undefined);
  const policy = new ArtifactBucketPolicy(imported ? required : bucket, {
    encryptionKey,
    maximumPresignedUrlAge: presignedUrlLifetimeOf(props),
    administratorArns: arnsOf(props.access?.administrators),
    perimeter: props.network?.perimeter,
  });
  requireBucketActions(store, artifactBucket, required.statements);
  requireKeyActions(store, artifactBucket);
  return { artifactBucket, policy };
}

function createArtifactBucket(
  store: Construct, logArchive: ILogArchive, props: SecureModelArtifactStoreProps,
): ArtifactBucket {
  return new ArtifactBucket(store, 'Artifacts', {
    ...props.storage,
    bucketName: props.bucketName,
    encryptionKey: props.encryptionKey,
    serverAccessLogsBucket: logArchive.accessLogBucket,
    objectLock: props.retention?.modelObjectLock,
    noncurrentVersionExpiration: props.retention?.noncurrentVersionExpiration,
    noncurrentVersionTransitionAfter: props.retention?.noncurrentVersionTransitionAfter,
    abortIncompleteMultipartUploadAfter: props.retention?.abortIncompleteMultipartUploadAfter,
    maximumPresignedUrlAge: presignedUrlLifetimeOf(props),
    administrators: props.access?.administrators,
    perimeter: props.network?.perimeter,
    removalPolicy: props.retention?.removalPolicy,
  });
}

/** Creates the key that signs manifests, unless signing is off. */
export function createSigningKey(
  store: Construct, { signing, retention }: SecureModelArtifactStoreProps,
): SigningKey | undefined {
  return signing?.enabled === false ? undefined : new SigningKey(store, 'SigningKey', {
    removalPolicy: retention?.removalPolicy, generation: signing?.generation,
  });
}

function requireBucketActions(
  scope: Construct, { bucket, encryptionKey }: IArtifactBucket, statements: iam.PolicyStatement[],
): void {
  requireAction(scope, {
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
