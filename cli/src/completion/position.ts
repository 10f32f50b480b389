import type { Argument, Command, Option } from 'commander';

/** What the command line expects at the cursor. */
export interface Position {
  readonly command: Command;
  /** Arguments of the command before the cursor. */
  readonly before: readonly string[];
  /** Options before the cursor, by long name without the dashes. */
  readonly given: ReadonlyMap<string, string>;
  /** The text to complete. */
  readonly typed: string;
  readonly wants: 'option' | 'word';
  /** The placeholder of the expected value: `dir`, `model@version`, …; undefined if none is expected. */
  readonly placeholder?: string;
  /** The only values that are allowed, if they are known. */
  readonly choices?: readonly string[];
  /** Whether a subcommand may follow. */
  readonly mayBeCommand: boolean;
}

export function visibleOptions(command: Command): Option[] {
  const help = command.createHelp();
  return [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)]
    // --version exists on the top-level command only.
    .filter(({ long }) => long !== '--version' || command.parent === null);
}

/** `--store <name>` expects a `name`. */
function placeholderOf({ flags, required, optional }: Option): string | undefined {
  return required || optional ? /[<[](.+)[>\]]$/.exec(flags)?.[1] : undefined;
}

function valueOf(option: Option): Pick<Position, 'placeholder' | 'choices'> {
  return { placeholder: placeholderOf(option), choices: option.argChoices };
}

function find(command: Command, word: string): Option | undefined {
  for (let at: Command | null = command; at !== null; at = at.parent) {
    const option = at.options.find(({ long, short }) => word === long || word === short);
    if (option !== undefined) {
      return option;
    }
  }
  return undefined;
}

export function positionOf(program: Command, words: readonly string[], typed: string): Position {
  let command = program;
  const before: string[] = [];
  const given = new Map<string, string>();
  let awaiting: Option | undefined;
  let onlyArguments = false;
  for (const word of words) {
    if (awaiting !== undefined) {
      given.set(awaiting.name(), word);
      awaiting = undefined;
    } else if (!onlyArguments && word === '--') {
      onlyArguments = true;
    } else if (!onlyArguments && word.startsWith('-') && word !== '-') {
      const equals = word.indexOf('=');
      const option = find(command, equals === -1 ? word : word.slice(0, equals));
      if (option !== undefined && equals !== -1) {
        given.set(option.name(), word.slice(equals + 1));
      } else if (option !== undefined && placeholderOf(option) !== undefined) {
        awaiting = option;
      } else if (option !== undefined) {
        given.set(option.name(), '');
      }
    } else {
      const below = before.length === 0
        ? command.commands.find((each) => each.name() === word || each.aliases().includes(word)) : undefined;
      if (below === undefined) {
        before.push(word);
      } else {
        command = below;
      }
    }
  }
  const about = { command, before, given };
  if (awaiting !== undefined) {
    return { ...about, typed, wants: 'word', ...valueOf(awaiting), mayBeCommand: false };
  }
  if (!onlyArguments && typed.startsWith('-')) {
    const equals = typed.indexOf('=');
    const option = equals === -1 ? undefined : find(command, typed.slice(0, equals));
    if (option === undefined) {
      return { ...about, typed, wants: 'option', mayBeCommand: false };
    }
    return { ...about, typed: typed.slice(equals + 1), wants: 'word', ...valueOf(option), mayBeCommand: false };
  }
  const { registeredArguments } = command;
  const expected: Argument | undefined = registeredArguments[before.length]
    ?? registeredArguments.findLast(({ variadic }) => variadic);
  const mayBeCommand = before.length === 0 && !onlyArguments;
  const { argChoices: choices } = expected ?? {};
  return { ...about, typed, wants: 'word', placeholder: expected?.name(), choices, mayBeCommand };
}
