import { readFile } from 'node:fs/promises';
import type { Cell } from './engine';
import { type Network, networkOf } from './networks';
import type { ErrorDetail } from '../../../src/contract/errors';
import { EXIT, Failure, usageFailure } from '../failure';

/** What the questions need to know besides the logs. */
export interface AuditSettings {
  /** The row of `audit_settings`. */
  readonly row: { readonly [column: string]: Cell };
  /** The rows of `perimeter_networks`. */
  readonly networks: readonly { readonly [column: string]: Cell }[];
}

const GIB = 1024 ** 3;

export const DEFAULT_SETTINGS: { readonly [name: string]: Cell } = {
  bulk_bytes: 10 * GIB,
  median_factor: 5,
  median_floor_bytes: GIB,
  denied_in_a_row: 5,
  business_days: '12345',
  business_start_hour: 7,
  business_end_hour: 20,
  utc_offset_minutes: 0,
};

type Rule = (value: unknown) => { readonly cell: Cell } | string;

const nameRule: Rule = (value) => (typeof value === 'string' && value !== '' ? { cell: value } : 'must be text');
const listRule: Rule = (value) => {
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string' && /^[^\s,]+$/.test(item))) {
    return 'must be a list of texts without commas and spaces';
  }
  return { cell: value.length === 0 ? null : value.join(',') };
};
const wholeRule = (from: number, to: number): Rule => (value) =>
  (Number.isSafeInteger(value) && Number(value) >= from && Number(value) <= to ? { cell: Number(value) } : `must be a whole number from ${from} to ${to}`);
const daysRule: Rule = (value) => (typeof value === 'string' && /^[0-6]*$/.test(value) ? { cell: value }
  : 'must be the digits of the days, 0 for Sunday to 6 for Saturday, such as "12345"');
const factorRule: Rule = (value) => (typeof value === 'number' && value >= 1 ? { cell: value } : 'must be a number of at least 1');

const RULES: { readonly [name: string]: Rule } = {
  artifact_bucket: nameRule,
  log_buckets: listRule,
  session_role_arns: listRule,
  auditor_role_arns: listRule,
  perimeter_vpc_endpoints: listRule,
  bulk_bytes: wholeRule(1, Number.MAX_SAFE_INTEGER),
  median_factor: factorRule,
  median_floor_bytes: wholeRule(0, Number.MAX_SAFE_INTEGER),
  denied_in_a_row: wholeRule(1, 1_000_000),
  business_days: daysRule,
  business_start_hour: wholeRule(0, 23),
  business_end_hour: wholeRule(1, 24),
  utc_offset_minutes: wholeRule(-14 * 60, 14 * 60),
};

const PERIMETER = 'perimeter_networks';

/** The names that a file of settings may have. */
export const SETTING_NAMES: readonly string[] = [...Object.keys(RULES), PERIMETER];

/** What a file of settings says; everything wrong with it at once. */
export function settingsOf(
  given: { readonly [name: string]: unknown }, of: { readonly model?: string; readonly version?: string } = {},
): AuditSettings {
  const problems: ErrorDetail[] = [];
  const row: { [column: string]: Cell } = { ...DEFAULT_SETTINGS, custody_model: of.model ?? null, custody_version: of.version ?? null };
  const networks: Network[] = [];
  for (const [name, value] of Object.entries(given)) {
    if (name === PERIMETER) {
      networks.push(...networksOf(value, problems));
      continue;
    }
    const checked = Object.hasOwn(RULES, name) ? RULES[name](value) : `is no setting; they are ${SETTING_NAMES.join(', ')}`;
    if (typeof checked === 'string') {
      problems.push({ field: name, message: checked });
    } else {
      row[name] = checked.cell;
    }
  }
  if (Number(row.business_start_hour) >= Number(row.business_end_hour)) {
    problems.push({ field: 'business_start_hour', message: `${row.business_start_hour} is not before business_end_hour, ${row.business_end_hour}` });
  }
  if (problems.length > 0) {
    throw usageFailure('the settings break a rule', problems);
  }
  return { row, networks: networks.map((network) => ({ ...network })) };
}

function networksOf(value: unknown, problems: ErrorDetail[]): Network[] {
  const found: Network[] = [];
  for (const item of Array.isArray(value) ? value : [value]) {
    const network = typeof item === 'string' ? networkOf(item) : undefined;
    if (network) {
      found.push(network);
    } else {
      problems.push({ field: PERIMETER, message: `${JSON.stringify(item)} is no network; write a list such as ["10.0.0.0/8", "2001:db8::/32"]` });
    }
  }
  return found;
}

export async function readSettings(file: string): Promise<{ readonly [name: string]: unknown }> {
  const content = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Failure(`the settings at ${file} cannot be read`, {
      code: 'no_settings', exitCode: error.code === 'ENOENT' ? EXIT.NOT_FOUND : EXIT.FAILURE, details: [{ field: file, message: error.message }],
    });
  });
  let settings: unknown;
  try {
    settings = JSON.parse(content);
  } catch (error) {
    throw usageFailure(`the settings at ${file} are no JSON`, [{ field: file, message: (error as Error).message }]);
  }
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
    throw usageFailure(`the settings at ${file} must be one JSON object`);
  }
  return settings as { readonly [name: string]: unknown };
}
