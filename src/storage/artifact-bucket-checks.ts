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

/** Everything that is wrong with the properties of an artifact bucket, at once. */
export function checkArtifactBucket(problems: Problems, scope: IConstruct, props: ArtifactBucketProps): void {
  problems.bucketName('bucketName', props.bucketName);
  problems.wholeDays('abortIncompleteUploadsAfter', props.abortIncompleteUploadsAfter);
  problems.wholeDays('noncurrentVersionTransitionAfter', props.noncurrentVersionTransitionAfter);
  problems.wholeDays('noncurrentVersionExpiration', props.noncurrentVersionExpiration);
  problems.before('noncurrentVersionTransitionAfter', props.noncurrentVersionTransitionAfter, 'noncurrentVersionExpiration', noncurrentVersionExpirationOf(props),
    'a version that is gone cannot be moved to cheaper storage');
  checkObjectLock(problems, props.objectLock, props.removalPolicy);
  problems.notBefore('noncurrentVersionExpiration', props.noncurrentVersionExpiration, 'objectLock.retention', props.objectLock?.retention,
    'S3 keeps a locked version until its lock has passed, so the shorter time would never hold');
  if (props.maximumLinkAge !== undefined && !props.maximumLinkAge.isUnresolved()) {
    const milliseconds = props.maximumLinkAge.toMilliseconds();
    if (milliseconds <= 0 || milliseconds > MAXIMUM_LINK_AGE_S3_KNOWS.toMilliseconds()) {
      problems.add(`maximumLinkAge is ${readable(props.maximumLinkAge)}; it is longer than nothing and at most 7 days, beyond which S3 refuses every link anyhow`);
    }
  }
  problems.wholeDays('inventory.retention', props.inventory?.retention);
  if (props.inventory?.bucket && props.inventory.retention) {
    problems.add(`inventory.bucket is given and ${problems.name('inventory.retention')} too; a given bucket keeps its own lifecycle: leave one of them out`);
  }
  checkEncryptionKey(problems, scope, 'encryptionKey', props.encryptionKey);

  checkAccessLogs(problems, scope, props.accessLogs);
  problems.principalArns('administratorArns', props.administratorArns);
  checkPerimeter(problems, props.perimeter);
}
