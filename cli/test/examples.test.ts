import { type Command, CommanderError } from 'commander';
import { splitLine } from '../src/completion/shell-line';
import { parseRenames } from '../src/import/names';
import { createProgram } from '../src/program';
import type { Environment } from '../src/runtime/environment';
import { parseMetadata } from '../src/store/metadata';


interface Made {
  readonly program: Command;
  readonly output: () => string;
}

/** The whole command line, with commands that do nothing. */
function make(): Made {
  let output = '';
  const stream = { write: (text: string) => { output += text; } };
  const program = createProgram({ stdout: stream, stderr: stream } as unknown as Environment, () => {});
  const disarm = (command: Command) => {
    command.action(() => {
      const { metadata, rename } = command.opts<{ metadata?: string[]; rename?: string[] }>();
      parseMetadata(metadata);
      parseRenames(rename);
    });
    command.commands.forEach(disarm);
  };
  program.commands.forEach(disarm);
  return { program, output: () => output };
}

function everyCommand(command: Command, words: readonly string[] = []): string[][] {
  const below = command.createHelp().visibleCommands(command).filter((each) => each.name() !== 'help');
  return [[...words], ...below.flatMap((each) => everyCommand(each, [...words, each.name()]))];
}

const commands = everyCommand(make().program);
const shown = (words: readonly string[]) => `model-store ${words.join(' ')}`.trim();

function helpOf(words: readonly string[]): string {
  const { program, output } = make();
  try {
    program.parse([...words, '--help'], { from: 'user' });
  } catch (error) {
    expect(error).toBeInstanceOf(CommanderError);
  }
  return output();
}

/** The arguments of each "$ model-store" line in a help text, up to a pipe or a redirection. */
function examplesIn(help: string): string[][] {
  return [...help.matchAll(/^ {2}\$ (.+)$/gm)].map(([, line]) => splitLine(line).words).filter(([name]) => name === 'model-store').map((words) => {
    const end = words.findIndex((word) => ['|', '>', '>>', '&&'].includes(word));
    return words.slice(1, end === -1 ? undefined : end);
  });
}

/** The error for these arguments; undefined if they are valid. */
function refusal(words: readonly string[]): string | undefined {
  const { program, output } = make();
  try {
    program.parse([...words], { from: 'user' });
    return undefined;
  } catch (error) {
    return error instanceof CommanderError && error.exitCode === 0 ? undefined : output() || String(error);
  }
}

test('every command is covered', () => {
  expect(commands.map(shown)).toEqual(expect.arrayContaining(['model-store', 'model-store import', 'model-store completion', 'model-store audit verify-trail']));
});

describe.each(commands.map((words) => ({ command: shown(words), words })))('the help text of $command', ({ words }) => {
  const examples = examplesIn(helpOf(words));

  test('has examples', () => {
    expect(examples.length).toBeGreaterThan(0);
  });

  test('has only valid examples of that command', () => {
    expect(examples.filter((example) => words.length > 0 && words.some((word, at) => example[at] !== word))).toEqual([]);
    expect(examples.flatMap((example) => refusal(example) ?? [])).toEqual([]);
  });
});

test('an invalid example would be detected', () => {
  expect(refusal(['push', './fraud'])).toContain("missing required argument 'model@version'");
  expect(refusal(['import', './models', '--renam', 'a=b'])).toContain("unknown option '--renam'");
  expect(refusal(['import', './models', '--rename', 'a'])).toContain('invalid renames');
  expect(refusal(['push', './fraud', 'fraud@1', '--metadata', 'a'])).toContain('invalid metadata');
});

test('model references in examples are valid names', () => {
  const references = commands.flatMap((words) => examplesIn(helpOf(words))).flat().filter((word) => /^[a-z][a-z0-9-]*@[^=]+$/.test(word));
  expect(references.length).toBeGreaterThan(10);
  expect(references.filter((word) => !/^[a-z0-9][a-z0-9._-]*@[a-z0-9][a-z0-9._-]*$/.test(word))).toEqual([]);
});

describe('help', () => {
  test.each(
    commands.map((words) => [shown(words), words] as const),
  )('of %s describes every argument and option exactly once', (_, words) => {
    const help = helpOf(words);
    expect(help).not.toMatch(/\(default: (\{\}|\[\]|""|undefined)\)/);
    expect(help.match(/^ +-h, --help/gm)).toHaveLength(1);
    const { program } = make();
    const command = words.reduce<Command>((at, name) => at.commands.find((each) => each.name() === name)!, program);
    const helper = command.createHelp();
    const undescribed = [
      ...command.registeredArguments.filter(({ description }) => !description).map((argument) => argument.name()),
      ...helper.visibleOptions(command).filter(({ description }) => !description).map(({ flags }) => flags),
      ...helper.visibleCommands(command).filter((each) => !each.description()).map((each) => each.name()),
    ];
    expect(undescribed).toEqual([]);
    const named = [...help.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, flag]) => flag);
    expect(named).toEqual([...new Set(named)]);
  });
});
