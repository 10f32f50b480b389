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

/** What `model-store audit` takes: a question, or one of the commands below it. */
export function addAudit(audit: Command, run: Run): void {
  audit
    .argument('<question>', 'one of the questions below, or "report"')
    .option('--logs <place>', 'a folder, or s3://BUCKET/PREFIX, with the logs of the trail, as delivered or exported (default: those of --store)')
    .option('--access-logs <place>', 'a folder, or s3://BUCKET/PREFIX, with the S3 access logs of the artifact bucket')
    .option('--from <day>', 'the first day, in UTC, such as 2026-11-01 (default: 29 days before the last)')
    .option('--to <day>', 'the last day, in UTC (default: today)')
    .option('--of <model[@version]>', 'of "custody": the model, or the version, that it is about')
    .option('--settings <file>', 'a JSON file that says what is usual: buckets, roles, perimeter, business hours, thresholds')
    .option('--csv', 'print the answer as CSV')
    .option('--html <file>', 'write the answer, or the report, as one page that needs nothing else')
    .addHelpText('after', () => `
Questions:
${formatTable([...questions(), REPORT_QUESTION].map(({ name, asks }) => [`  ${name}`, asks]))}
In short: ${Object.entries(SHORT_NAMES).map(([short, name]) => `${short} is ${name}`).join(', ')}.

Examples:
  $ model-store audit egress-by-principal --store models --from 2026-11-01 --to 2026-11-30
  $ model-store audit reconciliation --logs ./trail --access-logs ./access-logs --csv > missing.csv
  $ model-store audit report --store models --from 2026-11-01 --to 2026-11-30 --html report.html
  $ model-store audit custody --of fraud@1.4.0 --logs s3://my-trail-bucket --region eu-central-1

With --store, the auditor role of the store reads its logs where they lie, of the days that the question needs and no others.
What is usual for the store comes with it; --settings overrides that, setting by setting.

Exit codes: 0 answered, whatever the answer is · 1 failed (such as: DuckDB is not installed) · 2 wrong usage · 3 no logs of these days
  · 6 not permitted · 7 AWS did not answer`)
    .action(async (question: string, options: AuditArguments, command: Command) =>
      run(async (context) => ask(context, question, expandHomes(options, ['logs', 'accessLogs', 'settings', 'html'], context.environment)))(command));
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

/** One question, or all of them for a report. */
function requireQuestions(name: string): Question[] {
  return name === REPORT ? questions() : [requireQuestion(name, [REPORT])];
}

async function ask(context: CommandContext, name: string, options: AuditArguments): Promise<number> {
  const { environment } = context;
  if (options.csv && context.options.json) {
    throw usageFailure('give --csv or --json, not both');
  }
  if (options.csv && name === REPORT) {
    throw usageFailure('a report is many tables, and --csv is one', [], 'Ask one question with --csv, or a report with --json or --html FILE.');
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
      // Even with --quiet: an answer is worth what it stands on.
      const lines = context.options.json ? [JSON.stringify({ read })] : renderAudit.readSummary(tally).map(printable);
      environment.stderr.write(lines.map((line) => `${line}\n`).join(''));
    },
  });
  const given = { '--store': store, '--logs': options.logs, '--access-logs': options.accessLogs, '--settings': options.settings };
  const places = Object.entries(given).flatMap(([option, place]) => (place === undefined ? [] : [{ option, place }]));
  const made = await makeReport({ environment, quiet: Boolean(context.options.json || context.options.quiet) }, options.html, {
    days, questions: asked, answers, read, settings, sources: places, of: options.of });
  const written = { read, ...(made.html && { html: made.html }) };
  if (name === REPORT) {
    const tables = asked.map(({ name: each, asks }) => {
      const found = answers.get(each)!;
      return [each, { asks, columns: found.columns, rows: renderAudit.records(found) }];
    });
    const result = { question: name, ...days, ...findingsAsJson(made.report), answers: Object.fromEntries(tables) as object, ...written };
    answer(context, result, () => summary(made.report));
  } else {
    const [question] = asked;
    const found = answers.get(question.name)!;
    const rows = renderAudit.records(found);
    const result = { question: question.name, asks: question.asks, ...days, ...of, columns: found.columns, rows, ...written };
    answer(context, result, () => (options.csv ? renderAudit.csv(found) : renderAudit.table(found)));
  }
  return EXIT.OK;
}
