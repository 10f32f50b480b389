import { type Command, Option } from 'commander';
import { answer, examples, type Run } from './context';
import { recorded } from './recorded';
import { visibleText } from '../../../src/contract/visible-text';
import { EXIT } from '../runtime/failure';
import { planPromotion, type PromotionPlan } from '../store/promotion-plan';
import { parseReference, requireNames } from '../store/reference';
import { promote, type Promoted } from '../store/registry';

interface PromoteArguments {
  readonly reason?: string;
  readonly ifCurrent?: string;
  readonly ifAbsent?: boolean;
  readonly ifRevision?: string;
  readonly dryRun?: boolean;
}

export function addPromote(program: Command, run: Run): void {
  program.command('promote')
    .description('point an alias at a version')
    .argument('<model@version|alias>', 'version to promote, or an alias that points to it')
    .argument('<alias>', 'alias to create or move, such as "production"')
    .option('--reason <text>', 'reason for the change, kept in the alias\'s history')
    .addOption(new Option('--if-current <version>', 'promote only if the alias currently points to this version')
      .conflicts(['ifAbsent', 'ifRevision']))
    .addOption(new Option('--if-absent', 'promote only if the alias does not exist yet').conflicts('ifRevision'))
    .option('--if-revision <revision>',
      'promote only if the alias is at this revision (see "show --json" or "history --json")')
    .option('--dry-run', 'check everything and show what would change, but change nothing')
    .addHelpText('after', examples(
      'model-store promote fraud@1.4.0 production --reason "passed the backtest"',
      'model-store promote fraud@1.4.0 production --if-current 1.3.0',
      'model-store promote fraud@1.4.0 staging --if-absent',
      'model-store promote fraud@staging production --reason "passed in staging"',
      'model-store promote fraud@staging production --if-current 1.3.0 --dry-run',
    ))
    .action(async (text: string, alias: string, options: PromoteArguments, command: Command) =>
      run(command, async (context) => {
        const reference = parseReference(text, 'version or alias');
        requireNames({ alias, ...(options.ifCurrent !== undefined && { version: options.ifCurrent }) });
        const client = await context.client();
        if (options.dryRun) {
          const plan = await planPromotion(client, { reference, alias, ...options });
          answer(context, plan, () => `${visibleText(planned(plan))}\n`);
          return EXIT.OK;
        }
        const moved = await promote(client, { reference, alias, ...options });
        const record = moved.outcome === 'moved' ? recorded(moved) : '';
        answer(context, moved, () => `${visibleText(summary(moved))}\n${record}`);
        return EXIT.OK;
      }));
}

function planned({ model, alias, version, would, previousVersion, from }: PromotionPlan): string {
  const source = from === undefined ? version : `${version}, the version that ${from} points to`;
  const change = would === 'create' ? `would be created and point to ${source}`
    : would === 'move' ? `would move from ${previousVersion} to ${source}`
      : `already points to ${source}, so nothing would change`;
  return `dry run: ${model}@${alias} ${change}. Not checked: whether you are permitted to promote.`;
}

function summary(moved: Promoted): string {
  if (moved.outcome === 'unchanged') {
    const reason = moved.reason === undefined ? '' : `; its reason is still ${JSON.stringify(moved.reason)}`;
    return `${moved.model}@${moved.alias} already points to ${moved.version} (since ${moved.updatedAt}). `
      + `Nothing changed${reason}.`;
  }
  const before = moved.previousVersion === undefined ? '' : ` (previously ${moved.previousVersion})`;
  const from = moved.from === undefined ? '' : `, the version that ${moved.from} points to`;
  return `${moved.model}@${moved.alias} is now ${moved.version}${from}${before}`;
}
