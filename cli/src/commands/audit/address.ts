import type { Command } from 'commander';
import { addDossierOptions, type DossierOptions, printDossier } from './dossier';
import { networkOf } from '../../audit/database/networks';
import { usageFailure } from '../../runtime/failure';
import { shortened } from '../../runtime/format';
import type { Run } from '../context';

export function addAuditAddress(audit: Command, run: Run): void {
  const address = audit.command('address')
    .description('list everything that was done from an address or a network, in chronological order')
    .argument('<address>', 'IPv4 or IPv6 address, or a network in CIDR notation');
  addDossierOptions(
    address,
    'model-store audit address 203.0.113.7 --store models',
    'model-store audit address 2001:db8::/32 --logs ./trail --json',
  ).action(async (text: string, options: DossierOptions, command: Command) => run(command, async (context) => {
    const network = networkOf(text);
    if (network === undefined) {
      throw usageFailure(`${shortened(text)} is not an address or network`, [],
        'Enter an address such as 203.0.113.7 or 2001:db8::1, or a network such as 203.0.113.0/24.');
    }
    const asked = { activity_first_address: network.first_key, activity_last_address: network.last_key };
    return printDossier(context, options, { text, asked, of: { address: text } });
  }));
}
