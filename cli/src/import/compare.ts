import type { Place, PlaceFile } from './source';
import type { Manifest, Metadata } from '../../../src/contract/manifest';
import { hashFile } from '../folder/hash-file';
import { forEachInParallel } from '../runtime/concurrency';
import { EXIT, Failure } from '../runtime/failure';
import type { ProgressTask } from '../runtime/progress';

/** What an import writes into the metadata of a version. */
export const IMPORTED = {
  FROM: 'imported.from',
  FIRST_MODIFIED: 'imported.first-modified',
  LAST_MODIFIED: 'imported.last-modified',
  FINGERPRINT: 'imported.fingerprint',
} as const;

export function importMetadata(place: Place, given: Metadata): Metadata {
  return {
    ...given,
    [IMPORTED.FROM]: place.address,
    [IMPORTED.FIRST_MODIFIED]: new Date(place.firstModified).toISOString(),
    [IMPORTED.LAST_MODIFIED]: new Date(place.lastModified).toISOString(),
    ...(place.fingerprint !== undefined && { [IMPORTED.FINGERPRINT]: place.fingerprint }),
  };
}

/**
 * Whether the store's version says that it was imported from these very objects: then no byte has to be read. Whoever may
 * publish could have said so of other bytes of the same sizes.
 */
export function importedFrom(there: Manifest, place: Place): boolean {
  return place.fingerprint !== undefined && there.metadata[IMPORTED.FINGERPRINT] === place.fingerprint;
}

interface Difference {
  readonly field: string;
  readonly message: string;
}

/** What can be told without reading a byte. */
export function plainDifferences(there: Manifest, files: readonly PlaceFile[]): Difference[] {
  const published = new Map(there.files.map((file) => [file.path, file]));
  const found: Difference[] = files.flatMap(({ path, size }) => {
    const known = published.get(path);
    published.delete(path);
    return known === undefined ? [{ field: path, message: 'is not in the published version' }]
      : known.size !== size ? [{ field: path, message: `has ${known.size} bytes in the published version, ${size} here` }] : [];
  });
  found.push(...[...published.keys()].map((path) => ({ field: path, message: 'is only in the published version' })));
  return found;
}

/** Only what was asked for now has to be there. */
export function metadataDifferences(there: Manifest, given: Metadata): Difference[] {
  return Object.entries(given).filter(([key, value]) => there.metadata[key] !== value).map(([key, value]) => (
    { field: `metadata ${key}`, message: `is ${JSON.stringify(there.metadata[key] ?? null)} in the published version, ${JSON.stringify(value)} here` }));
}

export interface ReadOptions {
  readonly signal: AbortSignal;
  readonly begin: (label: string, bytes: number) => ProgressTask;
}

/** Which files of a folder have other bytes than the version; `files` say where each of them lies. */
export async function byteDifferences(
  there: Manifest, files: readonly { readonly path: string; readonly localPath: string; readonly size: number }[], { signal, begin }: ReadOptions,
): Promise<Difference[]> {
  const published = new Map(there.files.map((file) => [file.path, file.sha256]));
  const found: Difference[] = [];
  const task = begin('comparing', files.reduce((sum, { size }) => sum + size, 0));
  await forEachInParallel(files, 4, signal, async ({ path, localPath, size }, inner) => {
    const { sha256 } = await hashFile(localPath, size, { signal: inner, onBytes: (bytes) => task.add(bytes) });
    if (published.get(path) !== sha256) {
      found.push({ field: path, message: 'has other bytes in the published version' });
    }
  });
  task.end();
  return found;
}

const MOST_DIFFERENCES = 20;

export function publishedOtherwise(name: string, differences: readonly Difference[]): Failure {
  return new Failure(`${name} was published with other content; versions never change`, {
    code: 'version_exists',
    exitCode: EXIT.CONFLICT,
    details: differences.length <= MOST_DIFFERENCES ? differences
      : [...differences.slice(0, MOST_DIFFERENCES), { field: '…', message: `and ${differences.length - MOST_DIFFERENCES} more differences` }],
    hint: 'Import it under another name with --rename, or leave it out with --skip.',
  });
}
