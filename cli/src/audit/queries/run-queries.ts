import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { daysToRead } from './needs';
import { COVERAGE_QUERY, type NamedQuery, requireQuery, viewsSql } from './queries';
import { type AuditContext, type OpenEngine, readAll, readNew } from './read-rows';
import { dayParameters } from '../../../../src/contract/audit-questions';
import { EXIT, Failure } from '../../runtime/failure';
import type { AuditCache } from '../cache/cache-place';
import { Engine, recentViewsIn, viewsIn } from '../database/engine';
import type { QueryResult } from '../database/query-result';
import { asLackOfResources, databaseMegabytes } from '../database/resources';
import type { AuditSettings } from '../database/settings';
import type { Statement } from '../database/statements';
import { type Days, EVERY_DAY } from '../reader/days';
import type { EvidenceFile } from '../reader/file-digests';
import type { Tally } from '../reader/tally';
import type { NamedSource } from '../sources/logs-of';

export interface LogsToAudit {
  readonly sources: readonly NamedSource[];
  readonly days: Days;
  readonly settings: AuditSettings;
  /** The rows of earlier readings, to which the new ones are added. */
  readonly cache?: AuditCache;
  /** Whether to compute the SHA-256 of each file. */
  readonly digests?: boolean;
  /** Called when everything is read, before the first query runs. */
  readonly onRead: (tally: Tally, files: readonly EvidenceFile[]) => void;
}

export interface AuditOptions extends LogsToAudit {
  readonly query: NamedQuery;
}

export interface ReportOptions extends LogsToAudit {
  /** Queries whose parameters are the first and the last day, alternating. Names are unique. */
  readonly queries: readonly NamedQuery[];
}

const MAX_THREADS = 8;

export async function audit(context: AuditContext, { query, ...logs }: AuditOptions): Promise<QueryResult> {
  return (await auditAll(context, { ...logs, queries: [query] })).get(query.name)!;
}

/** Reads the logs once and runs all queries on them. Returns the results by query name. */
export async function auditAll(context: AuditContext, options: ReportOptions): Promise<Map<string, QueryResult>> {
  const { queries, days, settings, sources, digests, cache } = options;
  const { signal } = context.environment;
  // These files show who downloaded what and from where. Only the owner can read them, and they are always deleted.
  // Those that are kept are moved, which is only possible within a file system.
  const folder = await mkdtemp(join(cache?.folder ?? tmpdir(), 'model-store-audit-'));
  const threads = Math.min(availableParallelism(), MAX_THREADS);
  const memoryMegabytes = databaseMegabytes(threads);
  let engine: Engine | undefined;
  const interrupt = () => engine?.interrupt();
  signal.addEventListener('abort', interrupt);
  try {
    // Opened first, so that a missing DuckDB is reported before an hour of reading, not after it.
    const needed = daysToRead(queries.map(({ needs }) => needs), days);
    const reading = { context, sources, folder, days: needed, digests: digests || cache !== undefined };
    const open: OpenEngine = async (keptRows) => {
      engine = await Engine.open({ folder, memoryMegabytes, threads, keptRows });
      return engine;
    };
    const { tally, files } = await (cache ? readNew(reading, open, cache) : readAll(reading, open));
    for (const { reason, count, example } of await engine!.dropRepetitions()) {
      tally.skip(reason, `for example ${example}`, count);
    }
    options.onRead(tally, files);
    requireEvidence(tally, options);
    const made = await engine!.load(viewsSql(), settings, queries.map(({ needs }) => needs.reads), cache && {
      all: cache.views, recent: cache.recentViews, coverage: statementOf(requireQuery(COVERAGE_QUERY), EVERY_DAY),
    });
    const asked = queries.filter(({ name }) => !cache || name !== COVERAGE_QUERY);
    const results = await engine!.askAll(asked.map((query) => statementOf(query, days)));
    signal.throwIfAborted();
    const answers = new Map(asked.map(({ name }, place) => [name, results[place]]));
    if (cache) {
      answers.set(COVERAGE_QUERY, await engine!.askDays(days.from, days.to));
    }
    if ([...answers.values()].every(({ rows }) => rows.length === 0)) {
      await requireEvidenceOfDays(engine!, options);
    }
    if (cache && made !== undefined) {
      if (made === 'all') {
        await engine!.checkpoint();
      }
      engine!.close();
      engine = undefined;
      await (made === 'all' ? cache.keepViews(viewsIn(folder)) : cache.keepRecentViews(recentViewsIn(folder)));
    }
    return answers;
  } catch (error) {
    throw asLackOfResources(error, memoryMegabytes, folder);
  } finally {
    signal.removeEventListener('abort', interrupt);
    engine?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function statementOf({ sql }: NamedQuery, { from, to }: Days): Statement {
  return { sql, values: dayParameters(sql, from, to) };
}

/** Fails if nothing was read: an empty result without evidence would look like "nothing happened". */
function requireEvidence(tally: Tally, options: LogsToAudit): void {
  if (tally.records + tally.accessLogLines === 0) {
    throw noEvidence(options);
  }
}

const ANY_EVIDENCE = `
SELECT 1 AS evidence
FROM (SELECT event_day FROM trail_events UNION ALL SELECT event_day FROM access_log_requests) AS witnesses
WHERE event_day BETWEEN ? AND ?
LIMIT 1`;

/** Fails if everything that was read is for the days before or after the requested ones, which are also read. */
async function requireEvidenceOfDays(engine: Engine, options: LogsToAudit): Promise<void> {
  if ((await engine.ask(ANY_EVIDENCE, [options.days.from, options.days.to])).rows.length === 0) {
    throw noEvidence(options);
  }
}

function noEvidence({ sources, days }: LogsToAudit): Failure {
  return new Failure(`no logs found for ${days.from} to ${days.to}, so nothing can be said about these days`, {
    code: 'no_logs',
    exitCode: EXIT.NOT_FOUND,
    details: sources.map(({ label, source }) => ({ field: label, message: source.name })),
    hint: 'Name the folder or prefix that contains the log files, at any depth, and the days with --from and --to.',
  });
}
