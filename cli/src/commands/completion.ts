import { Argument, type Command } from 'commander';
import { examples, oneOf, type Run } from './context';
import { namedQueries } from '../audit/queries/queries';
import { complete, type Completion, DIRECTIVE, type Names } from '../completion/complete';
import { insertion, typedLine } from '../completion/shell-line';
import { COMMAND, scriptOf, type Shell, SHELLS } from '../completion/shells';
import { StoreNames } from '../completion/store-names';
import type { Environment } from '../runtime/environment';
import { EXIT } from '../runtime/failure';

interface CompleteArguments {
  /** The command line up to the cursor, from bash. */
  readonly line?: string;
  /** The text before the cursor that bash replaces with the candidate. */
  readonly replaced?: string;
}

/** Adds `completion`, which prints a script, and the hidden `complete`, which the script runs. */
export function addCompletion(program: Command, run: Run): void {
  program.command('completion')
    .description('print a shell completion script')
    .addArgument(new Argument('<shell>', 'the shell that you use').choices(SHELLS).argParser(oneOf(SHELLS)))
    .addHelpText('after', examples(
      'echo \'eval "$(model-store completion bash)"\' >> ~/.bashrc',
      'model-store completion bash > ~/.local/share/bash-completion/completions/model-store',
      'model-store completion zsh > ~/.zsh/completions/_model-store',
      'model-store completion fish > ~/.config/fish/completions/model-store.fish',
      'model-store completion powershell >> $PROFILE',
    ))
    .action(async (shell: Shell, _options: object, command: Command) => run(command, async ({ environment }) => {
      environment.stdout.write(await scriptOf(shell));
      return EXIT.OK;
    }));

  program.command('complete', { hidden: true })
    .argument('[words...]')
    .option('--line <text>')
    .option('--replaced <text>')
    .action(async (words: string[], options: CompleteArguments, command: Command) =>
      run(command, async ({ environment }) => printCandidates(environment, program, words, options)));
}

/** Prints completion candidates for a shell. Never prints an error: the user is typing. */
async function printCandidates(
  environment: Environment, program: Command, words: readonly string[], { line, replaced }: CompleteArguments,
): Promise<number> {
  const typed = line === undefined
    ? { words: words.slice(0, -1), typed: words.at(-1) ?? '' } : typedLine(line, COMMAND);
  const nothing: Completion = { typed: typed.typed, candidates: [], directive: DIRECTIVE.NO_FILES };
  const found = await complete(program, typed.words, typed.typed, namesIn(environment)).catch(() => nothing);
  const lines = found.candidates.map(({ value, description }) => {
    // The scripts of the other shells replace only the value, and add a `--option=` before it themselves.
    const inserted = insertion(value, found.typed, replaced ?? found.typed);
    return description ? `${inserted}\t${description.replace(/\s+/g, ' ')}` : inserted;
  });
  environment.stdout.write([...lines, `:${found.directive}`].map((each) => `${each}\n`).join(''));
  // The user is typing.
  environment.exitAtOnce?.();
  return EXIT.OK;
}

/** The names that can be completed, given the options on the line. */
function namesIn(environment: Environment): (given: ReadonlyMap<string, string>) => Names {
  return (given) => {
    const store = new StoreNames(environment, {
      store: given.get('store'),
      url: given.get('url'),
      region: given.get('region'),
      token: given.get('token'),
      tokenFile: given.get('token-file'),
    });
    return {
      models: async () => store.models(),
      versions: async (model) => store.versions(model),
      aliases: async (model) => store.aliases(model),
      queries: () => namedQueries().map(({ name, title: asks }) => ({ value: name, description: asks })),
    };
  };
}
