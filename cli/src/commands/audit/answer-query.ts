import { visibleText } from '../../../../src/contract/visible-text';
import { auditLogs, type LogAudit } from '../../audit/audit-logs';
import type { QueryResult } from '../../audit/database/query-result';
import type { NamedQuery } from '../../audit/queries/queries';
import { csv, records, table } from '../../audit/queries/render';
import { exampleOf } from '../../audit/report/commands';
import { notChecked } from '../../audit/report/coverage';
import type { NotChecked } from '../../audit/report/not-checked';
import type { Report } from '../../audit/report/report';
import { EXIT } from '../../runtime/failure';
import { answer, type CommandContext } from '../context';

/** Why a result without rows does not mean that there was nothing to find, and what would check it. */
export interface Unknown {
  readonly reason: string;
  readonly remedy: string;
  readonly example?: string;
}

export interface Answered {
  readonly found: QueryResult;
  readonly notChecked?: Unknown;
  /** How the result was produced. */
  readonly about: object;
}

/** Runs one query on logs that DuckDB reads. */
export async function answerFromLogs(
  context: CommandContext, query: NamedQuery, audit: Omit<LogAudit, 'queries'>,
): Promise<Answered> {
  const { report, read, html } = await auditLogs(context, { ...audit, queries: [query] });
  const found = report.answers.get(query.name)!;
  return { found, notChecked: whyNotChecked(report, query), about: { read, ...(html && { html }) } };
}

export function unknownOf({ reason, remedy: { text, example } }: NotChecked): Unknown {
  return { reason, remedy: text, example };
}

function whyNotChecked(report: Report, { name, needs }: NamedQuery): Unknown | undefined {
  const { answers, coverage, findings, settings } = report;
  // Also if there are rows, which may all say that something could not be compared.
  const finding = findings.find(({ query }) => query === name);
  if (finding?.state === 'unknown') {
    return { reason: finding.sentence, remedy: finding.remedy!.text, example: exampleOf(report, finding) };
  }
  if (answers.get(name)!.rows.length > 0) {
    return undefined;
  }
  const missing = notChecked(needs.evidence, coverage!, settings);
  return missing && { ...unknownOf(missing), example: exampleOf(report, { query: name, remedy: missing.remedy }) };
}

/** Prints the result of a query, and returns the exit code. */
export function printAnswered(
  context: CommandContext, asked: object, { found, notChecked: unknown, about }: Answered,
  { csv: asCsv }: { readonly csv?: boolean },
): number {
  const status = unknown === undefined ? { status: 'checked' } : { status: 'not checked', ...unknown };
  const result = { ...asked, ...status, columns: found.columns, rows: records(found), ...about };
  answer(context, result, () => (asCsv ? csv(found) : table(found)));
  if (unknown === undefined) {
    return EXIT.OK;
  }
  if (!context.options.json) {
    const { reason, remedy, example } = unknown;
    const lines = [`not checked: ${reason}`, `to check: ${remedy}${example === undefined ? '' : `: ${example}`}`];
    context.environment.stderr.write(lines.map((line) => `${visibleText(line)}\n`).join(''));
  }
  return EXIT.NOT_FOUND;
}
