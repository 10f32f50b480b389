import { Aws } from 'aws-cdk-lib';
import type { EgressAnalyticsProps } from './egress-analytics-props';
import type { AthenaAccess, AuditDescription } from '../contract/audit-description';

/** Default key prefix of the artifact bucket's access logs. */
export const DEFAULT_ACCESS_LOG_PREFIX = 'artifact-bucket/';

/** Describes the location of a store's logs and how to query them, for tools outside of the stack. */
export function describeEvidence(
  props: EgressAnalyticsProps, athena: AthenaAccess, settings: AuditDescription['settings'], trailArn?: string,
): AuditDescription {
  const { logArchive, artifactBucket } = props;
  return {
    schemaVersion: 1,
    region: Aws.REGION,
    trail: {
      bucketName: logArchive.trailBucket.bucketName,
      keyPrefix: props.trailKeyPrefix,
      organizationId: props.trailOrganizationId,
      accounts: props.trailAccounts ?? [Aws.ACCOUNT_ID],
      regions: props.trailRegions ?? [Aws.REGION],
      trailArn,
    },
    accessLogs: {
      bucketName: logArchive.accessLogBucket.bucketName,
      prefix: (props.accessLogPrefix ?? DEFAULT_ACCESS_LOG_PREFIX)
        + `${Aws.ACCOUNT_ID}/${Aws.REGION}/${artifactBucket.bucket.bucketName}/`,
    },
    athena,
    settings,
  };
}
