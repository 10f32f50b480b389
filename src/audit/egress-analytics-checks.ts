import { type Duration, type Size, Stack, Token, Validations } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import type { EgressAnalyticsProps } from './egress-analytics-props';
import { checkCanaryModels } from '../common/canary-models';
import { isOrganizationId, type Problems } from '../common/problems';
import { isRegion, REGION_RULE } from '../common/regions';
import { auditSetting, auditSettingProblem, DEFAULT_AUDIT_SETTINGS } from '../contract/audit-settings';
import { checkPrefix } from '../storage/access-logs';
import { checkEncryptionKey } from '../storage/encryption-key-checks';
import { checkPerimeter } from '../storage/perimeter';

/** https://docs.aws.amazon.com/athena/latest/ug/workgroups-setting-control-limits-cloudwatch.html */
const SMALLEST_SCAN_LIMIT_BYTES = 10_000_000;

/** The properties that are checked here. */
export type CheckedAnalyticsProps = Omit<EgressAnalyticsProps, 'artifactBucket' | 'logArchive'>;

/** Adds all problems of the properties. */
export function checkEgressAnalytics(problems: Problems, scope: IConstruct, props: CheckedAnalyticsProps): void {
  problems.wholeDays('reach', props.reach);
  problems.wholeDays('resultRetention', props.resultRetention);
  checkPerimeter(problems, props.perimeter);
  checkPrefix(problems, 'accessLogPrefix', props.accessLogPrefix);
  checkNames(problems, props);
  checkLayout(problems, props, Stack.of(scope).region);
  checkHours(problems, props);
  const { scanLimit, thresholds } = props;
  if (scanLimit !== undefined && !scanLimit.isUnresolved() && scanLimit.toBytes() < SMALLEST_SCAN_LIMIT_BYTES) {
    problems.add(
      `scanLimit is ${scanLimit.toBytes()} bytes; the minimum in Athena is 10 MB (${SMALLEST_SCAN_LIMIT_BYTES} bytes)`,
    );
  }
  checkSetting(problems, 'thresholds.bulkEgress', 'bulk_egress_bytes', bytesOf(thresholds?.bulkEgress));
  checkSetting(problems, 'thresholds.medianFactor', 'median_factor', thresholds?.medianFactor);
  checkSetting(problems, 'thresholds.medianFloor', 'median_floor_bytes', bytesOf(thresholds?.medianFloor));
  checkSetting(problems, 'thresholds.medianFloorObjects', 'median_floor_objects', thresholds?.medianFloorObjects);
  checkSetting(problems, 'thresholds.weekFactor', 'week_factor', thresholds?.weekFactor);
  checkSetting(problems, 'thresholds.manyNewModels', 'many_new_models', thresholds?.manyNewModels);
  const lifetime = secondsOf(thresholds?.presignedUrlLifetime);
  checkSetting(problems, 'thresholds.presignedUrlLifetime', 'link_seconds', lifetime);
  checkWatched(problems, props.watchedResources);
  checkCanaryModels(problems, 'canaryModels', props.canaryModels);
  checkSetting(problems, 'thresholds.repeatedDenials', 'repeated_denials', thresholds?.repeatedDenials);
  checkEncryptionKey(problems, scope, 'encryptionKey', props.encryptionKey);
}

/** Warns about networks that the queries cannot take into account. */
export function warnOfUnresolvedPerimeter(scope: Construct, props: EgressAnalyticsProps): void {
  if (props.perimeter?.cidrs?.some((cidr) => Token.isUnresolved(cidr))) {
    Validations.of(scope).addWarning('SecureModelArtifactStore::UnresolvedPerimeter',
      'A range in perimeter.cidrs is a token, which the audit queries cannot use: they will report reads from it as '
      + 'outside the perimeter. Use a literal range, or acknowledge this warning.');
  }
}

function checkNames(problems: Problems, { databaseName, workGroupName, storeName }: CheckedAnalyticsProps): void {
  if (!known(storeName, (name) => /^[A-Za-z0-9._-]{1,128}$/.test(name))) {
    problems.add(`storeName is ${JSON.stringify(storeName)}; `
      + 'it is part of an SSM parameter name: use 1 to 128 letters, digits, ".", "_" and "-"');
  }
  // https://docs.aws.amazon.com/athena/latest/ug/tables-databases-columns-names.html
  if (!known(databaseName, (name) => /^[a-z][a-z0-9_]{0,127}$/.test(name))) {
    problems.add(`databaseName is "${databaseName}"; `
      + 'use a lower-case letter, followed by lower-case letters, digits and "_"');
  }
  if (!known(workGroupName, (name) => /^[a-zA-Z0-9._-]{1,128}$/.test(name))) {
    problems.add(`workGroupName is "${workGroupName}"; use 1 to 128 letters, digits, ".", "_" and "-"`);
  }
}

