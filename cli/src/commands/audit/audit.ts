import type { Command } from 'commander';
import { addAuditAddress } from './address';
import { addAuditCache } from './cache';
import { addAuditFile } from './file';
import { addAuditList } from './list';
import { addAuditPerson } from './person';
import { addAuditQuery } from './query';
import { addAuditReport } from './report';
import { addVerifyTrail } from './verify-trail';
import { namedQueries } from '../../audit/queries/queries';
import { didYouMean } from '../../runtime/did-you-mean';
import { examples, type Run } from '../context';
import { suggestCommands } from '../usage';

export function addAudit(program: Command, run: Run): void {
  const audit = program.command('audit')
    .description('query CloudTrail and S3 logs: who downloaded which model, from where, and how many bytes')
    .addHelpText('after', examples(
      'model-store audit list',
      'model-store audit query egress-by-principal --store models',
      'model-store audit report --store models --html report.html',
      'model-store audit person ada --store models',
      'model-store audit verify-trail --store models',
    ));
  addAuditQuery(audit, run);
  addAuditList(audit, run);
  addAuditReport(audit, run);
  addAuditPerson(audit, run);
  addAuditAddress(audit, run);
  addAuditFile(audit, run);
  addVerifyTrail(audit, run);
  addAuditCache(audit, run);
  suggestCommands(audit, queryGuidance);
}

/** The name of a query in place of a command, such as `audit custody` or `audit run custody`. */
function queryGuidance(name: string, [following]: readonly string[]): string | undefined {
  const names = namedQueries().map((question) => question.name);
  return name === 'run' && following !== undefined
    ? didYouMean(following, names, (query) => `model-store audit query ${query} --on athena`)
    : didYouMean(name, names, (query) => `model-store audit query ${query}`);
}
