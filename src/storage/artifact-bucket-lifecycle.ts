import { Duration } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { MODELS_PREFIX } from '../contract/keys';

export interface ArtifactLifecycleOptions {
  readonly abortIncompleteUploadsAfter: Duration;
  readonly noncurrentVersionTransitionAfter?: Duration;
  readonly noncurrentVersionExpiration: Duration;
}

/**
 * Current versions never expire. Noncurrent ones are the history of the aliases (a rule cannot tell these from the rest:
 * a filter is one prefix, and aliases lie inside each model's) and whatever an administrator has deleted.
 *
 * S3 by default moves no object below 128 KiB, for which it would charge more than it saves; so manifests and aliases stay
 * where they are, and only blobs move:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
 */
export function artifactLifecycle(options: ArtifactLifecycleOptions): s3.LifecycleRule[] {
  const { noncurrentVersionTransitionAfter: transitionAfter } = options;
  return [
    { id: 'AbortIncompleteUploads', abortIncompleteMultipartUploadAfter: options.abortIncompleteUploadsAfter },
    {
      id: 'TierBlobs',
      prefix: MODELS_PREFIX,
      // Which models will still be pulled next month, nobody knows; Intelligent-Tiering charges nothing for being wrong.
      transitions: [{ storageClass: s3.StorageClass.INTELLIGENT_TIERING, transitionAfter: Duration.days(0) }],
    },
    {
      id: 'KeepHistory',
      // Readable at once, as the history has to be.
      noncurrentVersionTransitions: transitionAfter && [{ storageClass: s3.StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter }],
      noncurrentVersionExpiration: options.noncurrentVersionExpiration,
    },
    { id: 'RemoveDeleteMarkersWithNothingBehind', expiredObjectDeleteMarker: true },
  ];
}
