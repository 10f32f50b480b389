import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Environment } from '../../runtime/environment';
import { usageFailure } from '../../runtime/failure';
import { cacheFolder } from '../../runtime/home';
import { makeFolders } from '../../runtime/make-folders';
import { VERSION } from '../../runtime/version';
import type { NamedSource } from '../sources/logs-of';

/** Changes whenever the reader stores something else for the same log. */
const FORMAT = 1;

type Place = Pick<Environment, 'platform' | 'variables'>;

function auditCacheFolder(place: Place): string {
  const folder = cacheFolder(place);
  if (folder === undefined) {
    throw usageFailure('--cache needs a home folder', [],
      `Set ${place.platform === 'win32' ? 'LOCALAPPDATA' : 'HOME or XDG_CACHE_HOME'}, or leave out --cache.`);
  }
  return join(folder, 'audit');
}

/** The file for the rows of these logs. Its folder, which only its owner can open, exists afterwards. */
export async function cacheFileOf(place: Place, sources: readonly NamedSource[]): Promise<string> {
  const names = sources.map(({ source: { name } }) => (name.startsWith('s3://') ? name : resolve(name)));
  const key = createHash('sha256').update(JSON.stringify([VERSION, FORMAT, ...names])).digest('hex').slice(0, 32);
  const folder = auditCacheFolder(place);
  await makeFolders(folder, 0o700);
  return join(folder, `${key}.duckdb`);
}

/** Deletes everything that was cached. Returns the folder. */
export async function clearAuditCache(place: Place): Promise<string> {
  const folder = auditCacheFolder(place);
  await rm(folder, { recursive: true, force: true });
  return folder;
}
