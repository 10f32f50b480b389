import { type Command, InvalidArgumentError, Option } from 'commander';
import { answer, concurrencyOption, examples, type Run } from './context';
import { allowUnsignedOption, keyOption, type TrustArguments } from './trust-options';
import { SHA256_HEX_PATTERN } from '../../../src/contract/digest';
import { visibleText } from '../../../src/contract/visible-text';
import { signatureSummary } from '../folder/signature';
import { EXIT } from '../runtime/failure';
import { formatBytes, formatCount } from '../runtime/format';
import { expandHome } from '../runtime/home';
import { parseReference } from '../store/reference';
import { signatureTrust } from '../store/signature-trust';
import { pull, type PullResult } from '../transfer/pull';

interface PullArguments extends TrustArguments {
  readonly manifestSha256?: string;
  readonly force?: boolean;
  readonly exact?: boolean;
  readonly allowUnsafeNames?: boolean;
  readonly concurrency: number;
}

export function addPull(program: Command, run: Run): void {
  program.command('pull')
    .description('download a version into a folder')
    .argument('<model@version|alias>', 'version to pull, such as fraud@1.4.0 or fraud@production')
    .argument('[dir]', 'folder to write to, created if needed (default: the name of the model)')
    .option('--force',
      'overwrite local files that differ; with --exact, remove files even if they were changed since they '
      + 'were pulled')
    .option('--exact', 'remove files from earlier pulls that are not in this version')
    .option('--allow-unsafe-names', 'accept names that can run code in some tools, or that Windows cannot store')
    .addOption(keyOption())
    .addOption(allowUnsignedOption())
    .addOption(new Option('--manifest-sha256 <hex>', 'accept only the version whose manifest has this SHA-256')
      .argParser(sha256))
    .addOption(concurrencyOption())
    .addHelpText('after', examples(
      'model-store pull fraud@1.4.0 ./fraud',
      'model-store pull fraud@production',
      'model-store pull fraud@production ./fraud --exact',
      'model-store pull fraud@production ./fraud --json',
      'model-store pull fraud@production ./fraud --key store-key.pem',
    ))
    .action(async (text: string, dir: string | undefined, options: PullArguments, command: Command) =>
      run(command, async (context) => {
        const reference = parseReference(text, 'version or alias');
        const client = await context.client();
        const result = await pull({ ...context, client }, {
          reference,
          trust: await signatureTrust({ ...context, client }, options),
          manifestSha256: options.manifestSha256,
          // Like "git clone", which names a folder after its repository.
          folder: dir === undefined ? reference.model : expandHome(dir, context.environment),
          force: options.force ?? false,
          exact: options.exact ?? false,
          allowUnsafeNames: options.allowUnsafeNames ?? false,
          concurrency: options.concurrency,
        });
        answer(context, result, () => `${visibleText(summary(result))}\n`);
        return EXIT.OK;
      }));
}

function sha256(text: string): string {
  const digits = text.toLowerCase();
  if (!new RegExp(SHA256_HEX_PATTERN).test(digits)) {
    throw new InvalidArgumentError('Must be 64 hexadecimal digits.');
  }
  return digits;
}

function summary(result: PullResult): string {
  const alias = result.reference === result.version ? '' : ` (${result.reference})`;
  const kept = result.keptFiles === 0
    ? '' : `; ${result.receivedFiles === 0 ? 'all' : formatCount(result.keptFiles, 'file')} already present`;
  const { length: removals } = result.removed;
  const removed = removals === 0 ? '' : `; removed ${formatCount(removals, 'file')} from earlier pulls`;
  return `pulled ${result.model}@${result.version}${alias} into ${result.folder}: `
    + `${formatCount(result.files, 'file')}, ${formatBytes(result.bytes)}, checksums verified, `
    + `${signatureSummary(result.signature)}${kept}${removed}${otherFiles(result.otherFiles)}`;
}

function otherFiles({ count, fromEarlierPulls, more }: PullResult['otherFiles']): string {
  if (count === 0) {
    return more ? '; some subfolders could not be read' : '';
  }
  const known = Object.entries(fromEarlierPulls);
  const from = known.length === 1 && known[0][1] === count ? ` (from ${known[0][0]})`
    : known.length === 0 ? ''
      : ` (${known.map(([version, files]) => `${formatCount(files, 'file')} from ${version}`).join(', ')})`;
  return `; ${more ? 'more than ' : ''}${formatCount(count, 'other file')} in this folder${from}`;
}
