import type { QueryResult, ResultColumn, Cell } from '../../../src/audit/database/query-result';
import { settingsOf } from '../../../src/audit/database/settings';
import { namedQueries } from '../../../src/audit/queries/queries';
import type { ReportInput } from '../../../src/audit/report/finding';
import { makeReport, type Report } from '../../../src/audit/report/report';

export type Row = { readonly [column: string]: Cell };

/** A result with the given rows, whose columns are those of the first row. */
export function answer(...rows: readonly Row[]): QueryResult {
  const kind = (cell: Cell): ResultColumn['type'] => (
    typeof cell === 'number' ? 'number' : typeof cell === 'boolean' ? 'boolean' : 'text'
  );
  const columns = Object.entries(rows[0] ?? {}).map(
    ([name, cell]) => ({ name, type: name.startsWith('bytes') ? 'number' as const : kind(cell) }),
  );
  return { columns, rows: rows.map((row) => columns.map(({ name }) => row[name])) };
}

export const NOTHING: QueryResult = { columns: [{ name: 'note', type: 'text' }], rows: [] };

/** One day of logs with a record of each kind, unless given otherwise. */
export function coverageOf(more: Row = {}): QueryResult {
  return answer({
    event_day: '2026-11-01', trail_records: 9, data_events: 2, object_reads: 1, object_writes: 1, evidence_reads: 1, requests_to_other_buckets: 0,
    one_other_bucket: null, management_events: 1, management_changes: 1, sessions_opened: 1, invocations: 1, access_log_lines: 1, ...more,
  });
}

export interface Known {
  readonly answers: { readonly [question: string]: QueryResult };
  readonly coverage?: QueryResult;
  readonly settings?: { readonly [name: string]: unknown };
  readonly read?: Partial<ReportInput['read']>;
  readonly days?: ReportInput['days'];
  readonly madeAt?: number;
}

/** A report with only these results. */
export function reportOf({
  answers, coverage, settings = {}, read = {}, days = { from: '2026-11-01', to: '2026-11-30' }, madeAt = Date.UTC(2026, 11, 3),
}: Known): Report {
  const all = namedQueries();
  const asked = Object.keys(answers).map((name) => all.find((question) => question.name === name) ?? {
    name, title: `${name}?`, sql: '', needs: { reads: [], evidence: [] },
  });
  return makeReport({
    days, madeAt, answers: new Map(Object.entries(answers)), coverage: coverage ?? answers['log-coverage'], queries: asked,
    read: { files: 2, bytes: 2048, records: 10, accessLogLines: 10, skipped: [], ...read },
    settings: settingsOf(settings), sources: [{ option: '--logs', place: 'trail' }], version: 'model-store 1.2.3',
  });
}

export function findingOf(known: Known, question = Object.keys(known.answers)[0]) {
  return reportOf(known).findings.find((finding) => finding.query === question)!;
}
