import { RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Problems } from '../common/problems';

/** The CDK checks the duration itself: whole days, from 1 day to 100 years. */
export function checkObjectLock(
  problems: Problems, lock: s3.ObjectLockRetention | undefined, removalPolicy: RemovalPolicy | undefined,
): void {
  if (lock === undefined) return;
  if (lock.mode === s3.ObjectLockMode.COMPLIANCE && removalPolicy === RemovalPolicy.DESTROY) {
    problems.add(`objectLock is in COMPLIANCE mode, but ${problems.name('removalPolicy')} is DESTROY; a bucket cannot `
      + 'be emptied before its locks expire, so deleting the stack would fail: use RETAIN, or GOVERNANCE');
  }
}
