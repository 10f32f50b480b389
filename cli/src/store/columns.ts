import type { ListedRow, Part } from './listed-row';
import { compareVersions } from './version-order';
import { METADATA_KEY_PATTERN } from '../../../src/contract/schemas';
import { didYouMean } from '../runtime/did-you-mean';
import { formatBytes, shortened } from '../runtime/format';

export interface Column {
  readonly name: string;
  readonly part: Part;
  /** The exact values, for conditions and for sorting. */
  values(row: ListedRow): readonly string[];
  /** What the table shows. */
  shown(row: ListedRow): string;
  compare(a: string, b: string): number;
}

const KEY = new RegExp(METADATA_KEY_PATTERN);
const METADATA = 'metadata.';

const given = (value: string | undefined): readonly string[] => (value === undefined ? [] : [value]);

function column(
  name: string, part: Part, values: Column['values'], compare: Column['compare'],
  shown: Column['shown'] = (row) => values(row).join(' '),
): Column {
  return { name, part, values, compare, shown };
}

export const COLUMNS: readonly Column[] = [
  column('model', 'name', ({ model }) => [model], compareNatural),
  column('version', 'versions', ({ version }) => given(version), compareVersions),
  column('published', 'versions', ({ publishedAt }) => given(publishedAt), compareNatural),
  column('size', 'manifest', ({ details }) => given(details && `${details.bytes}`), compareNatural,
    ({ details }) => (details === undefined ? '' : formatBytes(details.bytes))),
  column('files', 'manifest', ({ details }) => given(details && `${details.files}`), compareNatural),
  column('by', 'manifest', ({ details }) => given(details?.createdBy), compareNatural),
  column('aliases', 'aliases', ({ aliases = [] }) => aliases.map(({ alias }) => alias), compareNatural,
    ({ aliases = [], version }) => aliases
      .map((pointer) => (pointer.version === version ? pointer.alias : `${pointer.alias}=${pointer.version}`))
      .join(' ')),
  column('base', 'manifest', ({ details }) => given(details?.base), compareVersions),
];

export const COLUMN_NAMES = COLUMNS.map(({ name }) => name);

export function metadataColumn(key: string): Column {
  const value = ({ details }: ListedRow) => given(
    details !== undefined && Object.hasOwn(details.metadata, key) ? details.metadata[key] : undefined);
  return column(`${METADATA}${key}`, 'manifest', value, compareNatural);
}

/** The key of a column for metadata. */
export function metadataKeyOf({ name }: Pick<Column, 'name'>): string | undefined {
  return name.startsWith(METADATA) ? name.slice(METADATA.length) : undefined;
}

export function columnNamed(name: string): Column | undefined {
  const key = metadataKeyOf({ name });
  return key !== undefined && KEY.test(key) ? metadataColumn(key) : COLUMNS.find((each) => each.name === name);
}

/** What is wrong with the name of a column, for an error. */
export function unknownColumn(name: string): string {
  const suggestion = didYouMean(name, COLUMN_NAMES) ?? (KEY.test(name)
    ? `For metadata, write ${METADATA}${name.length > 60 ? 'KEY' : name}.` : undefined);
  return `${shortened(name)} is not a column${suggestion === undefined ? '' : `. ${suggestion}`}`;
}

const natural = new Intl.Collator('en', { numeric: true });
const NUMBER = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]{1,3})?$/i;

/** Numbers by value, before any other text. */
function compareNatural(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => (NUMBER.test(text) ? Number(text) : undefined));
  if (left !== undefined && right !== undefined && left !== right) {
    return left < right ? -1 : 1;
  }
  if ((left === undefined) !== (right === undefined)) {
    return left === undefined ? 1 : -1;
  }
  return natural.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}
