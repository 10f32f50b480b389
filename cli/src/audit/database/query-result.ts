/** Integers that a JSON number cannot represent are text. So are times: 2026-11-30T09:30:00Z. */
export type Cell = string | number | boolean | null;

export interface ResultColumn {
  readonly name: string;
  readonly type: 'text' | 'number' | 'boolean' | 'time';
}

export interface QueryResult {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly Cell[])[];
}
