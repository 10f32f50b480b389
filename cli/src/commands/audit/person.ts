import type { Command } from 'commander';
import { addDossierOptions, type DossierOptions, printDossier } from './dossier';
import type { Run } from '../context';

export function addAuditPerson(audit: Command, run: Run): void {
  const person = audit.command('person')
    .description('list everything that a person or another principal did, in chronological order')
    .argument('<name>', 'principal, or the name of its session: "ada" also matches "DataScientist=ada" and'
      + ' "DataScientist=ada@example.com"');
  addDossierOptions(
    person,
    'model-store audit person ada --store models --from 2026-11-01 --to 2026-11-30',
    'model-store audit person DataScientist=ada --logs ./trail --csv > ada.csv',
  ).action(async (name: string, options: DossierOptions, command: Command) => run(command, async (context) =>
    printDossier(context, options, { text: name, asked: { activity_principal: name }, of: { person: name } })));
}
