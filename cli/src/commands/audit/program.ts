import { type Command, InvalidArgumentError, Option } from 'commander';
import { runCommand } from './run';
import { verifyTrailCommand, type VerifyTrailArguments } from './verify-trail';
import { usageFailure } from '../../runtime/failure';
import { expandHomes } from '../../runtime/home';
import type { CommandContext } from '../commands';

export type Run = (work: (context: CommandContext) => Promise<number>) => (command: Command) => Promise<void>;

/** Adds the subcommands of `model-store audit`. */
export function addAuditCommands(audit: Command, run: Run): void {
  ownHelp(audit.command('verify-trail'))
    .description('verify logs against CloudTrail\'s digest files: signatures, hashes, gaps, missing and added files')
    .option('--logs <place>', 'folder or s3://BUCKET/PREFIX with a copy of the archive, both log files and digest files'
      + ' (default: the archive of --store)')
    .option('--public-keys <file>', 'CloudTrail\'s public keys, as printed by "aws cloudtrail list-public-keys"'
      + ' (required for a folder; otherwise fetched from CloudTrail)')
    .option('--from <day>', 'first day (UTC), such as 2026-11-01'
      + ' (default: 29 days before the last day; for a folder, all days)')
    .option('--to <day>', 'last day (UTC) (default: today; for a folder, all days)')
    .addHelpText('after', `
Examples:
  $ model-store audit verify-trail --store models --from 2026-11-01 --to 2026-11-30
  $ aws s3 sync s3://my-trail-bucket ./archive
  $ aws cloudtrail list-public-keys --start-time 2026-11-01 --end-time 2026-12-01 > public-keys.json
  $ model-store audit verify-trail --logs ./archive --public-keys public-keys.json

With --store, the command reads the trail in place, as the store's auditor role. The signature of a digest file is in
the metadata of its S3 object, which a download loses. The next digest file repeats it, so every digest file but the
newest can be verified: download one day more than you want to verify.

Exit codes: 0 no problems found · 5 problems found · 1 failed · 2 wrong usage · 3 no digest files for these days
  · 6 not permitted · 7 AWS did not respond`)
    .action(async (_options: object, command: Command) => run(async (context) => {
      const options = ownOptions<VerifyTrailArguments>(command);
      return verifyTrailCommand(context, expandHomes(options, ['logs', 'publicKeys'], context.environment));
    })(command));

  ownHelp(audit.command('run'))
    .description('run a query in Athena, in the store\'s workgroup')
    .argument('<question>', 'a query listed by "model-store audit --help"')
    .option('--from <day>', 'first day (UTC), such as 2026-11-01 (default: 29 days before the last day)')
    .option('--to <day>', 'last day (UTC) (default: today)')
    .option('--of <model[@version]>', 'limit "custody" to one model or version')
    .option('--csv', 'print the result as CSV')
    .addOption(new Option(
      '--price-per-terabyte <dollars>', 'your Athena price per TB scanned (default: the list price, $5)',
    ).argParser(dollars))
    .addHelpText('after', `
Examples:
  $ model-store audit run egress-by-principal --store models --from 2026-11-01 --to 2026-11-30
  $ model-store audit run reconciliation --store models --csv > missing.csv

The SQL is the same as without "run". It ships with this command and is also the text of the named query in the
workgroup. The settings are those of the store's last deployment. Ctrl-C stops the query in Athena.

Exit codes: 0 query answered, whatever the result · 1 the query failed · 2 wrong usage · 3 no such store
  · 6 not permitted · 7 AWS did not respond`)
    .action(async (question: string, _options: object, command: Command) =>
      run(async (context) => runCommand(context, question, ownOptions(command)))(command));
}

function dollars(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new InvalidArgumentError('Enter a number of dollars, such as 5 or 6.75.');
  }
  return value;
}

/** Merges the options of a subcommand with those of `audit`, which has options of the same names and consumes them. */
function ownOptions<Options extends object>(command: Command): Options {
  const own = new Set(command.options.map((option) => option.attributeName()));
  const parent = command.parent!;
  const foreign = parent.options.map((option) => ({ long: option.long, name: option.attributeName() }))
    .filter(({ name }) => !own.has(name) && parent.getOptionValue(name) !== undefined);
  if (foreign.length > 0) {
    throw usageFailure(`"audit ${command.name()}" does not support ${foreign.map(({ long }) => long).join(', ')}`, [],
      `See model-store audit ${command.name()} --help.`);
  }
  return command.optsWithGlobals<Options>();
}

/** Hides the options of `audit` from the help of its subcommands. */
function ownHelp(command: Command): Command {
  return command.configureHelp({
    ...command.createHelp(),
    visibleGlobalOptions: (of) => (of.parent?.parent
      ? of.createHelp().visibleOptions(of.parent.parent)
        .filter(({ long = '' }) => !['--version', '--help'].includes(long))
      : []),
  });
}
