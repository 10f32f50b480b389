import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import * as commands from './commands/commands';
import type { CompleteArguments } from './commands/completion';
import { addExamples } from './commands/examples';
import type { ImportArguments } from './commands/import';
import type { LoginArguments } from './commands/login';
import { type GlobalOptions, tellFailure } from './commands/terminal';
import { requireNothingEmpty, tellUsageError } from './commands/usage';
import { DEFAULT_LAYOUT } from './import/layout';
import type { Environment } from './runtime/environment';
import { EXIT } from './runtime/failure';
import { versionText } from './runtime/version';

/** What is run only for whoever asks for it: help and mistakes should not wait. */
/* eslint-disable @typescript-eslint/no-require-imports */
const later = {
  auditing: () => require('./commands/audit/ask') as typeof import('./commands/audit/ask'),
  completing: () => require('./commands/completion') as typeof import('./commands/completion'),
  importing: () => require('./commands/import') as typeof import('./commands/import'),
  signingIn: () => require('./commands/login') as typeof import('./commands/login'),
};
/* eslint-enable @typescript-eslint/no-require-imports */

function concurrency(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 64) {
    throw new InvalidArgumentError('It is a whole number from 1 to 64.');
  }
  return value;
}

function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 3_600) {
    throw new InvalidArgumentError('It is a whole number of seconds from 1 to 3600.');
  }
  return value;
}

