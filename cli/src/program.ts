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

/** Modules that are loaded on demand, so that help and usage errors are fast. */
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
    throw new InvalidArgumentError('Must be a whole number from 1 to 64.');
  }
  return value;
}

function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 3_600) {
    throw new InvalidArgumentError('Must be a whole number of seconds from 1 to 3600.');
  }
  return value;
}

/** Collects a repeatable option. The command parses all values together, to report all problems at once. */
function collected(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

const CONCURRENCY = () => new Option('--concurrency <number>', 'concurrent transfers, from 1 to 64')
  .argParser(concurrency).default(8);

const EXIT_CODES = `
Exit codes: 0 success · 1 failure · 2 invalid usage, name or path · 3 not found
4 conflict (version exists, alias moved, destination differs) · 5 content does not match · 6 not permitted
7 store or network unavailable · 8 certificate not trusted · 130 interrupted · 143 terminated`;

/**
 * Defines the command line. Unless `audited`, `audit` has a name and a description only, and its code is not loaded.
 */
export function createProgram(
  environment: Environment, ended: (exitCode: number) => void, { audited = true } = {},
): Command {
  const program = new Command('model-store')
    .description('Push, pull, promote, verify and audit machine learning models in a Secure Model Artifact Store.')
    .version(versionText(), '--version', 'print the version of model-store')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .option('--store <name>', 'name of the store, looked up in SSM (or MODEL_STORE_NAME)')
    .option('--url <url>', 'URL of the store (or MODEL_STORE_URL)')
    .option('--region <region>', 'AWS Region of the store')
    .option('--token-file <file>', 'file with a Cognito ID token, "-" for standard input (or MODEL_STORE_TOKEN[_FILE])')
    .option('--token <token>', 'Cognito ID token; other users of this machine may see it, so prefer --token-file')
    .option('--json', 'print the result and any error as JSON')
    .option('-q, --quiet', 'print only the result and errors')
    .configureHelp({ showGlobalOptions: true, helpWidth: environment.stdout.isTTY ? environment.stdout.columns : 110 })
    .configureOutput({
      writeOut: (text) => { environment.stdout.write(text); },
      writeErr: (text) => { environment.stderr.write(text); },
      // The error is reported where it is caught.
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
    .description('publish a folder or a single file as a version')
    .argument('<path>', 'folder of the model, or a single file')
    .argument('<model@version>', 'version to publish, such as fraud@1.4.0')
    .option('-m, --metadata <key=value>', 'metadata of the version; may be given several times', collected)
    .option('--keep-metadata', 'succeed if the version exists with the same files, even if metadata or base differ')
    .option('--base <version>', 'version that this one was derived from')
    .option('--dry-run', 'read and check everything; send nothing')
    .option('--follow-links', 'follow symbolic links that point outside the folder')
    .addOption(CONCURRENCY())
    .action(async (folder: string, reference: string, options: commands.PushArguments, command: Command) =>
      run(async (context) => commands.push(context, folder, reference, options))(command));

  program.command('pull')
    .description('download a version into a folder')
    .argument('<model@version|alias>', 'version to pull, such as fraud@1.4.0 or fraud@production')
    .argument('[dir]', 'folder to write to, created if needed (default: the name of the model)')
    .option('--force', 'overwrite files that differ; with --exact, also remove files changed since an earlier pull')
    .option('--exact', 'remove files of earlier pulls that are not in this version')
    .addOption(CONCURRENCY())
    .action(async (reference: string, folder: string | undefined, options: commands.PullArguments, command: Command) =>
      run(async (context) => commands.pull(context, reference, folder, options))(command));

  program.command('import')
    .description('publish versions that are in a bucket or a folder, oldest first')
    .argument('<source>', 's3://BUCKET/PREFIX or a folder')
    .option('--layout <layout>', 'position of model and version in a path; "*" matches any one name', DEFAULT_LAYOUT)
    .option('--model <model>', 'import only this model; if the layout has no {model}, the model of all versions')
    .option('--rename <from=to>', 'new name for a model or a model@version; may be given several times', collected)
    .option('--tidy-names', 'change invalid names to the closest valid ones')
    .option('--skip <name>', 'model or model@version to skip; may be given several times', collected)
    .option('-m, --metadata <key=value>', 'metadata of every version; may be given several times', collected)
    .option('--dry-run', 'show what would be imported; send nothing')
    .option('--compare-bytes', 'compare existing versions byte by byte, even if they record the same source objects')
    .option('--follow-links', 'follow symbolic links that point outside the folder of a version')
    .option('--staging <dir>', 'folder for one version of a bucket at a time (default: the system\'s temporary folder)')
    .addOption(CONCURRENCY())
    .action(async (source: string, options: ImportArguments, command: Command) =>
      run(async (context) => later.importing().importCommand(context, source, options))(command));

  program.command('list')
    .description('list models, or the versions of a model')
    .argument('[model]', 'model whose versions to list, newest first')
    .action(async (model: string | undefined, _options: object, command: Command) =>
      run(async (context) => commands.list(context, model))(command));

  program.command('show')
    .description('show a version: its files, who published it and when')
    .argument('<model@version|alias>', 'version to show')
    .action(async (reference: string, _options: object, command: Command) =>
      run(async (context) => commands.show(context, reference))(command));

  program.command('promote')
    .description('point an alias at a version')
    .argument('<model@version|alias>', 'version to promote, or an alias that points to it')
    .argument('<alias>', 'alias to create or move, such as "production"')
    .option('--reason <text>', 'reason, kept in the history')
    .addOption(new Option('--if-current <version>', 'only if the alias points to this version')
      .conflicts(['ifAbsent', 'ifRevision']))
    .addOption(new Option('--if-absent', 'only if the alias does not exist').conflicts('ifRevision'))
    .option('--if-revision <revision>', 'only if the alias is at this revision (see "show --json" or "history --json")')
    .action(async (reference: string, alias: string, options: commands.PromoteArguments, command: Command) =>
      run(async (context) => commands.promote(context, reference, alias, options))(command));

  program.command('history')
    .description('show which versions an alias pointed to, newest first')
    .argument('<model>', 'model, or model@alias')
    .argument('[alias]', 'alias, unless given as model@alias')
    .action(async (model: string, alias: string | undefined, _options: object, command: Command) =>
      run(async (context) => commands.history(context, model, alias))(command));

  program.command('verify')
    .description('compare a folder byte for byte with the version that was pulled into it')
    .argument('<dir>', 'folder to verify')
    .option('--model <model@version|alias>', 'compare with this version in the store instead of the record of the pull')
    .action(async (folder: string, options: commands.VerifyArguments, command: Command) =>
      run(async (context) => commands.verify(context, folder, options))(command));

  program.command('login')
    .description('sign in with a browser, for a store that uses Cognito')
    .option('--issuer <url>', 'issuer of the tokens; needed only with --url')
    .option('--client-id <id>', 'app client to sign in with; needed only with --url')
    .option('--no-browser', 'print the sign-in URL instead of opening a browser')
    .addOption(new Option('--timeout <seconds>', 'how long to wait for the sign-in, from 1 to 3600')
      .argParser(seconds).default(300))
    .action(async (options: LoginArguments, command: Command) =>
      run(async (context) => later.signingIn().loginCommand(context, options))(command));

  program.command('logout')
    .description('delete and revoke the saved sign-in to a store')
    .action(async (_options: object, command: Command) =>
      run(async (context) => later.signingIn().logoutCommand(context))(command));

  const audit = program.command('audit')
    .description('query CloudTrail and S3 logs: who downloaded which model, from where, how many bytes');
  if (audited) {
    later.auditing().addAudit(audit, run);
  }

  program.command('completion')
    .description('print a shell completion script')
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

/** Runs the command in `argv` (without node and the script) and returns the exit code. */
export async function main(environment: Environment, argv: readonly string[]): Promise<number> {
  let code: number = EXIT.OK;
  try {
    const audited = argv.includes('audit') || argv[0] === 'complete';
    const program = createProgram(environment, (exitCode) => { code = exitCode; }, { audited });
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
