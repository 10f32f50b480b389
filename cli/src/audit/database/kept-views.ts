import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  ACCESS_LOG_COLUMNS_READ, DAYS_OF_LOGS, EGRESS_COLUMNS_READ, PLACE, type Run, showColumns,
} from './materialize';
import { CHANGED_DAYS, list, NEXT_NUMBER, quoted, STATE_OF_ROWS } from './record-tables';
import { materializeViews } from './views';
import { dayAfter } from '../reader/days';

/** How many rows there were: the next free number for parts of records, and the lines of access logs. */
interface Position {
  readonly nextNumber: number;
  readonly lines: number;
}

/** The state of the rows that views were made from. */
interface MadeFrom extends Position {
  /** Other views or settings have another key, and so do rows that replace these instead of adding to them. */
  readonly key: string;
}

interface RowsNow extends MadeFrom {
  readonly days: number;
}

const MADE_FROM = 'made_from';

/** The database of the views, of what is materialized of them, and of the settings. */
export const VIEWS = 'audit';
export const USE_VIEWS = `USE ${VIEWS}`;

/** Views of all days, and newer views of the days that have changed since. */
const ALL = 'views_of_all_days';
const RECENT = 'views_of_recent_days';

/** `given` is what the views depend on in addition to the rows. */
export async function rowsNow(run: Run, given: string): Promise<RowsNow> {
  const { rows: [[firstId, lines, days]] } = await run(STATE_OF_ROWS);
  const { rows: [[nextNumber]] } = await run(NEXT_NUMBER);
  const key = createHash('sha256').update(JSON.stringify([firstId, given])).digest('hex');
  return { key, nextNumber: Number(nextNumber), lines: Number(lines), days: Number(days) };
}

/** Writes down what the views of the current database are made from. `after` is the state that recent views add to. */
async function remember(
  run: Run, { key, nextNumber, lines }: MadeFrom, after?: Position, days: readonly string[] = [],
): Promise<void> {
  await run(`CREATE TABLE ${MADE_FROM} AS SELECT
    ${quoted(key)} AS key, ${nextNumber} AS next_number, ${lines} AS lines,
    ${after?.nextNumber ?? 'NULL'} AS after_number, ${after?.lines ?? 'NULL'} AS after_lines,
    CAST([${list(days)}] AS varchar[]) AS days`);
}

interface KeptViews {
  readonly from: MadeFrom;
  readonly after?: Position;
  /** Of recent views. */
  readonly days: readonly string[];
}

/** What attached views were made from; undefined if they are for other rows, settings or queries. */
async function madeFrom(run: Run, database: string, now: MadeFrom): Promise<KeptViews | undefined> {
  const { rows: [row] } = await run(`SELECT key, next_number, lines, after_number, after_lines, to_json(days)
    FROM ${database}.${MADE_FROM}`);
  const [key, nextNumber, lines, afterNumber, afterLines, days] = row;
  return key !== now.key ? undefined : {
    from: { key: String(key), nextNumber: Number(nextNumber), lines: Number(lines) },
    ...(afterNumber !== null && { after: { nextNumber: Number(afterNumber), lines: Number(afterLines) } }),
    days: JSON.parse(String(days)) as string[],
  };
}

const isSame = (a: Position, b: Position) => a.nextNumber === b.nextNumber && a.lines === b.lines;

/** What `useOrMakeViews` made: views of all days, of recent days, or nothing because it has all from files. */
export type MadeViews = 'all' | 'recent' | undefined;

export interface ViewFiles {
  readonly all: string;
  readonly recent: string;
}

interface ViewMaking {
  readonly run: Run;
  /** Creates the views in the current database, over the rows of all days or of some. */
  readonly create: (days?: readonly string[]) => Promise<void>;
  /** Keeps the result of the query that has a row for each day. */
  readonly keepCoverage: () => Promise<void>;
}

/**
 * Makes the current database one with all views of the rows, and with everything materialized that a query reads:
 * from the files of earlier audits as far as they are of these rows, and otherwise in new files.
 */
