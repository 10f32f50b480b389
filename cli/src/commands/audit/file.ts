import type { Command } from 'commander';
import { addDossierOptions, type DossierOptions, printDossier } from './dossier';
import { didYouMean } from '../../runtime/did-you-mean';
import { EXIT, Failure } from '../../runtime/failure';
import { shortened } from '../../runtime/format';
import { parseReference, requireNames } from '../../store/reference';
import { show } from '../../store/registry';
import type { CommandContext, Run } from '../context';

/** With the number of parts behind it if the file was uploaded in parts. */
const DIGEST = /^[0-9a-f]{64}(?:-[1-9][0-9]{0,4})?$/;

export function addAuditFile(audit: Command, run: Run): void {
  const file = audit.command('file')
    .description('list everything that was done with one file of a version, in chronological order')
    .argument('<model@version|alias>', 'version that contains the file')
    .argument('<path|digest>', 'path of the file in the version, or its digest in the key of the object');
  addDossierOptions(
    file,
    'model-store audit file fraud@1.4.0 weights/model.safetensors --store models',
    `model-store audit file fraud@1.4.0 ${'0123456789abcdef'.repeat(4)} --logs ./trail`,
  ).addHelpText('after', `
A path is looked up in the version's manifest, which needs the store (--store). Logs contain only digests.`)
    .action(async (reference: string, path: string, options: DossierOptions, command: Command) =>
      run(command, async (context) => {
        const { model, version, digest } = await fileOf(context, reference, path);
        return printDossier(context, options, {
          text: `${path} of ${model}@${version}`,
          asked: { custody_model: model, custody_version: version, activity_digest: digest },
          of: { model, version, file: path, digest },
        });
      }));
}

async function fileOf(
  context: CommandContext, text: string, path: string,
): Promise<{ readonly model: string; readonly version: string; readonly digest: string }> {
  const { model, name } = parseReference(text, 'version or alias');
  requireNames({ model, version: name });
  if (DIGEST.test(path)) {
    return { model, version: name, digest: path };
  }
  const { manifest } = await show(await context.client(), { model, name });
  const entry = manifest.files.find((file) => file.path === path);
  if (entry === undefined) {
    throw new Failure(`"${model}@${manifest.version}" has no file ${shortened(path)}`, {
      code: 'unknown_file',
      exitCode: EXIT.NOT_FOUND,
      hint: didYouMean(path, manifest.files.map((file) => file.path))
        ?? `Run "model-store show ${model}@${manifest.version}" to list its files.`,
    });
  }
  return { model, version: manifest.version, digest: entry.digest };
}
