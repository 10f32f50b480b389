import type * as iam from 'aws-cdk-lib/aws-iam';
import type { EgressAnalyticsProps } from './egress-analytics-props';
import type { AuditSettings } from './settings-view';
import type { AuditDescription } from '../contract/audit-description';
import { DEFAULT_AUDIT_SETTINGS, PERIMETER_SETTING } from '../contract/audit-settings';

/** Settings of the queries for a store, from the properties. */
export function auditSettings(props: EgressAnalyticsProps): AuditSettings {
  const { artifactBucket, logArchive, perimeter, businessHours, thresholds } = props;
  const arns = (roles: iam.IRole[] | undefined) => roles?.map(({ roleArn }) => roleArn);
  return withDefaults({
    artifact_bucket: artifactBucket.bucket.bucketName,
    log_buckets: [logArchive.trailBucket, logArchive.accessLogBucket].map(({ bucketName }) => bucketName),
    session_role_arns: arns(props.sessionRoles),
    auditor_role_arns: arns(props.auditorRoles),
    function_role_arns: arns(props.functionRoles),
    caller_role_arns: arns(props.callerRoles),
    direct_role_arns: arns(props.directRoles),
    deployment_role_arns: arns(props.deploymentRoles),
    watched_resources: props.watchedResources,
    invoking_service: props.directInvocations ? 'none' : undefined,
    watched_prefix: props.watchedPrefix,
    canary_models: props.canaryModels,
    perimeter_vpc_endpoints: perimeter?.vpcEndpointIds,
    bulk_egress_bytes: thresholds?.bulkEgress?.toBytes(),
    median_factor: thresholds?.medianFactor,
    median_floor_bytes: thresholds?.medianFloor?.toBytes(),
    median_floor_objects: thresholds?.medianFloorObjects,
    week_factor: thresholds?.weekFactor,
    many_new_models: thresholds?.manyNewModels,
    link_seconds: thresholds?.presignedUrlLifetime?.toSeconds(),
    repeated_denials: thresholds?.repeatedDenials,
    business_days: businessHours?.days?.join(''),
    business_start_hour: businessHours?.startHour,
    business_end_hour: businessHours?.endHour,
    utc_offset_minutes: businessHours?.utcOffsetMinutes,
  });
}

/** Converts the settings to the format of a settings file, which the command line reads. */
export function auditSettingsFile(
  settings: AuditSettings, cidrs: readonly string[] = [],
): AuditDescription['settings'] {
  const known = Object.entries(settings)
    .filter((entry): entry is [string, string | number | readonly string[]] => entry[1] !== null);
  return { ...Object.fromEntries(known), ...(cidrs.length > 0 && { [PERIMETER_SETTING]: cidrs }) };
}

function withDefaults(given: { readonly [name: string]: AuditSettings[string] | undefined }): AuditSettings {
  return Object.fromEntries(Object.entries(given)
    .map(([name, value]) => [name, value ?? DEFAULT_AUDIT_SETTINGS[name] ?? null]));
}