export async function useOrMakeViews(
  making: ViewMaking, files: ViewFiles, newFiles: ViewFiles, now: RowsNow,
): Promise<MadeViews> {
  const { run } = making;
  const all = await attach(run, files.all, ALL, now);
  if (all !== undefined && isSame(all.from, now)) {
    await run(`DETACH ${ALL}`);
    await run(`ATTACH ${quoted(files.all)} AS ${VIEWS} (READ_ONLY)`);
    await run(USE_VIEWS);
    return undefined;
  }
  const recent = all && await attach(run, files.recent, RECENT, now);
  if (all && recent?.after && isSame(recent.from, now) && isSame(recent.after, all.from)) {
    await useBoth(making, recent.days);
    return undefined;
  }
  if (recent) {
    await run(`DETACH ${RECENT}`);
  }
  const days = all && await changedDays(run, all.from, now);
  if (all && days) {
    await make(making, newFiles.recent, RECENT, { from: now, after: all.from, days });
    await run('USE memory');
    await run(`DETACH ${RECENT}`);
    await run(`ATTACH ${quoted(newFiles.recent)} AS ${RECENT} (READ_ONLY)`);
    await useBoth(making, days);
    return 'recent';
  }
  if (all) {
    await run(`DETACH ${ALL}`);
  }
  await make(making, newFiles.all, VIEWS, { from: now, days: [] });
  return 'all';
}

async function useBoth({ run, create }: ViewMaking, days: readonly string[]): Promise<void> {
  await run(`ATTACH ':memory:' AS ${VIEWS}`);
  await run(USE_VIEWS);
  await create();
  await combine(run, days);
}

/** Makes views in a new file: of some days, from their rows and those of the days around them, or of all days. */
async function make(
  { run, create, keepCoverage }: ViewMaking, file: string, name: string, { from, after, days }: KeptViews,
): Promise<void> {
  await run(`ATTACH ${quoted(file)} AS ${name}`);
  await run(`USE ${name}`);
  await create(after && daysAround(days));
  await remember(run, from, after, days);
  await materializeViews(run, 'all');
  await keepCoverage();
}

/** Attaches views, if they were made from these rows, or from fewer of them. */
async function attach(run: Run, file: string, name: string, now: MadeFrom): Promise<KeptViews | undefined> {
  if (!existsSync(file)) {
    return undefined;
  }
  try {
    await run(`ATTACH ${quoted(file)} AS ${name} (READ_ONLY)`);
  } catch {
    // Damaged, or of another version of DuckDB. They are made again.
    return undefined;
  }
  const kept = await madeFrom(run, name, now);
  if (kept === undefined) {
    await run(`DETACH ${name}`);
  }
  return kept;
}

/** With more of the days changed, making all views again takes little longer, and queries are faster. */
const MOST_CHANGED = 1 / 2;

/**
 * The days whose rows in the views may have changed since the views were made: those of the added and deleted rows, and
 * the days around them, because sessions and copies last past midnight. Undefined if most days have changed, or if it
 * is unknown which.
 */
async function changedDays(run: Run, from: MadeFrom, now: RowsNow): Promise<readonly string[] | undefined> {
  const changed = CHANGED_DAYS.replaceAll('$next_number', `${from.nextNumber}`).replaceAll('$lines', `${from.lines}`);
  const { rows: days } = await run(changed);
  if (days.some(([day]) => day === null)) {
    return undefined;
  }
  const around = daysAround(days.map(([day]) => String(day)));
  return around.length > 0 && around.length <= now.days * MOST_CHANGED ? around : undefined;
}

/** The days, the days before and the days after, in order. */
function daysAround(days: readonly string[]): readonly string[] {
  return [...new Set(days.flatMap((day) => [-1, 0, 1].map((later) => dayAfter(day, later))))].sort();
}

/** Replaces views of the current database by those of two others: those of recent days are newer. */
async function combine(run: Run, days: readonly string[]): Promise<void> {
  const both = (relation: string, day: string, columns: readonly string[] | '*' = '*') => {
    const names = columns === '*' ? columns : columns.join(', ');
    const isRecent = `coalesce(${day}, '') IN (${list(days)})`;
    return `SELECT ${names} FROM ${ALL}.${relation} WHERE NOT ${isRecent}
      UNION ALL SELECT ${names} FROM ${RECENT}.${relation} WHERE ${isRecent}`;
  };
  const kept = (view: string) => `${PLACE}.${view}`;
  for (const [view, day, columns] of [
    ['access_log_requests', 'event_day', ACCESS_LOG_COLUMNS_READ], ['egress_records', 'event_day', EGRESS_COLUMNS_READ],
  ] as const) {
    await run(`CREATE VIEW ${kept(view)} AS ${both(kept(view), day, columns)}`);
    await showColumns(run, view, columns);
  }
  await run(`CREATE OR REPLACE VIEW opened_sessions AS ${both(kept('opened_sessions'), 'for_day')}`);
  await run(`CREATE OR REPLACE VIEW trail_events AS ${both('main.trail_events', 'event_day')}`);
  await run(`CREATE VIEW ${DAYS_OF_LOGS} AS ${both(DAYS_OF_LOGS, 'event_day')}`);
}
