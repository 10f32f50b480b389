import { type Command, InvalidArgumentError, Option } from 'commander';
import { runCommand } from './run';
import { verifyTrailCommand, type VerifyTrailArguments } from './verify-trail';
import { usageFailure } from '../../runtime/failure';
import { expandHomes } from '../../runtime/home';
import type { CommandContext } from '../commands';

export type Run = (work: (context: CommandContext) => Promise<number>) => (command: Command) => Promise<void>;

/** What `model-store audit` does besides answering a question from logs. */
export function addAuditCommands(audit: Command, run: Run): void {
  ownHelp(audit.command('verify-trail'))
    .description('check that the logs are those that CloudTrail delivered: signatures, hashes, gaps, files missing or added')
    .option('--logs <place>', 'a copy of the archive, log files and digest files: a folder, or s3://BUCKET/PREFIX (default: that of --store)')
    .option('--public-keys <file>', 'the keys of CloudTrail, as "aws cloudtrail list-public-keys" prints them (default, but for a folder: asked for)')
    .option('--from <day>', 'the first day, in UTC, such as 2026-11-01 (default: 29 days before the last; of a folder, all there are)')
    .option('--to <day>', 'the last day, in UTC (default: today; of a folder, all there are)')
    .addHelpText('after', `
Examples:
  $ model-store audit verify-trail --store models --from 2026-11-01 --to 2026-11-30
  $ aws s3 sync s3://my-trail-bucket ./archive
  $ aws cloudtrail list-public-keys --start-time 2026-11-01 --end-time 2026-12-01 > public-keys.json
  $ model-store audit verify-trail --logs ./archive --public-keys public-keys.json

With --store, the auditor role of the store reads its trail where it lies. A download loses the signature of each digest
file, which is in the metadata of the object, but the next digest file holds it: all but the newest can be checked, so
download a day more than you want to verify.

Exit codes: 0 the evidence is whole · 5 it is not · 1 failed · 2 wrong usage · 3 no digest files of these days
  · 6 not permitted · 7 AWS did not answer`)
    .action(async (_options: object, command: Command) => run(async (context) =>
      verifyTrailCommand(context, expandHomes(ownOptions<VerifyTrailArguments>(command), ['logs', 'publicKeys'], context.environment)))(command));

  ownHelp(audit.command('run'))
    .description('ask the same question on Athena, in the workgroup of the store')
    .argument('<question>', 'one of the questions of "model-store audit --help"')
    .option('--from <day>', 'the first day, in UTC, such as 2026-11-01 (default: 29 days before the last)')
    .option('--to <day>', 'the last day, in UTC (default: today)')
    .option('--of <model[@version]>', 'of "custody": the model, or the version, that it is about')
    .option('--csv', 'print the answer as CSV')
    .addOption(new Option('--price-per-terabyte <dollars>', 'what Athena costs you, if it is not the list price of $5').argParser(dollars))
    .addHelpText('after', `
Examples:
  $ model-store audit run egress-by-principal --store models --from 2026-11-01 --to 2026-11-30
  $ model-store audit run reconciliation --store models --csv > missing.csv

The answer is the same as without "run": the same SQL, which comes with this command and is the text of the named query in
the workgroup too, and the store's own settings, which are those of its last deployment. Ctrl-C stops the query in Athena.

Exit codes: 0 answered, whatever the answer is · 1 the query failed · 2 wrong usage · 3 no such store · 6 not permitted
  · 7 AWS did not answer`)
    .action(async (question: string, _options: object, command: Command) =>
      run(async (context) => runCommand(context, question, ownOptions(command)))(command));
}

function dollars(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new InvalidArgumentError('It is a number of dollars, such as 5 or 6.75.');
  }
  return value;
}

/** The command above has options of the same names, and takes them wherever they stand. */
function ownOptions<Options extends object>(command: Command): Options {
  const own = new Set(command.options.map((option) => option.attributeName()));
  const parent = command.parent!;
  const foreign = parent.options.filter((option) => !own.has(option.attributeName()) && parent.getOptionValue(option.attributeName()) !== undefined);
  if (foreign.length > 0) {
    throw usageFailure(`"audit ${command.name()}" does not know ${foreign.map(({ long }) => long).join(', ')}`, [],
      `See model-store audit ${command.name()} --help.`);
  }
  return command.optsWithGlobals<Options>();
}

/** The options of a question are none of a command below it. */
function ownHelp(command: Command): Command {
  return command.configureHelp({
    ...command.createHelp(),
    visibleGlobalOptions: (of) => (of.parent?.parent
      ? of.createHelp().visibleOptions(of.parent.parent)
        .filter(({ long = '' }) => !['--version', '--help'].includes(long))
      : []),
  });
}
