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
  names('auditor_role_arns', 'list', 'ARNs of the roles of auditors'),
  names('function_role_arns', 'list', 'ARNs of the roles of the store\'s functions, which alone open the sessions of the store'),
  names('direct_role_arns', 'list', 'ARNs of roles that are meant to read models from S3 themselves, such as those of batch jobs'),
  names('deployment_role_arns', 'list', 'ARNs of the roles that CloudFormation changes the store with'),
  names('watched_resources', 'list',
    'Names of the trail, of its log group, of the roles and functions of the store, and of the database and workgroup of the questions; ids of its keys, API and user pool'),
  names('watched_prefix', 'text', 'What the names of the store\'s alarms, and of the rules that watch over it, begin with'),
  names('perimeter_vpc_endpoints', 'list', 'Ids of the VPC endpoints of the perimeter'),
  wholeNumber('bulk_bytes', 'bytes', 10 * GIB, [1, Number.MAX_SAFE_INTEGER], 'Bytes of one principal in one night, on one day off or in its first days that are a bulk'),
  {
    name: 'median_factor', type: 'double', form: 'number', unit: 'times', byDefault: 5, from: 1, above: true,
    description: 'How many times its own median a principal\'s day is worth a look',
  },
  wholeNumber('median_floor_bytes', 'bytes', 10 * GIB, [0, Number.MAX_SAFE_INTEGER], 'Bytes below which no day and no week is worth a look, whatever is usual'),
  wholeNumber('median_floor_objects', 'files', 200, [0, Number.MAX_SAFE_INTEGER], 'Files below which no day is worth a look, whatever its median'),
  {
    name: 'week_factor', type: 'double', form: 'number', unit: 'times', byDefault: 3, from: 1, above: true,
    description: 'How many times the fullest of its three weeks before a principal\'s week is worth a look',
  },
  wholeNumber('new_models', 'models', 8, [2, 1_000_000], 'Models that are new to a principal, within 28 days, that are worth a look'),
  wholeNumber('link_seconds', 'seconds', 3600, [1, 604_800], 'Seconds for which the store signs its links at most'),
  wholeNumber('denied_in_a_row', 'requests', 5, [2, 1_000_000], 'Denied requests of one principal in a row that are a probe'),
  {
    name: 'business_days', type: 'varchar', form: 'days of the week', byDefault: '12345',
    description: 'Days of work: digits, 0 for Sunday to 6 for Saturday',
  },
  wholeNumber('business_start_hour', 'o\'clock', 7, [0, 23], 'Hour at which work begins, 0 to 23'),
  wholeNumber('business_end_hour', 'o\'clock', 20, [1, 24], 'Hour at which work has ended, 1 to 24'),
  wholeNumber('utc_offset_minutes', 'minutes', 0, [-14 * 60, 14 * 60], 'Minutes that the clock of the business is ahead of UTC'),
  { ...names('custody_model', 'text', 'The model whose chain of custody is asked for; null for every model'), asked: true },
  { ...names('custody_version', 'text', 'The version whose chain of custody is asked for; null for every version'), asked: true },
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
      return typeof value === 'string' && value !== '' ? undefined : 'must be text';
    case 'list':
      return Array.isArray(value) && value.every((item) => typeof item === 'string' && /^[^\s,]+$/.test(item)) ? undefined
        : 'must be a list of texts without commas and spaces';
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
    throw new Error(`there is no setting called ${name}`);
  }
  return setting;
}
