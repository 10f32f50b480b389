import { Duration, Stack } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import { checkTrail } from './accepted-trail';
import { checkEncryptionKey } from './encryption-key-checks';
import type { LogArchiveBucketNames, LogArchiveProps } from './log-archive-props';
import { checkObjectLock } from './object-lock';
import { longer, Problems } from '../common/problems';

export const DEFAULT_LOG_RETENTION = Duration.days(400);

export function logRetentionOf(props: LogArchiveProps): Duration {
  return props.retention ?? longer(DEFAULT_LOG_RETENTION, props.objectLock?.retention);
}

/** Reports all problems of the properties of a log archive. */
export function checkLogArchive(problems: Problems, scope: IConstruct, props: LogArchiveProps): void {
  problems.bucketName('trailBucketName', props.trailBucketName);
  problems.bucketName('accessLogBucketName', props.accessLogBucketName);
  problems.wholeDays('retention', props.retention);
  problems.wholeDays('transitionAfter', props.transitionAfter);
  problems.before('transitionAfter', props.transitionAfter, 'retention', logRetentionOf(props),
    'an expired log cannot move to cheaper storage');
  checkObjectLock(problems, props.objectLock, props.removalPolicy);
  problems.notBefore('retention', props.retention, 'objectLock.retention', props.objectLock?.retention,
    'S3 keeps a locked log until its lock expires, so the shorter duration has no effect');
  problems.principalArns('administratorArns', props.administratorArns);
  props.trails?.forEach((trail, index) => checkTrail(problems, `trails[${index}]`, trail, Stack.of(scope).region));
  if (props.accessLogBucket && props.accessLogBucketName !== undefined) {
    problems.add('accessLogBucket is set together with accessLogBucketName, but an existing bucket keeps its name; '
      + 'remove one of the two');
  }
  checkEncryptionKey(problems, scope, 'encryptionKey', props.encryptionKey);
}

export function checkBucketNames(scope: Construct, id: string, names: LogArchiveBucketNames): void {
  const problems = Problems.of(scope);
  problems.bucketName('trailBucketName', names.trailBucketName);
  problems.bucketName('accessLogBucketName', names.accessLogBucketName);
  problems.keyArn('encryptionKeyArn', names.encryptionKeyArn);
  problems.throwIfAny(`LogArchive "${id}"`);
}
