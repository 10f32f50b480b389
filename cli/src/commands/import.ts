import type { CommandContext } from './commands';
import { imported, importNotes } from './import-output';
import { progressStyle, writeJson } from './terminal';
import type { Metadata } from '../../../src/contract/manifest';
import { isS3Address, s3AddressOf } from '../aws/s3-address';
import { IMPORTED } from '../import/compare';
import { FolderSource } from '../import/folder-source';
import { exitCodeOf, type ImportResult, importVersions } from '../import/import';
import { DEFAULT_LAYOUT, Layout } from '../import/layout';
import { namePlaces, namesFoundFor, parseRenames } from '../import/names';
import { S3Source } from '../import/s3-source';
import type { Source } from '../import/source';
import { EXIT, Failure, usageFailure } from '../runtime/failure';
import { formatCount } from '../runtime/format';
import { expandHome } from '../runtime/home';
import { createProgress } from '../runtime/progress';
import { parseMetadata } from '../store/metadata';
import { requireNames } from '../store/reference';

export interface ImportArguments {
  readonly layout?: string;
  readonly model?: string;
  readonly rename?: readonly string[];
  readonly tidyNames?: boolean;
  readonly skip?: readonly string[];
  readonly metadata?: readonly string[];
  readonly dryRun?: boolean;
  readonly compareBytes?: boolean;
  readonly followLinks?: boolean;
  readonly staging?: string;
  readonly concurrency: number;
}

const MILLISECONDS_BETWEEN_LINES = 10_000;

/** Imports versions from a folder or a bucket into the store. */
export async function importCommand(context: CommandContext, from: string, options: ImportArguments): Promise<number> {
  const { environment } = context;
  const layout = Layout.parse(options.layout ?? DEFAULT_LAYOUT);
  if (!layout.hasModel && options.model === undefined) {
    throw usageFailure(`no model given, and the layout ${layout.text} has no {model}`, [], 'Add --model NAME.');
  }
  if (!layout.hasModel) {
    requireNames({ model: options.model! });
  }
  const metadata = parseMetadata(options.metadata, Object.keys(IMPORTED).length);
  const renames = parseRenames(options.rename);
  const taken = Object.keys(metadata).filter((key) => key.startsWith('imported.'));
  if (taken.length > 0) {
    throw usageFailure('metadata keys that start with "imported." are reserved', taken.map((key) => (
      { field: `--metadata ${key}`, message: 'is reserved; use another key' })));
  }
  const source = await sourceOf(context, from, options);
  try {
    const result = await run(context, source, layout, options, { metadata, renames });
    if (!context.options.json) {
      environment.stderr.write(importNotes(result).map((line) => `${line}\n`).join(''));
      environment.stdout.write(imported(result));
    } else {
      writeJson(environment, result);
    }
    return exitCodeOf(result);
  } finally {
    await source.close();
  }
}

async function sourceOf(
  { environment, options: { region } }: CommandContext, from: string, options: ImportArguments,
): Promise<Source> {
  return isS3Address(from)
    ? new S3Source(environment, s3AddressOf(from, 'the source'), { region, stagingFolder: options.staging })
    : FolderSource.at(expandHome(from, environment), {
      followLinks: options.followLinks ?? false, signal: environment.signal,
    });
}

interface Given {
  readonly metadata: Metadata;
  readonly renames: ReadonlyMap<string, string>;
}

async function run(
  context: CommandContext, source: Source, layout: Layout, options: ImportArguments, { metadata, renames }: Given,
): Promise<ImportResult> {
  const { environment, progress } = context;
  const style = progressStyle(environment, context.options);
  const naming = {
    renames, tidyNames: options.tidyNames ?? false, model: options.model, skips: options.skip ?? [],
  };
  const models = options.model === undefined || !layout.hasModel ? undefined : namesFoundFor(options.model, naming);
  progress.note(`looking for versions in ${source.name}`);
  let told = environment.now();
  const survey = await source.survey(layout, {
    models,
    onFiles: (count) => {
      if (count % 1_000 === 0 && environment.now() - told >= MILLISECONDS_BETWEEN_LINES) {
        told = environment.now();
        progress.note(`looking for versions in ${source.name}: ${formatCount(count, 'file')} so far`);
      }
    },
  });
  const places = namePlaces(survey.places, { ...naming, onlyPartIsKnown: models !== undefined });
  if (places.length === 0) {
    const ofModel = options.model === undefined ? '' : ` of ${options.model}`;
    throw new Failure(`no versions${ofModel} found in ${source.name} with the layout ${layout.text}`, {
      code: 'nothing_found',
      exitCode: EXIT.NOT_FOUND,
      details: survey.leftOut.map(({ address, why }) => ({ field: address, message: why })),
      hint: 'Use --layout to describe the paths, for example --layout "{model}/releases/v{version}".',
    });
  }
  return importVersions({
    environment,
    client: await context.client(),
    // Without a terminal, one line per version is enough.
    progress: style === 'bars' ? progress : createProgress('none', environment),
    onVersion: (line) => progress.note(line),
  }, source, places, survey, {
    metadata,
    dryRun: options.dryRun ?? false,
    compareBytes: options.compareBytes ?? false,
    followLinks: options.followLinks ?? false,
    concurrency: options.concurrency,
  });
}
