import type { Command } from 'commander';
import { addAuditCommands, type Run } from './program';
import { readSettings, settingsOf } from '../../audit/database/settings';
import { type Question, questions, requireQuestion, SHORT_NAMES } from '../../audit/queries/queries';
import * as renderAudit from '../../audit/queries/render';
import { auditAll } from '../../audit/queries/run-queries';
import { requireDays } from '../../audit/reader/days';
import { Tally } from '../../audit/reader/tally';
import { prepareReport, REPORT, report as makeReport, REPORT_QUESTION } from '../../audit/report/make-report';
import { findingsAsJson, summary } from '../../audit/report/summary';
import { logsOf } from '../../audit/sources/logs-of';
import { EXIT, usageFailure } from '../../runtime/failure';
import { formatTable, printable } from '../../runtime/format';
import { expandHomes } from '../../runtime/home';
import { answer, auditedModel, type CommandContext } from '../commands';

/** Adds the arguments, options and subcommands of `model-store audit`. */
export function addAudit(audit: Command, run: Run): void {
  audit
    .argument('<question>', 'a query listed below, or "report"')
    .option('--logs <place>', 'folder or s3://BUCKET/PREFIX with the CloudTrail logs, as delivered or exported'
      + ' (default: the logs of --store)')
    .option('--access-logs <place>', 'folder or s3://BUCKET/PREFIX with the S3 access logs of the artifact bucket')
    .option('--from <day>', 'first day (UTC), such as 2026-11-01 (default: 29 days before the last day)')
    .option('--to <day>', 'last day (UTC) (default: today)')
    .option('--of <model[@version]>', 'limit "custody" to one model or version')
    .option('--settings <file>', 'JSON file with settings: buckets, roles, perimeter, business hours, thresholds')
    .option('--csv', 'print the result as CSV')
    .option('--html <file>', 'write the result or the report as a self-contained HTML page')
    .addHelpText('after', () => `
Queries:
${formatTable([...questions(), REPORT_QUESTION].map(({ name, asks }) => [`  ${name}`, asks]))}
Short names: ${Object.entries(SHORT_NAMES).map(([short, name]) => `${short} for ${name}`).join(', ')}.

Examples:
  $ model-store audit egress-by-principal --store models --from 2026-11-01 --to 2026-11-30
  $ model-store audit reconciliation --logs ./trail --access-logs ./access-logs --csv > missing.csv
  $ model-store audit report --store models --from 2026-11-01 --to 2026-11-30 --html report.html
  $ model-store audit custody --of fraud@1.4.0 --logs s3://my-trail-bucket --region eu-central-1

With --store, the command reads the store's logs in place, as the store's auditor role. It reads only the days that the
query needs. The store also provides the settings; --settings overrides individual ones.

Exit codes: 0 query answered, whatever the result · 1 failed (for example, DuckDB is not installed) · 2 wrong usage
  · 3 no logs for these days · 6 not permitted · 7 AWS did not respond`)
    .action(async (question: string, options: AuditArguments, command: Command) =>
      run(async (context) => {
        const paths = ['logs', 'accessLogs', 'settings', 'html'] as const;
        return ask(context, question, expandHomes(options, paths, context.environment));
      })(command));
  addAuditCommands(audit, run);
}

interface AuditArguments {
  readonly logs?: string;
  readonly accessLogs?: string;
  readonly from?: string;
  readonly to?: string;
  readonly of?: string;
  readonly settings?: string;
  readonly csv?: boolean;
  readonly html?: string;
}

/** One query, or every query for a report. */
function requireQuestions(name: string): Question[] {
  return name === REPORT ? questions() : [requireQuestion(name, [REPORT])];
}

async function ask(context: CommandContext, name: string, options: AuditArguments): Promise<number> {
  const { environment } = context;
  if (options.csv && context.options.json) {
    throw usageFailure('--csv and --json cannot be combined');
  }
  if (options.csv && name === REPORT) {
    throw usageFailure('a report cannot be printed as CSV, because it consists of several tables', [],
      'Run a single query with --csv, or use --json or --html FILE for the report.');
  }
  const asked = requireQuestions(name);
  const days = requireDays(options, environment.now());
  const of = auditedModel(name, options.of);
  const ofFile = options.settings === undefined ? {} : await readSettings(options.settings);
  const { sources, store, description } = await logsOf(context, options);
  const settings = settingsOf({ ...description?.settings, ...ofFile }, of);
  await prepareReport(options.html);
  let read = new Tally().counts();
  const answers = await auditAll(context, {
    questions: asked,
    sources,
    days,
    settings,
    onRead: (tally) => {
      read = tally.counts();
      // Printed even with --quiet: a result is only as good as the evidence behind it.
      const lines = context.options.json ? [JSON.stringify({ read })] : renderAudit.readSummary(tally).map(printable);
      environment.stderr.write(lines.map((line) => `${line}\n`).join(''));
    },
  });
  const given = {
    '--store': store, '--logs': options.logs, '--access-logs': options.accessLogs, '--settings': options.settings,
  };
  const places = Object.entries(given).flatMap(([option, place]) => (place === undefined ? [] : [{ option, place }]));
  const quiet = Boolean(context.options.json || context.options.quiet);
  const made = await makeReport({ environment, quiet }, options.html, {
    days, questions: asked, answers, read, settings, sources: places, of: options.of });
  const written = { read, ...(made.html && { html: made.html }) };
  if (name === REPORT) {
    const tables = asked.map(({ name: each, asks }) => {
      const found = answers.get(each)!;
      return [each, { asks, columns: found.columns, rows: renderAudit.records(found) }];
    });
    const result = {
      question: name, ...days, ...findingsAsJson(made.report),
      answers: Object.fromEntries(tables) as object, ...written,
    };
    answer(context, result, () => summary(made.report));
  } else {
    const [question] = asked;
    const found = answers.get(question.name)!;
    const rows = renderAudit.records(found);
    const result = {
      question: question.name, asks: question.asks, ...days, ...of, columns: found.columns, rows, ...written,
    };
    answer(context, result, () => (options.csv ? renderAudit.csv(found) : renderAudit.table(found)));
  }
  return EXIT.OK;
}
