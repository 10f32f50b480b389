import { Command, CommanderError } from 'commander';
import { addAudit } from './commands/audit/audit';
import { addCompletion } from './commands/completion';
import { examples, runIn } from './commands/context';
import { addDiff } from './commands/diff';
import { addHistory } from './commands/history';
import { addImport } from './commands/import';
import { addList } from './commands/list';
import { addLogin } from './commands/login';
import { addLogout } from './commands/logout';
import { addPromote } from './commands/promote';
import { addPull } from './commands/pull';
import { addPush } from './commands/push';
import { addRollback } from './commands/rollback';
import { addShow } from './commands/show';
import { reportFailure } from './commands/terminal';
import { addTrust } from './commands/trust';
import { addUnalias } from './commands/unalias';
import { insteadOf, reportUsageError, suggestCommands, suggestOptions } from './commands/usage';
import { addVerify } from './commands/verify';
import type { Environment } from './runtime/environment';
import { EXIT } from './runtime/failure';
import { SafeOutput } from './runtime/safe-output';
import { versionText } from './runtime/version';

const COMMANDS = [
  addPush, addPull, addImport, addList, addShow, addDiff, addPromote, addRollback, addUnalias, addHistory, addVerify,
  addTrust, addLogin, addLogout, addAudit, addCompletion,
];

const EXIT_CODES = `
Exit codes: 0 success · 1 failure · 2 invalid usage, name or path · 3 not found
4 conflict (version exists, alias moved, destination differs) · 5 content does not match · 6 not permitted
7 store or network unavailable · 8 store or certificate not trusted · 9 differences (diff) or findings (audit)
130 interrupted · 143 terminated
`;

/** Defines the command line. `ended` is called with the exit code of the command that ran. */
export function createProgram(environment: Environment, ended: (exitCode: number) => void): Command {
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
    .showSuggestionAfterError(false)
    .addHelpText('after', EXIT_CODES + examples(
      'model-store push ./silero-vad silero-vad@1.0.0 --store models',
      'model-store promote silero-vad@1.0.0 production --reason "first release" --store models',
      'model-store pull silero-vad@production ./vad --store models',
      'model-store help pull',
    ));
  program.on('option:token', () => environment.hideArguments?.());
  const run = runIn(environment, ended);
  COMMANDS.forEach((add) => add(program, run));
  suggestCommands(program, insteadOf);
  suggestOptions(program);
  return program;
}

/** Runs the command in `argv` (without node and the script) and returns the exit code. */
export async function main(given: Environment, argv: readonly string[]): Promise<number> {
  const environment = { ...given, stdout: new SafeOutput(given.stdout), stderr: new SafeOutput(given.stderr) };
  let code: number = EXIT.OK;
  try {
    const program = createProgram(environment, (exitCode) => { code = exitCode; });
    if (argv.length === 0) {
      program.outputHelp({ error: true });
      return EXIT.USAGE;
    }
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    code = error instanceof CommanderError ? reportUsageError(environment, error, argv)
      : reportFailure(environment, error, { json: argv.includes('--json') });
  }
  return code;
}
