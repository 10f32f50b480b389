import { type Column, COLUMN_NAMES, columnNamed, metadataColumn, unknownColumn } from './columns';
import type { ListedRow } from './listed-row';
import type { ErrorDetail } from '../../../src/contract/errors';
import { METADATA_KEY_PATTERN } from '../../../src/contract/schemas';
import { usageFailure } from '../runtime/failure';
import { shortened } from '../runtime/format';

export interface Condition {
  readonly column: Column;
  readonly operator: '=' | '!=' | '~';
  readonly value: string;
}

export interface SortKey {
  readonly column: Column;
  readonly descending: boolean;
}

/** Which rows and columns to list, and in which order. */
export interface ListQuery {
  readonly columns: readonly Column[];
  readonly where: readonly Condition[];
  /** By the first key, then the second, and so on; empty for the order of the list itself. */
  readonly sort: readonly SortKey[];
  /** The maximum number of rows. */
  readonly limit?: number;
}

/** As in the options; each value may have several columns, separated by commas. */
export interface ListArguments {
  readonly columns?: readonly string[];
  readonly where?: readonly string[];
  readonly sort?: readonly string[];
  readonly limit?: number;
}

const KEY = METADATA_KEY_PATTERN.slice(1, -1);
const CONDITION = new RegExp(`^(?<key>${KEY})(?<operator>!=|=|~)(?<value>.*)$`, 's');

/** Parses the options and reports all problems at once. */
export function parseListQuery(
  { columns, where = [], sort = [], limit }: ListArguments, defaults: readonly string[],
): ListQuery {
  const problems: ErrorDetail[] = [];
  const say = (field: string, message: string) => { problems.push({ field, message }); };
  const find = (field: string, name: string) => {
    const found = columnNamed(name);
    if (found === undefined) {
      say(field, unknownColumn(name));
    }
    return found;
  };
  const chosen = new Map<string, Column>();
  for (const name of columns === undefined ? defaults : separated(columns)) {
    const column = find('--columns', name);
    if (column !== undefined) {
      chosen.set(name, column);
    }
  }
  const conditions = where.flatMap((text): Condition[] => {
    const condition = conditionOf(text);
    if (condition === undefined) {
      say('--where', `${shortened(text)} is not KEY=VALUE, KEY!=VALUE or KEY~VALUE`);
    }
    return condition === undefined ? [] : [condition];
  });
  const keys = separated(sort).flatMap((text): SortKey[] => {
    const descending = text.startsWith('-');
    const column = find('--sort', descending ? text.slice(1) : text);
    return column === undefined ? [] : [{ column, descending }];
  });
  if (problems.length > 0) {
    const hint = problems.some(({ field }) => field !== '--where')
      ? `The columns are ${COLUMN_NAMES.join(', ')} and metadata.KEY.` : undefined;
    throw usageFailure('invalid list options', problems, hint);
  }
  return { columns: [...chosen.values()], where: conditions, sort: keys, ...(limit !== undefined && { limit }) };
}

function separated(texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.split(',')).map((text) => text.trim());
}

/** The key is a column or, if there is none of that name, a key of metadata. */
function conditionOf(text: string): Condition | undefined {
  const { key, operator, value } = CONDITION.exec(text)?.groups ?? {};
  return key === undefined ? undefined
    : { column: columnNamed(key) ?? metadataColumn(key), operator: operator as Condition['operator'], value };
}

/** As with labels in Kubernetes, `!=` also holds for a row without a value. */
export function matches(row: ListedRow, { column, operator, value }: Condition): boolean {
  const values = column.values(row);
  switch (operator) {
    case '=': return values.includes(value);
    case '!=': return !values.includes(value);
    case '~': return values.some((each) => each.includes(value));
  }
}

/** Rows that are equal by all keys keep their order. Rows without a value are last, in either direction. */
export function sorted(rows: readonly ListedRow[], keys: readonly SortKey[]): ListedRow[] {
  const textOf = ({ column }: SortKey, row: ListedRow) => {
    const values = column.values(row);
    return values.length === 0 ? undefined : values.join(' ');
  };
  return rows
    .map((row) => ({ row, texts: keys.map((key) => textOf(key, row)) }))
    .sort((a, b) => {
      for (const [index, { column, descending }] of keys.entries()) {
        const [left, right] = [a.texts[index], b.texts[index]];
        const order = left === undefined || right === undefined
          ? Number(left === undefined) - Number(right === undefined)
          : column.compare(left, right) * (descending ? -1 : 1);
        if (order !== 0) {
          return order;
        }
      }
      return 0;
    })
    .map(({ row }) => row);
}
