import type { Command } from 'commander';
import { clearAuditCache } from '../../audit/cache/cache-place';
import { EXIT } from '../../runtime/failure';
import { answer, examples, type Run } from '../context';

export function addAuditCache(audit: Command, run: Run): void {
  audit.command('cache')
    .description('manage the cache that "--cache" keeps on this machine')
    .addHelpText('after', examples('model-store audit cache clear'))
    .command('clear')
    .description('delete the cache')
    .addHelpText('after', examples('model-store audit cache clear'))
    .action(async (_options: object, command: Command) => run(command, async (context) => {
      const folder = await clearAuditCache(context.environment);
      answer(context, { cleared: folder }, () => `deleted ${folder}\n`);
      return EXIT.OK;
    }));
}
