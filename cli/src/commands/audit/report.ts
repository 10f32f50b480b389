import type { Command } from 'commander';
import { addDayOptions, addEvidenceOptions, type DayArguments, PATH_OPTIONS } from './options';
import { auditLogs, type EvidenceOptions } from '../../audit/audit-logs';
import { namedQueries } from '../../audit/queries/queries';
import { records } from '../../audit/queries/render';
import { requireDays } from '../../audit/reader/days';
import { findingsAsJson, summary } from '../../audit/report/summary';
import { EXIT } from '../../runtime/failure';
import { expandHomes } from '../../runtime/home';
import { answer, examples, type Run } from '../context';

export function addAuditReport(audit: Command, run: Run): void {
  const report = audit.command('report')
    .description('run every query, and report findings first, then what could not be checked');
  addDayOptions(addEvidenceOptions(report))
    .option('--html <file>', 'write the report as a self-contained HTML page')
    .addHelpText('after', `${examples(
      'model-store audit report --store models --from 2026-11-01 --to 2026-11-30',
      'model-store audit report --logs ./trail --access-logs ./access-logs --html report.html',
    )}
With --store, the command reads the store's logs in place, as the store's auditor role. The store also provides the
settings; --settings overrides individual ones.

Exit codes: 0 report completed, whatever it finds · 1 failed (for example, DuckDB is not installed) · 2 invalid usage
  · 3 no logs for these days · 6 not permitted · 7 AWS or network unavailable`)
    .action(async (given: EvidenceOptions & DayArguments, command: Command) => run(command, async (context) => {
      const options = expandHomes(given, PATH_OPTIONS, context.environment);
      const days = requireDays(options, context.environment.now());
      const queries = namedQueries().filter(({ needs }) => !needs.notInReports);
      const made = await auditLogs(context, { ...options, queries, days });
      const answers = Object.fromEntries(made.report.queries.map(({ name, title }) => {
        const found = made.report.answers.get(name)!;
        return [name, { title, columns: found.columns, rows: records(found) }];
      }));
      const result = {
        ...days, ...findingsAsJson(made.report), answers, read: made.read, ...(made.html && { html: made.html }),
      };
      answer(context, result, () => summary(made.report));
      return EXIT.OK;
    }));
}