/** Options that may be given several times are parsed by the command, which then reports all that is wrong at once. */
function collected(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

const CONCURRENCY = () => new Option('--concurrency <number>', 'transfers at once').argParser(concurrency).default(8);

const EXIT_CODES = `
Exit codes: 0 done · 1 failed · 2 wrong usage, name or path · 3 not found · 4 conflict (version exists, stale alias,
files in the way) · 5 not what was pushed · 6 not permitted · 7 store or network did not answer · 130 interrupted`;

/** What the person typed becomes one call into `commands`. Unless `audited`, there is only the name of `audit`. */
export function createProgram(environment: Environment, ended: (exitCode: number) => void, { audited = true } = {}): Command {
  const program = new Command('model-store')
    .description('Push, pull, promote, verify and audit machine-learning models in a Secure Model Artifact Store.')
    .version(versionText(), '--version', 'print the version of this command')
    .helpOption('-h, --help', 'print help')
    .option('--store <name>', 'the store, by its name (found through SSM; or MODEL_STORE_NAME)')
    .option('--url <url>', 'the store, by its address (or MODEL_STORE_URL)')
    .option('--region <region>', 'the region of the store')
    .option('--token-file <file>', 'a Cognito identity token, "-" for standard input (or MODEL_STORE_TOKEN[_FILE])')
    .addOption(new Option('--token <token>', 'a Cognito identity token; others on this machine may see it, prefer --token-file'))
    .option('--json', 'print the result, and any error, as JSON')
    .option('-q, --quiet', 'print nothing but the result and errors')
    .configureHelp({ showGlobalOptions: true, helpWidth: environment.stdout.isTTY ? environment.stdout.columns : 110 })
    .configureOutput({
      writeOut: (text) => { environment.stdout.write(text); },
      writeErr: (text) => { environment.stderr.write(text); },
      // Whoever catches it tells it.
      outputError: () => {},
    })
    .addHelpText('after', EXIT_CODES)
    .exitOverride();

  const run = (work: (context: commands.CommandContext) => Promise<number>) => async (command: Command) =>
    ended(await commands.withContext(environment, command.optsWithGlobals<GlobalOptions>(), async (context) => {
      requireNothingEmpty(command);
      return work(context);
    }));

  program.command('push')
    .description('publish a folder, or a single file, as a version')
    .argument('<path>', 'the folder that holds the model, or its only file')
    .argument('<model@version>', 'the name to publish it under')
    .option('-m, --metadata <key=value>', 'keep this with the version; may be given several times', collected)
    .option('--keep-metadata', 'succeed if the version exists with the same files, whatever its metadata and base are')
    .option('--base <version>', 'the version that this one was made from')
    .option('--dry-run', 'read and check everything, send nothing')
    .option('--follow-links', 'follow symbolic links that lead out of the folder')
    .addOption(CONCURRENCY())
    .action(async (folder: string, reference: string, options: commands.PushArguments, command: Command) =>
      run(async (context) => commands.push(context, folder, reference, options))(command));

  program.command('pull')
    .description('bring a version to a folder')
    .argument('<model@version|alias>', 'the version to pull')
    .argument('[dir]', 'the folder to write to, created if needed (default: a folder with the name of the model)')
    .option('--force', 'replace files that differ; with --exact, also remove files that were changed since')
    .option('--exact', 'remove the files of earlier pulls that are not in this version')
    .addOption(CONCURRENCY())
    .action(async (reference: string, folder: string | undefined, options: commands.PullArguments, command: Command) =>
      run(async (context) => commands.pull(context, reference, folder, options))(command));

  program.command('import')
    .description('publish versions that lie in a bucket or a folder, oldest first')
    .argument('<source>', 's3://BUCKET/PREFIX, or a folder')
    .option('--layout <layout>', 'where model and version stand in a path; "*" is any one name', DEFAULT_LAYOUT)
    .option('--model <model>', 'only this one; with a layout without {model}, the model that all versions are of')
    .option('--rename <from=to>', 'new name for a model, or for a model@version; may be given several times', collected)
    .option('--tidy-names', 'change names that the store does not allow to the nearest ones that it does')
    .option('--skip <name>', 'leave out a model, or a model@version; may be given several times', collected)
    .option('-m, --metadata <key=value>', 'keep this with every version; may be given several times', collected)
    .option('--dry-run', 'tell what would be done, send nothing')
    .option('--compare-bytes', 'read what is in the store already, too, instead of believing that it was imported from the same objects')
    .option('--follow-links', 'follow symbolic links that lead out of the folder of a version')
    .option('--staging <dir>', 'where one version of a bucket at a time is kept (default: the system\'s temporary folder)')
    .addOption(CONCURRENCY())
    .action(async (source: string, options: ImportArguments, command: Command) =>
      run(async (context) => later.importing().importCommand(context, source, options))(command));

  program.command('list')
    .description('list the models, or the versions of one')
    .argument('[model]', 'the model whose versions to list, newest first')
    .action(async (model: string | undefined, _options: object, command: Command) =>
      run(async (context) => commands.list(context, model))(command));

  program.command('show')
    .description('show a version: its files, who made it and when')
    .argument('<model@version|alias>', 'the version to show')
    .action(async (reference: string, _options: object, command: Command) =>
      run(async (context) => commands.show(context, reference))(command));

  program.command('promote')
    .description('point an alias at a version')
    .argument('<model@version|alias>', 'the version, or an alias that points to it now')
    .argument('<alias>', 'the alias to move, such as "production"')
    .option('--reason <text>', 'why, for the history')
    .addOption(new Option('--if-current <version>', 'only if it points to this version now').conflicts(['ifAbsent', 'ifRevision']))
    .addOption(new Option('--if-absent', 'only if there is no such alias yet').conflicts('ifRevision'))
    .option('--if-revision <revision>', 'only if it is still at this revision (see "show --json" or "history --json")')
    .action(async (reference: string, alias: string, options: commands.PromoteArguments, command: Command) =>
      run(async (context) => commands.promote(context, reference, alias, options))(command));

  program.command('history')
    .description('show where an alias pointed, newest first')
    .argument('<model>', 'the model, or model@alias')
    .argument('[alias]', 'the alias, unless it is given as model@alias')
    .action(async (model: string, alias: string | undefined, _options: object, command: Command) =>
      run(async (context) => commands.history(context, model, alias))(command));

  program.command('verify')
    .description('compare a folder, byte for byte, with the version that was pulled into it')
    .argument('<dir>', 'the folder to verify')
    .option('--model <model@version|alias>', 'compare with this version in the store, not with the record of the pull')
    .action(async (folder: string, options: commands.VerifyArguments, command: Command) =>
      run(async (context) => commands.verify(context, folder, options))(command));

  program.command('login')
    .description('sign in to a store whose users Cognito knows, in a browser')
    .option('--issuer <url>', 'who issues the tokens, where the store is given by its address')
    .option('--client-id <id>', 'the app client to sign in with, where the store is given by its address')
    .option('--no-browser', 'print the address to sign in at, instead of opening a browser')
    .addOption(new Option('--timeout <seconds>', 'how long to wait for the sign-in').argParser(seconds).default(300))
    .action(async (options: LoginArguments, command: Command) =>
      run(async (context) => later.signingIn().loginCommand(context, options))(command));

  program.command('logout')
    .description('forget the sign-in to a store, and revoke it')
    .action(async (_options: object, command: Command) =>
      run(async (context) => later.signingIn().logoutCommand(context))(command));

  const audit = program.command('audit').description('ask logs of CloudTrail and S3 who took which model, from where, how many bytes');
  if (audited) {
    later.auditing().addAudit(audit, run);
  }

  program.command('completion')
    .description('print what makes a shell complete the commands, options and names of this command')
    .argument('<shell>', 'bash, zsh, fish or powershell')
    .action(async (shell: string, _options: object, command: Command) =>
      run(async () => later.completing().completionCommand(environment, shell))(command));

  program.command('complete', { hidden: true })
    .argument('[words...]')
    .option('--line <text>')
    .option('--replaced <text>')
    .action(async (words: string[], options: CompleteArguments, command: Command) =>
      run(async () => later.completing().completeCommand(environment, program, words, options))(command));

  addExamples(program);
  return program;
}

/** Runs what `argv` (without the names of node and the script) asks for, and gives the exit code. */
export async function main(environment: Environment, argv: readonly string[]): Promise<number> {
  let code: number = EXIT.OK;
  try {
    const program = createProgram(environment, (exitCode) => { code = exitCode; }, { audited: argv.includes('audit') || argv[0] === 'complete' });
    if (argv.length === 0) {
      program.outputHelp({ error: true });
      return EXIT.USAGE;
    }
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      code = tellUsageError(environment, error, argv);
    } else {
      code = tellFailure(environment, error, { json: argv.includes('--json') });
    }
  }
  return code;
}
