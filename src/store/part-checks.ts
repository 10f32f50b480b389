import type { Construct } from 'constructs';
import type { SecureModelArtifactStoreProps } from './props';
import { checkStoreRoles } from '../access/store-roles-checks';
import { ApiAuthentication } from '../api/api-authentication';
import { checkArtifactApi } from '../api/artifact-api-checks';
import { checkStoreFunctions } from '../api/store-functions-checks';
import { checkEgressAnalytics } from '../audit/egress-analytics-checks';
import { TrailSource } from '../audit/trail-source';
import { checkTrailSource } from '../audit/trail-source-checks';
import { checkCanaryModels } from '../common/canary-models';
import type { Problems, PropertyNames } from '../common/problems';
import { checkMonitoring } from '../monitoring/monitoring-checks';
import { checkArtifactBucket } from '../storage/artifact-bucket-checks';
import { checkLogArchive } from '../storage/log-archive-checks';
import { checkPerimeter } from '../storage/perimeter';

/*
 * Maps the properties of each part to the properties of the store. The parts check their own properties. Checking them
 * here, before any part is created, reports all problems at once and under the names that the user wrote.
 */

const under = (prefix: string, properties: readonly string[]): PropertyNames =>
  Object.fromEntries(properties.map((property) => [property, `${prefix}.${property}`]));

const ARTIFACT_BUCKET: PropertyNames = {
  objectLock: 'retention.modelObjectLock',
  noncurrentVersionExpiration: 'retention.noncurrentVersionExpiration',
  noncurrentVersionTransitionAfter: 'retention.noncurrentVersionTransitionAfter',
  abortIncompleteMultipartUploadAfter: 'retention.abortIncompleteMultipartUploadAfter',
  administrators: 'access.administrators',
  perimeter: 'network.perimeter',
  ...under('storage', ['inventoryFrequency', 'inventoryRetention', 'inventoryBucket']),
  removalPolicy: 'retention.removalPolicy',
};
const LOG_ARCHIVE: PropertyNames = {
  retention: 'retention.logs',
  objectLock: 'retention.logObjectLock',
  administrators: 'audit.administrators',
  removalPolicy: 'retention.removalPolicy',
};
const AUDIT_TRAIL: PropertyNames = {
  source: 'audit.trail', ...under('audit', ['trailName', 'organizationId', 'isMultiRegion', 'managementEvents']),
};
const FUNCTIONS: PropertyNames = {
  ...under('network', ['vpc', 'vpcSubnets', 'securityGroups']),
  ...under('capacity', [
    'memorySize', 'reservedConcurrentExecutions', 'minCapacity', 'maxCapacity', 'utilizationTarget',
  ]),
};
const API: PropertyNames = {
  ...under('network', [
    'apiVpcEndpoints', 'apiCidrs', 'apiOrganizationId', 'domainName', 'webApplicationFirewall',
  ]),
  ...under('capacity', ['throttlingRateLimit', 'throttlingBurstLimit']),
};
const ROLES = under('access', ['dataScientist', 'pipeline', 'auditor']);
const ANALYTICS: PropertyNames = {
  reach: 'retention.logs',
  perimeter: 'network.perimeter',
  ...under('audit.analytics', [
    'trailKeyPrefix', 'trailOrganizationId', 'trailAccounts', 'trailRegions', 'businessHours', 'thresholds',
    'scanLimit', 'resultRetention', 'encryptionKey',
  ]),
};
const MONITORING: PropertyNames = {
  perimeter: 'network.perimeter',
  reservedConcurrentExecutions: 'capacity.reservedConcurrentExecutions',
  ...under('monitoring', [
    'topic', 'emails', 'channels', 'encryptionKey', 'thresholds', 'tampering', 'accountConcurrencyLimit', 'period',
    'runbookUrl',
  ]),
};

/** Reports the problems that each part of the store would find in its properties. */
export function checkParts(problems: Problems, store: Construct, props: SecureModelArtifactStoreProps): void {
  const { access, audit, capacity, monitoring, network, retention } = props;
  const perimeter = network?.perimeter;
  checkPerimeter(problems.named(ARTIFACT_BUCKET), perimeter);
  problems.principals('access.administrators', access?.administrators);
  if (!props.artifactBucket) {
    checkArtifactBucket(problems.named(ARTIFACT_BUCKET), store, {
      bucketName: props.bucketName,
      encryptionKey: props.encryptionKey,
      objectLock: retention?.modelObjectLock,
      noncurrentVersionExpiration: retention?.noncurrentVersionExpiration,
      noncurrentVersionTransitionAfter: retention?.noncurrentVersionTransitionAfter,
      abortIncompleteMultipartUploadAfter: retention?.abortIncompleteMultipartUploadAfter,
      ...props.storage,
      removalPolicy: retention?.removalPolicy,
    });
  }
  if (!audit?.logArchive) {
    checkLogArchive(problems.named(LOG_ARCHIVE), store, {
      retention: retention?.logs,
      objectLock: retention?.logObjectLock,
      administrators: audit?.administrators,
      removalPolicy: retention?.removalPolicy,
    });
  }
  checkCanaryModels(problems, 'audit.canaryModels', audit?.canaryModels);
  const source = audit?.trail ?? TrailSource.dedicated();
  checkTrailSource(problems.named(AUDIT_TRAIL), store, source, source._kind === 'own'
    ? { trailName: audit?.trailName, organizationId: audit?.organizationId } : {});
  checkStoreFunctions(problems.named(FUNCTIONS), store, { ...capacity, ...network });
  if (props.api !== false) {
    checkArtifactApi(problems.named(API), store, props.authentication ?? ApiAuthentication.iam(), {
      ...network,
      throttlingRateLimit: capacity?.throttlingRateLimit,
      throttlingBurstLimit: capacity?.throttlingBurstLimit,
    });
  }
  checkStoreRoles(problems.named(ROLES), store, access ?? {});
  const { enabled, ...analytics } = audit?.analytics ?? {};
  if (enabled !== false && source._kind !== 'none') {
    checkEgressAnalytics(problems.named(ANALYTICS), store, { ...analytics, perimeter, reach: retention?.logs });
  }
  const { enabled: alarms, ...alarmOptions } = monitoring ?? {};
  if (alarms !== false) {
    checkMonitoring(problems.named(MONITORING), store, {
      ...alarmOptions, perimeter, reservedConcurrentExecutions: capacity?.reservedConcurrentExecutions,
    });
  }
}
