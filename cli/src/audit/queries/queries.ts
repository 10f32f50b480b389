import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { didYouMean } from '../../runtime/did-you-mean';
import { usageFailure } from '../../runtime/failure';
import { shortened } from '../../runtime/format';
import { BUNDLED } from '../../runtime/version';
import { type Days, dayAfter } from '../reader/days';

/** The bundle has its SQL beside it. */
const SQL_FOLDER = BUNDLED ? join(__dirname, 'sql') : join(__dirname, '../../../../src/audit');

export interface Question {
  readonly name: string;
  /** The query's title: the comment on the first line of its SQL. */
  readonly asks: string;
  readonly sql: string;
}

export const VIEWS = 'views/duckdb.sql';

export function viewsSql(): string {
  return readFileSync(join(SQL_FOLDER, VIEWS), 'utf8');
}

/** All named queries, sorted by name. */
export function questions(): Question[] {
  const files = readdirSync(join(SQL_FOLDER, 'queries')).filter((file) => file.endsWith('.sql')).sort();
  return files.map((file) => {
    const sql = readFileSync(join(SQL_FOLDER, 'queries', file), 'utf8');
    return { name: file.slice(0, -'.sql'.length), asks: sql.split('\n', 1)[0].replace(/^--\s*/, ''), sql };
  });
}

/** Returns the query with this name. */
export function requireQuestion(name: string): Question {
  const all = questions();
  const question = all.find((each) => each.name === name);
  if (!question) {
    const suggestion = didYouMean(name, all.map((each) => each.name));
    throw usageFailure(`unknown query ${shortened(name)}`, [],
      `${suggestion === undefined ? '' : `${suggestion} `}Run "model-store audit list" to list the queries.`);
  }
  return question;
}

/** The model or version that a query is limited to. */
export interface AuditedModel {
  readonly model?: string;
  readonly version?: string;
}

interface NeededDays {
  readonly before: number | 'all';
  readonly after: number;
}

/** Queries that read days before or after the requested ones, for comparison, and how many. */
export const OTHER_DAYS: { readonly [question: string]: NeededDays } = {
  'first-time-readers': { before: 'all', after: 0 },
  // They need only the day before, which is read for every query: it may record who opened a session.
  'unexpected-role-assumption': { before: 0, after: 0 },
  'unnamed-sessions': { before: 0, after: 0 },
  'new-networks': { before: 'all', after: 0 },
  'many-new-models': { before: 'all', after: 0 },
  'bulk-egress-by-new-principals': { before: 28, after: 0 },
  'weekly-volume-anomalies': { before: 27, after: 0 },
  'file-count-anomalies': { before: 28, after: 0 },
  'unsigned-versions': { before: 1, after: 1 },
  'volume-anomalies': { before: 28, after: 0 },
  reconciliation: { before: 1, after: 1 },
};

/** Sessions span midnight, so the record of who opened one may be in the previous day's logs. */
const SESSION_DAYS = 1;

/** The range of days whose logs these queries need. */
export function daysToRead(names: readonly string[], { from, to }: Days): Days {
  const needs = names.map((name) => OTHER_DAYS[name] ?? { before: 0, after: 0 });
  const before = needs.reduce((most, need) => Math.max(most, need.before === 'all' ? Infinity : need.before), 0);
  const after = needs.reduce((most, need) => Math.max(most, need.after), 0);
  return { from: before === Infinity ? '0000-00-00' : dayAfter(from, -before - SESSION_DAYS), to: dayAfter(to, after) };
}
