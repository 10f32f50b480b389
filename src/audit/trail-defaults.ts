import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { AuditTrail } from './audit-trail';
import type { EgressAnalyticsProps } from './egress-analytics-props';

/** Completes the properties with values of the trail. */
export function withTrail(props: EgressAnalyticsProps): EgressAnalyticsProps {
  const { auditTrail, artifactBucket, logArchive } = props;
  if (auditTrail === undefined) {
    return props;
  }
  const { trailArnOrName, logGroup, logGroupKey, logDeliveryRole, organizationId } = auditTrail;
  return {
    ...props,
    trailOrganizationId: props.trailOrganizationId ?? organizationId,
    watchedResources: props.watchedResources ?? [
      trailArnOrName?.replace(/^arn:.*:trail\//, ''), logGroup?.logGroupName, logDeliveryRole?.roleName,
      ...[artifactBucket.bucket.encryptionKey, logArchive.encryptionKey, logGroupKey].map((key) => key?.keyId),
    ].filter((name) => name !== undefined),
  };
}

/** ARN of the trail, if this app creates it. */
export function trailArnOf(scope: Construct, auditTrail: AuditTrail | undefined): string | undefined {
  return auditTrail?.trail && Stack.of(scope).formatArn({
    service: 'cloudtrail', resource: 'trail', resourceName: auditTrail.trail.trailName,
  });
}
