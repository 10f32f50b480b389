import type { Place, PlaceFile } from './version-source';
import type { Manifest, Metadata } from '../../../src/contract/manifest';
import { hashFile } from '../folder/hash-file';
import { forEachInParallel } from '../runtime/concurrency';
import { EXIT, Failure } from '../runtime/failure';
import type { ProgressTask } from '../runtime/progress';

/** Metadata keys that an import adds to a version. */
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
 * Whether the published version records that it was imported from these objects, so that their bytes need not be read.
 * Anyone who can publish could have forged that record for other bytes of the same sizes.
 */
export function importedFrom(there: Manifest, place: Place): boolean {
  return place.fingerprint !== undefined && there.metadata[IMPORTED.FINGERPRINT] === place.fingerprint;
}

interface Difference {
  readonly field: string;
  readonly message: string;
}

/** Differences in paths and sizes, found without reading any bytes. */
export function plainDifferences(there: Manifest, files: readonly PlaceFile[]): Difference[] {
  const published = new Map(there.files.map((file) => [file.path, file]));
  const found: Difference[] = files.flatMap(({ path, size }) => {
    const known = published.get(path);
    published.delete(path);
    return known === undefined ? [{ field: path, message: 'is not in the published version' }]
      : known.size !== size
        ? [{ field: path, message: `has ${known.size} bytes in the published version, ${size} here` }] : [];
  });
  found.push(...[...published.keys()].map((path) => ({ field: path, message: 'is only in the published version' })));
  return found;
}

/** Checks only the given metadata; the published version may have more. */
export function metadataDifferences(there: Manifest, given: Metadata): Difference[] {
  return Object.entries(given).filter(([key, value]) => there.metadata[key] !== value).map(([key, value]) => {
    const published = JSON.stringify(there.metadata[key] ?? null);
    const message = `is ${published} in the published version, ${JSON.stringify(value)} here`;
    return { field: `metadata ${key}`, message };
  });
}

export interface ReadOptions {
  readonly signal: AbortSignal;
  readonly begin: (label: string, bytes: number) => ProgressTask;
}

/** Compares the content of local files with the published version. */
export async function byteDifferences(
  there: Manifest,
  files: readonly { readonly path: string; readonly localPath: string; readonly size: number }[],
  { signal, begin }: ReadOptions,
): Promise<Difference[]> {
  const published = new Map(there.files.map((file) => [file.path, file.sha256]));
  const found: Difference[] = [];
  const task = begin('comparing', files.reduce((sum, { size }) => sum + size, 0));
  await forEachInParallel(files, 4, signal, async ({ path, localPath, size }, inner) => {
    const { sha256 } = await hashFile(localPath, size, { signal: inner, onBytes: (bytes) => task.add(bytes) });
    if (published.get(path) !== sha256) {
      found.push({ field: path, message: 'has different content in the published version' });
    }
  });
  task.end();
  return found;
}

const MOST_DIFFERENCES = 20;

export function publishedOtherwise(name: string, differences: readonly Difference[]): Failure {
  return new Failure(`${name} already exists with different content; versions are immutable`, {
    code: 'version_exists',
    exitCode: EXIT.CONFLICT,
    details: differences.length <= MOST_DIFFERENCES ? differences
      : [
        ...differences.slice(0, MOST_DIFFERENCES),
        { field: '…', message: `and ${differences.length - MOST_DIFFERENCES} more differences` },
      ],
    hint: 'Import it under another name with --rename, or skip it with --skip.',
  });
}
