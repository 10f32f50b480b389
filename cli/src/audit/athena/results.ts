import type { ColumnInfo, Row } from '@aws-sdk/client-athena';
import type { QueryResult, ResultColumn, Cell } from '../database/query-result';

const NUMBER = /^(?:tinyint|smallint|int|integer|bigint|float|real|double|decimal\b.*)$/;

/** Converts Athena's columns to the types that DuckDB returns for the same query. */
export function columnsOf(columns: readonly ColumnInfo[]): ResultColumn[] {
  return columns.map(({ Name: name = '', Type: type = '' }) => ({ name, type: kindOf(type.toLowerCase()) }));
}

function kindOf(type: string): ResultColumn['type'] {
  if (NUMBER.test(type)) {
    return 'number';
  }
  return type === 'boolean' ? 'boolean' : type.startsWith('timestamp') ? 'time' : 'text';
}

export function rowsOf(rows: readonly Row[], columns: readonly ResultColumn[]): QueryResult['rows'] {
  return rows.map(({ Data: data = [] }) => columns.map(({ type }, index) => cellOf(data[index]?.VarCharValue, type)));
}

/** Converts a cell. Athena sends everything as text, and omits NULL. */
function cellOf(text: string | undefined, type: ResultColumn['type']): Cell {
  if (text === undefined) {
    return null;
  }
  switch (type) {
    case 'number': {
      const number = Number(text);
      // Integers that a JSON number cannot represent stay text.
      return Number.isSafeInteger(number) || /[.eE]|NaN|Infinity/.test(text) ? number : text;
    }
    case 'boolean': return text === 'true';
    case 'time': {
      const time = text.replace(/ UTC$/, '').replace(/(\.\d*?)0*$/, '$1').replace(/\.$/, '');
      return `${time.replace(' ', 'T')}Z`;
    }
    case 'text': return text;
  }
}

/** Whether a row repeats the column names, as the first row of the first page does. */
export function isHeading({ Data: data = [] }: Row, columns: readonly ResultColumn[]): boolean {
  return data.length === columns.length && columns.every(({ name }, index) => data[index].VarCharValue === name);
}
