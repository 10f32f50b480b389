import { readFile } from 'node:fs/promises';
import { type Network, networkOf } from './networks';
import type { Cell } from './query-result';
import {
  AUDIT_SETTINGS, auditSettingProblem, DEFAULT_AUDIT_SETTINGS, PERIMETER_SETTING,
} from '../../../../src/contract/audit-settings';
import type { ErrorDetail } from '../../../../src/contract/errors';
import { didYouMean } from '../../runtime/did-you-mean';
import { EXIT, Failure, usageFailure } from '../../runtime/failure';

/** What the queries need to know in addition to the logs. */
export interface AuditSettings {
  /** The only row of `audit_settings`. */
  readonly row: { readonly [column: string]: Cell };
  /** The rows of `perimeter_networks`. */
  readonly networks: readonly { readonly [column: string]: Cell }[];
}

const IN_A_FILE = AUDIT_SETTINGS.filter(({ asked }) => !asked);
const NOTHING_ASKED = Object.fromEntries(AUDIT_SETTINGS.filter(({ asked }) => asked).map(({ name }) => [name, null]));

/** The settings that a settings file may contain. */
export const SETTING_NAMES: readonly string[] = [...IN_A_FILE.map(({ name }) => name), PERIMETER_SETTING];

/** Settings that are given with a query instead of in a settings file. */
export type AskedSettings = { readonly [name: string]: string };

/** Parses the contents of a settings file. The error lists every problem at once. */
export function settingsOf(given: { readonly [name: string]: unknown }, asked: AskedSettings = {}): AuditSettings {
  const problems: ErrorDetail[] = [];
  const row: { [column: string]: Cell } = { ...NOTHING_ASKED, ...DEFAULT_AUDIT_SETTINGS, ...asked };
  const networks: Network[] = [];
  for (const [name, value] of Object.entries(given)) {
    if (name === PERIMETER_SETTING) {
      networks.push(...networksOf(value, problems));
      continue;
    }
    const setting = IN_A_FILE.find((each) => each.name === name);
    const problem = setting ? auditSettingProblem(setting, value)
      : `unknown setting. ${didYouMean(name, SETTING_NAMES) ?? `Use one of ${SETTING_NAMES.join(', ')}.`}`;
    if (problem === undefined) {
      row[name] = cellOf(value as string | number | readonly string[]);
    } else {
      problems.push({ field: name, message: problem });
    }
  }
  if (Number(row.business_start_hour) >= Number(row.business_end_hour)) {
    const message = `${row.business_start_hour} must be before business_end_hour, which is ${row.business_end_hour}`;
    problems.push({ field: 'business_start_hour', message });
  }
  if (problems.length > 0) {
    throw usageFailure('invalid audit settings', problems);
  }
  return { row, networks: networks.map((network) => ({ ...network })) };
}

function cellOf(value: string | number | readonly string[]): Cell {
  if (typeof value !== 'object') {
    return value;
  }
  return value.length === 0 ? null : value.join(',');
}

function networksOf(value: unknown, problems: ErrorDetail[]): Network[] {
  const found: Network[] = [];
  for (const item of Array.isArray(value) ? value : [value]) {
    const network = typeof item === 'string' ? networkOf(item) : undefined;
    if (network) {
      found.push(network);
    } else {
      problems.push({
        field: PERIMETER_SETTING,
        message: `${JSON.stringify(item)} is not a network in CIDR notation;`
          + ' use a list such as ["10.0.0.0/8", "2001:db8::/32"]',
      });
    }
  }
  return found;
}

export async function readSettings(file: string): Promise<{ readonly [name: string]: unknown }> {
  const content = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Failure(`cannot read the settings file ${file}`, {
      code: 'no_settings',
      exitCode: error.code === 'ENOENT' ? EXIT.NOT_FOUND : EXIT.FAILURE,
      details: [{ field: file, message: error.message }],
    });
  });
  let settings: unknown;
  try {
    settings = JSON.parse(content);
  } catch (error) {
    const problem = { field: file, message: (error as Error).message };
    throw usageFailure(`the settings file ${file} is not valid JSON`, [problem]);
  }
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
    throw usageFailure(`the settings file ${file} must contain a single JSON object`);
  }
  return settings as { readonly [name: string]: unknown };
}
