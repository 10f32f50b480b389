import {
  byteDifferences, importedFrom, importMetadata, metadataDifferences, plainDifferences, publishedOtherwise,
} from './compare';
import type { NamedPlace } from './names';
import type { LeftOut, VersionSource, Survey } from './version-source';
import type { Manifest, Metadata } from '../../../src/contract/manifest';
import type { LeftOutPath } from '../folder/folder-contents';
import { readFolder, unpublishable } from '../folder/read-folder';
import type { Environment } from '../runtime/environment';
import { EXIT, Failure, type FailureInResult, failureInResult } from '../runtime/failure';
import type { Progress } from '../runtime/progress';
import { everyVersion } from '../store/every-page';
import type { StoreClient } from '../store/store-client';
import { wellFormedVersion } from '../store/trusted-version';
import { leftOutLines } from '../transfer/folder-notes';
import { push } from '../transfer/push';

export interface ImportOptions {
  readonly metadata: Metadata;
  readonly dryRun: boolean;
  /** Whether to compare the bytes of existing versions even if their metadata records the same source. */
  readonly compareBytes: boolean;
  readonly followLinks: boolean;
  readonly allowUnsafeNames: boolean;
  readonly exclude: readonly string[];
  readonly allowSecrets: readonly string[];
  readonly concurrency: number;
}

/**
 * - `imported`: the version was published.
 * - `would-import`: it would be published without `--dry-run`.
 * - `unchanged`: it already exists with the same content.
 * - `to-compare`: it exists with the same paths and sizes; without `--dry-run`, its bytes would be compared.
 * - `failed`: nothing of it was published.
 * - `not-tried`: the store stopped responding before its turn.
 */
export type ImportOutcome = 'imported' | 'would-import' | 'unchanged' | 'to-compare' | 'failed' | 'not-tried';

export interface ImportedVersion {
  readonly from: string;
  readonly model: string;
  readonly version: string;
  readonly outcome: ImportOutcome;
  readonly files: number;
  readonly bytes: number;
  readonly sentFiles: number;
  readonly sentBytes: number;
  /** What is never part of a model, and what `.modelstoreignore` or `--exclude` leave out. */
  readonly leftOut: readonly LeftOutPath[];
  /** When its newest file was modified; ISO 8601, UTC. */
  readonly lastModified?: string;
  readonly error?: FailureInResult;
}

export interface ImportResult {
  readonly source: string;
  readonly dryRun: boolean;
  /** In the order of the import, oldest first. */
  readonly versions: readonly ImportedVersion[];
  readonly leftOut: readonly LeftOut[];
  readonly leftOutCount: number;
}

export interface ImportContext {
  readonly environment: Environment;
  readonly client: StoreClient;
  /** Progress of the transfers of one version. */
  readonly progress: Progress;
  /** Called when a version starts and when it ends. */
  readonly onVersion: (line: string) => void;
}

/** Oldest first. Versions with the same time are in natural order: 1.9, 1.10. */
export function inOrder(places: readonly NamedPlace[]): NamedPlace[] {
  const collator = new Intl.Collator('en', { numeric: true });
  return [...places].sort((a, b) => a.lastModified - b.lastModified
    || collator.compare(a.model, b.model)
    || collator.compare(a.version, b.version)
    || (a.version < b.version ? -1 : 1));
}

/** Imports one version after the other. A failed version does not stop the others, unless the store is unavailable. */
export async function importVersions(
  context: ImportContext,
  source: VersionSource,
  places: readonly NamedPlace[],
  { leftOut, leftOutCount }: Survey,
  options: ImportOptions,
): Promise<ImportResult> {
  const { environment } = context;
  const published = new PublishedVersions(context.client);
  const versions: ImportedVersion[] = [];
  let stopped = false;
  const ordered = inOrder(places);
  for (const [index, place] of ordered.entries()) {
    const about = {
      from: place.address,
      model: place.model,
      version: place.version,
      files: place.files,
      bytes: place.bytes,
      sentFiles: 0,
      sentBytes: 0,
      leftOut: place.leftOut,
      ...(place.problems.length === 0 && { lastModified: new Date(place.lastModified).toISOString() }),
    };
    if (stopped) {
      versions.push({ ...about, outcome: 'not-tried' });
      continue;
    }
    leftOutLines(place.leftOut, { all: options.dryRun })
      .forEach((line) => context.onVersion(`${place.model}@${place.version}: ${line}`));
    try {
      environment.signal.throwIfAborted();
      const done = await importOne(context, source, place, published, options, `${index + 1} of ${ordered.length}`);
      versions.push({ ...about, ...done });
    } catch (error) {
      environment.signal.throwIfAborted();
      const failure = failureInResult(error);
      versions.push({ ...about, outcome: 'failed', error: failure });
      // All retries failed, so the next versions would fail too.
      stopped = failure.exitCode === EXIT.UNAVAILABLE;
    }
    if (options.dryRun) {
      // A dry run prints everything at the end.
      continue;
    }
    const { outcome } = versions.at(-1)!;
    context.onVersion(`${outcome} ${place.model}@${place.version} (${index + 1} of ${ordered.length})`);
  }
  return { source: source.name, dryRun: options.dryRun, versions, leftOut, leftOutCount };
}

