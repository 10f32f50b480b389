export * from './secure-model-artifact-store';
export { ISecureModelArtifactStore, StoreBase } from './store-base';
export { AliasChangedOptions, VersionPublishedOptions } from './store-events';
export { SecureModelArtifactStoreAttributes } from './store-import';
export * from './store-props';
export {
  ArtifactBucket, ArtifactBucketAttributes, ArtifactBucketProps, ArtifactWriters, IArtifactBucket,
} from './storage/artifact-bucket';
export { AccessLogsDestination } from './storage/access-logs';
export { ILogArchive, LogArchive, LogArchiveBucketNames, LogArchiveProps } from './storage/log-archive';
export { AcceptedTrail } from './storage/accepted-trail';
export { ObjectLock, ObjectLockMode } from './storage/object-lock';
export { Perimeter } from './storage/perimeter';
export { SigningKey, SigningKeyProps } from './storage/signing-key';
export { FunctionRoles, SessionRoles, SessionRolesProps } from './access/session-roles';
export { ApiAccess, FunctionAccess, StoreAccess } from './access/store-access';
export { StoreGrants } from './access/grants';
export { StoreRoleOptions, StoreRoles, StoreRolesProps } from './access/store-roles';
export { AuditTrail, AuditTrailProps } from './audit/audit-trail';
export { ExistingTrail, TrailSource } from './audit/trail-source';
export { ApiAuthentication, ApiPermission, CognitoAuthenticationOptions, CognitoGroup } from './api/api-authentication';
export { ArtifactApi } from './api/artifact-api';
export { ApiNetwork, ArtifactApiProps } from './api/artifact-api-props';
export { StoreFunctions } from './api/store-functions';
export { FunctionNetwork, ProvisionedConcurrency, StoreFunctionsProps } from './api/store-functions-props';
export { ManagedFirewallOptions, WebApplicationFirewall } from './api/web-application-firewall';
export { StoreMonitoring } from './monitoring/store-monitoring';
export { AlarmThresholds, FunctionLogGroups, StoreMonitoringProps } from './monitoring/store-monitoring-props';
export { CompliancePack, ComplianceChecks, ComplianceChecksOptions } from './compliance/compliance-checks';
