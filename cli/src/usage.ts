import type { Command, CommanderError } from 'commander';
import type { Environment } from './environment';
import { EXIT, usageFailure } from './failure';
import { shortened } from './format';
import { tellFailure } from './terminal';

const OPTIONS_OF_PLACES = { store: '--store', url: '--url', region: '--region', tokenFile: '--token-file' } as const;

/** What is given and empty is a variable that nobody set: neither this folder is meant by it, nor the usual store. */
export function requireNothingEmpty(command: Command): void {
  const options: { readonly [name: string]: unknown } = command.optsWithGlobals();
  const empty = [
    ...command.registeredArguments.filter((argument, index) => !argument.variadic && command.args[index] === '').map((argument) => `<${argument.name()}>`),
    ...Object.entries(OPTIONS_OF_PLACES).filter(([name]) => options[name] === '').map(([, flag]) => flag),
  ];
  if (empty.length > 0) {
    throw usageFailure('something that is given is empty', empty.map((field) => ({ field, message: 'is empty' })), 'Is a variable not set?');
  }
}

/** The parser repeats what was given, however long. */
function withShortArguments(message: string, argv: readonly string[]): string {
  const texts = argv.flatMap((text) => [text, text.slice(text.indexOf('=') + 1)]);
  return texts.filter((text) => shortened(text) !== JSON.stringify(text))
    .reduce((all, text) => all.replace(`'${text}'`, () => shortened(text)), message);
}

/** What the parser of the command line refused, told as every other failure. */
export function tellUsageError(environment: Environment, error: CommanderError, argv: readonly string[]): number {
  if (error.exitCode === 0 || error.code === 'commander.help') {
    // Help and version were asked for, or are all that there is to say.
    return error.exitCode === 0 ? EXIT.OK : EXIT.USAGE;
  }
  const [message, ...others] = withShortArguments(error.message, argv).replace(/^error: /, '').split('\n');
  const hints = [
    ...others.map((line) => line.replace(/^\((.*)\)$/, '$1')),
    ...(error.code === 'commander.unknownOption' ? ['What begins with "-" and is no option stands behind "--"; a folder may be written as ./-name.'] : []),
    'See "model-store help" and "model-store help COMMAND".',
  ];
  return tellFailure(environment, usageFailure(message, [], hints.join('\n')), { json: argv.includes('--json') });
}
