import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RECORD_FOLDER } from './local-path';
import { isSystemFile, isSystemFolder } from './system-files';

export interface FolderEntries {
  /** Relative POSIX paths as they are on this disk; of a symbolic link, the link itself. */
  readonly others: string[];
  /** What the operating system or Jupyter put there, and is never part of a version. */
  readonly ofTheSystem: string[];
  readonly complete: boolean;
}

export interface EntriesOptions {
  /** How many are enough. */
  readonly most?: number;
  /** A folder that cannot be read counts as one entry. */
  readonly skipUnreadable?: boolean;
}

/** Everything in a folder but the records of a pull. No symbolic link is followed. */
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
        await walk(localEntry, here, system || isSystemFolder(entry.name));
      } else if (entry.isFile() && (system || await isSystemFile(localEntry))) {
        ofTheSystem.push(here);
      } else {
        others.push(here);
      }
    }
  };
  await walk(root, '', false);
  return { others, ofTheSystem, complete };
}
