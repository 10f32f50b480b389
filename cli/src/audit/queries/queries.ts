import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { usageFailure } from '../../runtime/failure';
import { BUNDLED } from '../../runtime/version';
import { type Days, dayAfter } from '../reader/days';

/** The bundle has its SQL beside it. */
const SQL_FOLDER = BUNDLED ? join(__dirname, 'sql') : join(__dirname, '../../../../src/audit');

export interface Question {
  readonly name: string;
  /** In words: the first line of its SQL. */
  readonly asks: string;
  readonly sql: string;
}

export const VIEWS = 'views/duckdb.sql';

export function viewsSql(): string {
  return readFileSync(join(SQL_FOLDER, VIEWS), 'utf8');
}

/** Every question there is SQL for, by name. */
export function questions(): Question[] {
  return readdirSync(join(SQL_FOLDER, 'queries')).filter((file) => file.endsWith('.sql')).sort().map((file) => {
    const sql = readFileSync(join(SQL_FOLDER, 'queries', file), 'utf8');
    return { name: file.slice(0, -'.sql'.length), asks: sql.split('\n', 1)[0].replace(/^--\s*/, ''), sql };
  });
}

/** What people type first. */
export const SHORT_NAMES: { readonly [name: string]: string } = {
  egress: 'egress-by-principal',
  denied: 'denied-in-a-row',
  reconcile: 'reconciliation',
};

function findQuestion(name: string): Question | undefined {
  const full = Object.hasOwn(SHORT_NAMES, name) ? SHORT_NAMES[name] : name;
  return questions().find((question) => question.name === full);
}

/** The question of that name; `others` is what else could have been asked for. */
export function requireQuestion(name: string, others: readonly string[] = []): Question {
  const question = findQuestion(name);
  if (!question) {
    const names = [...questions().map((each) => each.name), ...others];
    throw usageFailure(`${JSON.stringify(name)} is no question`, [{ field: 'question', message: `is one of ${names.join(', ')}` }]);
  }
  return question;
}

/** What a question compares the days asked for with. */
export const OTHER_DAYS: { readonly [question: string]: { readonly before: number | 'all'; readonly after: number } } = {
  'first-seen': { before: 'all', after: 0 },
  // Who opened a session may stand in the day before, as for every question.
  'borrowed-sessions': { before: 0, after: 0 },
  'unnamed-sessions': { before: 0, after: 0 },
  'new-networks': { before: 'all', after: 0 },
  'new-models': { before: 'all', after: 0 },
  'newcomers-bulk': { before: 28, after: 0 },
  'slow-drip': { before: 27, after: 0 },
  'files-against-median': { before: 28, after: 0 },
  'unsigned-versions': { before: 1, after: 1 },
  'volume-against-median': { before: 28, after: 0 },
  reconciliation: { before: 1, after: 1 },
};

/** Who a session was opened for may stand in the day before: sessions outlast midnight. */
const SESSION_DAYS = 1;

/** The days whose logs the questions need, all of them together. */
export function daysToRead(names: readonly string[], { from, to }: Days): Days {
  const needs = names.map((name) => OTHER_DAYS[name] ?? { before: 0, after: 0 });
  const before = needs.reduce((most, need) => Math.max(most, need.before === 'all' ? Infinity : need.before), 0);
  const after = needs.reduce((most, need) => Math.max(most, need.after), 0);
  return { from: before === Infinity ? '0000-00-00' : dayAfter(from, -before - SESSION_DAYS), to: dayAfter(to, after) };
}
