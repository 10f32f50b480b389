import { Duration } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { MODELS_PREFIX } from '../contract/keys';

export interface ArtifactLifecycleOptions {
  readonly abortIncompleteMultipartUploadAfter: Duration;
  readonly noncurrentVersionTransitionAfter?: Duration;
  readonly noncurrentVersionExpiration: Duration;
}

/**
 * Current versions never expire. Noncurrent versions are the history of aliases, and objects that an administrator
 * deleted. One rule covers both, because a filter has a single prefix and aliases are under the prefix of each model.
 *
 * By default, S3 does not move objects smaller than 128 KiB, because it would charge more than it saves. Manifests and
 * aliases therefore stay where they are, and only blobs move:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
 */
export function artifactLifecycle(options: ArtifactLifecycleOptions): s3.LifecycleRule[] {
  const { noncurrentVersionTransitionAfter: transitionAfter } = options;
  return [
    { id: 'AbortIncompleteUploads', abortIncompleteMultipartUploadAfter: options.abortIncompleteMultipartUploadAfter },
    {
      id: 'TierBlobs',
      prefix: MODELS_PREFIX,
      // It is unknown which models will be pulled next month. Intelligent-Tiering has no retrieval charges.
      transitions: [{ storageClass: s3.StorageClass.INTELLIGENT_TIERING, transitionAfter: Duration.days(0) }],
    },
    {
      id: 'KeepHistory',
      // Instant Retrieval, because the history must be readable without a restore.
      noncurrentVersionTransitions: transitionAfter
        && [{ storageClass: s3.StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter }],
      noncurrentVersionExpiration: options.noncurrentVersionExpiration,
    },
    { id: 'RemoveDeleteMarkersWithNothingBehind', expiredObjectDeleteMarker: true },
  ];
}
