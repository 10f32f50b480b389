/** Comments, string literals and quoted names, in which `?` is not a parameter; or a `?`. */
const TOKEN = /--[^\n]*|'(?:[^']|'')*'|"(?:[^"]|"")*"|\?/g;

/**
 * Values for the `?` parameters of a query: the first and last day of its range, repeated for each pair of parameters.
 * Parameters are only used in WHERE clauses, because Athena does not allow them anywhere else.
 * https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements.html
 */
export function dayParameters(sql: string, first: string, last: string): string[] {
  const count = (sql.match(TOKEN) ?? []).filter((token) => token === '?').length;
  return Array.from({ length: count }, (_, index) => (index % 2 === 0 ? first : last));
}
