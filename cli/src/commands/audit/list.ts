import type { Command } from 'commander';
import { namedQueries } from '../../audit/queries/queries';
import { EXIT } from '../../runtime/failure';
import { formatTable } from '../../runtime/format';
import { answer, examples, type Run } from '../context';

export function addAuditList(audit: Command, run: Run): void {
  audit.command('list')
    .description('list the queries and what each one finds')
    .addHelpText('after', examples(
      'model-store audit list',
      'model-store audit list --json',
    ))
    .action(async (_options: object, command: Command) => run(command, async (context) => {
      const queries = namedQueries().map(({ name, title }) => ({ name, title }));
      answer(context, { queries }, () => formatTable(queries.map(({ name, title }) => [name, title])));
      return EXIT.OK;
    }));
}
