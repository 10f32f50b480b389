import type { AuditColumnType } from './audit-columns';

/** How a setting is written in a file of settings. */
export type AuditSettingForm = 'text' | 'list' | 'whole number' | 'number' | 'days of the week';

/** What the audit queries need to know besides the logs; one column of `audit_settings`. */
export interface AuditSetting {
  readonly name: string;
  readonly type: AuditColumnType;
  readonly form: AuditSettingForm;
  readonly description: string;
  /** What a number counts. */
  readonly unit?: string;
  /** Absent: unknown, which limits nothing. */
  readonly byDefault?: string | number;
  /** The smallest number that makes sense. */
  readonly from?: number;
  /** The smallest number has to be exceeded. */
  readonly above?: boolean;
  readonly to?: number;
  /** A question's own words, given with the question instead of in a file. */
  readonly asked?: boolean;
}

const GIB = 1024 ** 3;

function names(name: string, form: 'text' | 'list', description: string): AuditSetting {
  return { name, type: 'varchar', form, description };
}

function wholeNumber(name: string, unit: string, byDefault: number, [from, to]: readonly [number, number], description: string): AuditSetting {
  return { name, type: 'bigint', form: 'whole number', unit, byDefault, from, to, description };
}

/** `audit_settings`: one row. Lists are separated by commas; null means unknown, and limits nothing. */
export const AUDIT_SETTINGS: readonly AuditSetting[] = [
  names('artifact_bucket', 'text', 'Name of the artifact bucket'),
  names('log_buckets', 'list', 'Names of the buckets of the log archive'),
  names('session_role_arns', 'list', 'ARNs of the session roles of the store'),
  names('auditor_role_arns', 'list', 'ARNs of the auditor roles'),
  names('function_role_arns', 'list', 'ARNs of the execution roles of the functions, the only principals that open sessions of the store'),
  names('direct_role_arns', 'list', 'ARNs of roles that read models directly from S3, such as those of batch jobs'),
  names('deployment_role_arns', 'list', 'ARNs of the roles with which CloudFormation deploys the store'),
  names('watched_resources', 'list',
    'Names of the trail, its log group, the roles and functions of the store, and the database and workgroup of the named '
    + 'queries; IDs of the keys, API and user pool'),
  names('watched_prefix', 'text', 'Prefix of the names of the store\'s alarms and tamper rules'),
  names('perimeter_vpc_endpoints', 'list', 'IDs of the VPC endpoints of the perimeter'),
  wholeNumber('bulk_egress_bytes', 'bytes', 10 * GIB, [1, Number.MAX_SAFE_INTEGER],
    'Bytes that a principal reads in one night, on one day off or in its first days from which on they are reported'),
  {
    name: 'median_factor', type: 'double', form: 'number', unit: 'times', byDefault: 5, from: 1, above: true,
    description: 'Factor by which a day must exceed the principal\'s median to be reported',
  },
  wholeNumber('median_floor_bytes', 'bytes', 10 * GIB, [0, Number.MAX_SAFE_INTEGER], 'Minimum bytes of a day or week to be reported, whatever its baseline'),
  wholeNumber('median_floor_objects', 'files', 200, [0, Number.MAX_SAFE_INTEGER], 'Minimum files of a day to be reported, whatever its median'),
  {
    name: 'week_factor', type: 'double', form: 'number', unit: 'times', byDefault: 3, from: 1, above: true,
    description: 'Factor by which a week must exceed the largest of the three weeks before it to be reported',
  },
  wholeNumber('many_new_models', 'models', 8, [2, 1_000_000],
    'Number of models new to a principal, within 28 days, from which on they are reported'),
  wholeNumber('link_seconds', 'seconds', 3600, [1, 604_800], 'Maximum lifetime of a presigned URL of the store, in seconds'),
  wholeNumber('repeated_denials', 'requests or models', 5, [2, 1_000_000],
    'Number of consecutive denied requests of a principal, or of models on which it is denied in one day, from which on '
    + 'they are reported'),
  {
    name: 'business_days', type: 'varchar', form: 'days of the week', byDefault: '12345',
    description: 'Working days: digits, 0 for Sunday to 6 for Saturday',
  },
  wholeNumber('business_start_hour', 'o\'clock', 7, [0, 23], 'Hour at which business hours begin, 0 to 23'),
  wholeNumber('business_end_hour', 'o\'clock', 20, [1, 24], 'Hour at which business hours end, 1 to 24'),
  wholeNumber('utc_offset_minutes', 'minutes', 0, [-14 * 60, 14 * 60], 'Offset of business hours from UTC, in minutes'),
  { ...names('custody_model', 'text', 'The model whose chain of custody is queried; null for every model'), asked: true },
  { ...names('custody_version', 'text', 'The version whose chain of custody is queried; null for every version'), asked: true },
];

/** A list of networks in CIDR notation, which `perimeter_networks` has as ranges. */
export const PERIMETER_SETTING = 'perimeter_networks';

/** What is not said is this; a setting that is not here is unknown. */
export const DEFAULT_AUDIT_SETTINGS: { readonly [name: string]: string | number } = Object.fromEntries(
  AUDIT_SETTINGS.flatMap(({ name, byDefault }) => (byDefault === undefined ? [] : [[name, byDefault]])),
);

/** What is wrong with a value as a file of settings gives it; undefined if nothing is. */
export function auditSettingProblem({ form, from, above, to }: AuditSetting, value: unknown): string | undefined {
  switch (form) {
    case 'text':
      return typeof value === 'string' && value !== '' ? undefined : 'must be a string';
    case 'list':
      return Array.isArray(value) && value.every((item) => typeof item === 'string' && /^[^\s,]+$/.test(item)) ? undefined
        : 'must be a list of strings without commas and spaces';
    case 'days of the week':
      return typeof value === 'string' && /^[0-6]*$/.test(value) ? undefined
        : 'must be the digits of the days, 0 for Sunday to 6 for Saturday, such as "12345"';
    case 'whole number':
      return Number.isSafeInteger(value) && Number(value) >= from! && Number(value) <= to! ? undefined : `must be a whole number from ${from} to ${to}`;
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) && (above ? value > from! : value >= from!) ? undefined
        : `must be a number ${above ? 'above' : 'of at least'} ${from}`;
  }
}

/** The setting of that name. */
export function auditSetting(name: string): AuditSetting {
  const setting = AUDIT_SETTINGS.find((each) => each.name === name);
  if (!setting) {
    throw new Error(`unknown setting ${name}`);
  }
  return setting;
}
