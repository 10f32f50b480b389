import type { MonitoredStore } from './store-monitoring-props';
import type { ProtectedResources } from './tamper/protected-resources';
import type { AuditTrail } from '../audit/audit-trail';

/** The same properties, with those that the trail provides filled in. */
export function withTrail(props: MonitoredStore): MonitoredStore {
  const { auditTrail } = props;
  return auditTrail === undefined ? props : {
    ...props,
    auditLogGroup: auditTrail.logGroup,
    protectedResources: props.protectedResources ?? resourcesOf(auditTrail, props),
    trailRecordsManagementEvents: auditTrail.recordsManagementEvents,
  };
}

/** The audited bucket, and every resource that its evidence depends on. */
function resourcesOf(auditTrail: AuditTrail, props: MonitoredStore): ProtectedResources {
  const { artifactBucket, logArchive, analytics } = props;
  const keys = [artifactBucket.bucket.encryptionKey, logArchive?.encryptionKey, auditTrail.logGroupKey];
  return {
    trailArnOrName: auditTrail.trailArnOrName,
    trailLogGroup: auditTrail.logGroup,
    artifactBuckets: [artifactBucket.bucket],
    logBuckets: logArchive && [logArchive.trailBucket, logArchive.accessLogBucket],
    keys: keys.filter((key) => key !== undefined),
    roles: auditTrail.logDeliveryRole && [auditTrail.logDeliveryRole],
    analytics,
  };
}
