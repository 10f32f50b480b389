import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type QueryNeeds, QUERY_NEEDS } from './needs';
import { didYouMean } from '../../runtime/did-you-mean';
import { usageFailure } from '../../runtime/failure';
import { shortened } from '../../runtime/format';
import { BUNDLED } from '../../runtime/version';

/** The bundle has its SQL beside it. */
const SQL_FOLDER = BUNDLED ? join(__dirname, 'sql') : join(__dirname, '../../../../src/audit');

/** Runs with every audit. Each of its rows is about one day. */
export const COVERAGE_QUERY = 'log-coverage';

export interface NamedQuery {
  readonly name: string;
  /** The query's title: the comment on the first line of its SQL. */
  readonly title: string;
  readonly sql: string;
  readonly needs: QueryNeeds;
}

const VIEWS = ['views/duckdb.sql', 'views/shared.sql'];

export function viewsSql(): string {
  return VIEWS.map((file) => readFileSync(join(SQL_FOLDER, file), 'utf8')).join('\n');
}

/** All named queries, sorted by name. */
export function namedQueries(): NamedQuery[] {
  const files = readdirSync(join(SQL_FOLDER, 'queries')).filter((file) => file.endsWith('.sql')).sort();
  return files.map((file) => {
    const sql = readFileSync(join(SQL_FOLDER, 'queries', file), 'utf8');
    const name = file.slice(0, -'.sql'.length);
    return { name, title: sql.split('\n', 1)[0].replace(/^--\s*/, ''), sql, needs: QUERY_NEEDS[name] };
  });
}

/** Returns the query with this name. */
export function requireQuery(name: string): NamedQuery {
  const all = namedQueries();
  const query = all.find((each) => each.name === name);
  if (!query) {
    const suggestion = didYouMean(name, all.map((each) => each.name));
    throw usageFailure(`unknown query ${shortened(name)}`, [],
      `${suggestion === undefined ? '' : `${suggestion} `}Run "model-store audit list" to list the queries.`);
  }
  return query;
}

/** The model or version that a query is limited to. */
export interface AuditedModel {
  readonly model?: string;
  readonly version?: string;
}
