/** Comments, literals and quoted names, in which a question mark is none; or a question mark. */
const TOKEN = /--[^\n]*|'(?:[^']|'')*'|"(?:[^"]|"")*"|\?/g;

/**
 * The values of a question's parameters: the first and the last day that it is about, as often as it asks for the two. They
 * stand in WHERE clauses alone, because Athena takes them nowhere else.
 * https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements.html
 */
export function dayParameters(sql: string, first: string, last: string): string[] {
  const count = (sql.match(TOKEN) ?? []).filter((token) => token === '?').length;
  return Array.from({ length: count }, (_, index) => (index % 2 === 0 ? first : last));
}
