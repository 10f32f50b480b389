import type { Command } from 'commander';
import { clearAuditCache } from '../../audit/cache/cache-place';
import { EXIT } from '../../runtime/failure';
import { answer, examples, type Run } from '../context';

export function addAuditCache(audit: Command, run: Run): void {
  audit.command('cache')
    .description('manage what "--cache" keeps of the logs on this machine')
    .addHelpText('after', examples('model-store audit cache clear'))
    .command('clear')
    .description('delete it')
    .addHelpText('after', examples('model-store audit cache clear'))
    .action(async (_options: object, command: Command) => run(command, async (context) => {
      const folder = await clearAuditCache(context.environment);
      answer(context, { cleared: folder }, () => `deleted ${folder}\n`);
      return EXIT.OK;
    }));
}
