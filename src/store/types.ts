import { Token } from 'aws-cdk-lib';
import type { SecureModelArtifactStoreProps } from './props';
import type { Problems } from '../common/problems';

type Kind = 'Duration' | 'Size' | 'boolean' | 'number' | 'string' | 'strings';

const under = (prefix: string, names: string) => names.split(' ').map((name) => `${prefix}.${name}`);
const ofEachRole = (name: string) => ['dataScientist', 'pipeline', 'auditor'].map((role) => `access.${role}.${name}`);

/** Properties of which plain JavaScript may hand in anything; a test holds the table to the types. */
export const PROPERTY_TYPES: Readonly<Record<Kind, readonly string[]>> = {
  strings: [
    ...ofEachRole('models'), 'access.administratorArns', 'access.rolesWithDefaultSessionNames', 'audit.administratorArns', ...under('audit.analytics.trailLayout', 'accounts regions'),
    'monitoring.notifications.emails', 'network.api.cidrs', ...under('network.perimeter', 'cidrs vpcEndpointIds'),
  ],
  Duration: [
    ...ofEachRole('maxSessionDuration'), 'audit.analytics.resultRetention', 'audit.analytics.thresholds.linkLifetime',
    ...under('links', 'lifetime sessionDuration'), 'monitoring.period',
    ...under('monitoring.thresholds', 'apiLatency evidenceStalled functionDuration'),
    ...under('retention', 'incompleteUploads logObjectLock.retention logs modelObjectLock.retention noncurrentVersions'),
    'retention.noncurrentVersionTransitionAfter', 'storage.inventory.retention',
  ],
  boolean: [
    ...ofEachRole('allowDefaultSessionNames'), ...ofEachRole('requireMultiFactorAuthentication'), 'api', 'audit.analytics.enabled', 'audit.isMultiRegion', 'capacity.tracing',
    'retention.emptyOnDestroy',
    ...under('monitoring', 'alarms dashboard tampering.enabled tampering.rootUse'), 'signing',
    ...under('storage', 'requestMetrics storageClassAnalysis'),
  ],
  string: [
    ...ofEachRole('policyName'), ...ofEachRole('roleName'), ...under('audit.analytics.trailLayout', 'keyPrefix organizationId'), ...under('audit', 'organizationId trailName'),
    'bucketName', 'monitoring.runbookUrl', 'network.api.organizationId', 'network.perimeter.organizationId', 'storeName',
  ],
  number: [
    ...under('audit.analytics.businessHours', 'endHour startHour utcOffsetMinutes'),
    ...under('audit.analytics.thresholds', 'deniedInARow medianFactor medianFloorObjects newModels weekFactor'),
    ...under('capacity', 'memorySize reservedConcurrency throttlingBurstLimit throttlingRateLimit'),
    ...under('capacity.provisionedConcurrency', 'maximum minimum targetUtilization'),
    'monitoring.accountConcurrencyLimit', ...under('monitoring.tampering.accountChecks', 'failedSignIns unauthorizedCalls'),
    ...under('monitoring.thresholds', 'accessDenied apiClientErrorPercent apiMinimumRequests apiServerErrorPercent apiServerErrors concurrencyPercent'),
    ...under('monitoring.thresholds', 'copiesOut deadLetters egressBandWidth failedRequests functionErrors functionThrottles'),
    ...under('monitoring.thresholds', 'readsOutsidePerimeter readsThroughAccessPoints'),
  ],
  Size: ['audit.analytics.scanLimit', ...under('audit.analytics.thresholds', 'medianFloor offHoursBulk'), 'monitoring.thresholds.egressPerPrincipal'],
};

const RIGHT: Readonly<Record<Kind, readonly [is: (value: unknown) => boolean, rule: string]>> = {
  Duration: [(value) => hasMethods(value, 'isUnresolved', 'toSeconds'), 'it is a Duration, such as Duration.days(30)'],
  Size: [(value) => hasMethods(value, 'isUnresolved', 'toBytes'), 'it is a Size, such as Size.gibibytes(1)'],
  boolean: [(value) => typeof value === 'boolean', 'it is true or false'],
  number: [(value) => typeof value === 'number', 'it is a number, not a text'],
  string: [(value) => typeof value === 'string', 'it is a text'],
  strings: [(value) => Array.isArray(value), 'it is a list of texts'],
};

/** What a compiler would say of the properties; JavaScript has none, and its errors name no property. */
export function checkTypes(problems: Problems, props: SecureModelArtifactStoreProps): void {
  for (const [kind, paths] of Object.entries(PROPERTY_TYPES) as Array<[Kind, readonly string[]]>) {
    const [isRight, rule] = RIGHT[kind];
    for (const path of paths) {
      checkType(problems, props, path, isRight, rule);
    }
  }
}

function checkType(problems: Problems, props: unknown, path: string, isRight: (value: unknown) => boolean, rule: string): void {
  let value: unknown = props;
  const walked: string[] = [];
  for (const name of path.split('.')) {
    if (value === undefined) {
      return;
    }
    if (value === null || typeof value !== 'object') {
      problems.add(`${walked.join('.')} is ${JSON.stringify(value)}; it is an object of properties: leave it out for the defaults`);
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
  return typeof value === 'object' && value !== null && names.every((name) => typeof (value as Record<string, unknown>)[name] === 'function');
}
