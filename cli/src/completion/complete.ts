import type { Command } from 'commander';
import { type Position, positionOf, visibleOptions } from './position';
import { COLUMN_NAMES } from '../store/columns';

export interface Candidate {
  readonly value: string;
  readonly description?: string;
}

/** How the shell uses the candidates. The values are those of the scripts of @bomb.sh/tab. */
export const DIRECTIVE = { DEFAULT: 0, NO_SPACE: 2, NO_FILES: 4, FOLDERS: 16 } as const;

export interface Completion {
  /** The value at the cursor, without a `--option=` before it. Every candidate starts with it. */
  readonly typed: string;
  readonly candidates: readonly Candidate[];
  readonly directive: number;
}

/** Sources of names that are not part of the command line itself. */
export interface Names {
  models(): Promise<Candidate[]>;
  versions(model: string): Promise<Candidate[]>;
  aliases(model: string): Promise<Candidate[]>;
  queries(): Candidate[];
}

type Offer = Omit<Completion, 'typed'>;

const FILES: Offer = { candidates: [], directive: DIRECTIVE.DEFAULT };
const FOLDERS: Offer = { candidates: [], directive: DIRECTIVE.FOLDERS };
const NOTHING: Offer = { candidates: [], directive: DIRECTIVE.NO_FILES };

/** The candidates for the word at the cursor, `typed`, after the complete `words`. */
export async function complete(
  program: Command, words: readonly string[], typed: string, namesOf: (given: Position['given']) => Names,
): Promise<Completion> {
  const position = positionOf(program, words, typed);
  const found = position.wants === 'option' ? options(position) : await wordsAt(position, namesOf(position.given));
  const { typed: begun } = position;
  return { ...found, typed: begun, candidates: found.candidates.filter(({ value }) => value.startsWith(begun)) };
}

function options({ command, given }: Position): Offer {
  const again = (flags: string) => /can be repeated/.test(flags);
  const candidates = visibleOptions(command)
    .filter((option) => !given.has(option.name()) || again(option.description))
    .map(({ long, short, description }) => ({ value: (long ?? short)!, description }));
  return { candidates, directive: DIRECTIVE.NO_FILES };
}

async function wordsAt(position: Position, names: Names): Promise<Offer> {
  const { command, mayBeCommand, placeholder } = position;
  const isHelp = command.parent === null && position.before.join() === 'help';
  const below = mayBeCommand || isHelp
    ? command.createHelp().visibleCommands(command)
      .map((each) => ({ value: each.name(), description: each.description() })) : [];
  const { candidates, directive } = await valuesOf(placeholder, position, names);
  return { candidates: [...below, ...candidates], directive: below.length > 0 ? DIRECTIVE.NO_FILES : directive };
}

/** The candidates for a value, by its placeholder in the help. */
async function valuesOf(placeholder: string | undefined, position: Position, names: Names): Promise<Offer> {
  const listed = (candidates: readonly Candidate[]): Offer => ({ candidates, directive: DIRECTIVE.NO_FILES });
  if (position.choices !== undefined) {
    return listed(position.choices.map((value) => ({ value })));
  }
  // The arguments before a version or an alias name its model.
  const [model] = position.before.flatMap((word) => (/^[^@/\\]+@/.exec(word) ? [word.split('@')[0]] : []));
  switch (placeholder) {
    case 'dir': case 'source': case 'place': return FOLDERS;
    case 'file': case 'path': return FILES;
    case 'model': return listed(await names.models());
    case 'version': return listed(await names.versions(model ?? (takesModel(position) ? position.before[0] : '')));
    case 'alias': return listed(await names.aliases(model ?? position.before[0] ?? ''));
    case 'model@version': case 'model[@version]': return reference(position.typed, names, ['versions']);
    case 'model@version|alias': return reference(position.typed, names, ['aliases', 'versions']);
    case 'model@alias': return reference(position.typed, names, ['aliases']);
    case 'query': return listed(names.queries());
    case 'columns': return listed(columns(position.typed));
    default: return NOTHING;
  }
}

/** After the columns before the last comma, and the "-" of a descending one. */
function columns(typed: string): Candidate[] {
  const [before] = /^(?:[^,]*,)*-?/.exec(typed)!;
  return COLUMN_NAMES.map((name) => ({ value: `${before}${name}` }));
}

/** Whether the first argument of the command is a model, whose versions are the values of an option. */
function takesModel({ command, before }: Position): boolean {
  return before.length > 0 && command.registeredArguments[0]?.name() === 'model';
}

async function reference(typed: string, names: Names, kinds: readonly ('versions' | 'aliases')[]): Promise<Offer> {
  const at = typed.indexOf('@');
  if (at === -1) {
    // The version follows without a space.
    const models = (await names.models()).map(({ value }) => ({ value: `${value}@` }));
    return { candidates: models, directive: DIRECTIVE.NO_FILES + DIRECTIVE.NO_SPACE };
  }
  const model = typed.slice(0, at);
  const found = await Promise.all(kinds.map(async (kind) => names[kind](model)));
  const candidates = found.flat()
    .map(({ value, description }) => ({ value: `${model}@${value}`, description }));
  return { candidates, directive: DIRECTIVE.NO_FILES };
}
