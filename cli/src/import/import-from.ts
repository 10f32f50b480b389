import { BucketVersions } from './bucket-versions';
import { IMPORTED } from './compare';
import { FolderVersions } from './folder-versions';
import { type ImportResult, importVersions } from './import';
import { Layout } from './layout';
import { namePlaces, namesFoundFor, parseRenames } from './names';
import type { VersionSource } from './version-source';
import type { Metadata } from '../../../src/contract/manifest';
import { isS3Address, s3AddressOf } from '../aws/s3-address';
import { requirePatterns } from '../folder/ignore-rules';
import type { Environment } from '../runtime/environment';
import { EXIT, Failure, usageFailure } from '../runtime/failure';
import { formatCount } from '../runtime/format';
import { expandHome } from '../runtime/home';
import type { Progress } from '../runtime/progress';
import { parseMetadata } from '../store/metadata';
import { requireNames } from '../store/reference';
import type { StoreClient } from '../store/store-client';

export interface ImportFromContext {
  readonly environment: Environment;
  readonly region?: string;
  /** The progress within a version. */
  readonly progress: Progress;
  /** Prints a line about the whole import. */
  readonly note: (line: string) => void;
  client(): Promise<StoreClient>;
}

export interface ImportFromOptions {
  readonly layout: string;
  readonly model?: string;
  readonly rename?: readonly string[];
  readonly tidyNames?: boolean;
  readonly skip?: readonly string[];
  readonly metadata?: readonly string[];
  readonly dryRun?: boolean;
  readonly compareBytes?: boolean;
  readonly followLinks?: boolean;
  readonly allowUnsafeNames?: boolean;
  readonly exclude?: readonly string[];
  readonly allowSecret?: readonly string[];
  readonly staging?: string;
  readonly concurrency: number;
}

const MILLISECONDS_BETWEEN_LINES = 10_000;

/** Imports versions from a folder or a bucket into the store. */
export async function importFrom(
  context: ImportFromContext, from: string, options: ImportFromOptions,
): Promise<ImportResult> {
  const layout = Layout.parse(options.layout);
  if (!layout.hasModel && options.model === undefined) {
    throw usageFailure(`no model given, and the layout ${layout.text} has no {model}`, [], 'Add --model NAME.');
  }
  if (!layout.hasModel) {
    requireNames({ model: options.model! });
  }
  requirePatterns(options);
  const metadata = parseMetadata(options.metadata, Object.keys(IMPORTED).length);
  const renames = parseRenames(options.rename);
  const taken = Object.keys(metadata).filter((key) => key.startsWith('imported.'));
  if (taken.length > 0) {
    throw usageFailure('metadata keys that start with "imported." are reserved', taken.map((key) => (
      { field: `--metadata ${key}`, message: 'is reserved; use another key' })));
  }
  const source = await sourceAt(context, from, options);
  try {
    return await importAll(context, source, layout, options, { metadata, renames });
  } finally {
    await source.close();
  }
}

async function sourceAt(
  { environment, region }: ImportFromContext, from: string, options: ImportFromOptions,
): Promise<VersionSource> {
  const { allowUnsafeNames = false, exclude = [], allowSecret: allowSecrets = [] } = options;
  const rules = { allowUnsafeNames, exclude, allowSecrets };
  return isS3Address(from)
    ? new BucketVersions(environment, s3AddressOf(from, 'the source'), {
      region, stagingFolder: options.staging, ...rules,
    })
    : FolderVersions.at(expandHome(from, environment), {
      followLinks: options.followLinks ?? false, signal: environment.signal, ...rules,
    });
}

interface Parsed {
  readonly metadata: Metadata;
  readonly renames: ReadonlyMap<string, string>;
}

async function importAll(
  { environment, progress, note, client }: ImportFromContext,
  source: VersionSource,
  layout: Layout,
  options: ImportFromOptions,
  { metadata, renames }: Parsed,
): Promise<ImportResult> {
  const naming = {
    renames, tidyNames: options.tidyNames ?? false, model: options.model, skips: options.skip ?? [],
  };
  const models = options.model === undefined || !layout.hasModel ? undefined : namesFoundFor(options.model, naming);
  note(`looking for versions in ${source.name}`);
  let noted = environment.now();
  const survey = await source.survey(layout, {
    models,
    onFiles: (count) => {
      if (count % 1_000 === 0 && environment.now() - noted >= MILLISECONDS_BETWEEN_LINES) {
        noted = environment.now();
        note(`looking for versions in ${source.name}: ${formatCount(count, 'file')} so far`);
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
  return importVersions({ environment, client: await client(), progress, onVersion: note }, source, places, survey, {
    metadata,
    dryRun: options.dryRun ?? false,
    compareBytes: options.compareBytes ?? false,
    followLinks: options.followLinks ?? false,
    allowUnsafeNames: options.allowUnsafeNames ?? false,
    exclude: options.exclude ?? [],
    allowSecrets: options.allowSecret ?? [],
    concurrency: options.concurrency,
  });
}
