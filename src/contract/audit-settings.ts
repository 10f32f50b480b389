import type { AuditColumnType } from './audit-columns';
import { isName, NAME_RULE } from './names';

/** Format of a setting in a settings file. */
export type AuditSettingForm = 'text' | 'list' | 'list of models' | 'whole number' | 'number' | 'days of the week';

/** A setting of the audit queries; one column of `audit_settings`. */
export interface AuditSetting {
  readonly name: string;
  readonly type: AuditColumnType;
  readonly form: AuditSettingForm;
  readonly description: string;
  /** Unit of a number. */
  readonly unit?: string;
  /** Absent if the default is null (unknown), which disables the limits that depend on it. */
  readonly byDefault?: string | number;
  /** Minimum of a number. */
  readonly from?: number;
  /** Whether the minimum is exclusive. */
  readonly above?: boolean;
  readonly to?: number;
  /** Whether the value is given with the query instead of in a settings file. */
  readonly asked?: boolean;
}

const GIB = 1024 ** 3;

function names(name: string, form: 'text' | 'list' | 'list of models', description: string): AuditSetting {
  return { name, type: 'varchar', form, description };
}

function asked(name: string, description: string): AuditSetting {
  return { ...names(name, 'text', description), asked: true };
}

function wholeNumber(
  name: string, unit: string, byDefault: number, [from, to]: readonly [number, number], description: string,
): AuditSetting {
  return { name, type: 'bigint', form: 'whole number', unit, byDefault, from, to, description };
}

/** `audit_settings` has one row. Lists are comma-separated; null means unknown and disables the limits based on it. */
export const AUDIT_SETTINGS: readonly AuditSetting[] = [
  names('artifact_bucket', 'text', 'Name of the artifact bucket'),
  names('log_buckets', 'list', 'Names of the buckets of the log archive'),
  names('session_role_arns', 'list', 'ARNs of the session roles of the store'),
  names('auditor_role_arns', 'list', 'ARNs of the auditor roles'),
  names('function_role_arns', 'list',
    'ARNs of the execution roles of the functions, the only principals that open sessions of the store'),
  names('caller_role_arns', 'list', 'ARNs of the roles with which people and pipelines call the API'),
  names('direct_role_arns', 'list', 'ARNs of roles that read models directly from S3, such as those of batch jobs'),
  names('deployment_role_arns', 'list', 'ARNs of the roles with which CloudFormation deploys the store'),
  names('watched_resources', 'list',
    'Names of the trail, its log group, the roles and functions of the store, and the database and workgroup of the '
    + 'named queries; IDs of the keys, API and user pool'),
  {
    ...names('invoking_service', 'text',
      'AWS service that invokes the functions of the store; none if they are invoked directly, as without the API'),
    byDefault: 'apigateway.amazonaws.com',
  },
  names('watched_prefix', 'text', 'Prefix of the names of the store\'s alarms and tamper rules'),
  names('canary_models', 'list of models', 'Names of the canary models, which no one has a reason to read'),
  names('perimeter_vpc_endpoints', 'list', 'IDs of the VPC endpoints of the perimeter'),
  wholeNumber('bulk_egress_bytes', 'bytes', 10 * GIB, [1, Number.MAX_SAFE_INTEGER],
    'Minimum bytes that a principal reads in one night, on one day off or in its first days to be reported'),
  {
    name: 'median_factor', type: 'double', form: 'number', unit: 'times', byDefault: 5, from: 1, above: true,
    description: 'Factor by which a day must exceed the principal\'s median to be reported',
  },
  wholeNumber('median_floor_bytes', 'bytes', 10 * GIB, [0, Number.MAX_SAFE_INTEGER],
    'Minimum bytes of a day or week to be reported, whatever its baseline'),
  wholeNumber('median_floor_objects', 'files', 200, [0, Number.MAX_SAFE_INTEGER],
    'Minimum files of a day to be reported, whatever its median; also files that were looked up and not downloaded'),
  {
    name: 'week_factor', type: 'double', form: 'number', unit: 'times', byDefault: 3, from: 1, above: true,
    description: 'Factor by which a week must exceed the largest of the three weeks before it to be reported',
  },
  wholeNumber('many_new_models', 'models', 8, [2, 1_000_000],
    'Minimum models that are new to a principal within 28 days, or that it looked up in one day and did not download, '
    + 'to be reported'),
  wholeNumber('link_seconds', 'seconds', 3600, [1, 604_800],
    'Maximum lifetime of a presigned URL of the store, in seconds'),
  wholeNumber('repeated_denials', 'requests or models', 5, [2, 1_000_000],
    'Minimum consecutive denied requests of a principal, or models on which it is denied in one day, to be reported'),
  {
    name: 'business_days', type: 'varchar', form: 'days of the week', byDefault: '12345',
    description: 'Working days: digits, 0 for Sunday to 6 for Saturday',
  },
  wholeNumber('business_start_hour', 'o\'clock', 7, [0, 23], 'Hour at which business hours begin, 0 to 23'),
  wholeNumber('business_end_hour', 'o\'clock', 20, [1, 24], 'Hour at which business hours end, 1 to 24'),
  wholeNumber('utc_offset_minutes', 'minutes', 0, [-14 * 60, 14 * 60], 'Offset of business hours from UTC, in minutes'),
  asked('custody_model', 'Model whose chain of custody or activity is queried; null for every model'),
  asked('custody_version', 'Version whose chain of custody or activity is queried; null for every version'),
  asked('activity_principal', 'Principal whose activity is queried, or the name of its session; null for everyone'),
  asked('activity_first_address',
    'First address whose activity is queried, in the form of source_ip_key; null for every address'),
  asked('activity_last_address', 'Last address whose activity is queried, in the form of source_ip_key'),
  asked('activity_digest', 'Digest of the file whose activity is queried; null for every file'),
];

