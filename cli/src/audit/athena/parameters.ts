export interface ParameterizedQuery {
  readonly sql: string;
  /** As Athena takes them: literals of SQL. */
  readonly parameters: readonly string[];
}

/** What is not to be looked into, or a clause begins, or a value is wanted. */
const TOKEN = /--[^\n]*|'(?:[^']|'')*'|"(?:[^"]|"")*"|\b(?:SELECT|FROM|WHERE|ON|GROUP|HAVING|ORDER|LIMIT|VALUES)\b|\?/gi;

/**
 * A question with its values, in their order. Athena takes parameters only in WHERE clauses; where a question needs one
 * elsewhere, all of them are written into its text.
 * https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements.html
 */
export function withValues(sql: string, values: readonly string[]): ParameterizedQuery {
  const literals = values.map((value) => `'${value.replace(/'/g, "''")}'`);
  let clause = '';
  let count = 0;
  let isOnlyInWhere = true;
  const written = sql.replace(TOKEN, (token) => {
    if (token === '?') {
      isOnlyInWhere = isOnlyInWhere && clause === 'WHERE';
      return literals[count++] ?? token;
    }
    clause = /^[A-Z]/i.test(token) ? token.toUpperCase() : clause;
    return token;
  });
  if (count !== values.length) {
    throw new Error(`a question takes ${count} values, and not ${values.length}`);
  }
  return isOnlyInWhere ? { sql, parameters: literals } : { sql: written, parameters: [] };
}
