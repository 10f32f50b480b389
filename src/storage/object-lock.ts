import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Problems } from '../common/problems';

/**
 * Who may take an Object Lock away before its time.
 */
export enum ObjectLockMode {
  /** The named administrators may, with `s3:BypassGovernanceRetention`. */
  GOVERNANCE = 'GOVERNANCE',
  /** Nobody may, not the account's root user, not AWS: the bytes are paid for until the retention has passed. */
  COMPLIANCE = 'COMPLIANCE',
}

/**
 * S3 Object Lock with a default retention: every object version is locked from the moment it is written.
 *
 * Object Lock can be switched on for an existing bucket and never off again.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
 */
export interface ObjectLock {
  /** Who may take a lock away before its time. */
  readonly mode: ObjectLockMode;

  /** For how long each object version is locked, in whole days (at most 100 years). */
  readonly retention: Duration;
}

/** S3's own limit: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html */
const MAXIMUM_RETENTION_DAYS = 36_500;

export function checkObjectLock(problems: Problems, lock: ObjectLock | undefined, removalPolicy: RemovalPolicy | undefined): void {
  if (lock === undefined) return;
  if (lock.mode === ObjectLockMode.COMPLIANCE && removalPolicy === RemovalPolicy.DESTROY) {
    problems.add(`objectLock.mode is COMPLIANCE and ${problems.name('removalPolicy')} is DESTROY; nobody can empty a bucket before its locks have passed, so the `
      + 'deletion of the stack would fail: use RETAIN, or GOVERNANCE');
  }
  problems.wholeDays('objectLock.retention', lock.retention);
  if (!lock.retention.isUnresolved() && lock.retention.toDays({ integral: false }) > MAXIMUM_RETENTION_DAYS) {
    problems.add(`objectLock.retention is ${lock.retention.toDays({ integral: false })} days; S3 locks for at most ${MAXIMUM_RETENTION_DAYS}`);
  }
}

export function objectLockRetention(lock: ObjectLock | undefined): s3.ObjectLockRetention | undefined {
  if (lock === undefined) return undefined;
  return lock.mode === ObjectLockMode.COMPLIANCE
    ? s3.ObjectLockRetention.compliance(lock.retention)
    : s3.ObjectLockRetention.governance(lock.retention);
}
