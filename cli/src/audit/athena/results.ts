import type { ColumnInfo, Row } from '@aws-sdk/client-athena';
import type { Answer, AnswerColumn, Cell } from '../database/engine';

const NUMBER = /^(?:tinyint|smallint|int|integer|bigint|float|real|double|decimal\b.*)$/;

/** The columns as DuckDB's would be: the same question, the same table. */
export function columnsOf(columns: readonly ColumnInfo[]): AnswerColumn[] {
  return columns.map(({ Name: name = '', Type: type = '' }) => ({ name, type: kindOf(type.toLowerCase()) }));
}

function kindOf(type: string): AnswerColumn['type'] {
  if (NUMBER.test(type)) {
    return 'number';
  }
  return type === 'boolean' ? 'boolean' : type.startsWith('timestamp') ? 'time' : 'text';
}

export function rowsOf(rows: readonly Row[], columns: readonly AnswerColumn[]): Answer['rows'] {
  return rows.map(({ Data: data = [] }) => columns.map(({ type }, index) => cellOf(data[index]?.VarCharValue, type)));
}

/** Athena sends everything as text, and NULL as nothing. */
function cellOf(text: string | undefined, type: AnswerColumn['type']): Cell {
  if (text === undefined) {
    return null;
  }
  switch (type) {
    case 'number': {
      const number = Number(text);
      // What a JSON number cannot hold stays text.
      return Number.isSafeInteger(number) || /[.eE]|NaN|Infinity/.test(text) ? number : text;
    }
    case 'boolean': return text === 'true';
    case 'time': return `${text.replace(/ UTC$/, '').replace(/(\.\d*?)0*$/, '$1').replace(/\.$/, '').replace(' ', 'T')}Z`;
    case 'text': return text;
  }
}

/** The first row of the first page says the names of the columns again. */
export function isHeading({ Data: data = [] }: Row, columns: readonly AnswerColumn[]): boolean {
  return data.length === columns.length && columns.every(({ name }, index) => data[index].VarCharValue === name);
}
