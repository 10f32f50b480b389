import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import type { Layout } from './layout';
import {
  LeftOuts, type Place, type PlaceFile, type SourceRules, type StagedPlace, type Survey, type VersionSource,
} from './version-source';
import type { FolderOptions } from '../folder/folder-contents';
import { listFolder, readFolder } from '../folder/read-folder';
import { describeFault } from '../runtime/describe-fault';
import { Failure, usageFailure } from '../runtime/failure';

interface FolderVersionsOptions extends SourceRules {
  readonly followLinks: boolean;
  readonly signal: AbortSignal;
}

/** Imports from a local folder. */
export class FolderVersions implements VersionSource {
  static async at(
    folder: string, options: FolderVersionsOptions,
  ): Promise<FolderVersions> {
    try {
      if ((await stat(folder)).isDirectory()) {
        return new FolderVersions(await realpath(resolve(folder)), options);
      }
    } catch (error) {
      throw usageFailure(`cannot read ${folder}: ${describeFault(error)}`);
    }
    throw usageFailure(`${folder} is a file; use the folder that contains the models, or s3://BUCKET/PREFIX`);
  }

  private constructor(
    readonly name: string,
    private readonly options: FolderVersionsOptions,
  ) {}

  async survey(layout: Layout): Promise<Survey> {
    const places: Place[] = [];
    const leftOut = new LeftOuts();
    const walk = async (folders: readonly string[]): Promise<void> => {
      this.options.signal.throwIfAborted();
      const here = join(this.name, ...folders);
      for (const entry of await this.entries(here)) {
        const address = join(here, entry.name);
        const why = notAFolder(entry);
        if (why !== undefined) {
          leftOut.add(address, why);
          continue;
        }
        const deeper = [...folders, entry.name];
        if (deeper.length < layout.depth) {
          await walk(deeper);
          continue;
        }
        const found = layout.match(deeper);
        if (found === undefined) {
          leftOut.add(address, `does not match the layout ${layout.text}`);
        } else {
          places.push(await this.place(`${address}${sep}`, found));
        }
      }
    };
    await walk([]);
    return { places, leftOut: leftOut.examples, leftOutCount: leftOut.count };
  }

  async list({ address }: Place): Promise<readonly PlaceFile[]> {
    return (await readFolder(address, this.folderOptions())).files;
  }

  async stage(place: Place): Promise<StagedPlace> {
    return { folder: place.address, release: async () => {} };
  }

  async close(): Promise<void> {
    // Nothing to close.
  }

  private async entries(folder: string): Promise<Dirent[]> {
    try {
      return (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
    } catch (error) {
      throw usageFailure(`cannot read ${folder}: ${describeFault(error)}`);
    }
  }

  private folderOptions(): FolderOptions {
    const { followLinks, allowUnsafeNames, exclude, allowSecrets } = this.options;
    return { followOutside: followLinks, allowUnsafeNames, exclude, allowSecrets };
  }

  private async place(address: string, found: Place['found']): Promise<Place> {
    const nothing = { address, found, files: 0, bytes: 0, firstModified: 0, lastModified: 0 };
    try {
      const { files, problems, secrets, leftOut } = await listFolder(address, this.folderOptions());
      const checked = { hasSecrets: secrets.length > 0, leftOut, problems: [...problems, ...secrets] };
      if (checked.problems.length > 0) {
        return { ...nothing, ...checked };
      }
      const times = files.map(({ modifiedMilliseconds }) => modifiedMilliseconds);
      return {
        ...nothing,
        ...checked,
        files: files.length,
        bytes: files.reduce((sum, { size }) => sum + size, 0),
        firstModified: times.reduce((a, b) => Math.min(a, b)),
        lastModified: times.reduce((a, b) => Math.max(a, b)),
      };
    } catch (error) {
      if (!(error instanceof Failure)) {
        throw error;
      }
      const problems = error.details.length > 0 ? error.details : [{ field: address, message: error.message }];
      return { ...nothing, problems, hasSecrets: false, leftOut: [] };
    }
  }
}

function notAFolder(entry: Dirent): string | undefined {
  if (entry.isSymbolicLink()) {
    return 'is a symbolic link; for a movable name such as "latest", create an alias with "model-store promote"';
  }
  if (!entry.isDirectory()) {
    return 'is a file outside of any version';
  }
  return entry.name.startsWith('.') ? 'is hidden' : undefined;
}
