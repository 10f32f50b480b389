import * as fs from 'node:fs';
import * as path from 'node:path';

/** One of the named queries: the same text for Athena and for DuckDB. */
export interface AuditQuery {
  readonly name: string;
  /** The question that it answers. */
  readonly question: string;
  readonly sql: string;
}

/** The named queries, in the order of their names. */
export function auditQueries(): AuditQuery[] {
  const folder = path.join(__dirname, 'queries');
  return fs.readdirSync(folder).filter((file) => file.endsWith('.sql')).sort().map((file) => {
    const sql = fs.readFileSync(path.join(folder, file), 'utf8');
    return { name: path.basename(file, '.sql'), question: sql.split('\n')[0].replace(/^-- /, ''), sql };
  });
}

/** The statements of Athena's views, without their `CREATE`, by name. */
export function athenaViews(): { readonly [view: string]: string } {
  const text = fs.readFileSync(path.join(__dirname, 'views', 'athena.sql'), 'utf8');
  const views = text.matchAll(/^CREATE OR REPLACE VIEW (\w+) AS\n([\s\S]*?);$/gm);
  return Object.fromEntries([...views].map(([, name, sql]) => [name, sql]));
}
