import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Problems } from '../common/problems';

/**
 * The mode of an Object Lock, which decides who can remove a lock before it expires.
 */
export enum ObjectLockMode {
  /** Named administrators can remove a lock, with `s3:BypassGovernanceRetention`. */
  GOVERNANCE = 'GOVERNANCE',
  /** No one can remove a lock, not even the root user or AWS. Objects incur storage costs until the lock expires. */
  COMPLIANCE = 'COMPLIANCE',
}

/**
 * S3 Object Lock with a default retention, which locks every object version when it is written.
 *
 * Object Lock can be enabled on an existing bucket, but never disabled.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
 */
export interface ObjectLock {
  /** The mode, which decides who can remove a lock before it expires. */
  readonly mode: ObjectLockMode;

  /** How long each object version is locked, in whole days (at most 100 years). */
  readonly retention: Duration;
}

/** The limit that S3 sets: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html */
const MAXIMUM_RETENTION_DAYS = 36_500;

export function checkObjectLock(
  problems: Problems, lock: ObjectLock | undefined, removalPolicy: RemovalPolicy | undefined,
): void {
  if (lock === undefined) return;
  if (lock.mode === ObjectLockMode.COMPLIANCE && removalPolicy === RemovalPolicy.DESTROY) {
    problems.add(`objectLock.mode is COMPLIANCE, but ${problems.name('removalPolicy')} is DESTROY; a bucket cannot be `
      + 'emptied before its locks expire, so deleting the stack would fail: use RETAIN, or GOVERNANCE');
  }
  problems.wholeDays('objectLock.retention', lock.retention);
  if (!lock.retention.isUnresolved() && lock.retention.toDays({ integral: false }) > MAXIMUM_RETENTION_DAYS) {
    problems.add(`objectLock.retention is ${lock.retention.toDays({ integral: false })} days; S3 allows at most `
      + `${MAXIMUM_RETENTION_DAYS}`);
  }
}

export function objectLockRetention(lock: ObjectLock | undefined): s3.ObjectLockRetention | undefined {
  if (lock === undefined) return undefined;
  return lock.mode === ObjectLockMode.COMPLIANCE
    ? s3.ObjectLockRetention.compliance(lock.retention)
    : s3.ObjectLockRetention.governance(lock.retention);
}
