import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Environment } from '../../runtime/environment';
import { usageFailure } from '../../runtime/failure';
import { cacheFolder } from '../../runtime/home';
import { makeFolders } from '../../runtime/make-folders';
import { VERSION } from '../../runtime/version';
import type { NamedSource } from '../sources/logs-of';

/** Changes whenever the reader stores something else for the same log. */
const FORMAT = 3;

type Place = Pick<Environment, 'platform' | 'variables'>;

function auditCacheFolder(place: Place): string {
  const folder = cacheFolder(place);
  if (folder === undefined) {
    throw usageFailure('--cache needs a home folder', [],
      `Set ${place.platform === 'win32' ? 'LOCALAPPDATA' : 'HOME or XDG_CACHE_HOME'}, or leave out --cache.`);
  }
  return join(folder, 'audit');
}

/** The files that are kept for the same logs. Only their owner can open their folder, which exists. */
export class AuditCache {
  static async of(place: Place, sources: readonly NamedSource[]): Promise<AuditCache> {
    const names = sources.map(({ source: { name } }) => (name.startsWith('s3://') ? name : resolve(name)));
    const key = createHash('sha256').update(JSON.stringify([VERSION, FORMAT, ...names])).digest('hex').slice(0, 32);
    const folder = auditCacheFolder(place);
    await makeFolders(folder, 0o700);
    return new AuditCache(folder, key);
  }

  /** The rows of the logs. */
  readonly rows: string;
  /** The views of an earlier audit, with its settings. */
  readonly views: string;
  /** The views of the days that have changed since then. */
  readonly recentViews: string;

  private constructor(readonly folder: string, key: string) {
    this.rows = join(folder, `${key}.duckdb`);
    this.views = join(folder, `${key}-views.duckdb`);
    this.recentViews = join(folder, `${key}-recent-views.duckdb`);
  }

  get hasRows(): boolean {
    return existsSync(this.rows);
  }

  /** Returns the path of the file afterwards. */
  async keepRows(file: string): Promise<string> {
    return keepAs(this.rows, file);
  }

  async keepViews(file: string): Promise<void> {
    await keepAs(this.views, file);
    // Made after other views.
    await rm(this.recentViews, { force: true });
  }

  async keepRecentViews(file: string): Promise<void> {
    await keepAs(this.recentViews, file);
  }
}

/** Replaces a file at once, so that no other audit sees half of it. */
async function keepAs(kept: string, file: string): Promise<string> {
  await chmod(file, 0o600);
  try {
    await rename(file, kept);
    return kept;
  } catch (error) {
    // Windows does not replace a file that another audit is reading. The next audit reads the new logs again.
    if (!['EPERM', 'EACCES', 'EBUSY'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      throw error;
    }
    return file;
  }
}

/** Deletes everything that was cached. Returns the folder. */
export async function clearAuditCache(place: Place): Promise<string> {
  const folder = auditCacheFolder(place);
  await rm(folder, { recursive: true, force: true });
  return folder;
}
