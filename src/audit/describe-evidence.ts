import { Aws } from 'aws-cdk-lib';
import type { EgressAnalyticsProps } from './egress-analytics-props';
import type { AthenaAccess, AuditDescription } from '../contract/audit-description';

/** Below which keys S3 delivers the artifact bucket's access logs, unless it is told otherwise. */
export const DEFAULT_ACCESS_LOG_PREFIX = 'artifact-bucket/';

/** Where the evidence of a store lies and how it is asked, for tools that run elsewhere. */
export function describeEvidence(
  props: EgressAnalyticsProps, athena: AthenaAccess, settings: AuditDescription['settings'], trailArn?: string,
): AuditDescription {
  const { logArchive, artifactBucket, trailLayout } = props;
  return {
    schemaVersion: 1,
    region: Aws.REGION,
    trail: {
      bucketName: logArchive.trailBucket.bucketName,
      keyPrefix: trailLayout?.keyPrefix,
      organizationId: trailLayout?.organizationId,
      accounts: trailLayout?.accounts ?? [Aws.ACCOUNT_ID],
      regions: trailLayout?.regions ?? [Aws.REGION],
      trailArn,
    },
    accessLogs: {
      bucketName: logArchive.accessLogBucket.bucketName,
      prefix: `${props.accessLogPrefix ?? DEFAULT_ACCESS_LOG_PREFIX}${Aws.ACCOUNT_ID}/${Aws.REGION}/${artifactBucket.bucket.bucketName}/`,
    },
    athena,
    settings,
  };
}
