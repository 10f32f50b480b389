import * as fs from 'node:fs';
import * as path from 'node:path';

/** A named query. Athena and DuckDB run the same SQL. */
export interface AuditQuery {
  readonly name: string;
  /** Title of the query, from the first line of the SQL. */
  readonly question: string;
  readonly sql: string;
}

/** Returns the named queries, sorted by name. */
export function auditQueries(): AuditQuery[] {
  const folder = path.join(__dirname, 'queries');
  return fs.readdirSync(folder).filter((file) => file.endsWith('.sql')).sort().map((file) => {
    const sql = fs.readFileSync(path.join(folder, file), 'utf8');
    return { name: path.basename(file, '.sql'), question: sql.split('\n')[0].replace(/^-- /, ''), sql };
  });
}

/** Returns the SELECT statements of Athena's views, by view name. */
export function athenaViews(): { readonly [view: string]: string } {
  const text = ['athena.sql', 'shared.sql'].map((file) => fs.readFileSync(path.join(__dirname, 'views', file), 'utf8'));
  const views = text.join('\n').matchAll(/^CREATE OR REPLACE VIEW (\w+) AS\n([\s\S]*?);$/gm);
  return Object.fromEntries([...views].map(([, name, sql]) => [name, sql]));
}
