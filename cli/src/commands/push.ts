import type { Command } from 'commander';
import { answer, collected, concurrencyOption, examples, type Run } from './context';
import { requirePatterns } from '../folder/ignore-rules';
import { EXIT } from '../runtime/failure';
import { formatBytes, formatCount, formatTable } from '../runtime/format';
import { expandHome } from '../runtime/home';
import { parseMetadata } from '../store/metadata';
import { parseReference, requireNames } from '../store/reference';
import { push, type PushResult } from '../transfer/push';

interface PushArguments {
  readonly metadata?: readonly string[];
  readonly keepMetadata?: boolean;
  readonly base?: string;
  readonly dryRun?: boolean;
  readonly followLinks?: boolean;
  readonly allowUnsafeNames?: boolean;
  readonly exclude?: readonly string[];
  readonly allowSecret?: readonly string[];
  readonly concurrency: number;
}

export function addPush(program: Command, run: Run): void {
  program.command('push')
    .description('publish a folder or a single file as a version')
    .argument('<path>', 'folder of the model, or a single file')
    .argument('<model@version>', 'version to publish, such as fraud@1.4.0')
    .option('-m, --metadata <key=value>', 'metadata to set on the version; can be repeated', collected)
    .option('--keep-metadata',
      'succeed if the version already exists with the same files, even if its metadata or base version '
      + 'differs')
    .option('--base <version>', 'version that this one was derived from')
    .option('--dry-run', 'read and check the files, but send nothing')
    .option('--exclude <pattern>',
      'files to leave out, as in .modelstoreignore (the syntax of .gitignore); can be repeated', collected)
    .option('--allow-secret <pattern>',
      'files to publish although they look like secrets; can be repeated', collected)
    .option('--follow-links', 'follow symbolic links that point outside the folder')
    .option('--allow-unsafe-names', 'accept names that can run code in some tools, or that Windows cannot store')
    .addOption(concurrencyOption())
    .addHelpText('after', examples(
      'model-store push ./fraud fraud@1.4.0',
      'model-store push ./fraud fraud@1.4.0 --base 1.3.0 --metadata framework=torch --metadata git=4f2c1e9',
      'model-store push ./fraud fraud@1.4.0 --dry-run',
      'model-store push ./fraud fraud@1.4.0 --exclude "*.log" --exclude runs/',
      'model-store push ./fraud fraud@1.4.0 --metadata run=4711 --keep-metadata',
      'model-store push llama-3.1-8b.gguf llama-3.1-8b@1.0',
      'model-store push ~/.cache/huggingface/hub/models--org--name/snapshots/4f2c1e9 name@4f2c1e9 --follow-links',
    ))
    .action(async (path: string, reference: string, options: PushArguments, command: Command) =>
      run(command, async (context) => {
        const { model, name: version } = parseReference(reference, 'version');
        if (options.base !== undefined) {
          requireNames({ base: options.base });
        }
        requirePatterns(options);
        const metadata = parseMetadata(options.metadata);
        const result = await push({ ...context, client: await context.client() }, {
          folder: expandHome(path, context.environment),
          model,
          version,
          metadata,
          keepMetadata: options.keepMetadata ?? false,
          base: options.base,
          dryRun: options.dryRun ?? false,
          followLinks: options.followLinks ?? false,
          allowUnsafeNames: options.allowUnsafeNames ?? false,
          exclude: options.exclude ?? [],
          allowSecrets: options.allowSecret ?? [],
          concurrency: options.concurrency,
        });
        answer(context, result, () => summary(result));
        return EXIT.OK;
      }));
}

function summary(result: PushResult): string {
  const name = `${result.model}@${result.version}`;
  const all = `${formatCount(result.files, 'file')}, ${formatBytes(result.bytes)}`;
  const sent = result.sentFiles === 0
    ? 'nothing sent' : `sent ${formatCount(result.sentFiles, 'file')}, ${formatBytes(result.sentBytes)}`;
  switch (result.outcome) {
    case 'published': return `published ${name}: ${all}; ${sent}\n`;
    case 'unchanged': return `${name} already exists with the same files: ${all}; ${sent}\n`;
    case 'dry-run': return formatTable(result.entries.map(({ size, sha256, path }) => [`${size}`, sha256, path]), [0])
      + `would publish ${name}: ${all}; nothing sent\n`;
  }
}