/** Setting with a list of networks in CIDR notation; `perimeter_networks` has them as address ranges. */
export const PERIMETER_SETTING = 'perimeter_networks';

/** Defaults; settings without a default are null (unknown). */
export const DEFAULT_AUDIT_SETTINGS: { readonly [name: string]: string | number } = Object.fromEntries(
  AUDIT_SETTINGS.flatMap(({ name, byDefault }) => (byDefault === undefined ? [] : [[name, byDefault]])),
);

/** Describes what is wrong with a value from a settings file; returns undefined if it is valid. */
export function auditSettingProblem({ form, from, above, to }: AuditSetting, value: unknown): string | undefined {
  switch (form) {
    case 'text':
      return typeof value === 'string' && value !== '' ? undefined : 'must be a string';
    case 'list':
      return Array.isArray(value) && value.every((item) => typeof item === 'string' && /^[^\s,]+$/.test(item))
        ? undefined
        : 'must be a list of strings without commas or spaces';
    case 'list of models':
      return Array.isArray(value) && value.every((item) => typeof item === 'string' && isName(item))
        ? undefined
        : `must be a list of names of models: a name ${NAME_RULE}`;
    case 'days of the week':
      return typeof value === 'string' && /^[0-6]*$/.test(value) ? undefined
        : 'must be a string of digits, 0 for Sunday to 6 for Saturday, such as "12345"';
    case 'whole number':
      return Number.isSafeInteger(value) && Number(value) >= from! && Number(value) <= to!
        ? undefined
        : `must be a whole number from ${from} to ${to}`;
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) && (above ? value > from! : value >= from!) ? undefined
        : `must be a number ${above ? 'above' : 'of at least'} ${from}`;
  }
}

export function auditSetting(name: string): AuditSetting {
  const setting = AUDIT_SETTINGS.find((each) => each.name === name);
  if (!setting) {
    throw new Error(`unknown setting ${name}`);
  }
  return setting;
}
