import type { Circumstances } from './circumstances';

/** Why a check was not possible, and what makes it possible. */
export interface NotChecked {
  readonly reason: string;
  readonly remedy: Remedy;
}

export interface Remedy {
  /** What to do, as a sentence without its period. */
  readonly text: string;
  /** Options that, added to the command of the query, make the check possible. */
  readonly options?: string;
  /** A command, or a line of the settings file. */
  readonly example?: string;
}

/** A setting that a check needs. */
function setting(reason: string, example: object): NotChecked {
  return {
    reason,
    remedy: { text: 'Add to the settings file (--settings FILE), with your values', example: JSON.stringify(example) },
  };
}

export const noTrail = ({ trailRecords }: Circumstances): NotChecked | undefined => (trailRecords === 0 ? {
  reason: 'No trail records were read',
  remedy: { text: 'Pass the CloudTrail logs with --logs PLACE, or the store with --store NAME' },
} : undefined);

export const NO_ACCESS_LOGS: NotChecked = {
  reason: 'No S3 access logs were read, so there is nothing to compare the trail with',
  remedy: { text: 'Pass the S3 access logs of the artifact bucket', options: '--access-logs PLACE' },
};

export const noAuditors = ({ settings }: Circumstances): NotChecked | undefined => (
  settings.row.auditor_role_arns ? undefined : setting(
    'The settings name no auditor roles (auditor_role_arns)',
    { auditor_role_arns: ['arn:aws:iam::111122223333:role/Auditor'] },
  ));

export const noCallers = ({ settings }: Circumstances): NotChecked | undefined => (
  settings.row.caller_role_arns ? undefined : setting(
    'The settings do not name the roles that call the API (caller_role_arns)',
    { caller_role_arns: ['arn:aws:iam::111122223333:role/DataScientist'] },
  ));

export const noPerimeter = ({ settings }: Circumstances): NotChecked | undefined => (
  settings.networks.length > 0 || settings.row.perimeter_vpc_endpoints ? undefined : setting(
    'The settings define no perimeter (perimeter_networks, perimeter_vpc_endpoints)',
    { perimeter_networks: ['10.0.0.0/8'], perimeter_vpc_endpoints: ['vpce-0a1b2c3d'] },
  ));

export const noApi = ({ settings }: Circumstances): NotChecked | undefined => (
  settings.row.invoking_service !== 'none' ? undefined : setting(
    'Functions are invoked directly, because the settings name no API (invoking_service is "none")',
    { invoking_service: 'apigateway.amazonaws.com' },
  ));

export const noCanaries = ({ settings }: Circumstances): NotChecked | undefined => (
  settings.row.canary_models ? undefined : setting(
    'The settings name no canary models (canary_models)', { canary_models: ['payments-fraud-v2'] },
  ));

export const noArtifactBucket = ({ settings }: Circumstances): NotChecked | undefined => (
  settings.row.artifact_bucket ? undefined : setting(
    'The settings do not name the artifact bucket (artifact_bucket)', { artifact_bucket: 'acme-models' },
  ));

export const noDirectRoles = ({ settings }: Circumstances): NotChecked | undefined => (
  settings.row.direct_role_arns ? undefined : setting(
    'The settings name no roles that read directly from S3 (direct_role_arns)',
    { direct_role_arns: ['arn:aws:iam::111122223333:role/Training'] },
  ));

/** Without earlier logs, everyone is new, and nothing can be called unusual. */
export const noHistory = ({ firstDay, newPrincipals, principals }: Circumstances): NotChecked | undefined => {
  const isEveryoneNew = newPrincipals !== undefined && newPrincipals > 0 && newPrincipals === principals;
  return isEveryoneNew ? {
    reason: `The logs that were read show no reads before ${firstDay} by any of these principals, so there is no `
      + 'baseline',
    remedy: { text: `Add the logs of the four weeks before ${firstDay} to the same place: they are read, too` },
  } : undefined;
};
