import { type Command, InvalidArgumentError, Option } from 'commander';
import { addDayOptions, addEvidenceOptions, type DayArguments, daysOf, PATH_OPTIONS } from './options';
import { visibleText } from '../../../../src/contract/visible-text';
import { auditLogs, type EvidenceOptions } from '../../audit/audit-logs';
import { namedQueries } from '../../audit/queries/queries';
import type { Severity } from '../../audit/report/check';
import { failing, SEVERITIES } from '../../audit/report/fail-on';
import type { AboutReport } from '../../audit/report/finding';
import type { Destinations } from '../../audit/report/make-report';
import { findingsAsOcsf } from '../../audit/report/ocsf';
import type { Report } from '../../audit/report/report';
import { reportAsJson } from '../../audit/report/report-json';
import { summary } from '../../audit/report/summary';
import { EXIT, usageFailure } from '../../runtime/failure';
import { expandHomes } from '../../runtime/home';
import { answer, type CommandContext, examples, oneOf, type Run } from '../context';

interface ReportArguments extends EvidenceOptions, DayArguments, Destinations {
  readonly title?: string;
  readonly case?: string;
  readonly preparedBy?: string;
  readonly ocsf?: boolean;
  readonly failOn?: Severity;
}

export function addAuditReport(audit: Command, run: Run): void {
  const report = audit.command('report')
    .description('run every query, and report findings first, then what could not be checked');
  addDayOptions(addEvidenceOptions(report))
    .option('--html <file>', 'write the report as a self-contained HTML page')
    .option('--export <folder>', 'write the report, every result as CSV and JSON, and the list of the evidence,'
      + ' with checksums')
    .option('--sign-with <key>', 'sign the export with this KMS key (ARN; ECDSA)')
    .addOption(new Option('--title <text>', 'title of the report').argParser(line))
    .addOption(new Option('--case <number>', 'case number on the report').argParser(line))
    .addOption(new Option('--prepared-by <name>', 'name of the person who prepares the report').argParser(line))
    .option('--ocsf', 'print the findings as OCSF events for a SIEM, one JSON document per line')
    .addOption(new Option('--fail-on <severity>', 'exit with 9 if there is a finding of this severity or higher')
      .choices(SEVERITIES).argParser(oneOf(SEVERITIES)))
    .addHelpText('after', `${examples(
      'model-store audit report --store models --from 2026-11-01 --to 2026-11-30',
      'model-store audit report --logs ./trail --access-logs ./access-logs --html report.html',
      'model-store audit report --store models --since 24h --fail-on high --ocsf >> findings.jsonl',
      'model-store audit report --store models --export ./report-2026-11 --case 2026-117 --prepared-by "Vera Rubin"',
    )}
With --store, the command reads the store's logs in place, as the store's auditor role. The store also provides the
settings; --settings overrides individual ones. Days are days of delivery in UTC: --since 24h reads the whole of today
and of the day before.

Exit codes: 0 report completed, whatever it finds · 1 failed (for example, DuckDB is not installed) · 2 invalid usage
  · 3 no logs for these days · 6 not permitted · 7 AWS or network unavailable
With --fail-on: 9 a finding of this severity or higher · 3 no such finding, but such a check was not possible`)
    .action(async (given: ReportArguments, command: Command) => run(command, async (context) => {
      const options = expandHomes(given, PATH_OPTIONS, context.environment);
      requireConsistent(options, context);
      const { title, case: caseNumber, preparedBy } = options;
      const about: AboutReport = { title, caseNumber, preparedBy };
      const days = daysOf(options, context.environment.now());
      const queries = namedQueries().filter(({ needs }) => !needs.notInReports);
      const made = await auditLogs(context, { ...options, queries, days, about });
      const written = { ...(made.html && { html: made.html }), ...(made.export && { export: made.export }) };
      if (options.ocsf) {
        context.environment.stdout.write(findingsAsOcsf(made.report));
      } else {
        answer(context, { ...reportAsJson(made.report), ...written }, () => summary(made.report));
      }
      return options.failOn === undefined ? EXIT.OK : exitCodeOf(context, made.report, options.failOn);
    }));
}

function requireConsistent({ ocsf, signWith, export: folder }: ReportArguments, { options }: CommandContext): void {
  const problems = [
    ...(ocsf && options.json ? [{ field: '--ocsf', message: 'cannot be combined with --json' }] : []),
    ...(signWith !== undefined && folder === undefined
      ? [{ field: '--sign-with', message: 'signs an export, so it needs --export' }] : []),
  ];
  if (problems.length > 0) {
    throw usageFailure('invalid options', problems, 'See "model-store audit report --help".');
  }
}

/** For a scheduled job, which must notice a finding, and that one would not have been noticed. */
function exitCodeOf({ environment }: CommandContext, report: Report, severity: Severity): number {
  const { found, unknown } = failing(report.findings, severity);
  if (found.length > 0) {
    environment.stderr.write(`--fail-on ${severity}: ${found.map(({ id }) => visibleText(id)).join(', ')}\n`);
    return EXIT.FINDINGS;
  }
  if (unknown.length > 0) {
    environment.stderr.write(`--fail-on ${severity}: not checked: ${unknown.map(({ id }) => id).join(', ')}\n`);
    return EXIT.NOT_FOUND;
  }
  return EXIT.OK;
}

const LONGEST_LINE = 200;

function line(text: string): string {
  if (text.trim() === '' || text.length > LONGEST_LINE || /[\r\n]/.test(text)) {
    throw new InvalidArgumentError(`Enter one line of at most ${LONGEST_LINE} characters.`);
  }
  return text;
}
