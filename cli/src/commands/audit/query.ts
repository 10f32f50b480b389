import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { type Answered, answerFromLogs, printAnswered, unknownOf } from './answer-query';
import { addDayOptions, addEvidenceOptions, type DayArguments, daysOf, PATH_OPTIONS } from './options';
import type { ErrorDetail } from '../../../../src/contract/errors';
import { auditOnAthena } from '../../audit/athena/audit-on-athena';
import type { EvidenceOptions } from '../../audit/audit-logs';
import type { AskedSettings } from '../../audit/database/settings';
import { COVERAGE_QUERY, type AuditedModel, type NamedQuery, requireQuery } from '../../audit/queries/queries';
import type { Days } from '../../audit/reader/days';
import { notChecked } from '../../audit/report/coverage';
import type { Destinations } from '../../audit/report/make-report';
import { usageFailure } from '../../runtime/failure';
import { expandHomes } from '../../runtime/home';
import { parseReference, requireNames } from '../../store/reference';
import { type CommandContext, examples, oneOf, type Run } from '../context';
import { progressStyle } from '../terminal';

const ENGINES = ['duckdb', 'athena'] as const;

interface QueryArguments extends EvidenceOptions, DayArguments, Pick<Destinations, 'html'> {
  readonly on: typeof ENGINES[number];
  readonly of?: string;
  readonly csv?: boolean;
  readonly pricePerTerabyte?: number;
}

export function addAuditQuery(audit: Command, run: Run): void {
  const query = audit.command('query')
    .description('run a query on this machine with DuckDB, or in Athena')
    .addArgument(new Argument('<query>', 'name of the query (see "model-store audit list")'))
    .addOption(new Option('--on <engine>', 'where the query runs: "duckdb" on this machine, or "athena"')
      .choices(ENGINES).argParser(oneOf(ENGINES)).default('duckdb'));
  addDayOptions(addEvidenceOptions(query))
    .option('--of <model[@version]>', 'limit "custody" to one model or version')
    .option('--csv', 'print the result as CSV')
    .option('--html <file>', 'also write the result as a self-contained HTML page')
    .addOption(new Option('--price-per-terabyte <dollars>',
      'with "--on athena", your price per TB scanned (default: the list price, $5)').argParser(dollars))
    .addHelpText('after', `${examples(
      'model-store audit query egress-by-principal --store models --from 2026-11-01 --to 2026-11-30',
      'model-store audit query egress-by-principal --store models --on athena --since 7d',
      'model-store audit query reconciliation --logs ./trail --access-logs ./access-logs --csv > missing.csv',
      'model-store audit query custody --of fraud@1.4.0 --logs s3://my-trail-bucket --region eu-central-1',
    )}
Days are days of delivery in UTC: --since 24h reads the whole of today and of the day before.

With DuckDB, the command reads the logs itself. With --store, it reads them in place, as the store's auditor role, and
only for the days that the query needs. The store also provides the settings; --settings overrides individual ones.

With Athena, the query runs in the store's workgroup, which contains the same SQL as a named query, and uses the
settings from the store's last deployment. Ctrl-C also cancels the query in Athena.

Exit codes: 0 query completed, whatever the result · 1 failed (for example, DuckDB is not installed) · 2 invalid usage
  · 3 not checked, because the logs lack what the query needs, or no such store · 6 not permitted
  · 7 AWS or network unavailable`)
    .action(async (name: string, options: QueryArguments, command: Command) =>
      run(command, async (context) =>
        answerQuery(context, name, expandHomes(options, PATH_OPTIONS, context.environment))));
}

async function answerQuery(context: CommandContext, name: string, options: QueryArguments): Promise<number> {
  const query = requireQuery(name);
  const problems = optionProblems(name, options, context.options.json ?? false);
  if (problems.length > 0) {
    throw usageFailure('invalid options', problems, 'See "model-store audit query --help".');
  }
  const days = daysOf(options, context.environment.now());
  const of = options.of === undefined ? undefined : auditedModel(options.of);
  const asked = { query: name, title: query.title, ...days, ...of };
  const answered = options.on === 'athena'
    ? await answerInAthena(context, query, days, of, options)
    : await answerFromLogs(context, query, {
      ...options, days, of: of && { text: options.of!, asked: askedOf(of) },
    });
  return printAnswered(context, asked, answered, options);
}

function askedOf({ model, version }: AuditedModel): AskedSettings {
  return {
    ...(model !== undefined && { custody_model: model }), ...(version !== undefined && { custody_version: version }),
  };
}

async function answerInAthena(
  context: CommandContext, query: NamedQuery, days: Days, of: AuditedModel | undefined, options: QueryArguments,
): Promise<Answered> {
  const inAthena = { ...context, progressStyle: progressStyle(context.environment, context.options) };
  const { pricePerTerabyte: dollarsPerTerabyte } = options;
  const { answer: found, athena, settings } = await auditOnAthena(inAthena, { query, days, of, dollarsPerTerabyte });
  if (found.rows.length > 0 || query.needs.evidence.length === 0) {
    return { found, about: { athena } };
  }
  // Only a second query shows whether the logs have what would show any rows.
  const coverage = await auditOnAthena(inAthena, { query: requireQuery(COVERAGE_QUERY), days, dollarsPerTerabyte });
  const missing = notChecked(query.needs.evidence, coverage.answer, settings);
  return { found, notChecked: missing && unknownOf(missing), about: { athena } };
}

/** Everything that is wrong with the combination of options. */
function optionProblems(name: string, options: QueryArguments, json: boolean): ErrorDetail[] {
  const problem = (field: string, message: string, is: boolean) => (is ? [{ field, message }] : []);
  const onAthena = options.on === 'athena';
  const reads = 'does not apply to "--on athena", which reads the logs of --store';
  return [
    ...problem('--csv', 'cannot be combined with --json', Boolean(options.csv) && json),
    ...problem('--of', `applies only to "custody"; "${name}" covers all models`,
      options.of !== undefined && name !== 'custody'),
    ...problem('--logs', reads, onAthena && options.logs !== undefined),
    ...problem('--access-logs', reads, onAthena && options.accessLogs !== undefined),
    ...problem('--cache', reads, onAthena && Boolean(options.cache)),
    ...problem('--settings', 'does not apply to "--on athena", which uses the settings of the store\'s last deployment',
      onAthena && options.settings !== undefined),
    ...problem('--html', 'does not apply to "--on athena", which does not report the evidence that the page lists',
      onAthena && options.html !== undefined),
    ...problem('--price-per-terabyte', 'applies only to "--on athena"',
      !onAthena && options.pricePerTerabyte !== undefined),
  ];
}

function auditedModel(of: string): AuditedModel {
  if (!of.includes('@')) {
    requireNames({ model: of });
    return { model: of };
  }
  const { model, name } = parseReference(of, 'version');
  return { model, version: name };
}

function dollars(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new InvalidArgumentError('Enter a number of dollars, such as 5 or 6.75.');
  }
  return value;
}
