import { type Command, CommanderError } from 'commander';
import { namedQueries } from '../../../cli/src/audit/queries/queries';
import { createProgram } from '../../../cli/src/program';
import type { Environment } from '../../../cli/src/runtime/environment';

const nothing = { write: () => true };

/** The error for these arguments; undefined if they are valid. Nothing is run. */
export function refusalOf(words: readonly string[]): string | undefined {
  if (words[0] === 'help') return undefined;
  const question = words[0] === 'audit' && words[1] === 'query' ? unknownQuestion(words.slice(2)) : undefined;
  if (question !== undefined) return `there is no query "${question}"`;
  let errorText = '';
  const output = { write: (text: string) => { errorText += text; } };
  const program = createProgram({ stdout: nothing, stderr: output, variables: {} } as unknown as Environment, () => {});
  disarm(program);
  try {
    program.parse([...words], { from: 'user' });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.help') return 'missing required argument \'command\'';
    // Help and version end like this too.
    return error.exitCode === 0 ? undefined : errorText.trim() || error.message;
  }
}

/** Replaces the actions of all commands, so that they do nothing. */
function disarm(command: Command): void {
  // A command that only groups others has no action, and says so itself.
  if (command.commands.length === 0) command.action(() => {});
  command.commands.forEach(disarm);
}

function unknownQuestion([word]: readonly string[]): string | undefined {
  // In capitals, or missing: a placeholder.
  if (word === undefined || word.startsWith('-') || word === word.toUpperCase()) return undefined;
  return namedQueries().some(({ name }) => name === word) ? undefined : word;
}
