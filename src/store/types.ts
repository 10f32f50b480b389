import { Token } from 'aws-cdk-lib';
import type { SecureModelArtifactStoreProps } from './props';
import type { Problems } from '../common/problems';

type Kind = 'Duration' | 'Size' | 'boolean' | 'number' | 'string' | 'strings';

const under = (prefix: string, names: string) => names.split(' ').map((name) => `${prefix}.${name}`);
const ofEachRole = (name: string) => ['dataScientist', 'pipeline', 'auditor'].map((role) => `access.${role}.${name}`);

/** The types of properties, because plain JavaScript can pass any value. A test compares the table with the types. */
export const PROPERTY_TYPES: Readonly<Record<Kind, readonly string[]>> = {
  strings: [
    ...ofEachRole('models'), 'access.rolesWithDefaultSessionNames',
    ...under('audit.analytics', 'trailAccounts trailRegions'), 'audit.canaryModels',
    'monitoring.emails', 'network.apiCidrs',
    ...under('network.perimeter', 'cidrs vpcEndpointIds'),
  ],
  Duration: [
    ...ofEachRole('maxSessionDuration'), 'audit.analytics.resultRetention',
    'audit.analytics.thresholds.presignedUrlLifetime',
    ...under('access', 'presignedUrlLifetime sessionDuration'), 'monitoring.period',
    ...under('monitoring.thresholds', 'apiLatency evidenceStalled functionDuration'),
    ...under('retention',
      'abortIncompleteMultipartUploadAfter logs noncurrentVersionExpiration noncurrentVersionTransitionAfter'),
    'storage.inventoryRetention',
  ],
  boolean: [
    ...ofEachRole('allowDefaultSessionNames'), ...ofEachRole('requireMultiFactorAuthentication'), 'api',
    'audit.analytics.enabled', 'audit.isMultiRegion', 'capacity.tracing', 'retention.emptyOnDestroy',
    ...under('monitoring', 'dashboard enabled tampering.accountChecks tampering.enabled tampering.rootUse'),
    'signing.enabled',
    ...under('storage', 'requestMetrics storageClassAnalysis'),
  ],
  string: [
    ...ofEachRole('policyName'), ...ofEachRole('roleName'),
    ...under('audit.analytics', 'trailKeyPrefix trailOrganizationId'), ...under('audit', 'organizationId trailName'),
    'bucketName', 'monitoring.runbookUrl', 'network.apiOrganizationId', 'network.perimeter.organizationId',
    'storeName',
  ],
  number: [
    ...under('audit.analytics.businessHours', 'endHour startHour utcOffsetMinutes'),
    ...under('audit.analytics.thresholds', 'manyNewModels medianFactor medianFloorObjects repeatedDenials weekFactor'),
    ...under('capacity', 'maxCapacity memorySize minCapacity reservedConcurrentExecutions throttlingBurstLimit'),
    ...under('capacity', 'throttlingRateLimit utilizationTarget'),
    'monitoring.accountConcurrencyLimit',
    ...under('monitoring.tampering', 'failedSignInsThreshold unauthorizedCallsThreshold'),
    ...under('monitoring.thresholds', 'accessDenied apiClientErrorPercent apiMinimumRequests apiServerErrorPercent'),
    ...under('monitoring.thresholds', 'apiServerErrors concurrencyPercent copiesOut deadLetters egressBandWidth'),
    ...under('monitoring.thresholds', 'failedRequests functionErrors functionThrottles readsOutsidePerimeter'),
    'monitoring.thresholds.readsThroughAccessPoints', 'signing.generation',
  ],
  Size: [
    'audit.analytics.scanLimit', ...under('audit.analytics.thresholds', 'bulkEgress medianFloor'),
    'monitoring.thresholds.egressPerPrincipal',
  ],
};

const RIGHT: Readonly<Record<Kind, readonly [is: (value: unknown) => boolean, rule: string]>> = {
  Duration: [
    (value) => hasMethods(value, 'isUnresolved', 'toSeconds'), 'expected a Duration, such as Duration.days(30)',
  ],
  Size: [(value) => hasMethods(value, 'isUnresolved', 'toBytes'), 'expected a Size, such as Size.gibibytes(1)'],
  boolean: [(value) => typeof value === 'boolean', 'expected true or false'],
  number: [(value) => typeof value === 'number', 'expected a number'],
  string: [(value) => typeof value === 'string', 'expected a string'],
  strings: [(value) => Array.isArray(value), 'expected a list of strings'],
};

/** Reports what a compiler would report. JavaScript has none, and its errors do not name the property. */
export function checkTypes(problems: Problems, props: SecureModelArtifactStoreProps): void {
  for (const [kind, paths] of Object.entries(PROPERTY_TYPES) as Array<[Kind, readonly string[]]>) {
    const [isRight, rule] = RIGHT[kind];
    for (const path of paths) {
      checkType(problems, props, path, isRight, rule);
    }
  }
}

function checkType(
  problems: Problems, props: unknown, path: string, isRight: (value: unknown) => boolean, rule: string,
): void {
  let value: unknown = props;
  const walked: string[] = [];
  for (const name of path.split('.')) {
    if (value === undefined) {
      return;
    }
    if (value === null || typeof value !== 'object') {
      problems.add(`${walked.join('.')} is ${JSON.stringify(value)}; expected an object, or omit it to use the `
        + 'defaults');
      return;
    }
    value = (value as Record<string, unknown>)[name];
    walked.push(name);
  }
  if (value !== undefined && !Token.isUnresolved(value) && !isRight(value)) {
    problems.add(`${path} is ${JSON.stringify(value)}; ${rule}`);
  }
}

function hasMethods(value: unknown, ...names: string[]): boolean {
  return typeof value === 'object' && value !== null
    && names.every((name) => typeof (value as Record<string, unknown>)[name] === 'function');
}
