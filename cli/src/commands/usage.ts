import { type Command, CommanderError } from 'commander';
import { reportFailure } from './terminal';
import { didYouMean } from '../runtime/did-you-mean';
import type { Environment } from '../runtime/environment';
import { EXIT, usageFailure } from '../runtime/failure';
import { shortened } from '../runtime/format';

const OPTIONS_OF_PLACES = { store: '--store', url: '--url', region: '--region', tokenFile: '--token-file' } as const;

/** Rejects empty values: they usually come from an unset variable, not from a wish for the default. */
export function requireNothingEmpty(command: Command): void {
  const options: { readonly [name: string]: unknown } = command.optsWithGlobals();
  const empty = [
    ...command.registeredArguments
      .filter((argument, index) => !argument.variadic && command.args[index] === '')
      .map((argument) => `<${argument.name()}>`),
    ...Object.entries(OPTIONS_OF_PLACES).filter(([name]) => options[name] === '').map(([, flag]) => flag),
  ];
  if (empty.length > 0) {
    const details = empty.map((field) => ({ field, message: 'is empty' }));
    throw usageFailure('an argument or option is empty', details, 'Is an environment variable unset?');
  }
}

const GUIDES = 'https://github.com/secure-model-artifact-store/secure-model-artifact-store/blob/main/docs/guides';
const DELETING = 'There is no command to delete: versions are immutable, and the operators of the store configure '
  + `retention. "unalias" removes an alias. See ${GUIDES}/delete-and-retention.md`;

/** Command names of other tools, and the equivalent here. */
const INSTEAD: { readonly [command: string]: string } = {
  ...Object.fromEntries(
    ['delete', 'remove', 'rm', 'del', 'unpublish', 'purge', 'prune'].map((name) => [name, DELETING])),
  ...Object.fromEntries(['upload', 'publish', 'add', 'put'].map((name) => [name, 'Did you mean "push"?'])),
  ...Object.fromEntries(['download', 'get', 'fetch', 'clone'].map((name) => [name, 'Did you mean "pull"?'])),
  ...Object.fromEntries(['ls', 'search', 'models', 'versions'].map((name) => [name, 'Did you mean "list"?'])),
  ...Object.fromEntries(['info', 'describe', 'inspect'].map((name) => [name, 'Did you mean "show"?'])),
  ...Object.fromEntries(['compare', 'cmp'].map((name) => [name, 'Did you mean "diff"?'])),
  ...Object.fromEntries(['tree', 'lineage'].map((name) => [name, 'Did you mean "list MODEL --tree"?'])),
  ...Object.fromEntries(['tag', 'alias', 'deploy', 'move'].map((name) => [name, 'Did you mean "promote"?'])),
  ...Object.fromEntries(['revert', 'undo', 'roll-back'].map((name) => [name, 'Did you mean "rollback"?'])),
  ...Object.fromEntries(['untag', 'unlink'].map((name) => [name, 'Did you mean "unalias"?'])),
  ...Object.fromEntries(['log', 'logs'].map((name) => [name, 'Did you mean "history" or "audit"?'])),
  ...Object.fromEntries(['configure', 'signin'].map((name) => [
    name,
    'Sign in as for any AWS tool, for example with "aws sso login". '
      + 'If the store uses Cognito, run "model-store login".',
  ])),
};

/** Similar letters are not enough: "rm" resembles no command here, and "delete" does. */
export function insteadOf(name: string): string | undefined {
  return Object.hasOwn(INSTEAD, name) ? INSTEAD[name] : undefined;
}

/** Answers an unknown subcommand with the guidance for it, or else with the closest name. */
export function suggestCommands(
  command: Command, guidanceFor: (name: string, following: readonly string[]) => string | undefined,
): void {
  command.on('command:*', ([name, ...following]: string[]) => {
    const names = command.createHelp().visibleCommands(command).map((each) => each.name());
    const guidance = guidanceFor(name, following) ?? didYouMean(name, names);
    command.error(withLine(`error: unknown command '${name}'`, guidance), { code: 'commander.unknownCommand' });
  });
}

/** Answers an unknown option with the closest one, in this command and all below it. */
export function suggestOptions(command: Command): void {
  command.exitOverride((error) => {
    const typed = error.code === 'commander.unknownOption' ? /'(--[^']+)'/.exec(error.message)?.[1] : undefined;
    if (typed === undefined) {
      throw error;
    }
    const help = command.createHelp();
    const names = [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)]
      .map(({ long }) => long ?? '');
    throw new CommanderError(error.exitCode, error.code, withLine(error.message, didYouMean(typed, names)));
  });
  command.commands.forEach(suggestOptions);
}

function withLine(message: string, line: string | undefined): string {
  return line === undefined ? message : `${message}\n${line}`;
}

/** The parser repeats arguments in full, however long they are. */
function withShortArguments(message: string, argv: readonly string[]): string {
  const texts = argv.flatMap((text) => [text, text.slice(text.indexOf('=') + 1)]);
  return texts.filter((text) => shortened(text) !== JSON.stringify(text))
    .reduce((all, text) => all.replace(`'${text}'`, () => shortened(text)), message);
}

/** Reports an error of the command-line parser in the same format as every other failure. */
export function reportUsageError(environment: Environment, error: CommanderError, argv: readonly string[]): number {
  if (error.exitCode === 0 || error.code === 'commander.help') {
    // Help or the version was requested and is already printed.
    return error.exitCode === 0 ? EXIT.OK : EXIT.USAGE;
  }
  const [message, ...suggestions] = withShortArguments(error.message, argv).replace(/^error: /, '').split('\n');
  const hints = [
    ...suggestions,
    ...(error.code === 'commander.unknownOption'
      ? ['To use a name that begins with "-", put "--" before it or write ./-name.'] : []),
    'See "model-store help" or "model-store help COMMAND".',
  ];
  return reportFailure(environment, usageFailure(message, [], hints.join('\n')), { json: argv.includes('--json') });
}
