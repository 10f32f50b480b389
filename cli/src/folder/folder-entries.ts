import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isHarmlessFile, isHarmlessFolder } from './unpublished';
import { RECORD_FOLDER } from '../../../src/contract/path-rules';

export interface FolderEntries {
  /** Relative POSIX paths as on this disk. A symbolic link is listed itself. */
  readonly others: string[];
  /** Files that the operating system or Jupyter created, which are never part of a version. */
  readonly ofTheSystem: string[];
  readonly complete: boolean;
}

export interface EntriesOptions {
  /** Stop after this many. */
  readonly most?: number;
  /** Whether a folder that cannot be read counts as one entry instead of failing. */
  readonly skipUnreadable?: boolean;
}

/** Lists everything in a folder except the records of a pull. Symbolic links are not followed. */
export async function entriesBelow(
  root: string, { most = Infinity, skipUnreadable = false }: EntriesOptions = {},
): Promise<FolderEntries> {
  const others: string[] = [];
  const ofTheSystem: string[] = [];
  let complete = true;
  const entriesOf = async (localPath: string, path: string): Promise<Dirent[]> => {
    try {
      return (await readdir(localPath, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
    } catch (error) {
      if (!skipUnreadable) {
        throw error;
      }
      complete = false;
      others.push(`${path}/`);
      return [];
    }
  };
  const walk = async (localPath: string, path: string, system: boolean): Promise<void> => {
    for (const entry of await entriesOf(localPath, path)) {
      if (others.length >= most) {
        complete = false;
        return;
      }
      if (path === '' && entry.name === RECORD_FOLDER) {
        continue;
      }
      const here = path === '' ? entry.name : `${path}/${entry.name}`;
      const localEntry = join(localPath, entry.name);
      if (entry.isDirectory()) {
        await walk(localEntry, here, system || isHarmlessFolder(entry.name));
      } else if (entry.isFile() && (system || await isHarmlessFile(localEntry))) {
        ofTheSystem.push(here);
      } else {
        others.push(here);
      }
    }
  };
  await walk(root, '', false);
  return { others, ofTheSystem, complete };
}
