import { Duration, Stack } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import { checkTrail } from './accepted-trail';
import { checkEncryptionKey } from './encryption-key-checks';
import type { LogArchiveAttributes, LogArchiveProps } from './log-archive-props';
import { checkObjectLock } from './object-lock';
import { longer, Problems } from '../common/problems';

export const DEFAULT_LOG_RETENTION = Duration.days(400);

export function logRetentionOf(props: LogArchiveProps): Duration {
  return props.retention ?? longer(DEFAULT_LOG_RETENTION, props.objectLock?.duration);
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
  problems.notBefore('retention', props.retention, 'objectLock', props.objectLock?.duration,
    'S3 keeps a locked log until its lock expires, so the shorter duration has no effect');
  problems.principals('administrators', props.administrators);
  props.trails?.forEach((trail, index) => checkTrail(problems, `trails[${index}]`, trail, Stack.of(scope).region));
  if (props.accessLogBucket && props.accessLogBucketName !== undefined) {
    problems.add('accessLogBucket is set together with accessLogBucketName, but an existing bucket keeps its name; '
      + 'remove one of the two');
  }
  if (props.trailBucket) {
    for (const property of ['objectLock', 'requestMetrics', 'trailBucketName', 'trails'] as const) {
      if (props[property] !== undefined) {
        problems.add(`${property} is for a trail bucket that the log archive creates, but trailBucket is set; `
          + 'remove one of the two');
      }
    }
  } else {
    checkEncryptionKey(problems, scope, 'encryptionKey', props.encryptionKey);
  }
}

export function checkLogArchiveAttributes(scope: Construct, id: string, attributes: LogArchiveAttributes): void {
  const problems = Problems.of(scope);
  problems.bucketName('trailBucketName', attributes.trailBucketName);
  problems.bucketName('accessLogBucketName', attributes.accessLogBucketName);
  problems.keyArn('encryptionKeyArn', attributes.encryptionKeyArn);
  problems.throwIfAny(`LogArchive "${id}"`);
}
