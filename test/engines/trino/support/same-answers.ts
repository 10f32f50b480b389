/** The result from either engine. */
export interface Answer {
  /** Name and type; the engine of the command line has the kind of a column, not its type. */
  readonly columns: readonly (readonly [name: string, type: string])[];
  readonly rows: readonly (readonly unknown[])[];
}

/** Types of both engines that look the same in a result. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^(varchar(\(\d+\))?|text)$/i, 'text'],
  // Sums of integers in DuckDB are HUGEINT.
  [/^(bigint|hugeint|integer|double|decimal.*|number)$/i, 'number'],
  [/^boolean$/i, 'boolean'],
  [/^(timestamp(\(\d+\))?|time)$/i, 'time'],
];

function kindOf(type: string): string {
  const found = KINDS.find(([pattern]) => pattern.test(type));
  return found === undefined ? type : found[1];
}

/** `2026-11-30T09:30:00`, with a fraction only if there is one; every other value unchanged. */
function plain(value: unknown, kind: string): unknown {
  return kind === 'time' && typeof value === 'string'
    ? value
      .replace(/Z$/, '')
      .replace(/(\.\d*?)0+$/, '$1')
      .replace(/\.$/, '')
    : value;
}

interface Comparable {
  readonly columns: readonly string[];
  readonly rows: readonly string[];
}

function comparable({ columns, rows }: Answer, inOrder: boolean): Comparable {
  const kinds = columns.map(([, type]) => kindOf(type));
  const lines = rows.map((row) => JSON.stringify(row.map((value, index) => plain(value ?? null, kinds[index]))));
  return { columns: columns.map(([name], index) => `${name}: ${kinds[index]}`), rows: inOrder ? lines : lines.sort() };
}

/** Expects the same columns and the same rows, in the same order if the statement has one. */
export function expectSame(name: string, trino: Answer, duckDb: Answer, inOrder: boolean): void {
  expect({ name, ...comparable(trino, inOrder) }).toEqual({ name, ...comparable(duckDb, inOrder) });
}