function checkLayout(problems: Problems, props: CheckedAnalyticsProps, ownRegion: string): void {
  const { auditTrail, trailKeyPrefix, trailOrganizationId: organizationId, trailAccounts, trailRegions } = props;
  const recorded = auditTrail?.organizationId ?? (auditTrail?.trail ? 'one account' : undefined);
  if (recorded !== undefined && !Token.isUnresolved(recorded) && !known(organizationId, (id) => id === recorded)) {
    problems.add(`trailOrganizationId is "${organizationId}", but ${problems.name('auditTrail')} records ${recorded}; `
      + 'remove it');
  }
  if (!known(trailKeyPrefix, (prefix) => /^[^/].*[^/]$|^[^/]$/.test(prefix))) {
    problems.add(`trailKeyPrefix is "${trailKeyPrefix}"; it must not begin or end with "/"`);
  }
  if (!known(organizationId, isOrganizationId)) {
    problems.add(`trailOrganizationId is "${organizationId}"; use an organization ID such as o-a1b2c3d4e5`);
  }
  for (const [property, list, isRight, rule] of [
    ['trailAccounts', trailAccounts, (id: string) => /^\d{12}$/.test(id), 'use an account ID such as 111122223333'],
    ['trailRegions', trailRegions, (name: string) => name === ownRegion || isRegion(name), REGION_RULE],
  ] as const) {
    if (list?.length === 0) {
      problems.add(`${property} is empty; give at least one, or remove the property`);
    }
    for (const [item, index] of problems.items(property, list)) {
      if (!isRight(item)) {
        problems.add(`${property}[${index}] is "${item}"; ${rule}`);
      }
    }
  }
}

function checkHours(problems: Problems, { businessHours }: CheckedAnalyticsProps): void {
  const { days, startHour, endHour, utcOffsetMinutes } = businessHours ?? {};
  days?.forEach((day, index) => {
    if (!Number.isInteger(day) || day < 0 || day > 6) {
      problems.add(`businessHours.days[${index}] is ${day}; use 0 for Sunday to 6 for Saturday`);
    }
  });
  checkSetting(problems, 'businessHours.startHour', 'business_start_hour', startHour);
  checkSetting(problems, 'businessHours.endHour', 'business_end_hour', endHour);
  checkSetting(problems, 'businessHours.utcOffsetMinutes', 'utc_offset_minutes', utcOffsetMinutes);
  const start = startHour ?? DEFAULT_AUDIT_SETTINGS.business_start_hour;
  const end = endHour ?? DEFAULT_AUDIT_SETTINGS.business_end_hour;
  if (start >= end) {
    problems.add(`businessHours are from ${start} to ${end}; startHour must be less than endHour`);
  }
}

function checkSetting(problems: Problems, property: string, name: string, value: number | undefined): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  const problem = auditSettingProblem(auditSetting(name), value);
  if (problem !== undefined) {
    const { unit } = auditSetting(name);
    problems.add(`${property} is ${value}; it ${problem}${unit === undefined ? '' : ` (${unit})`}`);
  }
}

function checkWatched(problems: Problems, watched: string[] | undefined): void {
  for (const [name, index] of problems.items('watchedResources', watched)) {
    if (!/^[^\s,]+$/.test(name) || name.startsWith('arn:')) {
      problems.add(`watchedResources[${index}] is "${name}"; give the name or ID that requests contain, not an ARN`);
    }
  }
}

function secondsOf(duration: Duration | undefined): number | undefined {
  return duration === undefined || duration.isUnresolved() ? undefined : duration.toSeconds({ integral: false });
}

function bytesOf(size: Size | undefined): number | undefined {
  return size === undefined || size.isUnresolved() ? undefined : size.toBytes();
}

/** Whether a value is absent, a token, or valid. */
function known<T>(value: T | undefined, isRight: (value: T) => boolean): boolean {
  return value === undefined || Token.isUnresolved(value) || isRight(value);
}
