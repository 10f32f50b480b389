import { byteDifferences, importedFrom, importMetadata, metadataDifferences, plainDifferences, publishedOtherwise } from './compare';
import type { NamedPlace } from './names';
import type { LeftOut, Source, Survey } from './source';
import type { ErrorDetail } from '../../../src/contract/errors';
import type { Manifest, Metadata } from '../../../src/contract/manifest';
import { readFolder } from '../folder/read-folder';
import type { Environment } from '../runtime/environment';
import { asFailure, EXIT, Failure } from '../runtime/failure';
import type { Progress } from '../runtime/progress';
import { everyPage, type StoreClient } from '../store/store-client';
import { wellFormedVersion } from '../store/trusted-version';
import { push } from '../transfer/push';

export interface ImportOptions {
  readonly metadata: Metadata;
  readonly dryRun: boolean;
  /** Believe no metadata: read whatever is in the store already, too, and compare it. */
  readonly compareBytes: boolean;
  readonly followLinks: boolean;
  readonly concurrency: number;
}

/**
 * `imported`: the version came to be; `would-import`: it would, were it no dry run; `unchanged`: it was there already, the
 * very same; `to-compare`: a dry run found one of the same files and sizes there, whose bytes an import would compare;
 * `failed`: nothing of it was published; `not-tried`: the store did not answer any more.
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
  /** Of the newest of its files; ISO 8601, UTC. */
  readonly lastModified?: string;
  readonly error?: {
    readonly code: string; readonly message: string; readonly details: readonly ErrorDetail[]; readonly hint?: string;
    readonly requestId?: string; readonly exitCode: number;
  };
}

export interface ImportResult {
  readonly source: string;
  readonly dryRun: boolean;
  /** Oldest first, as they were imported. */
  readonly versions: readonly ImportedVersion[];
  readonly leftOut: readonly LeftOut[];
  readonly leftOutCount: number;
}

export interface ImportContext {
  readonly environment: Environment;
  readonly client: StoreClient;
  /** Of the transfers of one version. */
  readonly progress: Progress;
  /** Told when a version's turn has come, and when it is over. */
  readonly onVersion: (line: string) => void;
}

/** Oldest first; versions of one moment in the order people count in. */
export function inOrder(places: readonly NamedPlace[]): NamedPlace[] {
  const collator = new Intl.Collator('en', { numeric: true });
  return [...places].sort((a, b) => a.lastModified - b.lastModified
    || collator.compare(a.model, b.model) || collator.compare(a.version, b.version) || (a.version < b.version ? -1 : 1));
}

/** One version after the other. What goes wrong with one is told with it, and the others go on. */
export async function importVersions(
  context: ImportContext, source: Source, places: readonly NamedPlace[], { leftOut, leftOutCount }: Survey, options: ImportOptions,
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
      ...(place.problems.length === 0 && { lastModified: new Date(place.lastModified).toISOString() }),
    };
    if (stopped) {
      versions.push({ ...about, outcome: 'not-tried' });
      continue;
    }
    try {
      environment.signal.throwIfAborted();
      const done = await importOne(context, source, place, published, options, `${index + 1} of ${ordered.length}`);
      versions.push({ ...about, ...done });
    } catch (error) {
      environment.signal.throwIfAborted();
      const { code, message, details, hint, requestId, exitCode } = asFailure(error);
      versions.push({ ...about, outcome: 'failed', error: { code, message, details, hint, requestId, exitCode } });
      // It was asked again and again already; the next versions would fare no better.
      stopped = exitCode === EXIT.UNAVAILABLE;
    }
    if (options.dryRun) {
      // All that there is to tell comes at once, at the end.
      continue;
    }
    context.onVersion(`${versions.at(-1)!.outcome} ${place.model}@${place.version} (${index + 1} of ${ordered.length})`);
  }
  return { source: source.name, dryRun: options.dryRun, versions, leftOut, leftOutCount };
}

/** The versions of each model, asked for once. */
class PublishedVersions {
  private readonly byModel = new Map<string, ReadonlySet<string> | undefined>();

  constructor(private readonly client: StoreClient) {}

  /** Undefined if the version is not there, or if the person may not know: then publishing decides. */
  async manifest(model: string, version: string): Promise<Manifest | undefined> {
    try {
      if (!this.byModel.has(model)) {
        const versions = await everyPage(async (page) => this.client.listVersions(model, page), (response) => response.versions);
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
  context: ImportContext, source: Source, place: NamedPlace, published: PublishedVersions, options: ImportOptions, count: string,
): Promise<Done> {
  if (place.problems.length > 0) {
    throw new Failure('its files cannot be a version', { code: 'invalid_manifest', exitCode: EXIT.USAGE, details: place.problems });
  }
  const name = `${place.model}@${place.version}`;
  const there = await published.manifest(place.model, place.version);
  if (there !== undefined) {
    const differences = [...plainDifferences(there, await source.list(place)), ...metadataDifferences(there, options.metadata)];
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
      const { files } = await readFolder(staged.folder, { followOutside: options.followLinks });
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
      concurrency: options.concurrency,
    });
    return { outcome: outcome === 'published' ? 'imported' : 'unchanged', sentFiles, sentBytes };
  } finally {
    await staged.release();
  }
}

/** Of the whole import: what every failure has in common, or that something failed. */
export function exitCodeOf({ versions }: ImportResult): number {
  const codes = new Set(versions.flatMap(({ error }) => (error === undefined ? [] : [error.exitCode])));
  return codes.size === 0 ? EXIT.OK : codes.size === 1 ? [...codes][0] : EXIT.FAILURE;
}
