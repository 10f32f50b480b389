import { visibleText } from '../../../../src/contract/visible-text';
import { auditLogs, type LogAudit } from '../../audit/audit-logs';
import type { QueryResult } from '../../audit/database/query-result';
import type { NamedQuery } from '../../audit/queries/queries';
import { csv, records, table } from '../../audit/queries/render';
import { notChecked } from '../../audit/report/coverage';
import type { Report } from '../../audit/report/report';
import { EXIT } from '../../runtime/failure';
import { answer, type CommandContext } from '../context';

export interface Answered {
  readonly found: QueryResult;
  /** Why a result without rows does not mean that there was nothing to find. */
  readonly reason?: string;
  /** How the result was produced. */
  readonly about: object;
}

/** Runs one query on logs that DuckDB reads. */
export async function answerFromLogs(
  context: CommandContext, query: NamedQuery, audit: Omit<LogAudit, 'queries'>,
): Promise<Answered> {
  const { report, read, html } = await auditLogs(context, { ...audit, queries: [query] });
  const found = report.answers.get(query.name)!;
  return { found, reason: whyNotChecked(report, query), about: { read, ...(html && { html }) } };
}

/** Why a result without rows does not mean that there was nothing to find. */
function whyNotChecked(
  { answers, coverage, findings, settings }: Report, { name, needs }: NamedQuery,
): string | undefined {
  if (answers.get(name)!.rows.length > 0) {
    return undefined;
  }
  const finding = findings.find(({ query }) => query === name);
  return finding?.state === 'unknown' ? finding.sentence : notChecked(needs.evidence, coverage!, settings);
}

/** Prints the result of a query, and returns the exit code. */
export function printAnswered(
  context: CommandContext, asked: object, { found, reason, about }: Answered,
  { csv: asCsv }: { readonly csv?: boolean },
): number {
  const status = reason === undefined ? { status: 'checked' } : { status: 'not checked', reason };
  const result = { ...asked, ...status, columns: found.columns, rows: records(found), ...about };
  answer(context, result, () => (asCsv ? csv(found) : table(found)));
  if (reason === undefined) {
    return EXIT.OK;
  }
  if (!context.options.json) {
    context.environment.stderr.write(`not checked: ${visibleText(reason)}\n`);
  }
  return EXIT.NOT_FOUND;
}
