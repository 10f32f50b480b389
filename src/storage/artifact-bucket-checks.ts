import { Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { checkAccessLogs } from './access-logs';
import type { ArtifactBucketProps } from './artifact-bucket-props';
import { checkEncryptionKey } from './encryption-key-checks';
import { checkObjectLock } from './object-lock';
import { checkPerimeter } from './perimeter';
import { longer, type Problems, readable } from '../common/problems';

const DEFAULT_RETENTION = Duration.days(400);
const MAXIMUM_LINK_AGE_S3_KNOWS = Duration.days(7);

export function noncurrentVersionExpirationOf(props: ArtifactBucketProps): Duration {
  return props.noncurrentVersionExpiration ?? longer(DEFAULT_RETENTION, props.objectLock?.retention);
}

/** Reports all problems of the properties of an artifact bucket. */
export function checkArtifactBucket(problems: Problems, scope: IConstruct, props: ArtifactBucketProps): void {
  problems.bucketName('bucketName', props.bucketName);
  problems.wholeDays('abortIncompleteUploadsAfter', props.abortIncompleteUploadsAfter);
  problems.wholeDays('noncurrentVersionTransitionAfter', props.noncurrentVersionTransitionAfter);
  problems.wholeDays('noncurrentVersionExpiration', props.noncurrentVersionExpiration);
  problems.before('noncurrentVersionTransitionAfter', props.noncurrentVersionTransitionAfter,
    'noncurrentVersionExpiration', noncurrentVersionExpirationOf(props),
    'an expired version cannot move to cheaper storage');
  checkObjectLock(problems, props.objectLock, props.removalPolicy);
  problems.notBefore('noncurrentVersionExpiration', props.noncurrentVersionExpiration,
    'objectLock.retention', props.objectLock?.retention,
    'S3 keeps a locked version until its lock expires, so the shorter duration has no effect');
  if (props.maximumLinkAge !== undefined && !props.maximumLinkAge.isUnresolved()) {
    const milliseconds = props.maximumLinkAge.toMilliseconds();
    if (milliseconds <= 0 || milliseconds > MAXIMUM_LINK_AGE_S3_KNOWS.toMilliseconds()) {
      problems.add(`maximumLinkAge is ${readable(props.maximumLinkAge)}; use a duration greater than 0 and at most 7 `
        + 'days, the longest that S3 accepts a presigned URL');
    }
  }
  problems.wholeDays('inventory.retention', props.inventory?.retention);
  if (props.inventory?.bucket && props.inventory.retention) {
    problems.add(`inventory.bucket is set together with ${problems.name('inventory.retention')}, but an existing `
      + 'bucket keeps its own lifecycle; remove one of the two');
  }
  checkEncryptionKey(problems, scope, 'encryptionKey', props.encryptionKey);

  checkAccessLogs(problems, scope, props.accessLogs);
  problems.principalArns('administratorArns', props.administratorArns);
  checkPerimeter(problems, props.perimeter);
}
