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

/** Below which keys S3 delivers the access logs of the artifact bucket. */
const ACCESS_LOG_PREFIX = 'artifact-bucket/';

/** The bucket of a store, how the store keeps others from writing into it, and what is left to the bucket's owner. */
export interface StoreBucket {
  readonly artifactBucket: IArtifactBucket;
  readonly protection: WriterProtection;
  /** To be called once the protection knows the roles. */
  tellOwner(): void;
}

/** A bucket of the store's own, or the given one. */
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
      encryptionKey, maximumLinkAge, administratorArns: props.access?.administratorArns, perimeter: props.network?.perimeter,
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

function tellBucketOwner(scope: Construct, { bucket, encryptionKey }: IArtifactBucket, statements: iam.PolicyStatement[]): void {
  tellOwner(scope, {
    id: 'SecureModelArtifactStore::ImportedArtifactBucket',
    resource: named('the bucket', bucket.bucketName),
    why: 'before anybody relies on the store',
    settings: [
      'Switch versioning on: the versions of an alias are its history.',
      `Encrypt by default with SSE-KMS, ${named('the key', encryptionKey.keyArn)} and an S3 bucket key: without the bucket key, sessions of the store are `
      + 'refused the use of the key.',
      'Block all public access, and have the bucket\'s owner own every object (BucketOwnerEnforced).',
      'Send the events of the bucket to EventBridge, or nothing reacts to versions and aliases.',
      'Let no lifecycle rule expire current versions; keep noncurrent ones as long as the logs; abort uploads that nobody finished.',
      `Deliver its access logs to the access-log bucket of the log archive, below "${ACCESS_LOG_PREFIX}", in keys by the date of the event.`,
    ],
    policyStatements: statements,
    outputId: 'RequiredBucketPolicy',
  });
}
