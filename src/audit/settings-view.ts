import { Token } from 'aws-cdk-lib';
import { type AddressRange, addressRange } from './address-keys';
import { AUDIT_SETTING_COLUMNS } from '../contract/egress-events';

/** Settings of the queries, by the names in `AUDIT_SETTINGS`; null or absent if unknown. */
export type AuditSettings = { readonly [name: string]: string | number | readonly string[] | null };

/** SQL of the one-row view `audit_settings`, for Athena. */
export function settingsView(settings: AuditSettings): string {
  const columns = AUDIT_SETTING_COLUMNS.map(
    ({ name, type }) => `  CAST(${literal(settings[name])} AS ${type}) AS ${name}`,
  );
  return `SELECT\n${columns.join(',\n')}`;
}

/** SQL of the view `perimeter_networks`, for Athena. */
export function networksView(cidrs: readonly string[]): string {
  const ranges: AddressRange[] = cidrs.filter((cidr) => !Token.isUnresolved(cidr)).map(addressRange);
  if (ranges.length === 0) {
    return 'SELECT CAST(NULL AS varchar) AS first_key, CAST(NULL AS varchar) AS last_key WHERE false';
  }
  const rows = ranges.map(({ firstKey, lastKey }) => `  (${literal(firstKey)}, ${literal(lastKey)})`);
  return 'SELECT CAST(first_key AS varchar) AS first_key, CAST(last_key AS varchar) AS last_key\n'
    + `FROM (VALUES\n${rows.join(',\n')}\n) AS networks (first_key, last_key)`;
}

function literal(setting: AuditSettings[string] | undefined): string {
  if (setting === null || setting === undefined) {
    return 'NULL';
  }
  const value = typeof setting === 'object' ? setting.join(',') : setting;
  return typeof value === 'number' ? String(value) : `'${value.replace(/'/g, '\'\'')}'`;
}
