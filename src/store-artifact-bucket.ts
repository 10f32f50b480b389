import { type Duration, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { artifactKeyConditions } from './access/artifact-statements';
import { expectAccessLogs } from './storage/access-logs';
import { ArtifactBucket, type IArtifactBucket } from './storage/artifact-bucket';
import { ArtifactBucketPolicy, type WriterProtection } from './storage/artifact-bucket-policy';
import type { ILogArchive } from './storage/log-archive';
import { isImported, tellOwner } from './storage/owner-tasks';
import { RequiredStatements } from './storage/policy-target';
import { denyUseOutsideS3 } from './storage/storage-key';
import type { SecureModelArtifactStoreProps } from './store-props';

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
    return { artifactBucket, protection: artifactBucket, tellOwner: () => tellKeyOwner(store, artifactBucket) };
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

/** A key of this app hands itself to IAM; of any other it is not known, and nobody gets at a model without. */
function tellKeyOwner(scope: Construct, artifactBucket: IArtifactBucket): void {
  const { encryptionKey: key } = artifactBucket;
  if (!isImported(key)) {
    return;
  }
  const account = Stack.of(scope).formatArn({ service: 'iam', region: '', resource: 'root' });
  tellOwner(scope, {
    id: 'SecureModelArtifactStore::ImportedKey',
    resource: named('the key', key.keyArn),
    why: 'before anybody relies on the store',
    settings: [
      'It has to be a symmetric key in the Region of the bucket; switch rotation on, and let nobody schedule its deletion: the models live as long as it does.',
      'With a policy that hands the key to IAM of this account, as a key has by default, only the deny is missing.',
    ],
    policyStatements: [
      new iam.PolicyStatement({
        sid: 'AllowUseThroughS3ByIam',
        // IAM of the account then says who: the roles of the store, and whoever is granted something.
        principals: [new iam.ArnPrincipal(account)],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: artifactKeyConditions(artifactBucket),
      }),
      denyUseOutsideS3(),
    ],
    outputId: 'RequiredKeyPolicy',
  });
}

/** By its name, unless only the deployment knows it. */
function named(what: string, name: string): string {
  return Token.isUnresolved(name) ? `${what} of the models` : `${what} ${name}`;
}
