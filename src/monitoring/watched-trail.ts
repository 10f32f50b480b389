import type { StoreMonitoringProps } from './store-monitoring-props';
import type { ProtectedResources } from './tamper/protected-resources';
import type { AuditTrail } from '../audit/audit-trail';

/** The same properties, with what a trail knows of itself in place of what was not said. */
export function withTrail(props: StoreMonitoringProps): StoreMonitoringProps {
  const { auditTrail } = props;
  return auditTrail === undefined ? props : {
    ...props,
    auditLogGroup: auditTrail.logGroup,
    protectedResources: props.protectedResources ?? resourcesOf(auditTrail, props),
    trailRecordsManagementEvents: auditTrail.recordsManagementEvents,
  };
}

/** What is audited, and all that the evidence of it hangs on. */
function resourcesOf(auditTrail: AuditTrail, { artifactBucket, logArchive, analytics }: StoreMonitoringProps): ProtectedResources {
  return {
    trailArnOrName: auditTrail.trailArnOrName,
    trailLogGroup: auditTrail.logGroup,
    artifactBuckets: [artifactBucket.bucket],
    logBuckets: logArchive && [logArchive.trailBucket, logArchive.accessLogBucket],
    keys: [artifactBucket.bucket.encryptionKey, logArchive?.encryptionKey, auditTrail.logGroupKey].filter((key) => key !== undefined),
    roles: auditTrail.logDeliveryRole && [auditTrail.logDeliveryRole],
    analytics,
  };
}