/** Lists the versions of each model once. */
class PublishedVersions {
  private readonly byModel = new Map<string, ReadonlySet<string> | undefined>();

  constructor(private readonly client: StoreClient) {}

  /** Undefined if the version does not exist, or if the caller cannot read it: then publishing decides. */
  async manifest(model: string, version: string): Promise<Manifest | undefined> {
    try {
      if (!this.byModel.has(model)) {
        const versions = await everyVersion(this.client, model);
        this.byModel.set(model, new Set(versions.map((summary) => summary.version)));
      }
      return this.byModel.get(model)?.has(version)
        ? (await wellFormedVersion(this.client, model, version)).manifest : undefined;
    } catch (error) {
      if (error instanceof Failure && (error.exitCode === EXIT.NOT_FOUND || error.code === 'forbidden')) {
        this.byModel.set(model, undefined);
        return undefined;
      }
      throw error;
    }
  }
}

type Done = Pick<ImportedVersion, 'outcome'> & Partial<Pick<ImportedVersion, 'sentFiles' | 'sentBytes'>>;

async function importOne(
  context: ImportContext,
  source: VersionSource,
  place: NamedPlace,
  published: PublishedVersions,
  options: ImportOptions,
  count: string,
): Promise<Done> {
  if (place.problems.length > 0) {
    throw unpublishable('its files are not a valid version', place.problems, place);
  }
  const name = `${place.model}@${place.version}`;
  const there = await published.manifest(place.model, place.version);
  if (there !== undefined) {
    const differences = [
      ...plainDifferences(there, await source.list(place)), ...metadataDifferences(there, options.metadata),
    ];
    if (differences.length > 0) {
      throw publishedOtherwise(name, differences);
    }
    if (!options.compareBytes && importedFrom(there, place)) {
      return { outcome: 'unchanged' };
    }
  }
  if (options.dryRun) {
    return { outcome: there === undefined ? 'would-import' : 'to-compare' };
  }
  context.onVersion(`${there === undefined ? 'importing' : 'comparing'} ${name} (${count})`);
  const { environment: { signal }, progress } = context;
  const begin = (label: string, bytes: number) => progress.begin(label, bytes);
  const staged = await source.stage(place, { signal, concurrency: options.concurrency, begin });
  try {
    if (there !== undefined) {
      const { files } = await readFolder(staged.folder, {
        followOutside: options.followLinks,
        allowUnsafeNames: options.allowUnsafeNames,
        exclude: options.exclude,
        allowSecrets: options.allowSecrets,
      });
      const differences = await byteDifferences(there, files, { signal, begin });
      if (differences.length > 0) {
        throw publishedOtherwise(name, differences);
      }
      return { outcome: 'unchanged' };
    }
    const { outcome, sentFiles, sentBytes } = await push(context, {
      folder: staged.folder,
      model: place.model,
      version: place.version,
      metadata: importMetadata(place, options.metadata),
      keepMetadata: false,
      dryRun: false,
      followLinks: options.followLinks,
      allowUnsafeNames: options.allowUnsafeNames,
      exclude: options.exclude,
      allowSecrets: options.allowSecrets,
      concurrency: options.concurrency,
    });
    return { outcome: outcome === 'published' ? 'imported' : 'unchanged', sentFiles, sentBytes };
  } finally {
    await staged.release();
  }
}
