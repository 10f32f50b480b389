import type { Command } from 'commander';
import { answer, examples, type Run } from './context';
import { EXIT } from '../runtime/failure';
import { formatBytes, formatCount, formatTable } from '../runtime/format';
import { parseReference } from '../store/reference';
import { show, type Shown, totalBytes } from '../store/registry';

export function addShow(program: Command, run: Run): void {
  program.command('show')
    .description('show a version: its files, who published it and when')
    .argument('<model@version|alias>', 'version to show')
    .addHelpText('after', examples(
      'model-store show fraud@1.4.0',
      'model-store show fraud@production --json',
    ))
    .action(async (reference: string, _options: object, command: Command) =>
      run(command, async (context) => {
        const wanted = parseReference(reference, 'version or alias');
        const shown = await show(await context.client(), wanted);
        answer(context, shown, () => facts(shown));
        return EXIT.OK;
      }));
}

/** `show` and `diff` read manifests as the store gives them. */
export const WHO_CHECKS = '"pull" and "verify" check it';

/** Whether a version has a signature, without the claim that it is valid. */
export function signatureOf({ signature }: Pick<Shown, 'signature'>): string {
  return signature === undefined ? 'none' : `present, not checked here: ${WHO_CHECKS}`;
}

function facts(shown: Shown): string {
  const { manifest, manifestSha256, reference: { alias } } = shown;
  const rows: string[][] = [
    ['model', manifest.model],
    ['version', manifest.version],
    ...(alias ? [['alias', `${alias.alias} (since ${alias.updatedAt}, by ${alias.updatedBy})`]] : []),
    ...(alias?.reason === undefined ? [] : [['reason', alias.reason]]),
    ['created', manifest.createdAt],
    ['created by', manifest.createdBy],
    ...(manifest.base === undefined ? [] : [['base', manifest.base]]),
    ...Object.entries(manifest.metadata).map(([key, value]) => [key, value]),
    ['manifest', `sha256 ${manifestSha256}`],
    ['signature', signatureOf(shown)],
    ['files', `${formatCount(manifest.files.length, 'file')}, ${formatBytes(totalBytes(manifest))}`],
  ];
  const files = manifest.files.map(({ size, sha256, path }) => [`${size}`, sha256, path]);
  return `${formatTable(rows)}\n${formatTable(files, [0])}`;
}
