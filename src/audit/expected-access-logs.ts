import type { Construct } from 'constructs';
import { DEFAULT_ACCESS_LOG_PREFIX } from './describe-evidence';
import type { EgressAnalyticsProps } from './egress-analytics-props';
import { isImported } from '../common/required-actions';
import { expectAccessLogs } from '../storage/access-logs';

/** Some queries read the access logs, so the owner of an imported bucket must configure their delivery. */
export function expectAccessLogsOf(
  scope: Construct, { artifactBucket: { bucket }, logArchive, accessLogPrefix }: EgressAnalyticsProps,
): void {
  if (isImported(bucket)) {
    expectAccessLogs(scope, logArchive.accessLogBucket, accessLogPrefix ?? DEFAULT_ACCESS_LOG_PREFIX, bucket.bucketArn);
  }
}
