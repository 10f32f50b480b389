import type { Command } from 'commander';
import { answer, examples, type Run } from './context';
import { visibleText } from '../../../src/contract/visible-text';
import { EXIT } from '../runtime/failure';
import { formatTable } from '../runtime/format';
import { parseReference } from '../store/reference';
import { trustAlias, type Trusted, trustStore } from '../store/trust-store';

interface TrustCommandArguments {
  readonly key?: string;
  readonly alias?: string;
}

export function addTrust(program: Command, run: Run): void {
  program.command('trust')
    .description('accept where a store is and which keys it signs with, after checking them with its operators')
    .option('--key <file>', 'public key to accept, PEM, instead of the keys that the store publishes')
    .option('--alias <model@alias>', 'only accept that this alias points where it pointed before')
    .addHelpText('after', examples(
      'model-store trust --store models',
      'model-store trust --store models --key store-key.pem',
      'model-store trust --store models --alias fraud@production',
    ))
    .action(async ({ key, alias }: TrustCommandArguments, command: Command) => run(command, async (context) => {
      const { environment, options } = context;
      if (alias !== undefined) {
        const result = await trustAlias(environment, options, parseReference(alias, 'alias'));
        answer(context, result, () => (result.forgotten
          ? `the next position of ${alias} will be accepted, also an older one\n` : `${alias} was never seen\n`));
        return EXIT.OK;
      }
      const trusted = await trustStore(environment, options, key);
      answer(context, trusted, () => facts(trusted));
      return EXIT.OK;
    }));
}

function facts({ url, bucketName, region, keyFingerprints, changes }: Trusted): string {
  const rows = [
    ['url', url],
    ...(bucketName === undefined ? [] : [['bucket', bucketName]]),
    ...(region === undefined ? [] : [['region', region]]),
    ...(keyFingerprints.length === 0
      ? [['signing', 'the store does not sign versions']] : keyFingerprints.map((key) => ['signing key', key])),
  ];
  const changed = changes.map(({ field, message }) => `changed  ${visibleText(`${field}: ${message}`)}\n`).join('');
  return `${formatTable(rows)}${changed}remembered; any change will be refused\n`;
}
