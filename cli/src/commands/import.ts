import type { Command } from 'commander';
import { answer, collected, concurrencyOption, examples, type Run } from './context';
import { progressStyle } from './terminal';
import { visibleText } from '../../../src/contract/visible-text';
import type { ImportedVersion, ImportOutcome, ImportResult } from '../import/import';
import { importFrom, type ImportFromOptions } from '../import/import-from';
import { DEFAULT_LAYOUT } from '../import/layout';
import { exitCodeOfAll } from '../runtime/failure';
import { formatBytes, formatCount, formatTable } from '../runtime/format';
import { createProgress } from '../runtime/progress';

export function addImport(program: Command, run: Run): void {
  program.command('import')
    .description('publish existing versions from a bucket or a folder, oldest first')
    .argument('<source>', 's3://BUCKET/PREFIX or a folder')
    .option('--layout <layout>',
      'where the model and version are in a path; "*" matches any single path segment', DEFAULT_LAYOUT)
    .option('--model <model>',
      'import only this model; if the layout has no {model}, import every version as this model')
    .option('--rename <from=to>', 'new name for a model or a model@version; can be repeated', collected)
    .option('--tidy-names', 'change invalid names to the closest valid ones')
    .option('--skip <name>', 'model or model@version to skip; can be repeated', collected)
    .option('-m, --metadata <key=value>', 'metadata to set on every version; can be repeated', collected)
    .option('--dry-run', 'show what would be imported; send nothing')
    .option('--compare-bytes',
      'compare versions that are already in the store byte by byte, even if the store records the same '
      + 'source objects for them')
    .option('--exclude <pattern>',
      'files to leave out of each version, in the syntax of .gitignore; can be repeated', collected)
    .option('--allow-secret <pattern>',
      'files to publish although they look like secrets; can be repeated', collected)
    .option('--follow-links', 'follow symbolic links that point outside the folder of a version')
    .option('--allow-unsafe-names', 'accept names that can run code in some tools, or that Windows cannot store')
    .option('--staging <dir>',
      'folder that holds one version at a time while importing from a bucket (default: the system\'s '
      + 'temporary folder)')
    .addOption(concurrencyOption())
    .addHelpText('after', examples(
      'model-store import s3://old-models/models --dry-run',
      'model-store import ./models --model fraud',
      'model-store import s3://old-models --layout "*/{model}/releases/v{version}" --staging /mnt/large',
      'model-store import ./fraud-releases --layout "{version}" --model fraud',
      'model-store import ./models --rename Fraud_Detector=fraud --rename Fraud_Detector@V1=fraud@1.0.0 --skip scratch',
    ))
    .action(async (source: string, options: ImportFromOptions, command: Command) =>
      run(command, async (context) => {
        const { environment, progress } = context;
        const style = progressStyle(environment, context.options);
        const result = await importFrom({
          ...context,
          region: context.options.region,
          // Without a terminal, one line per version is enough.
          progress: style === 'bars' ? progress : createProgress('none', environment),
          note: (line) => progress.note(line),
        }, source, options);
        if (!context.options.json) {
          environment.stderr.write(notes(result).map((line) => `${line}\n`).join(''));
        }
        answer(context, result, () => table(result));
        return exitCodeOfAll(result.versions.map(({ error }) => error));
      }));
}

const WORDS: { readonly [outcome in ImportOutcome]: string } = {
  imported: 'imported',
  'would-import': 'would import',
  unchanged: 'unchanged',
  'to-compare': 'would compare',
  failed: 'FAILED',
  'not-tried': 'not tried',
};

function row({ outcome, model, version, files, bytes, lastModified, from }: ImportedVersion): string[] {
  return [
    WORDS[outcome], `${model}@${version}`, lastModified ?? '', formatCount(files, 'file'), formatBytes(bytes), from,
  ];
}

function trouble({ model, version, error }: ImportedVersion): string[] {
  return error === undefined ? [] : [
    `${model}@${version} was not imported: ${error.message}`,
    ...error.details.map(({ field, message }) => `  ${field}: ${message}`),
    ...(error.hint === undefined ? [] : [`  ${error.hint}`]),
    `  (${error.code}${error.requestId === undefined ? '' : `, request id ${error.requestId}`})`,
  ];
}

function total({ versions }: ImportResult): string {
  const counts = Object.entries(WORDS).flatMap(([outcome, word]) => {
    const count = versions.filter((version) => version.outcome === outcome).length;
    return count === 0 ? [] : [`${count} ${word.toLowerCase()}`];
  });
  const sent = versions.reduce((sum, { sentBytes }) => sum + sentBytes, 0);
  const amount = sent === 0 ? 'nothing' : formatBytes(sent);
  return `${formatCount(versions.length, 'version')}: ${counts.join(', ')}; ${amount} sent`;
}

function table(result: ImportResult): string {
  return [formatTable(result.versions.map(row), [3, 4]), `${total(result)}\n`].join('');
}

/** Failures and skipped items, for standard error. */
function notes({ versions, leftOut, leftOutCount }: ImportResult): string[] {
  return [
    ...leftOut.map(({ address, why }) => `skipped: ${address} ${why}`),
    ...(leftOutCount > leftOut.length ? [`skipped: ${formatCount(leftOutCount - leftOut.length, 'more item')}`] : []),
    ...versions.flatMap(trouble),
  ].map(visibleText);
}
