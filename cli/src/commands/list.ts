import type { Command } from 'commander';
import { answer, examples, type Run } from './context';
import { EXIT } from '../runtime/failure';
import { formatTable } from '../runtime/format';
import { requireNames } from '../store/reference';
import { listModels, listVersions, type ModelListing } from '../store/registry';

export function addList(program: Command, run: Run): void {
  program.command('list')
    .description('list models, or the versions of a model')
    .argument('[model]', 'model whose versions to list, newest first')
    .addHelpText('after', examples(
      'model-store list',
      'model-store list fraud',
      'model-store list fraud --json',
    ))
    .action(async (model: string | undefined, _options: object, command: Command) =>
      run(command, async (context) => {
        if (model === undefined) {
          const models = await listModels(await context.client());
          answer(context, { models }, () => models.map((name) => `${name}\n`).join(''));
          return EXIT.OK;
        }
        requireNames({ model });
        const listing = await listVersions(await context.client(), model);
        answer(context, listing, () => table(listing, context.environment.stdout.isTTY ?? false));
        return EXIT.OK;
      }));
}

function table({ versions }: ModelListing, header: boolean): string {
  return formatTable([
    ...(header ? [['VERSION', 'PUBLISHED', 'ALIASES']] : []),
    ...versions.map(({ version, publishedAt, aliases }) => [version, publishedAt, aliases.join(' ')]),
  ]);
}
