import type { Command } from 'commander';
import { answer, examples, type Run } from './context';
import { isRemoved } from '../../../src/contract/alias';
import type { AliasHistoryEntry } from '../../../src/contract/wire';
import { EXIT } from '../runtime/failure';
import { formatTable } from '../runtime/format';
import { parseReference } from '../store/reference';
import { history } from '../store/registry';

export function addHistory(program: Command, run: Run): void {
  program.command('history')
    .description('show which versions an alias has pointed to, newest first')
    .argument('<model>', 'model, or model@alias')
    .argument('[alias]', 'alias; omit it if you gave model@alias')
    .addHelpText('after', examples(
      'model-store history fraud production',
      'model-store history fraud@production --json',
    ))
    .action(async (text: string, name: string | undefined, _options: object, command: Command) =>
      run(command, async (context) => {
        const { model, name: alias } = parseReference(name === undefined ? text : `${text}@${name}`, 'alias');
        const moves = await history(await context.client(), model, alias);
        answer(context, { model, alias, history: moves }, () =>
          table(moves, context.environment.stdout.isTTY ?? false));
        return EXIT.OK;
      }));
}

function table(moves: readonly AliasHistoryEntry[], header: boolean): string {
  return formatTable([
    ...(header ? [['WHEN', 'VERSION', 'BY', 'REASON']] : []),
    ...moves.map((entry) => [
      entry.updatedAt, isRemoved(entry) ? '(removed)' : entry.version, entry.updatedBy, entry.reason ?? '',
    ]),
  ]);
}
