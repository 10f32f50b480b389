import type { Command } from 'commander';
import { questions, SHORT_NAMES } from '../audit/queries/queries';
import { REPORT_QUESTION } from '../audit/report/make-report';
import { type Candidate, complete, type Completion, DIRECTIVE, type Names } from '../completion/complete';
import { insertion, typedLine } from '../completion/shell-line';
import { COMMAND, scriptOf, type Shell, SHELLS } from '../completion/shells';
import { StoreNames } from '../completion/store-names';
import type { Environment } from '../runtime/environment';
import { EXIT, usageFailure } from '../runtime/failure';

export interface CompleteArguments {
  /** The command line up to the cursor, from bash. */
  readonly line?: string;
  /** The text before the cursor that bash replaces with the candidate. */
  readonly replaced?: string;
}

function questionNames(): Candidate[] {
  return [
    ...[...questions(), REPORT_QUESTION].map(({ name, asks }) => ({ value: name, description: asks })),
    ...Object.entries(SHORT_NAMES).map(([value, name]) => ({ value, description: `short for ${name}` })),
  ];
}

/** Prints completion candidates for a shell. Never prints an error: the user is typing. */
export async function completeCommand(
  environment: Environment, program: Command, words: readonly string[], { line, replaced }: CompleteArguments,
): Promise<number> {
  const typed = line === undefined
    ? { words: words.slice(0, -1), typed: words.at(-1) ?? '' } : typedLine(line, COMMAND);
  const namesOf = (given: ReadonlyMap<string, string>): Names => {
    const names = new StoreNames(environment, {
      store: given.get('store'),
      url: given.get('url'),
      region: given.get('region'),
      token: given.get('token'),
      tokenFile: given.get('token-file'),
    });
    return {
      models: async () => names.models(),
      versions: async (model) => names.versions(model),
      aliases: async (model) => names.aliases(model),
      questions: questionNames,
    };
  };
  const nothing: Completion = { typed: typed.typed, candidates: [], directive: DIRECTIVE.NO_FILES };
  const found = await complete(program, typed.words, typed.typed, namesOf).catch(() => nothing);
  const lines = found.candidates.map(({ value, description }) => {
    // The scripts of the other shells replace only the value, and add a `--option=` before it themselves.
    const told = insertion(value, found.typed, replaced ?? found.typed);
    return description ? `${told}\t${description.replace(/\s+/g, ' ')}` : told;
  });
  environment.stdout.write([...lines, `:${found.directive}`].map((each) => `${each}\n`).join(''));
  return EXIT.OK;
}

export async function completionCommand(environment: Environment, shell: string): Promise<number> {
  if (!SHELLS.includes(shell as Shell)) {
    throw usageFailure(`unsupported shell ${JSON.stringify(shell)}`, [
      { field: 'shell', message: `must be one of ${SHELLS.join(', ')}` },
    ]);
  }
  environment.stdout.write(await scriptOf(shell as Shell));
  return EXIT.OK;
}
