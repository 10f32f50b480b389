import type { Command } from 'commander';
import { answer, examples, type Run } from './context';
import { recorded } from './recorded';
import { visibleText } from '../../../src/contract/visible-text';
import { EXIT } from '../runtime/failure';
import { parseReference, requireNames } from '../store/reference';
import { unalias, type Unaliased } from '../store/unalias';

interface UnaliasArguments {
  readonly reason?: string;
  readonly ifCurrent?: string;
  readonly dryRun?: boolean;
}

export function addUnalias(program: Command, run: Run): void {
  program.command('unalias')
    .description('remove an alias, and keep its history')
    .argument('<model@alias>', 'alias to remove')
    .option('--reason <text>', 'reason for the removal, kept in the alias\'s history')
    .option('--if-current <version>', 'remove the alias only if it currently points to this version')
    .option('--dry-run', 'show what would be removed, but change nothing')
    .addHelpText('after', examples(
      'model-store unalias fraud@canary --reason "experiment ended"',
      'model-store unalias fraud@canary --if-current 1.4.0',
    ))
    .action(async (text: string, options: UnaliasArguments, command: Command) =>
      run(command, async (context) => {
        const alias = parseReference(text, 'alias');
        requireNames({ ...(options.ifCurrent !== undefined && { version: options.ifCurrent }) });
        const result = await unalias(await context.client(), { alias, ...options });
        answer(context, result, () => lines(result));
        return EXIT.OK;
      }));
}

function lines(result: Unaliased): string {
  const name = `${result.model}@${result.alias}`;
  return result.outcome === 'removed'
    ? `${visibleText(`${name} is removed (previously ${result.previousVersion})`)}\n${recorded(result)}`
    : `${visibleText(`dry run: ${name} would be removed. It points to ${result.version} since ${result.updatedAt}, by `
      + `${result.updatedBy}. Not checked: whether you are permitted to promote.`)}\n`;
}
