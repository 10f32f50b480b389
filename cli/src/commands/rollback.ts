import type { Command } from 'commander';
import { answer, examples, type Run } from './context';
import { recorded } from './recorded';
import { visibleText } from '../../../src/contract/visible-text';
import { EXIT } from '../runtime/failure';
import { parseReference, requireNames } from '../store/reference';
import { rollBack, type RolledBack } from '../store/rollback';

interface RollbackArguments {
  readonly to?: string;
  readonly reason?: string;
  readonly dryRun?: boolean;
}

export function addRollback(program: Command, run: Run): void {
  program.command('rollback')
    .description('point an alias back at the version before, by its history')
    .argument('<model>', 'model, or model@alias')
    .argument('[alias]', 'alias; omit it if you gave model@alias')
    .option('--to <version>', 'an earlier version of the alias\'s history, instead of the one before')
    .option('--reason <text>', 'reason for the change, kept in the alias\'s history')
    .option('--dry-run', 'show where the alias would point, but change nothing')
    .addHelpText('after', examples(
      'model-store rollback fraud production --reason "timeouts"',
      'model-store rollback fraud@production --to 1.2.0',
      'model-store rollback fraud@production --dry-run',
    ))
    .action(async (text: string, name: string | undefined, options: RollbackArguments, command: Command) =>
      run(command, async (context) => {
        const alias = parseReference(name === undefined ? text : `${text}@${name}`, 'alias');
        requireNames({ ...(options.to !== undefined && { version: options.to }) });
        const result = await rollBack(await context.client(), { alias, ...options });
        answer(context, result, () => lines(result));
        return EXIT.OK;
      }));
}

function lines(result: RolledBack): string {
  const { model, alias, outcome, version, previousVersion, promoted, move, undone, others } = result;
  const name = `${model}@${alias}`;
  const text = outcome === 'unchanged' ? `${name} already points to ${version}. Nothing changed.`
    : outcome === 'dry-run' ? `dry run: ${name} would be rolled back from ${previousVersion} to ${version}. `
      + 'Not checked: whether you are permitted to promote.'
      : `${name} is rolled back from ${previousVersion} to ${version}`;
  const why = promoted.reason === undefined ? '' : `: ${promoted.reason}`;
  const further = others.length === 0 ? '' : ` To go back further, use --to: ${others.join(', ')}.`;
  return [
    text,
    `${version} was first promoted at ${promoted.updatedAt} by ${promoted.updatedBy}${why}`,
    ...(undone === undefined ? [] : [
      `${previousVersion} was itself a move back from ${version}, at ${undone.updatedAt} by ${undone.updatedBy}, so `
      + `this returns to ${version}.${further}`,
    ]),
  ].map((line) => `${visibleText(line)}\n`).join('') + (move === undefined ? '' : recorded(move));
}
