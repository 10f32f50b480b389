import { Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { checkAccessLogs } from './access-logs';
import type { ArtifactBucketProps } from './artifact-bucket-props';
import { checkEncryptionKey } from './encryption-key-checks';
import { checkObjectLock } from './object-lock';
import { checkPerimeter } from './perimeter';
import { longer, type Problems, readable } from '../common/problems';

const DEFAULT_RETENTION = Duration.days(400);
const MAXIMUM_PRESIGNED_URL_AGE = Duration.days(7);

export function noncurrentVersionExpirationOf(props: ArtifactBucketProps): Duration {
  return props.noncurrentVersionExpiration ?? longer(DEFAULT_RETENTION, props.objectLock?.duration);
}

/** Reports all problems of the properties of an artifact bucket. */
export function checkArtifactBucket(problems: Problems, scope: IConstruct, props: ArtifactBucketProps): void {
  problems.bucketName('bucketName', props.bucketName);
  problems.wholeDays('abortIncompleteMultipartUploadAfter', props.abortIncompleteMultipartUploadAfter);
  problems.wholeDays('noncurrentVersionTransitionAfter', props.noncurrentVersionTransitionAfter);
  problems.wholeDays('noncurrentVersionExpiration', props.noncurrentVersionExpiration);
  problems.before('noncurrentVersionTransitionAfter', props.noncurrentVersionTransitionAfter,
    'noncurrentVersionExpiration', noncurrentVersionExpirationOf(props),
    'an expired version cannot move to cheaper storage');
  checkObjectLock(problems, props.objectLock, props.removalPolicy);
  problems.notBefore('noncurrentVersionExpiration', props.noncurrentVersionExpiration,
    'objectLock', props.objectLock?.duration,
    'S3 keeps a locked version until its lock expires, so the shorter duration has no effect');
  if (props.maximumPresignedUrlAge !== undefined && !props.maximumPresignedUrlAge.isUnresolved()) {
    const milliseconds = props.maximumPresignedUrlAge.toMilliseconds();
    if (milliseconds <= 0 || milliseconds > MAXIMUM_PRESIGNED_URL_AGE.toMilliseconds()) {
      problems.add(`maximumPresignedUrlAge is ${readable(props.maximumPresignedUrlAge)}; use a duration greater than 0 `
        + 'and at most 7 days, the longest that S3 accepts a presigned URL');
    }
  }
  checkInventory(problems, props);
  checkEncryptionKey(problems, scope, 'encryptionKey', props.encryptionKey);

  checkAccessLogs(problems, scope, props);
  problems.principals('administrators', props.administrators);
  checkPerimeter(problems, props.perimeter);
}

function checkInventory(problems: Problems, props: ArtifactBucketProps): void {
  problems.wholeDays('inventoryRetention', props.inventoryRetention);
  if (props.inventoryBucket && props.inventoryRetention) {
    problems.add(`inventoryBucket is set together with ${problems.name('inventoryRetention')}, but an existing bucket `
      + 'keeps its own lifecycle; remove one of the two');
  }
  if (props.inventoryFrequency === undefined) {
    for (const property of ['inventoryBucket', 'inventoryRetention'] as const) {
      if (props[property] !== undefined) {
        problems.add(`${property} configures the inventory, but ${problems.name('inventoryFrequency')} is not set, so `
          + 'there is none; set it, for example to s3.InventoryFrequency.WEEKLY');
      }
    }
  }
}
